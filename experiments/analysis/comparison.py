"""The comparison of two scenarios over the same seeds: differences by layer, firm and month.

Chance is keyed, so that two runs with one seed differ only by the difference between their scenarios. Differences are
taken seed by seed, and the band over seeds is that of the difference.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.loading.loader import Scenario, load_scenario
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import CHAIN

MEASURES = ("revenue", "operating_profit", "free_cash_flow")
BAND = (0.05, 0.95)  # quantiles over seeds between which nine in ten lie
SEEDS = 20


@dataclass(frozen=True)
class Comparison:
    """The differences between two scenarios over the same seeds, in cents; medians over seeds.

    Columns of every table: measure, ``first`` and ``second`` (its value under each), difference (second less first,
    taken seed by seed), low and high (the band of nine seeds in ten), agree (share of seeds whose difference has the
    median's sign). ``layers`` and ``firms`` are sums over all months, ``months`` is by month and layer.
    """

    names: tuple[str, str]
    seeds: int
    months_lived: int
    layers: pl.DataFrame
    firms: pl.DataFrame
    months: pl.DataFrame

    @property
    def lived(self) -> Period:
        """The months that the sums are over."""
        lived = Period.of(self.months["month"].unique())
        assert lived is not None  # a run has a month at least
        return lived


def compare(
    first: Scenario,
    second: Scenario,
    seeds: int = SEEDS,
    months: int | None = None,
    users: int = 10_000,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run two scenarios with the same seeds, and compute what the second changes.

    Parameters
    ----------
    first, second : str, Path, mapping or ScenarioSpec
        The scenarios; the first is the control.
    seeds : int
        The number of seeds, which count from 1.
    months, users : int
        The length of a run (the shorter of the two scenarios' if not given), and the number of simulated users.
    workers : int, optional
        The number of processes; all cores if not given. It does not affect the results.
    progress : callable, optional
        Called with the number of runs done and of all runs.

    Raises
    ------
    BadInput
        If a scenario is wrong or a number out of range; nothing was run then.
    """
    seeds, months, users, workers = plain_values(seeds, months, users, workers)
    check_runs(seeds, users, workers, months)
    specs = load_scenario(first), load_scenario(second)
    lived = months or min(spec.months for spec in specs)  # 0 is refused above
    cases = [RunCase(spec, seed, users, lived) for seed in range(1, seeds + 1) for spec in specs]
    rows = []
    for number, frame in enumerate(measure_runs(cases, profits, workers)):
        rows.append(frame.with_columns(seed=pl.lit(cases[number].seed), second=pl.lit(bool(number % 2))))
        if progress is not None:
            progress(number + 1, len(cases))
    return _comparison_of(pl.concat(rows), specs, seeds, lived)


def profits(result: Result) -> pl.DataFrame:
    """Return a run's revenue, operating profit and free cash flow by firm and month, in cents."""
    return result.firms.filter(pl.col("layer").is_in(CHAIN)).select("month", "layer", "firm", *MEASURES)


def _comparison_of(rows: pl.DataFrame, specs: tuple[ScenarioSpec, ScenarioSpec], seeds: int, lived: int) -> Comparison:
    """Compare the measured runs."""
    names = specs[0].scenario, specs[1].scenario
    long = rows.unpivot(MEASURES, index=["seed", "second", "month", "layer", "firm"], variable_name="measure")
    tables = [_differences(long, keys) for keys in (["layer"], ["layer", "firm"], ["month", "layer"])]
    return Comparison(names, seeds, lived, *tables)


def _differences(long: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Add up by the keys in each run, take differences seed by seed, and compute medians and bands over seeds.

    A firm that is in one scenario alone has 0 in the other.
    """
    by = [*keys, "measure"]
    sums = long.group_by("seed", "second", *by).agg(pl.col("value").sum())
    sides = [sums.filter(second=second).drop("second") for second in (False, True)]
    both = sides[0].join(sides[1], on=["seed", *by], how="full", coalesce=True, suffix="_second").fill_null(0)
    difference = pl.col("value_second") - pl.col("value")
    table = (
        both.with_columns(difference=difference)
        .group_by(by)
        .agg(
            pl.col("value").median().alias("first"),
            pl.col("value_second").median().alias("second"),
            pl.col("difference").median(),
            pl.col("difference").quantile(BAND[0], "linear").alias("low"),
            pl.col("difference").quantile(BAND[1], "linear").alias("high"),
            (pl.col("difference").sign() == pl.col("difference").median().sign()).mean().alias("agree"),
        )
    )
    order = pl.col("layer").replace_strict(list(CHAIN), list(range(len(CHAIN))))
    return table.sort(*(order if key == "layer" else pl.col(key) for key in keys), "measure")
