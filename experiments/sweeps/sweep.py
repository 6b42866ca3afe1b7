"""Carry out a study: plan it, make its runs on this machine or on a cluster, and keep what comes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from watersellers.experiments.scenario import Scenario
from watersellers.experiments.sweeps.beginning import Ways
from watersellers.experiments.sweeps.carrying import carry_out
from watersellers.experiments.sweeps.measuring import Measure, named
from watersellers.experiments.sweeps.plan import Plan
from watersellers.experiments.sweeps.schema import DEFAULT_MEASURES, HOUR
from watersellers.experiments.sweeps.study import planned, read_study
from watersellers.experiments.sweeps.swept import Swept

type Range = tuple[float, float] | Sequence[Any] | Mapping[str, Any] | None


@dataclass(frozen=True)
class Sweep:
    """A study: a scenario, what is varied in it, at which points, how often, and what is measured.

    Parameters
    ----------
    scenario : str, Path, mapping or Setting
        The scenario that every run starts from.
    parameters : mapping
        By path: ``(low, high)``, a list of values, a table as in a study's file, or None for the range that the
        parameter table gives.
    design : str or mapping
        grid, one_at_a_time, list, table, latin_hypercube, sobol, saltelli or morris; a mapping gives its size too, as
        ``{"kind": "saltelli", "points": 256}``.
    months, users : int
        How long a run is (the scenario's own length if not given), and how many simulated users it has.
    replications : int
        Runs at each point; replicate by replicate, all points share their seed.
    measures : sequence of str or functions
        Names of the menu of measures, or functions of a module from a Result to a table with a column ``value``.
    set : mapping
        Settings that all runs have, by path.
    seed : int
        What designs are drawn with and replicates' seeds are made of.
    time_limit : float
        Seconds after which a run is taken to hang.
    keep_runs : bool
        Whether to keep each run's folder.
    """

    scenario: Scenario = "baseline"
    parameters: Mapping[str, Range] = field(default_factory=dict)
    design: str | Mapping[str, Any] = "grid"
    months: int | None = None
    users: int = 10_000
    replications: int = 1
    measures: Sequence[str | Measure] = DEFAULT_MEASURES
    set: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 1
    time_limit: float = HOUR
    keep_runs: bool = False
    label: str = "study"
    beside: Path | None = None

    @classmethod
    def read(cls, file: str | Path) -> Self:
        """Read a study's file.

        Raises
        ------
        BadInput
            If it can't be read, or says what can't be said.
        """
        from watersellers.experiments.sweeps.schema import checked

        path = Path(file)
        study = checked(read_study(path), str(path))
        said = {key: getattr(study, key) for key in study.model_fields_set}
        for key in said.keys() & {"parameters", "design"}:
            dumped = study.model_dump(exclude_unset=True)
            said[key] = dumped[key]
        return cls(**said, label=str(path), beside=path.parent)

    def plan(self) -> Plan:
        """Resolve everything, and say all that is wrong with it.

        Raises
        ------
        BadInput
            If there is.
        """
        keys = ("scenario", "parameters", "design", "set", "months", "users", "replications", "seed", "keep_runs")
        doc = {key: getattr(self, key) for key in (*keys, "time_limit", "measures")}
        if isinstance(self.measures, Sequence) and not isinstance(self.measures, str):
            doc["measures"] = [named(each) for each in self.measures]
        return planned(doc, self.label, self.beside)

    def run(
        self,
        out: str | Path,
        ways: Ways = Ways(),  # noqa: B008 - frozen
        progress: Callable[[int, int, int], None] | None = None,
    ) -> Swept:
        """Make the runs that are missing in a folder, new or begun, and give what came out of all.

        Parameters
        ----------
        out : str or Path
            The sweep folder.
        ways : Ways
            Workers, a cluster's address, a shard, and whether to go on with what was begun.
        progress : callable, optional
            Called with runs done, runs in all, and runs that ended badly.

        Raises
        ------
        BadInput
            If anything is wrong with the study or the folder; nothing was run then.
        CutShort
            If the sweep could not go on, for a full disk or a lost cluster; what was finished is kept.
        KeyboardInterrupt
            If somebody pressed Ctrl-C, with a sentence about what is kept (``SweepStopped``).
        """
        return carry_out(self.plan(), Path(out), ways, progress)
