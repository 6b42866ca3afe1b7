"""The command that measures: the benchmark's tables beside the goals."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from watersellers.experiments.contest.benchmark import Bench, Extent, bench, equivalent, month_of
from watersellers.experiments.contest.goals import Goal
from watersellers.experiments.contest.taking_turns import Lane
from watersellers.experiments.errors import refuse
from watersellers.experiments.limits import check_backend, cores, no_users, whole
from watersellers.experiments.tables import console, print_table

MILLION, THOUSAND = 1e6, 1e3
TEN_MILLION, MANY_FIRMS = 10_000_000, 4_000
ROUNDS_LIMIT = 1_000
Rows = Sequence[Sequence[str]]


def measured(users: int, rounds: int, threads: int | None, peers: Path | None, full: bool) -> Bench:
    """Measure, once all that is asked for is known to be possible.

    Raises
    ------
    BadInput
        If a number is out of range, numba is not installed, or the peers' Python is not there.
    """
    refuse([*no_users(users), *whole("rounds", rounds, 1, ROUNDS_LIMIT), *_no_python(peers)])
    check_backend("numba", threads)
    small, few = Extent().ladder, Extent().firms
    ladder, firms = ((*small, TEN_MILLION), (*few, MANY_FIRMS)) if full else (small, few)
    return bench(Extent(users, rounds, ladder, firms, peers and peers.absolute(), threads or cores()))


def _no_python(peers: Path | None) -> list[str]:
    """Say so if the peers' Python is given and can't be started."""
    if peers is None or (peers.is_file() and os.access(peers, os.X_OK)):
        return []
    found = "is no file that can be started" if os.path.lexists(peers) else "is not there"
    return [f"--peers: {peers} {found}; expected the Python of an environment, as make bench makes one"]


def print_bench(found: Bench, held: Sequence[Goal]) -> None:
    """Print all tables."""
    print_table(*_users_month(found), figures=(1, 2, 3, 4))
    print_table("the whole economy", ("who", "agents", "ms a step", "million agent-steps a second"), _economies(found))
    print_table("a month by phase, in ms", ("phase", "ms"), _phases(found.economies[0]), figures=(1,))
    head = ("size", "firms", "ms a month", "of it the kernel", "peak MB")
    print_table("how it grows", head, [_grown(lane) for lane in (*found.ladder, *found.firms)], figures=range(1, 5))
    verdicts = {True: "reached", False: "NOT reached", None: "-"}
    print_table("goals", ("", "goal", "found", ""), [(g.name, g.asked, g.found, verdicts[g.met]) for g in held])
    for line in _circumstances(found):
        console().print(line, soft_wrap=True)


def _users_month(found: Bench) -> tuple[str, Sequence[str], Rows]:
    wrong = equivalent(found.users)
    rows = []
    for lane in found.users:
        speeds = [f"{each / MILLION:.3g}" for each in (lane.speed, lane.middle)] if lane.answers else ["-", "-"]
        spread = f"{lane.spread:.2f}" if lane.answers else "-"
        rows.append(
            (lane.name, f"{lane.users:,}", *speeds, spread, wrong[lane.name] and f"not counted: {wrong[lane.name]}")
        )
    head = ("who", "users", "million users a second, best", "median", "spread", "")
    return "the users' month: hear, weigh, choose, count", head, rows


def _economies(found: Bench) -> Rows:
    rows = []
    for lane in found.economies:
        if lane.problem:
            rows.append((lane.name, "-", "-", lane.problem))
            continue
        agents, middle = lane.told["users"] + lane.told["firms"], sorted(lane.seconds)[len(lane.seconds) // 2]
        rows.append((lane.name, f"{agents:,}", f"{middle * THOUSAND:,.0f}", f"{agents / middle / MILLION:.3g}"))
    return rows


def _phases(lane: Lane) -> Rows:
    parts = lane.answers[0]["parts"] if lane.answers else {}
    return [(name, f"{month_of(lane, name) * THOUSAND:.1f}") for name in parts]


def _grown(lane: Lane) -> Sequence[str]:
    if not lane.answers:
        return (lane.name, "-", lane.problem, "-", "-")
    times = [f"{month_of(lane, part) * THOUSAND:,.1f}" for part in ("", "kernel")]
    return (lane.name, f"{lane.told['firms']:,}", *times, f"{lane.answers[-1]['peak_mb']:,.0f}")


def _circumstances(found: Bench) -> Iterator[str]:
    """Say what bounds the C kernel, and in what circumstances all of this was measured."""
    c = next((lane for lane in found.users if lane.name.startswith("C,")), None)
    if c and "bound" in c.told:
        rate, bound = c.told["exponentials"] / 1e9, c.told["bound"] / 1e9
        yield f"C: {rate:.2f} billion exponentials a second on a thread; fused multiply-adds would allow {bound:.2f}"
    machine = found.machine
    idle = {True: "idle", False: "NOT idle, so trust ratios and no seconds", None: "of unknown load"}[machine["idle"]]
    yield f"{machine['machine']}, {machine['cores']} cores, {idle} (load {machine['load before']})"
    yield ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    yield "each in a process of its own, all taking turns; Mesa's objects are a hundredth of the users: time is linear"
    yield "in worlds of so many firms each buys of eight; where all buy of all, deals grow with their number squared"
    yield "all do what is on in the reference world: C and the peers know no further apps, friends and devices"
