"""Carry out a plan in a sweep folder: which runs are left to do, who makes them, and what stops them."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from experiments.errors import BadInput, CutShort, refuse, shown
from experiments.sweeps.crew import Crew
from experiments.sweeps.folder import compact, create, held, outcomes, read_provenance
from experiments.sweeps.parts import ENDED_BADLY, OK, Outcome, remove_drafts
from experiments.sweeps.plan import STUDY, Plan, Planned, model_version
from experiments.sweeps.study import plan_in
from experiments.sweeps.swept import Swept

type Progress = Callable[[int, int, int], None]


@dataclass(frozen=True)
class Ways:
    """How runs are made: by how many workers, on which cluster, which share of them, and after what was begun."""

    workers: int | None = None
    cluster: str | None = None
    shard: tuple[int, int] | None = None
    resume: bool = False
    rerun_failed: bool = False

    @property
    def all_here(self) -> bool:
        """Whether all runs of the study are made now, on this machine."""
        return not (self.resume or self.rerun_failed or self.shard or self.cluster)


class Makers(Protocol):
    """Who makes runs: workers on this machine, or a cluster."""

    def outcomes(self, runs: Iterator[Planned]) -> Iterator[Outcome]: ...

    def stop(self) -> None: ...

    def give_up(self) -> None: ...


def carry_out(plan: Plan, folder: Path, ways: Ways, progress: Progress | None = None) -> Swept:
    """Make the runs of a plan that a folder lacks; see ``Sweep.run``."""
    _check(ways)
    grows = _may_begin(plan, folder, ways)
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder, ways.shard):
        if not grows:
            create(folder, plan)
        left = _left(plan, folder, ways)
        remove_drafts(folder, {each.run for each in left})
        stopped = _make(left, plan, folder, ways, progress)
        if ways.shard is None:
            _compacted(folder, plan)
    if stopped:
        raise KeyboardInterrupt
    return Swept.open(folder)


def _check(ways: Ways) -> None:
    """Refuse numbers of workers and shards that are none."""
    problems = []
    if ways.workers is not None and ways.workers < 1:
        problems.append(f"workers: found {shown(ways.workers)}, expected 1 or more")
    if ways.shard is not None and not 1 <= ways.shard[0] <= ways.shard[1]:
        problems.append(f"shard: found {ways.shard[0]}/{ways.shard[1]}, expected i/n with i from 1 to n")
    refuse(problems)


def _may_begin(plan: Plan, folder: Path, ways: Ways) -> bool:
    """See that a folder is free, or holds this study; whether the study in it is the very same."""
    goes_on = ways.resume or ways.rerun_failed
    if not (folder / STUDY).is_file():
        if folder.exists() and any(each.name != "parts" and not each.name.startswith(".") for each in folder.iterdir()):
            raise BadInput(f"{folder}: something else than a sweep stands there; name another place with --out")
        if ways.rerun_failed and not ways.resume:
            raise BadInput(f"{folder}: holds no sweep, so there is nothing to run again")
        return False
    if not goes_on and ways.shard is None:
        raise BadInput(f"{folder}: there is a sweep already; --resume goes on with it, --out names another place")
    said, there = read_provenance(folder), plan_in(folder)
    if said["model"] != model_version():
        cure = "its finished runs can't be mixed with new ones; name another place with --out"
        raise BadInput(f"{folder}: was made with model {said['model']}, here is {model_version()}; {cure}")
    if there.study.measures != plan.study.measures:
        found = ", ".join(there.study.measures)
        raise BadInput(f"{folder}: its runs were measured for {found}; name another place with --out")
    mine, others = {each.run for each in plan.runs()}, {each.run for each in there.runs()}
    strangers = (others - mine) & set(outcomes(folder))
    if strangers:
        cure = "a study may grow, but not change what was run; name another place with --out"
        raise BadInput(f"{folder}: {len(strangers)} of its finished runs do not belong to {plan.label}; {cure}")
    return mine == others and ways.shard is not None


def _left(plan: Plan, folder: Path, ways: Ways) -> list[Planned]:
    """List the runs that are to be made, each once."""
    known = outcomes(folder)
    wanted = {each.run: each for each in _shared(plan, ways)}
    fresh = ways.resume or not ways.rerun_failed
    return [
        each
        for run, each in wanted.items()
        if (fresh if run not in known else ways.rerun_failed and known[run].status in ENDED_BADLY)
    ]


def _shared(plan: Plan, ways: Ways) -> Iterator[Planned]:
    """Give the runs of a shard: every n-th, so that shards are of one size."""
    number, of = ways.shard or (1, 1)
    taken: dict[str, int] = {}
    for each in plan.runs():
        if taken.setdefault(each.run, len(taken)) % of == number - 1:
            yield each


def _make(left: list[Planned], plan: Plan, folder: Path, ways: Ways, progress: Progress | None) -> bool:
    """Have runs made; whether somebody stopped them."""
    if not left:
        return False
    makers = _makers(plan, folder.resolve(), ways, len(left))
    done = failed = 0
    with _stoppable(makers) as stopped:
        for outcome in makers.outcomes(iter(left)):
            done += 1
            failed += outcome.status != OK
            if progress is not None:
                progress(done, len(left), failed)
    return bool(stopped) and done < len(left)


def _makers(plan: Plan, folder: Path, ways: Ways, runs: int) -> Makers:
    """Find who makes the runs."""
    if ways.cluster is not None:
        from experiments.sweeps.cluster import Cluster

        return Cluster(ways.cluster, folder, model_version(), plan.study.time_limit)
    workers = min(ways.workers, runs) if ways.workers else None
    return Crew(folder, model_version(), plan.study.time_limit, workers)


@contextmanager
def _stoppable(makers: Makers) -> Iterator[list[int]]:
    """Let Ctrl-C stop the handing out of runs, and a second one, or the system's wish, the runs themselves."""
    asked: list[int] = []

    def heard(number: int, _: Any) -> None:
        """Note a wish to stop, and pass it on: the first Ctrl-C gently, whatever comes after it at once."""
        asked.append(number)
        if number == signal.SIGINT and len(asked) == 1:
            makers.stop()
        else:
            makers.give_up()

    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _compacted(folder: Path, plan: Plan) -> None:
    """Make the tables; where that can't be done, the parts hold all the same."""
    try:
        compact(folder, plan)
    except OSError as error:
        raise CutShort(f"{error.filename or folder}: {error.strerror}") from None
