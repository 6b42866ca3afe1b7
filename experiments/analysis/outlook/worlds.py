"""An outlook: what late years look like over laws of adoption, rebounds and seeds, and which of these spreads them.

How well each of these worlds meets the figures up to February 2025 stands beside it: as long as they do not tell the
worlds apart, late years are not one number with a band of chance, but a number for each answer that nobody has. All
worlds count alike, and the ends of the rebounds are chosen by hand, so that the shares of variance follow from both. A
law comes with all numbers of its own fit; a rebound is laid over them, and nothing is fitted again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import fmean, median

import polars as pl

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.outlook.bust import turning_month
from watersellers.experiments.analysis.outlook.rebound import REFERENCES, token_elasticity
from watersellers.experiments.analysis.outlook.table import TABLE, Law, OutlookTable, Rebound, load_outlook
from watersellers.experiments.analysis.targets import asked_of
from watersellers.experiments.analysis.validation import INSIDE, NEAR, OUTSIDE, judge, score, target_figures
from watersellers.experiments.analysis.windows import Period, Window
from watersellers.experiments.input.errors import refuse
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.loading.loader import load_scenario, months_to
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import CHAIN

SEEDS, USERS = 10, 1000
UPSTREAM = "chips and clouds"
ROWS = (*CHAIN, UPSTREAM)
SOURCES = ("law and its fit", "rebound", "both together", "seed")

type Profits = Mapping[tuple[str, str], int]  # cents by window and row


@dataclass(frozen=True)
class OutlookWorld:
    """A law with a rebound: how tokens answer their price there, what its seeds earned, and how well it meets figures.

    ``elasticities`` are those of ``REFERENCES``; ``verdicts`` counts published figures inside, near and outside by the
    median over seeds; ``turns`` are the months in which seeds' boom in machines turns, None where it does not.
    """

    law: Law
    rebound: Rebound
    elasticities: tuple[float, ...]
    profits: tuple[Profits, ...]
    turns: tuple[date | None, ...]
    verdicts: Mapping[str, int]

    def values(self, window: str, row: str) -> list[int]:
        """Return the operating profit of a row in a window, in cents, by seed."""
        return [seed[window, row] for seed in self.profits]


@dataclass(frozen=True)
class Outlook:
    """All worlds of an outlook, over the same seeds."""

    table: OutlookTable
    worlds: tuple[OutlookWorld, ...]
    seeds: int

    def values(self, window: str, row: str, law: str | None = None, rebound: str | None = None) -> list[int]:
        """Return profits in cents of all worlds, or of those of a law or a rebound."""
        return [
            cents
            for world in self.worlds
            if law in (None, world.law.name) and rebound in (None, world.rebound.name)
            for cents in world.values(window, row)
        ]

    def median_of(self, window: str, row: str, law: str | None = None, rebound: str | None = None) -> float:
        """Return the median of these profits, in cents."""
        return float(median(self.values(window, row, law, rebound)))

    def spread(self, window: str, row: str) -> dict[str, float] | None:
        """Share out the variance of a profit over all worlds and seeds; see ``variance_shares``."""
        return variance_shares({(each.law.name, each.rebound.name): each.values(window, row) for each in self.worlds})


def look_ahead(
    seeds: int = SEEDS,
    users: int = USERS,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    path: Path = TABLE,
) -> Outlook:
    """Run every law with every rebound over the same seeds, to the end of the last window, and of the targets.

    Raises
    ------
    BadInput
        If the file or a number is wrong; nothing was run then.
    """
    seeds, users, workers = plain_values(seeds, users, workers)
    check_runs(seeds, users, workers)
    table = load_outlook(path)
    arms = [(law, rebound) for law in table.laws for rebound in table.rebounds]
    specs = [load_scenario(law.scenario, rebound.settings) for law, rebound in arms]
    refuse(f"{path}, {problem}" for (law, _), spec in zip(arms, specs, strict=True) for problem in _unfit(law, spec))
    periods = [_own(window) for window in table.windows]
    refuse(_too_early(path, periods, specs))
    lasts = [
        months_to(spec, max(*(each.last for each in periods), *(target.end for target in asked_of(spec))))
        for spec in specs
    ]
    cases = [
        RunCase(spec, seed, users, months)
        for spec, months in zip(specs, lasts, strict=True)
        for seed in range(1, seeds + 1)
    ]
    found = []
    for number, row in enumerate(measure_runs(cases, partial(_late_figures, table.windows), workers), start=1):
        found.append(row)
        if progress is not None:
            progress(number, len(cases))
    worlds = []
    for place, ((law, rebound), spec) in enumerate(zip(arms, specs, strict=True)):
        profits, turns, figures = zip(*found[place * seeds : (place + 1) * seeds], strict=True)
        elasticities = tuple(token_elasticity(spec, model) for model in REFERENCES)
        counts = score(judge(spec, figures)).row(-1, named=True)
        verdicts = {name: counts[name] for name in (INSIDE, NEAR, OUTSIDE)}
        worlds.append(OutlookWorld(law, rebound, elasticities, profits, turns, verdicts))
    return Outlook(table, tuple(worlds), seeds)


def variance_shares(values: Mapping[tuple[str, str], Sequence[float]]) -> dict[str, float] | None:
    """Share out the variance of values over two factors, both together, and seeds; the shares add up to 1.

    The two-way analysis of variance of a full design with equally many seeds in each cell. What a factor would seem to
    make by the chance of seeds alone is taken off (omega squared, Hays 1963, from memory) and counts as that of seeds.
    None with a single seed, from which chance can't be told, and where nothing varies.

    Parameters
    ----------
    values : mapping
        By law and rebound, the values of all seeds.
    """
    firsts, seconds = (sorted({cell[which] for cell in values}) for which in (0, 1))
    count, mean = len(next(iter(values.values()))), fmean(each for cell in values.values() for each in cell)
    if count < 2:
        return None
    cells = {cell: fmean(mine) for cell, mine in values.items()}
    by_first, by_second = (
        {name: fmean(cells[cell] for cell in cells if cell[which] == name) for name in names}
        for which, names in ((0, firsts), (1, seconds))
    )
    rows, columns = len(firsts) - 1, len(seconds) - 1
    squares = {
        SOURCES[0]: (count * len(seconds) * sum((each - mean) ** 2 for each in by_first.values()), rows),
        SOURCES[1]: (count * len(firsts) * sum((each - mean) ** 2 for each in by_second.values()), columns),
        SOURCES[2]: (
            count * sum((cells[a, b] - by_first[a] - by_second[b] + mean) ** 2 for a, b in cells),
            rows * columns,
        ),
    }
    within = sum((each - cells[cell]) ** 2 for cell, mine in values.items() for each in mine)
    total = within + sum(sum_of for sum_of, _ in squares.values())
    if total <= 0:
        return None
    chance = within / (len(cells) * (count - 1))  # of one degree of freedom
    shares = {name: max(0.0, sum_of - freedom * chance) / total for name, (sum_of, freedom) in squares.items()}
    return shares | {SOURCES[3]: 1 - sum(shares.values())}


def _unfit(law: Law, spec: ScenarioSpec) -> Iterator[str]:
    """Find a scenario that has no law of adoption."""
    if not spec.groups.get("work"):
        yield (
            f"laws.{law.name}.scenario: found {law.scenario!r}, in which no work is handed over to models, expected one"
            " whose demand follows from work, as 'baseline'"
        )


def _too_early(path: Path, periods: Sequence[Period], specs: Sequence[ScenarioSpec]) -> Iterator[str]:
    """Find windows that begin before some scenario does."""
    start = max(spec.start for spec in specs)
    for period in periods:
        if period.first < start:
            yield f"{path}, windows: found {period}, expected months from {start:%Y-%m} on, when the scenarios begin"


def _own(window: Window) -> Period:
    """Return the months of a window that has its own, as all of an outlook have."""
    assert window.own is not None
    return window.own


def _late_figures(windows: Sequence[Window], result: Result) -> tuple[Profits, date | None, Mapping[str, float | None]]:
    """Measure a run: profits of layers in each window, in cents, the turn of its boom, and the published figures."""
    profits: dict[tuple[str, str], int] = {}
    for window in windows:
        rows = _own(window).rows(result.layers).filter(pl.col("layer").is_in(CHAIN))
        sums = dict(rows.group_by("layer").agg(pl.col("operating_profit").sum()).iter_rows())
        profits |= {(window.name, layer): sums[layer] for layer in CHAIN}
        profits[window.name, UPSTREAM] = sums["chips"] + sums["cloud"]
    return profits, turning_month(result), target_figures(result)
