"""The comparison of two scenarios over the same seeds: differences by layer, firm and month.

Chance is keyed, so that two runs with one seed differ only by the difference between their scenarios. Differences are
taken seed by seed, and the band over seeds is that of the difference. Means over seeds are compared, since they add up:
the second less the first is the difference, and a layer is the sum of its firms. Medians would do neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from watersellers.experiments.analysis.bands_over_runs import BAND, band_columns, band_kind
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.figures.progress_bar import Progress, reporting
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.loading.loader import Scenario, load_scenario
from watersellers.experiments.own_code.passed_rules import with_strategies
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import CHAIN

MEASURES = ("revenue", "operating_profit", "free_cash_flow")
SEEDS = 20
CHANGED = "changed"  # the name of the first world with what was set in it


@dataclass(frozen=True)
class Comparison:
    """The differences between two scenarios over the same seeds, in cents; means over seeds.

    Columns of every table: measure, ``first`` and ``second`` (the mean over seeds of its value under each), difference
    (the mean of second less first, which is the second mean less the first), low and high (the band of the differences
    over seeds; what it holds is ``band``), agree (share of seeds whose difference has the sign of the mean
    difference). ``layers`` and ``firms`` are sums over all months, ``months`` is by month and layer. ``set`` is what
    was set in the second world alone.
    """

    names: tuple[str, str]
    seeds: int
    months_lived: int
    set: Mapping[str, Any]
    layers: pl.DataFrame
    firms: pl.DataFrame
    months: pl.DataFrame

    @property
    def lived(self) -> Period:
        """The months that the sums are over."""
        lived = Period.of(self.months["month"].unique())
        assert lived is not None  # a run has a month at least
        return lived

    @property
    def differs(self) -> bool:
        """Whether any figure of any firm differs."""
        return bool((self.firms["difference"] != 0).any())

    @property
    def band(self) -> str:
        """What low and high enclose: "nine in ten" of the seeds' differences, or with few seeds "all" of them."""
        return band_kind(self.seeds)


def compare(
    first: Scenario,
    second: Scenario | None = None,
    seeds: int = SEEDS,
    months: int | None = None,
    users: int = 10_000,
    workers: int | None = None,
    progress: Progress = None,
    set: Mapping[str, Any] | None = None,
    strategies: Mapping[str, Any] | None = None,
) -> Comparison:
    """Run two scenarios with the same seeds, and compute what the second changes; or what some settings change.

    Parameters
    ----------
    first, second : str, Path, mapping or ScenarioSpec
        The scenarios; the first is the control. Without a second one, it is the first with ``set`` and ``strategies``.
    seeds : int
        The number of seeds, which count from 1.
    months, users : int
        The length of a run (the shorter of the two scenarios' if not given), and the number of simulated users.
    workers : int, optional
        The number of processes; all cores if not given. It does not affect the results.
    progress : bool or callable, optional
        True shows a bar; a function is called with the number of runs done and of all runs.
    set, strategies : mapping, optional
        Settings by path, and your own strategies by firm and decision, in the second world alone; see ``Sweep``.

    Raises
    ------
    BadInput
        If a scenario is wrong, a number out of range, or nothing differs between the two; nothing was run then.
    """
    seeds, months, users, workers = plain_values(seeds, months, users, workers)
    check_runs(seeds, users, workers, months)
    changes = with_strategies(set, strategies, "compare")
    if second is None and not changes:
        raise BadInput("second: found none and nothing set, expected another scenario, or what to set in the first")
    specs = load_scenario(first), load_scenario(first if second is None else second, changes)
    if second is None:
        specs = specs[0], replace(specs[1], scenario=CHANGED)
    lived = months or min(spec.months for spec in specs)  # 0 is refused above
    cases = [RunCase(spec, seed, users, lived) for seed in range(1, seeds + 1) for spec in specs]
    rows = []
    with reporting(progress, "runs") as report:
        for number, frame in enumerate(measure_runs(cases, profits, workers)):
            rows.append(frame.with_columns(seed=pl.lit(cases[number].seed), second=pl.lit(bool(number % 2))))
            if report is not None:
                report(number + 1, len(cases))
    tables = _tables(pl.concat(rows))
    return Comparison((specs[0].scenario, specs[1].scenario), seeds, lived, changes, *tables)


def profits(result: Result) -> pl.DataFrame:
    """Return a run's revenue, operating profit and free cash flow by firm and month, in cents."""
    return result.firms.filter(pl.col("layer").is_in(CHAIN)).select("month", "layer", "firm", *MEASURES)


def _tables(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Compare the measured runs: by layer, by firm, and by month and layer."""
    long = rows.unpivot(MEASURES, index=["seed", "second", "month", "layer", "firm"], variable_name="measure")
    return [differences(long, keys) for keys in (["layer"], ["layer", "firm"], ["month", "layer"])]


def differences(long: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Add up by the keys in each run, take differences seed by seed, and compute means and bands over seeds.

    Parameters
    ----------
    long : pl.DataFrame
        Columns: seed, second (whether the run is of the second world), measure, value in cents, and the keys.
    keys : sequence of str
        What the rows of the table are; with the measure they name a row.

    A firm that is in one scenario alone, or not in every seed, has 0 in the other runs.
    """
    by = [*keys, "measure"]
    sums = long.group_by("seed", "second", *by).agg(pl.col("value").sum())
    sides = [sums.filter(second=second).drop("second") for second in (False, True)]
    every = sums.select(by).unique().join(sums.select("seed").unique(), how="cross")
    both = every.join(sides[0], on=["seed", *by], how="left").join(
        sides[1], on=["seed", *by], how="left", suffix="_second"
    )
    both = both.with_columns(pl.col("value", "value_second").fill_null(0))
    low, high = band_columns("difference", BAND)
    table = (
        both.with_columns(difference=pl.col("value_second") - pl.col("value"))
        .group_by(by)
        .agg(
            pl.col("value").mean().alias("first"),
            pl.col("value_second").mean().alias("second"),
            pl.col("difference").mean(),
            low.cast(pl.Float64).alias("low"),
            high.cast(pl.Float64).alias("high"),
            (pl.col("difference").sign() == pl.col("difference").mean().sign()).mean().alias("agree"),
        )
    )
    order = pl.col("layer").replace_strict(list(CHAIN), list(range(len(CHAIN))))
    return table.sort(*(order if key == "layer" else pl.col(key) for key in keys), "measure")
