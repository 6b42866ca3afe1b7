"""Checks, before anything is written, that a plan can be carried out and that the folder may hold it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watersellers.experiments.input.errors import BadInput, refuse, shown
from watersellers.experiments.input.plain_values import plain_value, plain_values
from watersellers.experiments.loading.limits import check_workers
from watersellers.experiments.saving.seal import sha256
from watersellers.experiments.sweeps.folder.integrity import (
    FILES,
    SEALED,
    DamagedFolder,
    is_sweep,
    outcomes,
    read_provenance,
)
from watersellers.experiments.sweeps.folder.run_record import FOLDER, Outcome
from watersellers.experiments.sweeps.study.plan import SCENARIO, Plan, model_version
from watersellers.experiments.sweeps.study.schema import RUNS_LIMIT
from watersellers.experiments.sweeps.study_reader import read_plan

ALREADY_A_SWEEP = "holds a sweep already; --resume goes on with it, --out chooses another path"


@dataclass(frozen=True)
class Ways:
    """How runs are made: the number of workers, the cluster, the shard, and whether to continue a sweep.

    Attributes
    ----------
    workers : int, optional
        Worker processes on this machine; one per core if not given.
    cluster : str, optional
        Address of a dask scheduler, whose workers make the runs.
    shard : tuple of int, optional
        (i, n): make the i-th of n equal shares of the runs.
    resume : bool
        Make the runs that a sweep in the folder lacks.
    rerun_failed : bool
        Make again the runs that ended badly.
    """

    workers: int | None = None
    cluster: str | None = None
    shard: tuple[int, int] | None = None
    resume: bool = False
    rerun_failed: bool = False

    def __post_init__(self) -> None:
        """Take numpy's numbers as Python's."""
        shard = tuple(plain_values(*self.shard)) if isinstance(self.shard, tuple) else self.shard
        for name, value in (("workers", plain_value(self.workers)), ("shard", shard)):
            object.__setattr__(self, name, value)

    @property
    def all_here(self) -> bool:
        """Whether all runs of the study are made now, on this machine."""
        return not (self.resume or self.rerun_failed or self.shard or self.cluster)

    @property
    def continues(self) -> bool:
        """Whether the folder must hold a sweep already."""
        return self.resume or self.rerun_failed


def check_ways(ways: Ways) -> None:
    """Check the number of workers, the shard and the cluster's address.

    Raises
    ------
    BadInput
        If any of them is impossible; all at once.
    """
    problems = []
    try:
        check_workers(ways.workers)
    except BadInput as error:
        problems += error.problems
    if ways.shard is not None and not _is_shard(ways.shard):
        found = "/".join(map(shown, ways.shard)) if isinstance(ways.shard, tuple) else shown(ways.shard)
        problems.append(f"shard: found {found}, expected i/n with i from 1 to n, and n at most {RUNS_LIMIT:,}")
    if ways.cluster is not None and not (isinstance(ways.cluster, str) and ways.cluster.strip()):
        problems.append(f"cluster: found {shown(ways.cluster)}, expected an address, as tcp://192.168.0.5:8786")
    refuse(problems)


def _is_shard(shard: object) -> bool:
    """Whether a value is a shard: its number, and the number of shards."""
    match shard:
        case (int(number), int(of)):
            return 1 <= number <= of <= RUNS_LIMIT
    return False


def check_folder(plan: Plan, folder: Path, ways: Ways) -> bool:
    """Check that a folder is free or holds this study; return whether all runs of the study are finished in it.

    Raises
    ------
    BadInput
        If the folder holds anything else, or a sweep that ``ways`` does not continue.
    """
    if not is_sweep(folder):
        _check_free(folder, ways)
        return False
    if not ways.continues and ways.shard is None:
        if is_half_written(folder):
            return False
        if not _is_complete(plan, folder):
            raise BadInput(f"{folder}: {ALREADY_A_SWEEP}")
        return True
    _check_same_study(plan, folder, ways)
    return False


def _check_free(folder: Path, ways: Ways) -> None:
    """Refuse a path that holds anything but a sweep, or an empty one if a sweep is to be continued."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise BadInput(f"{folder}: is not a folder; choose another path with --out")
    if folder.exists() and any(each.name != FOLDER and not each.name.startswith(".") for each in folder.iterdir()):
        raise BadInput(f"{folder}: is not a sweep; choose another path with --out")
    if ways.resume:
        raise BadInput(f"{folder}: holds no sweep, so there is nothing to go on with; leave out --resume")
    if ways.rerun_failed:
        raise BadInput(f"{folder}: holds no sweep, so there is nothing to run again; leave out --rerun-failed")


def is_half_written(folder: Path) -> bool:
    """Whether the writing of a study into a folder was interrupted before any run, so that nothing can be lost."""
    provenance = read_provenance(folder)
    missing = any(not os.path.lexists(folder / name) for name in SEALED)
    return missing and not provenance["before"] and not outcomes(folder)


def _is_complete(plan: Plan, folder: Path) -> bool:
    """Whether all runs of a plan, and no others, are finished in a folder, made by this model."""
    if plan.ids != read_plan(folder).ids:
        return False
    _check_same_study(plan, folder, Ways())
    return plan.ids <= outcomes(folder).keys()


def _check_same_study(plan: Plan, folder: Path, ways: Ways) -> None:
    """Refuse a study other than the one in a folder (which may have grown), or one that another model began."""
    provenance = read_provenance(folder)
    if provenance["model"] != model_version():
        cure = "its finished runs can't be mixed with new ones; choose another path with --out"
        raise BadInput(f"{folder}: was made with model {provenance['model']}, here is {model_version()}; {cure}")
    if provenance["measures"] != list(plan.study.measures):
        found = ", ".join(provenance["measures"])
        raise BadInput(f"{folder}: its runs were measured for {found}; choose another path with --out")
    try:
        known = outcomes(folder)
    except DamagedFolder:
        if not ways.resume:
            raise
        if not _grows_from(plan, folder, provenance):
            raise BadInput(f"{folder}: holds another study than {plan.label}; choose another path with --out") from None
        return  # the tables are moved aside later, and the parts are checked then
    check_no_foreign_runs(plan, folder, known)


def _grows_from(plan: Plan, folder: Path, provenance: Mapping[str, Any]) -> bool:
    """Whether a plan has all runs of a folder; if these can't be read, whether its scenario is the same."""
    try:
        return read_plan(folder).ids <= plan.ids
    except BadInput:
        return bool(provenance[FILES][SCENARIO] == sha256(plan.text.encode()))


def check_no_foreign_runs(plan: Plan, folder: Path, known: dict[str, Outcome]) -> None:
    """Refuse a plan that lacks runs which are finished in a folder."""
    foreign = known.keys() - plan.ids
    if foreign:
        cure = "a study may grow, but not change what was run; choose another path with --out"
        raise BadInput(f"{folder}: {len(foreign)} of its finished runs do not belong to {plan.label}; {cure}")
