"""The performance goals beside the measured figures."""

from collections.abc import Iterator
from dataclasses import dataclass

from watersellers.experiments.benchmark.benchmark import (
    BenchmarkResult,
    equivalent,
    exponent,
    median_month,
    outside_kernel,
)
from watersellers.experiments.benchmark.round_robin import ContenderProcess

LEAST_OF_C, TIMES_OBJECTS, TIMES_FRAMES = 0.6, 500, 20
BYTES, MEGABYTES, LINEAR = 64, 1_500, 1.05
SHUFFLES, TIMES_BAM, STARTS = 200, 5, 3
TIMES_BARE = 1.5  # a month of the reference world, with everything at work, beside one of the bare chain
N_LOG_N = 1.15  # the exponent that n log n looks like between 40 and 4,000


@dataclass(frozen=True)
class Goal:
    """A goal: the required value, the measured value, and whether the goal is met (None if it was not measured)."""

    name: str
    asked: str
    found: str
    met: bool | None


def goals(bench: BenchmarkResult) -> list[Goal]:
    """Compare all measurements with their goals."""
    return [*_kernel(bench), *_economy(bench), *_size(bench)]


def _counted(bench: BenchmarkResult, start: str) -> ContenderProcess | None:
    """Return the last contender whose name begins with ``start`` and whose users choose as ours do, if there is one."""
    wrong = equivalent(bench.users)
    return next(
        (
            contender
            for contender in reversed(bench.users)
            if contender.name.startswith(start) and not wrong[contender.name]
        ),
        None,
    )


def _speed(contender: ContenderProcess | None) -> float:
    """Return users per second; 0 if the contender was not measured."""
    return contender.speed if contender else 0.0


def _ratio(name: str, asked: str, ours: float, theirs: float, least: float, limit: float = 0.0) -> Goal:
    """Return a goal for a ratio of at least ``least``, with the ratio that the limit itself reaches if it is known."""
    if not theirs or not ours:
        return Goal(name, asked, "not measured", None)
    beside = f" (C: {limit / theirs:.3g})" if limit else ""
    return Goal(name, asked, f"{ours / theirs:.3g}{beside}", ours / theirs >= least)


def _kernel(bench: BenchmarkResult) -> Iterator[Goal]:
    ours, c = _counted(bench, "numba"), _counted(bench, "C,")
    speed, limit = _speed(ours), _speed(c)
    yield _ratio("P1", f"kernel at least {LEAST_OF_C} of C", speed, limit, LEAST_OF_C)
    objects = _counted(bench, "one Mesa")
    yield _ratio("P2", f"{TIMES_OBJECTS} times Mesa objects", speed, _speed(objects), TIMES_OBJECTS, limit)
    for name in ("polars", "mesa-frames"):
        peer = _counted(bench, name)
        yield _ratio("P2", f"{TIMES_FRAMES} times {name}", speed, _speed(peer), TIMES_FRAMES, limit)
    seats = [contender.seats for contender in bench.users if contender.name.startswith("num") and contender.seats]
    same = all(each == seats[0] for each in seats)
    yield Goal("P3", "same choices: numpy, numba, any threads", "the same" if same else "they differ", same)


def _economy(bench: BenchmarkResult) -> Iterator[Goal]:
    ours, bam = bench.economies
    c = _counted(bench, "C,")
    if ours.answers and c:
        spent, limit = outside_kernel(ours), c.facts["users"] / c.speed
        yield Goal(
            "P4", "outside the kernel no longer than C", f"{spent * 1e3:.0f} ms to {limit * 1e3:.0f}", spent <= limit
        )
    small = bench.ladder[0]
    if small.answers:
        shuffles = outside_kernel(small) / small.facts["shuffle_do"]
        yield Goal("P6", f"firms' month at most {SHUFFLES} empty shuffle_do", f"{shuffles:.0f}", shuffles <= SHUFFLES)
    if bench.worlds and all(contender.answers for contender in bench.worlds):
        full, bare = map(median_month, bench.worlds)
        asked = f"the reference world's month at most {TIMES_BARE} times the bare chain's"
        yield Goal("P6", asked, f"{full / bare:.2f}", full / bare <= TIMES_BARE)
    mine, theirs = (_agent_steps(contender) for contender in (ours, bam))
    yield _ratio("P6", f"{TIMES_BAM} times BAM Engine's agent-steps", mine, theirs, TIMES_BAM)
    first, imports = (min(times) for times in bench.starts.values())
    found = first / imports
    yield Goal("P8", f"a first month at most {STARTS} times the imports", f"{found:.2f}", found <= STARTS)


def _agent_steps(contender: ContenderProcess) -> float:
    """Return the agents (users or households, and firms) per second in the median month."""
    if not contender.answers:
        return 0.0
    middle = sorted(contender.seconds)[len(contender.seconds) // 2]
    return float((contender.facts["users"] + contender.facts["firms"]) / middle)


def _size(bench: BenchmarkResult) -> Iterator[Goal]:
    ladder = [contender for contender in bench.ladder if contender.answers]
    bytes_a_user = max((contender.facts["bytes_a_user"] for contender in ladder), default=0)
    yield Goal("P5", f"at most {BYTES} bytes per user", f"{bytes_a_user:.0f}", bytes_a_user <= BYTES)
    if len(ladder) > 1:
        sizes, seconds = (
            [contender.users for contender in ladder],
            [median_month(contender, "kernel") for contender in ladder],
        )
        found = exponent(sizes, seconds)
        asked = f"linear in users, {sizes[0]:,} to {sizes[-1]:,}: exponent at most {LINEAR}"
        yield Goal("P5", asked, f"{found:.2f}", found <= LINEAR)
        peak = ladder[-1].answers[-1]["peak_mb"]
        small_enough = None if sizes[-1] < 10_000_000 else peak < MEGABYTES
        yield Goal("P5", f"10 million users in {MEGABYTES:,} MB", f"{sizes[-1]:,} in {peak:,.0f} MB", small_enough)
    firms = [contender for contender in bench.firms if contender.answers]
    if len(firms) > 1:
        found = exponent(
            [contender.facts["firms"] for contender in firms], [outside_kernel(contender) for contender in firms]
        )
        yield Goal("P5", f"firms like n log n: exponent at most {N_LOG_N}", f"{found:.2f}", found <= N_LOG_N)
    yield Goal("P7", "sweeps on all cores", "`watersellers sweep` says it of each", None)
    yield Goal(
        "P9", "the live lab's frames", "measured by `python -m watersellers.viz.lab.server.page_benchmark`", None
    )
