"""Verdicts on demand: each cause moves upstream profit, monotone in its dose, and comparative statics have their signs.

How much a cause moves is a result and has no bar: sizes are printed by law of adoption. All worlds of a law have the
same seeds and so the same chance. What holds to the last digit is a test instead: that duplicated cards and firms alike
change nothing, and what endless horizons and free tokens do (``tests/work/test_model_choice.py``), and that regions
alike may merge (``tests/work/test_own_models.py``).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import mean, stdev

import polars as pl

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.demand_doses import DemandTable, DosedCause, Static, dosed, load_doses
from watersellers.experiments.analysis.verdicts import RunSeries, Verdict
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import ALL_TOKENS, GOODS, Good

MONTHS = 48  # to the end of 2026
BEYOND = 3.0  # standard deviations over seeds of the reference by which the strongest dose has to move profit
UPSTREAM = ("chips", "cloud")
PROFIT = "profit"  # of all months together, beside those of the years
OF_SEEDS = 0.95  # in which a comparative static has to have its sign

type Figures = Mapping[str, float]


def demand_figures(result: Result) -> dict[str, float]:
    """Return upstream profit in cents, by year and in all, and over all months what comparative statics are about.

    ``tokens`` are those that enterprises buy, ``own_hours`` those that owners rent for themselves, ``paid_seats`` are
    seat-months, and ``adopted`` is the mean share of firms that use models.
    """
    upstream = result.layers.filter(pl.col("layer").is_in(UPSTREAM))
    by_year = upstream.group_by(year=pl.col("month").dt.year().cast(pl.String))
    profit = dict(by_year.agg(pl.col("operating_profit").sum()).iter_rows())
    return profit | {
        PROFIT: sum(profit.values()),
        "tokens": _bought(result, "enterprises", [GOODS[good].name for good in ALL_TOKENS]),
        "own_hours": _bought(result, "world", [GOODS[Good.HOURS].name]),
        "paid_seats": float(result.users["paid"].sum()),
        "adopted": float(result.adoption["firms"].mean() or 0.0),  # type: ignore[arg-type]
    }


def _bought(result: Result, layer: str, goods: Sequence[str]) -> float:
    bought = result.flows.filter((pl.col("payer_layer") == layer) & pl.col("good").is_in(goods))
    return float(bought["quantity"].sum())


def demand_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge each cause and each comparative static of demand under each law of adoption."""
    table, verdicts = load_doses(), []
    for law in table.laws:
        name = _law_of(load_scenario(law))
        reference, *rows = runs.of_each(worlds_of(table, law), seeds, MONTHS, demand_figures)
        given = iter(rows)
        for cause in table.causes:
            found = {dose: next(given) for dose in cause.doses}
            verdicts.append(cause_verdict(name, cause, reference, found))
        verdicts += [static_verdict(name, static, reference, next(given)) for static in table.statics]
    return verdicts


def _law_of(spec: ScenarioSpec) -> str:
    """The name of the law by which a world's firms adopt models."""
    return type(spec.groups["work"][0].strategies["adoption"]).__name__.lower()


def worlds_of(table: DemandTable, law: str) -> list[ScenarioSpec]:
    """Load the reference of a law, each dose of each cause, and the changed world of each comparative static."""
    doses = [dosed(law, cause.change, dose) for cause in table.causes for dose in cause.doses]
    return [load_scenario(law), *doses, *(dosed(law, static.change, static.dose) for static in table.statics)]


def runs_of_demand() -> int:
    """Return the number of runs per seed."""
    table = load_doses()
    return len(table.laws) * (1 + sum(len(cause.doses) for cause in table.causes) + len(table.statics))


def cause_verdict(
    law: str, cause: DosedCause, reference: Sequence[Figures], found: Mapping[float | str, Sequence[Figures]]
) -> Verdict:
    """Judge whether profit is monotone over the doses, and moves at the strongest beyond the noise.

    ``reference`` has the figures of each seed without a dose, ``found`` those with each dose.
    """
    profit: dict[float | str | None, list[float]] = {
        dose: [row[PROFIT] for row in rows] for dose, rows in (*found.items(), (None, reference))
    }
    spread = stdev(profit[None]) if len(reference) > 1 else 0.0
    means = {dose: mean(sums) for dose, sums in profit.items()}
    held = sum(
        _acts(cause, {dose: sums[seed] for dose, sums in profit.items()}, spread) for seed in range(len(reference))
    )
    way = "rises" if cause.rises else "falls"
    claim = f"{law}, {cause.title}: upstream profit {way} with the dose and moves beyond the spread"
    figure = f"{_sizes(cause, means, spread)}; {_by_year(cause.strongest, reference, found[cause.strongest])}"
    return Verdict("doses", claim, held, len(reference), 0.0, _acts(cause, means, spread), figure)


def _acts(cause: DosedCause, profit: Mapping[float | str | None, float], spread: float) -> bool:
    """Whether profit is monotone over the doses and moves beyond the spread at the strongest."""
    return _monotone(cause, profit) and abs(profit[cause.strongest] - profit[None]) > BEYOND * spread


def _monotone(cause: DosedCause, profit: Mapping[float | str | None, float]) -> bool:
    sign = 1 if cause.rises else -1
    return all(sign * (profit[more] - profit[less]) > 0 for less, more in pairwise(cause.in_order))


def _sizes(cause: DosedCause, means: Mapping[float | str | None, float], spread: float) -> str:
    """Write how much each dose moves mean profit, the move at the strongest in standard deviations, and its order."""
    sizes = ", ".join(f"{dose}: {_relative(means[dose], means[None])}" for dose in cause.doses)
    moved = abs(means[cause.strongest] - means[None])
    far = f"{moved / spread:.1f} sd at {cause.strongest}" if spread > 0 else "no spread over seeds"
    return f"{sizes}; {far}; {'monotone' if _monotone(cause, means) else 'not monotone'}"


def _by_year(dose: float | str, before: Sequence[Figures], after: Sequence[Figures]) -> str:
    """Write how much the strongest dose moves mean profit in each year: what it takes now it may give back later."""
    years = sorted(key for key in before[0] if key.isdecimal())
    sums = {year: (mean(row[year] for row in after), mean(row[year] for row in before)) for year in years}
    return f"{dose} by year: {', '.join(f'{year} {_relative(*pair)}' for year, pair in sums.items())}"


def static_verdict(law: str, static: Static, before: Sequence[Figures], after: Sequence[Figures]) -> Verdict:
    """Judge, seed by seed with the same chance, whether a figure moves the way that it must."""
    pairs = [(one[static.figure], other[static.figure]) for one, other in zip(before, after, strict=True)]
    sign = 1 if static.rises else -1
    held = sum(sign * (other - one) > 0 for one, other in pairs)
    size = _relative(mean(other for _, other in pairs), mean(one for one, _ in pairs))
    figure = f"{static.dose} times: {size}"
    return Verdict("statics", f"{law}: {static.claim}", held, len(pairs), OF_SEEDS, None, figure)


def _relative(after: float, before: float) -> str:
    """Write a change in per cent of what it was; of a loss, of its size."""
    return f"{100 * (after - before) / abs(before):+.0f} %" if before else "nothing before"
