"""Carry out a plan in a sweep folder: which runs are left to do, who makes them, and what stops them."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from watersellers.experiments.errors import BadInput, CutShort
from watersellers.experiments.sweeps.beginning import Ways, check_ways, may_begin, no_strangers
from watersellers.experiments.sweeps.checking import SEALED, is_sweep, outcomes, set_aside
from watersellers.experiments.sweeps.crew import Crew
from watersellers.experiments.sweeps.folder import LOCK, WRITING, compact, create, held, writing
from watersellers.experiments.sweeps.parts import ENDED_BADLY, FOLDER, OK, Outcome, remove_drafts
from watersellers.experiments.sweeps.plan import PROVENANCE, Plan, Planned, model_version
from watersellers.experiments.sweeps.stopping import SweepStopped, stoppable
from watersellers.experiments.sweeps.study import plan_in
from watersellers.experiments.sweeps.swept import Swept

type Progress = Callable[[int, int, int], None]


class Makers(Protocol):
    """Who makes runs: workers on this machine, or a cluster."""

    def outcomes(self, runs: Iterator[Planned]) -> Iterator[Outcome]: ...

    def stop(self) -> None: ...

    def give_up(self) -> None: ...

    def close(self) -> None: ...


def carry_out(plan: Plan, folder: Path, ways: Ways, progress: Progress | None = None) -> Swept:
    """Make the runs of a plan that a folder lacks; see ``Sweep.run``. All is checked before anything is written."""
    check_ways(ways)
    if may_begin(plan, folder, ways):
        return Swept.open(folder)
    try:
        with _makers(plan, folder, ways) as makers, _made(folder), held(folder, ways.shard):
            with _undone_if_refused(folder, ways):
                left = _written(plan, folder, ways)
                by = _make(left, makers, progress)
            if ways.shard is None:
                _compacted(folder, plan)
    except KeyboardInterrupt:
        by = [signal.SIGINT]
    if by:
        raise SweepStopped(_kept(folder, plan), folder, by[-1])
    return Swept.open(folder)


def _kept(folder: Path, plan: Plan) -> str:
    """Count the finished runs that a folder keeps."""
    kept = len(outcomes(folder)) if is_sweep(folder) else 0
    return f"{kept} of {len(plan)} runs"


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder where there is none; where the work is refused, one that is empty goes again.

    Raises
    ------
    BadInput
        If nothing can be written there.
    """
    place = Path(os.path.abspath(folder))
    new = [each for each in (place, *place.parents) if not each.exists()]
    try:
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            cure = "name another place with --out"
            raise BadInput(f"{folder}: can't be written: {error.strerror}; {cure}") from None
        yield
    except BadInput:
        with suppress(OSError):  # somebody else has put something there, or it was never made
            for each in new:
                each.rmdir()
        raise


@contextmanager
def _undone_if_refused(folder: Path, ways: Ways) -> Iterator[None]:
    """Remove the study that was written into a new folder, if no worker can make runs of it; shards leave it."""
    new = not is_sweep(folder) and ways.shard is None
    try:
        yield
    except BadInput:
        if new and not outcomes(folder):
            for name in (*SEALED, PROVENANCE, LOCK, WRITING):
                (folder / name).unlink(missing_ok=True)
            with suppress(OSError):
                (folder / FOLDER).rmdir()
        raise


def _written(plan: Plan, folder: Path, ways: Ways) -> list[Planned]:
    """Write the study into its folder, and list the runs that are left to be made."""
    with writing(folder):
        if is_sweep(folder):
            if ways.resume:
                set_aside(folder)
            no_strangers(plan, folder, outcomes(folder))
        if ways.shard is None or not _is_written(plan, folder):
            try:
                create(folder, plan)
            except OSError as error:
                raise CutShort(f"{error.filename or folder}: {error.strerror}") from None
    left = _left(plan, folder, ways)
    remove_drafts(folder, {each.run for each in left})
    return left


def _is_written(plan: Plan, folder: Path) -> bool:
    """Whether a folder holds the very same study, as another shard wrote it."""
    try:
        return plan.ids == plan_in(folder).ids
    except BadInput:
        return False


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


def _make(left: list[Planned], makers: Makers, progress: Progress | None) -> list[int]:
    """Have runs made; by which signals somebody stopped them before all were made."""
    if not left:
        return []
    done = failed = 0
    with stoppable(makers) as stopped:
        for outcome in makers.outcomes(iter(left)):
            done += 1
            failed += outcome.status != OK
            if progress is not None:
                progress(done, len(left), failed)
    return stopped if done < len(left) else []


@contextmanager
def _makers(plan: Plan, folder: Path, ways: Ways) -> Iterator[Makers]:
    """Find who makes the runs: workers here, or a cluster that answers."""
    makers: Makers
    order = (folder.resolve(), model_version(), plan.modules, plan.study.time_limit)
    if ways.cluster is not None:
        from watersellers.experiments.sweeps.cluster import Cluster

        makers = Cluster(ways.cluster, *order)
    else:
        workers = min(ways.workers, len(plan)) if ways.workers else None
        makers = Crew(*order, workers)
    try:
        yield makers
    finally:
        makers.close()


def _compacted(folder: Path, plan: Plan) -> None:
    """Make the tables; where that can't be done, the parts hold all the same."""
    try:
        compact(folder, plan)
    except OSError as error:
        raise CutShort(f"{error.filename or folder}: {error.strerror}") from None
