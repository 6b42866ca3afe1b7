"""One world over many seeds: its figures by economic names, each with a band over the seeds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from watersellers.experiments.analysis.bands_over_runs import band_kind, band_of
from watersellers.experiments.figures.economic_figures import EconomicFigures, When
from watersellers.experiments.figures.pandas_frames import in_pandas
from watersellers.experiments.figures.pictures import Picture, drawn, drawn_html
from watersellers.experiments.figures.progress_bar import Progress, reporting
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.loading.loader import Scenario, load_scenario
from watersellers.experiments.own_code.passed_rules import with_strategies
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result

TABLES = ("firms", "layers", "markets", "apps")
SEEDS = 10


@dataclass(frozen=True, slots=True)
class Band:
    """A figure over seeds: its mean, between which values the seeds lie, and all values in the order of the seeds.

    ``kind`` says what low and high enclose: "nine in ten" of the seeds, or with fewer than twenty "all" of them. Seeds
    without a value (a margin without revenue) are None and count for nothing.
    """

    mean: float | None
    low: float | None
    high: float | None
    kind: str
    values: tuple[float | None, ...]

    @classmethod
    def of(cls, values: "tuple[float | None, ...]") -> "Band":
        """Take the mean and the band of some values."""
        known = [value for value in values if value is not None]
        low, high = band_of(known) or (None, None)
        return cls(sum(known) / len(known) if known else None, low, high, band_kind(len(known)), values)


@dataclass(frozen=True)
class SeedFigures(EconomicFigures):
    """The tables of one seed from which figures are taken."""

    digest: str
    firms: pl.DataFrame
    layers: pl.DataFrame
    markets: pl.DataFrame
    apps: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Ensemble:
    """One world over many seeds. Each figure is a ``Band``; who, when and units are those of ``Result``.

    ``seeds`` are the seeds, ``of_seed`` the tables of each, in their order. A notebook shows the layers by year.
    """

    name: str
    seeds: tuple[int, ...]
    users: int
    of_seed: tuple[SeedFigures, ...]

    def __repr__(self) -> str:
        return f"<Ensemble of {self.name!r}: {len(self.seeds)} seeds, {self.users} users>"

    def revenue(self, who: str, when: When = None) -> Band:
        """Return what a layer or firm earned from sales, in US dollars."""
        return self.over_seeds(lambda one: one.revenue(who, when))

    def profit(self, who: str, when: When = None) -> Band:
        """Return the operating profit of a layer or firm, in US dollars."""
        return self.over_seeds(lambda one: one.profit(who, when))

    def free_cash_flow(self, who: str, when: When = None) -> Band:
        """Return what a layer or firm had left after operating and investing, in US dollars."""
        return self.over_seeds(lambda one: one.free_cash_flow(who, when))

    def margin(self, who: str, when: When = None) -> Band:
        """Return operating profit over revenue of a layer or firm."""
        return self.over_seeds(lambda one: one.margin(who, when))

    def price(self, good: str, when: When = None, region: str | None = None) -> Band:
        """Return the mean price of a good in US dollars, weighted by what was delivered."""
        return self.over_seeds(lambda one: one.price(good, when, region))

    def quantity(self, good: str, when: When = None, region: str | None = None) -> Band:
        """Return how much of a good was delivered."""
        return self.over_seeds(lambda one: one.quantity(good, when, region))

    def users_of(self, app: str, when: When = None) -> Band:
        """Return how many people used an app, in the mean of some months."""
        return self.over_seeds(lambda one: one.users_of(app, when))

    def final_spending(self, when: When = None) -> Band:
        """Return what users, enterprises and advertisers paid the chain, in US dollars."""
        return self.over_seeds(lambda one: one.final_spending(when))

    def over_seeds(self, figure: Callable[[SeedFigures], float | None]) -> Band:
        """Take any figure of each seed, and its band."""
        return Band.of(tuple(figure(one) for one in self.of_seed))

    @property
    def statistics(self) -> pl.DataFrame:
        """The figures of ``Result.statistics`` for each seed: seed, year, months, layer, and the figures."""
        pairs = zip(self.seeds, self.of_seed, strict=True)
        return pl.concat([one.statistics.with_columns(seed=pl.lit(seed)) for seed, one in pairs])

    def summary(self) -> pl.DataFrame:
        """Return each layer's figures by year over the seeds: year, layer, figure, mean, low, high, band."""
        rows = []
        for (year, layer), group in self.statistics.group_by("year", "layer", maintain_order=True):
            for figure in ("revenue", "operating_profit", "operating_margin", "free_cash_flow"):
                band = Band.of(tuple(group[figure].to_list()))
                rows.append((year, layer, figure, band.mean, band.low, band.high, band.kind))
        return pl.DataFrame(rows, orient="row", schema=["year", "layer", "figure", "mean", "low", "high", "band"])

    def plot(self, measure: str = "profit_over_final_spending") -> Picture:
        """Draw a column of the layers' table over time, with bands over the seeds; by default profit over spending."""
        return drawn("seeds", self, measure)

    def to_pandas(self, table: str | None = None) -> Any:
        """Return a table of all seeds, or all by name, as pandas has them: firms, layers, markets, apps; with seed."""
        return in_pandas({name: self.table(name) for name in TABLES}, table)

    def table(self, name: str) -> pl.DataFrame:
        """Return a table of all seeds, with a column seed: firms, layers, markets or apps."""
        if name not in TABLES:
            raise BadInput(f"table: found {name!r}, expected one of {', '.join(TABLES)}")
        pairs = zip(self.seeds, self.of_seed, strict=True)
        return pl.concat([getattr(one, name).with_columns(seed=pl.lit(seed)) for seed, one in pairs])

    def _repr_html_(self) -> str:
        return drawn_html("ensemble", self)


def ensemble(
    scenario: Scenario = "baseline",
    seeds: int = SEEDS,
    months: int | None = None,
    users: int = 10_000,
    set: Mapping[str, Any] | None = None,
    strategies: Mapping[str, Any] | None = None,
    workers: int | None = None,
    progress: Progress = None,
) -> Ensemble:
    """Run one world with many seeds, on all cores, and keep what figures are taken from.

    Parameters
    ----------
    scenario : str, Path, mapping or ScenarioSpec
        The scenario.
    seeds : int
        The number of seeds, which count from 1.
    months, users : int
        The length of a run (the scenario's own if not given), and the number of simulated users.
    set, strategies : mapping, optional
        Settings by path, and your own strategies by firm and decision; see ``Sweep``.
    workers : int, optional
        The number of processes; all cores if not given, and then a script's own work has to stand under
        ``if __name__ == "__main__":``. It does not affect the results.
    progress : bool or callable, optional
        True shows a bar; a function is called with the number of runs done and of all runs.

    Raises
    ------
    BadInput
        If the scenario is wrong or a number out of range; nothing was run then.
    """
    seeds, months, users, workers = plain_values(seeds, months, users, workers)
    check_runs(seeds, users, workers, months)
    spec = load_scenario(scenario, with_strategies(set, strategies, "ensemble"))
    cases = [RunCase(spec, seed, users, months) for seed in range(1, seeds + 1)]
    found = []
    with reporting(progress, "runs") as report:
        for one in measure_runs(cases, figures_of, workers):
            found.append(one)
            if report is not None:
                report(len(found), seeds)
    return Ensemble(spec.scenario, tuple(case.seed for case in cases), users, tuple(found))


def figures_of(result: Result) -> SeedFigures:
    """Keep the tables from which figures are taken."""
    return SeedFigures(result.manifest["digest"], *(getattr(result, name) for name in TABLES))
