"""Carry out a plan in a sweep folder: find the missing runs, hand them to workers, and keep the outcomes."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from watersellers.experiments.input.errors import BadInput, CutShort
from watersellers.experiments.sweeps.admission import Ways, check_folder, check_no_foreign_runs, check_ways
from watersellers.experiments.sweeps.folder.folder import (
    LOCK,
    STUDY_LOCK,
    compact,
    lock_folder,
    lock_study,
    write_study,
)
from watersellers.experiments.sweeps.folder.integrity import (
    SEALED,
    is_sweep,
    move_damaged_tables_aside,
    outcomes,
)
from watersellers.experiments.sweeps.folder.run_record import ENDED_BADLY, FOLDER, OK, Outcome, remove_temporary_files
from watersellers.experiments.sweeps.interruption import SweepStopped, stop_on_signals
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.study.plan import PROVENANCE, Plan, PlannedRun, model_version
from watersellers.experiments.sweeps.study_reader import read_plan
from watersellers.experiments.sweeps.workers.local_pool import LocalPool

type Progress = Callable[..., object]


class Workers(Protocol):
    """Workers that make runs, on this machine or on a cluster."""

    def outcomes(self, runs: Iterator[PlannedRun]) -> Iterator[Outcome]: ...

    def stop(self) -> None: ...

    def give_up(self) -> None: ...

    def close(self) -> None: ...


def carry_out(plan: Plan, folder: Path, ways: Ways, progress: Progress | None = None) -> Swept:
    """Make the runs of a plan that a folder lacks; see ``Sweep.run``. All is checked before anything is written."""
    check_ways(ways)
    if check_folder(plan, folder, ways):
        return Swept.open(folder)
    try:
        with _workers(plan, folder, ways) as workers, _sweep_folder(folder), lock_folder(folder, ways.shard):
            with _remove_study_if_refused(folder, ways):
                runs = _write_study(plan, folder, ways)
                signals = _make_runs(runs, workers, progress)
            if ways.shard is None:
                _make_tables(folder, plan)
    except KeyboardInterrupt:
        signals = [signal.SIGINT]
    if signals:
        raise SweepStopped(_count_finished(folder, plan), folder, signals[-1])
    return Swept.open(folder)


def _count_finished(folder: Path, plan: Plan) -> str:
    """Write how many finished runs a folder keeps."""
    kept = len(outcomes(folder)) if is_sweep(folder) else 0
    return f"{kept} of {len(plan)} runs"


@contextmanager
def _sweep_folder(folder: Path) -> Iterator[None]:
    """Make the folder if there is none; if the work is refused, remove the empty folders that were made.

    Raises
    ------
    BadInput
        If nothing can be written there.
    """
    path = Path(os.path.abspath(folder))
    new = [each for each in (path, *path.parents) if not each.exists()]
    try:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            cure = "choose another path with --out"
            raise BadInput(f"{folder}: can't be written: {error.strerror}; {cure}") from None
        yield
    except BadInput:
        with suppress(OSError):  # another process has written into it, or it was never made
            for each in new:
                each.rmdir()
        raise


@contextmanager
def _remove_study_if_refused(folder: Path, ways: Ways) -> Iterator[None]:
    """Remove the study from a new folder if no worker can make runs of it; shards leave it there."""
    new = not is_sweep(folder) and ways.shard is None
    try:
        yield
    except BadInput:
        if new and not outcomes(folder):
            for name in (*SEALED, PROVENANCE, LOCK, STUDY_LOCK):
                (folder / name).unlink(missing_ok=True)
            with suppress(OSError):
                (folder / FOLDER).rmdir()
        raise


def _write_study(plan: Plan, folder: Path, ways: Ways) -> list[PlannedRun]:
    """Write the study into its folder, and return the runs to make."""
    with lock_study(folder):
        if is_sweep(folder):
            if ways.resume:
                move_damaged_tables_aside(folder)
            check_no_foreign_runs(plan, folder, outcomes(folder))
        if ways.shard is None or not _is_written(plan, folder):
            try:
                write_study(folder, plan)
            except OSError as error:
                raise CutShort(f"{error.filename or folder}: {error.strerror}") from None
    runs = _runs_to_make(plan, folder, ways)
    remove_temporary_files(folder, {each.run for each in runs})
    return runs


def _is_written(plan: Plan, folder: Path) -> bool:
    """Whether a folder holds this very study, as another shard wrote it."""
    try:
        return plan.ids == read_plan(folder).ids
    except BadInput:
        return False


def _runs_to_make(plan: Plan, folder: Path, ways: Ways) -> list[PlannedRun]:
    """Return the runs to make, each once."""
    known = outcomes(folder)
    wanted = {each.run: each for each in _runs_of_shard(plan, ways)}
    make_missing = ways.resume or not ways.rerun_failed
    return [
        each
        for run, each in wanted.items()
        if (make_missing if run not in known else ways.rerun_failed and known[run].status in ENDED_BADLY)
    ]


def _runs_of_shard(plan: Plan, ways: Ways) -> Iterator[PlannedRun]:
    """Yield the runs of a shard: every n-th, so that all shards have the same size."""
    number, of = ways.shard or (1, 1)
    positions: dict[str, int] = {}
    for each in plan.runs():
        if positions.setdefault(each.run, len(positions)) % of == number - 1:
            yield each


def _make_runs(runs: list[PlannedRun], workers: Workers, progress: Progress | None) -> list[int]:
    """Have the runs made; return the signals that stopped them, or none if all were made."""
    if not runs:
        return []
    done = failed = 0
    with stop_on_signals(workers) as signals:
        for outcome in workers.outcomes(iter(runs)):
            done += 1
            failed += outcome.status != OK
            if progress is not None:
                progress(done, len(runs), failed)
    return signals if done < len(runs) else []


@contextmanager
def _workers(plan: Plan, folder: Path, ways: Ways) -> Iterator[Workers]:
    """Provide the workers: processes on this machine, or a cluster that answers."""
    workers: Workers
    order = (folder.resolve(), model_version(), plan.modules, plan.study.time_limit)
    if ways.cluster is not None:
        from watersellers.experiments.sweeps.workers.cluster import Cluster

        workers = Cluster(ways.cluster, *order)
    else:
        workers = LocalPool(*order, min(ways.workers, len(plan)) if ways.workers else None)
    try:
        yield workers
    finally:
        workers.close()


def _make_tables(folder: Path, plan: Plan) -> None:
    """Make the tables; if that fails, the parts remain valid."""
    try:
        compact(folder, plan)
    except OSError as error:
        raise CutShort(f"{error.filename or folder}: {error.strerror}") from None
