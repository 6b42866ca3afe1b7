"""A sweep: plan a study, make its runs on this machine or on a cluster, and keep the results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from watersellers.experiments.figures.progress_bar import Progress, reporting
from watersellers.experiments.input.plain_values import plain_table
from watersellers.experiments.loading.loader import Scenario
from watersellers.experiments.own_code.passed_rules import with_strategies
from watersellers.experiments.sweeps.admission import Ways
from watersellers.experiments.sweeps.execution import carry_out
from watersellers.experiments.sweeps.measures import Measure, name_of_measure
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.study.plan import Plan
from watersellers.experiments.sweeps.study.schema import HOUR
from watersellers.experiments.sweeps.study_reader import make_plan, read_study

type Range = tuple[float, float] | Sequence[Any] | Mapping[str, Any] | None


@dataclass(frozen=True)
class Sweep:
    """A study: a scenario, the parameters varied in it, the design, the replications, and the measures.

    Parameters
    ----------
    scenario : str, Path, mapping or ScenarioSpec
        The scenario that every run starts from.
    parameters : mapping
        By path: ``(low, high)``, a list of values, a table as in a study's file, or None for the range that the
        parameter table gives.
    design : str or mapping
        grid, one_at_a_time, list, table, latin_hypercube, sobol, saltelli or morris; a mapping gives its size too, as
        ``{"kind": "saltelli", "points": 256}``.
    months, users : int
        Length of a run (the scenario's own length if not given), and number of simulated users.
    replications : int
        Runs at each point; the replicates of one number have the same seed at all points.
    measures : sequence of str or functions
        Names on the menu of measures, or functions of a module from a Result to a table with a column ``value``. If
        none is given: profits by month, and the headlines over the calibrated year, or over the last months of runs
        that do not cover it.
    set : mapping
        Settings of all runs, by path.
    strategies : mapping
        Your own strategies of all runs by firm and decision: objects of a module's class, functions of a module, or
        names as ``"mine:Frugal"``, which ``set`` and ``parameters`` take too. Their numbers can be varied:
        ``{"openai.research.share": (0.1, 0.5)}``.
    seed : int
        The seed from which designs are drawn and the seeds of replicates are derived.
    time_limit : float
        Seconds after which a run is ended as hung.
    keep_runs : bool
        Whether to keep each run's folder.
    """

    scenario: Scenario = "baseline"
    parameters: Mapping[str, Range] = field(default_factory=dict)
    design: str | Mapping[str, Any] = "grid"
    months: int | None = None
    users: int = 10_000
    replications: int = 1
    measures: Sequence[str | Measure] | None = None
    set: Mapping[str, Any] = field(default_factory=dict)
    strategies: Mapping[str, Any] = field(default_factory=dict)
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
            If it can't be read, or anything in it is wrong.
        """
        from watersellers.experiments.sweeps.study.schema import read_study_keys

        path = Path(file)
        study = read_study_keys(read_study(path), str(path))
        keys = {key: getattr(study, key) for key in study.model_fields_set}
        for key in keys.keys() & {"parameters", "design"}:
            dumped = study.model_dump(exclude_unset=True)
            keys[key] = dumped[key]
        return cls(**keys, label=str(path), beside=path.parent)

    def plan(self) -> Plan:
        """Resolve the study into a plan of runs.

        Raises
        ------
        BadInput
            If anything in it is wrong; as much at once as can be found.
        """
        keys = ("scenario", "parameters", "design", "set", "months", "users", "replications", "seed", "keep_runs")
        doc: dict[str, Any] = {key: getattr(self, key) for key in (*keys, "time_limit")}
        doc["set"] = with_strategies(self.set, self.strategies, self.label)
        if self.measures is not None:
            doc["measures"] = self.measures
        if isinstance(self.measures, Sequence) and not isinstance(self.measures, str):
            doc["measures"] = [name_of_measure(each) for each in self.measures]
        return make_plan(plain_table(self.label, doc), self.label, self.beside)

    def run(
        self,
        out: str | Path,
        ways: Ways = Ways(),  # noqa: B008 - frozen
        progress: Progress = None,
    ) -> Swept:
        """Make the runs that a new or existing folder lacks, and return the results of all.

        Parameters
        ----------
        out : str or Path
            The sweep folder.
        ways : Ways
            Workers, a cluster's address, a shard, and whether to continue a sweep.
        progress : bool or callable, optional
            True shows a bar; a function is called with the number of runs done, of all, and of those that ended badly.

        Raises
        ------
        BadInput
            If anything is wrong with the study or the folder; nothing was run then.
        CutShort
            If the sweep could not continue, because of a full disk or a lost cluster; finished runs are kept.
        KeyboardInterrupt
            If the user pressed Ctrl-C, with a sentence about what is kept (``SweepStopped``).
        """
        with reporting(progress, "runs") as report:
            return carry_out(self.plan(), Path(out), ways, report)
