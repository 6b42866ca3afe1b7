"""The benchmark: the kernel beside its limit and its peers, the whole economy beside a peer, and how both scale.

Every comparison is made in one interleaved run. A contender whose users' choices differ by more than chance is marked
and does not count. Seconds depend on the machine and its load; ratios carry over to other machines.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from watersellers.agents.users.kernel.contract import Rows, Terms
from watersellers.agents.users.month import Users
from watersellers.experiments.benchmark.round_robin import ContenderProcess, differs, measure, python_of
from watersellers.experiments.benchmark.timed_process import Region, save
from watersellers.experiments.loading.limits import cores
from watersellers.experiments.loading.synthetic import Size, synthetic
from watersellers.experiments.runs.world import World
from watersellers.experiments.saving.provenance import versions

COMPILE = ("-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC")
SOURCE = Path(__file__).with_name("users_month.c")
MONTHS_BEFORE = 3  # simulated before the month that all contenders repeat
KNOWN = 0.2  # share of people who know an app at first: four of twenty, as in the reference world's fourth year
FEW = 1_000  # users of a world in which the firms' month is measured
WORLDS = {"the reference world": "baseline", "the bare chain": "plain"}
WORLD_ROUNDS = 5  # months of these for each round: they are short
BUSY = 0.5  # load from other processes, in cores, from which a machine is not idle


@dataclass(frozen=True)
class BenchmarkSize:
    """The extent of a benchmark: users, rounds, sizes of the worlds, the peers' Python, and threads."""

    users: int = 1_000_000
    rounds: int = 5
    ladder: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    firms: tuple[int, ...] = (40, 400)
    peers: Path | None = None
    threads: int = field(default_factory=cores)


@dataclass
class BenchmarkResult:
    """The measurements: contenders by task, the times of cold starts, and the machine."""

    users: list[ContenderProcess]
    economies: list[ContenderProcess]
    ladder: list[ContenderProcess]
    firms: list[ContenderProcess]
    starts: dict[str, list[float]]
    machine: dict[str, Any]
    worlds: list[ContenderProcess] = field(default_factory=list)  # the reference world and the bare chain, in turns


def command_of(name: str, *arguments: object, python: str = sys.executable) -> list[str]:
    """Return the command that starts a contender."""
    return [python, "-m", f"watersellers.experiments.benchmark.{name}", *map(str, arguments)]


def measure_all(extent: BenchmarkSize) -> BenchmarkResult:
    """Measure everything."""
    before = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work.npz"
        save(work, _recorded_month(extent.users))
        users = list(_user_contenders(extent, work, _compiled(Path(folder))))
        measure(users, extent.rounds)
        starts = _cold_starts(extent.rounds, Path(folder))
    economies = _economies(extent)
    measure(economies, extent.rounds)
    ladder = [_economy(f"{count:,} users", count, extent) for count in extent.ladder]
    firms = [_economy(f"{count} firms", FEW, extent, *_layers(count)) for count in extent.firms]
    for contender in (*ladder, *firms):
        measure([contender], extent.rounds)
    worlds = [_economy(f"{FEW:,} users, {name}", FEW, extent, scenario) for name, scenario in WORLDS.items()]
    measure(worlds, WORLD_ROUNDS * extent.rounds)
    return BenchmarkResult(users, economies, ladder, firms, starts, _machine(before), worlds)


def _recorded_month(users: int) -> list[Region]:
    """Simulate some months of a world with twenty apps, and record the kernel's input of the last one."""
    world = World(synthetic(Size(), months=MONTHS_BEFORE), rng=1, users=users, set={"apps.opening_known": KNOWN})
    kernel, recorded = world._parts[Users].kernel, []

    def recording_kernel(rows: Rows, terms: Terms) -> np.ndarray:
        """Copy the input, and compute as the kernel does."""
        recorded.append(Region(Rows(*(column.copy() for column in rows)), terms))
        return kernel(rows, terms)

    for _ in range(MONTHS_BEFORE - 1):
        world.step()
    world._parts[Users].kernel = recording_kernel  # type: ignore[assignment]
    world.step()
    return recorded


