"""The tables of the benchmark, beside the performance goals."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from watersellers.experiments.benchmark.benchmark import (
    BenchmarkResult,
    BenchmarkSize,
    equivalent,
    measure_all,
    median_month,
)
from watersellers.experiments.benchmark.goals import Goal
from watersellers.experiments.benchmark.round_robin import ContenderProcess
from watersellers.experiments.cli.run_tables import console, print_table
from watersellers.experiments.input.errors import refuse
from watersellers.experiments.loading.limits import check_backend, cores, wrong_users, wrong_whole_number

MILLION, THOUSAND = 1e6, 1e3
TEN_MILLION, MANY_FIRMS = 10_000_000, 4_000
ROUNDS_LIMIT = 1_000
Rows = Sequence[Sequence[str]]


def run_benchmark(users: int, rounds: int, threads: int | None, peers: Path | None, full: bool) -> BenchmarkResult:
    """Check the arguments, and run the benchmark.

    Raises
    ------
    BadInput
        If a number is out of range, numba is not installed, or the peers' Python is missing.
    """
    refuse([*wrong_users(users), *wrong_whole_number("rounds", rounds, 1, ROUNDS_LIMIT), *_no_python(peers)])
    check_backend("numba", threads)
    small, few = BenchmarkSize().ladder, BenchmarkSize().firms
    ladder, firms = ((*small, TEN_MILLION), (*few, MANY_FIRMS)) if full else (small, few)
    return measure_all(BenchmarkSize(users, rounds, ladder, firms, peers and peers.absolute(), threads or cores()))


def _no_python(peers: Path | None) -> list[str]:
    """Find out whether the peers' Python is given but can't be started."""
    if peers is None or (peers.is_file() and os.access(peers, os.X_OK)):
        return []
    found = "is no file that can be started" if os.path.lexists(peers) else "is not there"
    return [f"--peers: {peers} {found}; expected the Python of an environment, as make bench makes one"]


def print_bench(found: BenchmarkResult, held: Sequence[Goal]) -> None:
    """Print all tables."""
    print_table(*_users_month(found), figures=(1, 2, 3, 4))
    print_table(
        "the whole economy", ("contender", "agents", "ms per step", "million agent-steps per second"), _economies(found)
    )
    print_table("a month by phase, in ms", ("phase", "ms"), _phases(found.economies[0]), figures=(1,))
    head = ("size", "firms", "ms per month", "of it the kernel", "peak MB")
    print_table(
        "how it grows",
        head,
        [_grown(contender) for contender in (*found.ladder, *found.worlds, *found.firms)],
        figures=range(1, 5),
    )
    verdicts = {True: "reached", False: "NOT reached", None: "-"}
    print_table("goals", ("", "goal", "found", ""), [(g.name, g.asked, g.found, verdicts[g.met]) for g in held])
    for line in _circumstances(found):
        console().print(line, soft_wrap=True)


def _users_month(found: BenchmarkResult) -> tuple[str, Sequence[str], Rows]:
    wrong = equivalent(found.users)
    rows = []
    for contender in found.users:
        speeds = (
            [f"{each / MILLION:.3g}" for each in (contender.speed, contender.middle)]
            if contender.answers
            else ["-", "-"]
        )
        spread = f"{contender.spread:.2f}" if contender.answers else "-"
        rows.append(
            (
                contender.name,
                f"{contender.users:,}",
                *speeds,
                spread,
                wrong[contender.name] and f"not counted: {wrong[contender.name]}",
            )
        )
    head = ("contender", "users", "million users per second, best", "median", "spread", "")
    return "the users' month: hear, weigh, choose, count", head, rows


def _economies(found: BenchmarkResult) -> Rows:
    rows = []
    for contender in found.economies:
        if contender.problem:
            rows.append((contender.name, "-", "-", contender.problem))
            continue
        agents, middle = (
            contender.facts["users"] + contender.facts["firms"],
            sorted(contender.seconds)[len(contender.seconds) // 2],
        )
        rows.append((contender.name, f"{agents:,}", f"{middle * THOUSAND:,.0f}", f"{agents / middle / MILLION:.3g}"))
    return rows


def _phases(contender: ContenderProcess) -> Rows:
    parts = contender.answers[0]["parts"] if contender.answers else {}
    return [(name, f"{median_month(contender, name) * THOUSAND:.1f}") for name in parts]


def _grown(contender: ContenderProcess) -> Sequence[str]:
    if not contender.answers:
        return (contender.name, "-", contender.problem, "-", "-")
    times = [f"{median_month(contender, part) * THOUSAND:,.1f}" for part in ("", "kernel")]
    return (contender.name, f"{contender.facts['firms']:,}", *times, f"{contender.answers[-1]['peak_mb']:,.0f}")


def _circumstances(found: BenchmarkResult) -> Iterator[str]:
    """Yield sentences on the bound of the C kernel and on the circumstances of the measurement."""
    c = next((contender for contender in found.users if contender.name.startswith("C,")), None)
    if c and "bound" in c.facts:
        rate, bound = c.facts["exponentials"] / 1e9, c.facts["bound"] / 1e9
        yield f"C: {rate:.2f} billion exponentials per second and thread; fused multiply-adds would allow {bound:.2f}"
    machine = found.machine
    idle = {True: "idle", False: "NOT idle, so trust ratios, not seconds", None: "load unknown"}[machine["idle"]]
    yield f"{machine['machine']}, {machine['cores']} cores, {idle} (load {machine['load before']})"
    yield ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    yield "each runs in its own process, in turn; Mesa's objects have a hundredth of the users: time is linear"
    yield "in worlds of many firms each buys from eight; if all bought from all, deals would grow with their square"
    yield "all compute what the reference world uses: C and the peers have no further apps, friends and devices"
