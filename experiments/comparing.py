"""The difference that a scenario makes: the same seeds under two scenarios, in dollars by layer, firm and month.

Chance is keyed, so that with one seed two runs differ by what the scenarios differ in and by nothing else: the
differences are taken seed by seed, and the band over seeds is that of the difference.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from watersellers.agents.setting import Setting
from watersellers.experiments.limits import check_runs
from watersellers.experiments.many import Case, measured
from watersellers.experiments.result import Result
from watersellers.experiments.scenario import Scenario, load_scenario
from watersellers.market.goods import CHAIN

MEASURES = ("revenue", "operating_profit", "free_cash_flow")
BAND = (0.05, 0.95)  # quantiles over seeds between which nine in ten lie
SEEDS = 20


@dataclass(frozen=True)
class Comparison:
    """What differs between two scenarios over the same seeds; cents, medians over seeds.

    Columns of every table: measure, ``first`` and ``second`` (what it is under each), difference (second less
    first, taken seed by seed), low and high (the band of nine seeds in ten), agree (share of seeds whose difference
    has the median's sign). ``layers`` and ``firms`` are sums over all months, ``months`` is by month and layer.
    """

    names: tuple[str, str]
    seeds: int
    months_lived: int
    layers: pl.DataFrame
    firms: pl.DataFrame
    months: pl.DataFrame


def compare(
    first: Scenario,
    second: Scenario,
    seeds: int = SEEDS,
    months: int | None = None,
    users: int = 10_000,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Run two scenarios with the same seeds, and say what the second changes.

    Parameters
    ----------
    first, second : str, Path, mapping or Setting
        The scenarios; the first is the control.
    seeds : int
        How many seeds, from 1 on.
    months, users : int
        How long (the shorter of the two if not given), and how many simulated users.
    workers : int, optional
        Processes; all cores if not given. It moves no number.
    progress : callable, optional
        Called with the runs that are done and the runs in all.

    Raises
    ------
    BadInput
        If a scenario is wrong or a number out of range; nothing was run then.
    """
    check_runs(seeds, users, workers, months)
    settings = load_scenario(first), load_scenario(second)
    lived = months or min(setting.months for setting in settings)  # 0 is refused above
    cases = [Case(setting, seed, users, lived) for seed in range(1, seeds + 1) for setting in settings]
    rows = []
    for number, frame in enumerate(measured(cases, profits, workers)):
        rows.append(frame.with_columns(seed=pl.lit(cases[number].seed), second=pl.lit(bool(number % 2))))
        if progress is not None:
            progress(number + 1, len(cases))
    return _compared(pl.concat(rows), settings, seeds, lived)


def profits(result: Result) -> pl.DataFrame:
    """Measure a run: revenue, operating profit and free cash flow of each firm and month, in cents."""
    return result.firms.filter(pl.col("layer").is_in(CHAIN)).select("month", "layer", "firm", *MEASURES)


def _compared(rows: pl.DataFrame, settings: tuple[Setting, Setting], seeds: int, lived: int) -> Comparison:
    """Put the runs side by side."""
    names = settings[0].scenario, settings[1].scenario
    long = rows.unpivot(MEASURES, index=["seed", "second", "month", "layer", "firm"], variable_name="measure")
    tables = [_differences(long, keys) for keys in (["layer"], ["layer", "firm"], ["month", "layer"])]
    return Comparison(names, seeds, lived, *tables)


def _differences(long: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Add up by the keys in each run, take differences seed by seed, and their medians and bands over seeds.

    Who is in one scenario only has 0 in the other.
    """
    by = [*keys, "measure"]
    sums = long.group_by("seed", "second", *by).agg(pl.col("value").sum())
    sides = [sums.filter(second=second).drop("second") for second in (False, True)]
    both = sides[0].join(sides[1], on=["seed", *by], how="full", coalesce=True, suffix="_second").fill_null(0)
    difference = pl.col("value_second") - pl.col("value")
    told = (
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
    return told.sort(*(order if key == "layer" else pl.col(key) for key in keys), "measure")