def _compiled(folder: Path) -> str:
    """Compile the C kernel, and return the path of its library; empty if that fails."""
    compiler = next(filter(None, map(shutil.which, ("gcc", "clang", "cc"))), None)
    if compiler is None:
        return ""
    library = folder / "users_month.so"
    done = subprocess.run([compiler, *COMPILE, "-o", library, SOURCE, "-lm"], capture_output=True, check=False)
    return str(library) if done.returncode == 0 else ""


def _user_contenders(extent: BenchmarkSize, work: Path, library: str) -> Iterator[ContenderProcess]:
    """Yield all contenders for the users' month."""
    peers = python_of(extent.peers)
    for threads in sorted({1, extent.threads}):
        yield ContenderProcess(f"numba, {threads} threads", command_of("ours", work, "numba", threads))
        if library:
            yield ContenderProcess(f"C, {threads} threads", command_of("c_kernel", work, library, threads))
    yield ContenderProcess("numpy", command_of("ours", work, "numpy", 1))
    yield ContenderProcess("polars expressions", command_of("polars_columns", work))
    yield ContenderProcess("mesa-frames", command_of("mesa_frames_set", work, python=peers))
    yield ContenderProcess("one Mesa object per user", command_of("mesa_objects", work))


def _economies(extent: BenchmarkSize) -> list[ContenderProcess]:
    """Return the contenders for a whole economy: ours and a peer's."""
    ours = _economy("the whole economy", extent.users, extent)
    return [ours, ContenderProcess("BAM Engine", command_of("bam", extent.users // 10, python=python_of(extent.peers)))]


def _economy(name: str, users: int, extent: BenchmarkSize, *which: object) -> ContenderProcess:
    """Return our economy as a contender: the reference world, that of a scenario, or one of so many firms by layer."""
    return ContenderProcess(name, command_of("whole_economy", users, "numba", extent.threads, *which))


def _layers(firms: int) -> tuple[int, ...]:
    """Divide firms over the layers, upstream first: half of them are apps."""
    return max(1, firms // 20), max(1, firms // 5), max(1, firms // 4), firms // 2


def _cold_starts(rounds: int, folder: Path) -> dict[str, list[float]]:
    """Time cold starts in turns: a month of a small run, and the imports that any such program needs."""
    run = ["-m", "watersellers", "run", "--months", "1", "--quiet", "--force", "--out", str(folder / "run")]
    commands = {"a first month": run, "imports": ["-c", "import mesa, polars, networkx"]}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(_timed([sys.executable, *command]))
    return times


def _timed(command: Sequence[str]) -> float:
    """Return the seconds that a command takes."""
    import time

    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=SOURCE.parents[2])
    return time.perf_counter() - start


def _machine(before: float | None) -> dict[str, Any]:
    """Describe the machine, its load before the benchmark, and the versions of packages."""
    idle = None if before is None else before < BUSY
    return {
        "machine": platform.machine(),
        "cores": cores(),
        "load before": before,
        "idle": idle,
        "versions": versions(),
    }


def equivalent(contenders: Sequence[ContenderProcess]) -> dict[str, str]:
    """Return, for each contender, where its users' choices differ from those of the first; empty if they do not."""
    return {
        contender.name: contender.problem or (differs(contender, contenders[0]) if contender.seats else "")
        for contender in contenders
    }


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Fit seconds = a x size^b by least squares in logarithms, and return b."""
    slope, _ = np.polyfit([log(size) for size in sizes], [log(each) for each in seconds], 1)
    return float(slope)


def median_month(contender: ContenderProcess, part: str = "") -> float:
    """Return the seconds of the median month, or of a part of it; months differ, so the fastest is not typical."""
    return median(answer["parts"][part] if part else answer["seconds"] for answer in contender.answers)


def outside_kernel(contender: ContenderProcess) -> float:
    """Return the seconds of the median month outside the kernel."""
    return median(answer["seconds"] - answer["parts"]["kernel"] for answer in contender.answers)


def speeds(bench: BenchmarkResult) -> pl.DataFrame:
    """Return the users per second of each contender that counts, the fastest first."""
    wrong = equivalent(bench.users)
    rows = [
        (contender.name, contender.speed)
        for contender in bench.users
        if contender.answers and not wrong[contender.name]
    ]
    return pl.DataFrame(rows, schema=["who", "users a second"], orient="row").sort("users a second", descending=True)
