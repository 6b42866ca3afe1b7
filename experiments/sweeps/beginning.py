"""How a plan may be carried out, and whether a folder may hold it: all of this is seen before anything is written."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watersellers.experiments.errors import BadInput, refuse, shown
from watersellers.experiments.limits import check_workers
from watersellers.experiments.saving.seal import sha256
from watersellers.experiments.sweeps.checking import FILES, SEALED, Damaged, is_sweep, outcomes, read_provenance
from watersellers.experiments.sweeps.parts import FOLDER, Outcome
from watersellers.experiments.sweeps.plan import SCENARIO, Plan, model_version
from watersellers.experiments.sweeps.schema import RUNS_LIMIT
from watersellers.experiments.sweeps.study import plan_in

TAKEN = "there is a sweep already; --resume goes on with it, --out names another place"


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

    @property
    def goes_on(self) -> bool:
        """Whether there must be a sweep already."""
        return self.resume or self.rerun_failed


def check_ways(ways: Ways) -> None:
    """Refuse numbers of workers and shards that are none, and an address that is none.

    Raises
    ------
    BadInput
        If there is any.
    """
    problems = []
    try:
        check_workers(ways.workers)
    except BadInput as error:
        problems += error.problems
    if ways.shard is not None and not _is_shard(ways.shard):
        said = "/".join(map(shown, ways.shard)) if isinstance(ways.shard, tuple) else shown(ways.shard)
        problems.append(f"shard: found {said}, expected i/n with i from 1 to n, and n at most {RUNS_LIMIT:,}")
    if ways.cluster is not None and not (isinstance(ways.cluster, str) and ways.cluster.strip()):
        problems.append(f"cluster: found {shown(ways.cluster)}, expected an address, as tcp://192.168.0.5:8786")
    refuse(problems)


def _is_shard(shard: object) -> bool:
    """Whether something is a share of the runs: its number, and of how many."""
    match shard:
        case (int(number), int(of)):
            return 1 <= number <= of <= RUNS_LIMIT
    return False


def may_begin(plan: Plan, folder: Path, ways: Ways) -> bool:
    """See that a folder is free, or holds this study; whether it holds the very same, with nothing left to be made."""
    if not is_sweep(folder):
        _is_free(folder, ways)
        return False
    if not ways.goes_on and ways.shard is None:
        if half_begun(folder):
            return False
        if not _is_done(plan, folder):
            raise BadInput(f"{folder}: {TAKEN}")
        return True
    _belongs(plan, folder, ways)
    return False


def _is_free(folder: Path, ways: Ways) -> None:
    """Refuse a place where something else stands, or where there is nothing to go on with."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise BadInput(f"{folder}: something else than a folder stands there; name another place with --out")
    if folder.exists() and any(each.name != FOLDER and not each.name.startswith(".") for each in folder.iterdir()):
        raise BadInput(f"{folder}: something else than a sweep stands there; name another place with --out")
    if ways.resume:
        raise BadInput(f"{folder}: holds no sweep, so there is nothing to go on with; leave out --resume")
    if ways.rerun_failed:
        raise BadInput(f"{folder}: holds no sweep, so there is nothing to run again; leave out --rerun-failed")


def half_begun(folder: Path) -> bool:
    """Whether somebody was stopped while writing a study into a folder, before any run: nothing of it can be lost."""
    said = read_provenance(folder)
    missing = any(not os.path.lexists(folder / name) for name in SEALED)
    return missing and not said["before"] and not outcomes(folder)


def _is_done(plan: Plan, folder: Path) -> bool:
    """Whether all runs of a plan, and no others, are finished in a folder, by this model."""
    if plan.ids != plan_in(folder).ids:
        return False
    _belongs(plan, folder, Ways())
    return plan.ids <= outcomes(folder).keys()


def _belongs(plan: Plan, folder: Path, ways: Ways) -> None:
    """Refuse a study that is not the one in a folder, grown or not, or that other rules began."""
    said = read_provenance(folder)
    if said["model"] != model_version():
        cure = "its finished runs can't be mixed with new ones; name another place with --out"
        raise BadInput(f"{folder}: was made with model {said['model']}, here is {model_version()}; {cure}")
    if said["measures"] != list(plan.study.measures):
        found = ", ".join(said["measures"])
        raise BadInput(f"{folder}: its runs were measured for {found}; name another place with --out")
    try:
        known = outcomes(folder)
    except Damaged:
        if not ways.resume:
            raise
        if not _grows_from(plan, folder, said):
            raise BadInput(f"{folder}: holds another study than {plan.label}; name another place with --out") from None
        return  # the tables are set aside, and what is in parts is seen to then
    no_strangers(plan, folder, known)


def _grows_from(plan: Plan, folder: Path, said: Mapping[str, Any]) -> bool:
    """Whether a plan has all runs of a folder; where these can't be read, whether its scenario is the same."""
    try:
        return plan_in(folder).ids <= plan.ids
    except BadInput:
        return bool(said[FILES][SCENARIO] == sha256(plan.text.encode()))


def no_strangers(plan: Plan, folder: Path, known: dict[str, Outcome]) -> None:
    """Refuse a plan that lacks runs which are finished in a folder."""
    strangers = known.keys() - plan.ids
    if strangers:
        cure = "a study may grow, but not change what was run; name another place with --out"
        raise BadInput(f"{folder}: {len(strangers)} of its finished runs do not belong to {plan.label}; {cure}")
