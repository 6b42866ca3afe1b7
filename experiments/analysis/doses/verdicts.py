"""Verdicts on causes in doses, of demand and of supply: each moves upstream profit, and comparative statics have signs.

How much a cause moves is a result and has no bar: sizes are printed by scenario. All worlds of a scenario have the
same seeds and so the same chance. What holds to the last digit is a test instead: that duplicated cards and firms alike
change nothing, and what endless horizons and free tokens do (``tests/work/test_model_choice.py``), and that regions
alike may merge (``tests/work/test_own_models.py``).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import mean, stdev

from watersellers.experiments.analysis.doses.figures import PROFIT, dose_figures
from watersellers.experiments.analysis.doses.table import (
    DEMAND,
    SUPPLY,
    DosedCause,
    DoseTable,
    Static,
    load_doses,
)
from watersellers.experiments.analysis.doses.worlds import Change, dosed
from watersellers.experiments.analysis.verdicts import RunSeries, Verdict

MONTHS = 48  # to the end of 2026
BEYOND = 3.0  # standard deviations over seeds of the reference by which the strongest dose has to move profit
OF_SEEDS = 0.95  # in which a comparative static has to have its sign

type Figures = Mapping[str, float]
type World = tuple[Change, float | str | None]  # what is changed in a scenario, and by which dose; None: by none


def demand_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge each cause and each comparative static of demand under each law of adoption."""
    return dose_verdicts(load_doses(DEMAND), runs, seeds)


def supply_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge each cause and each comparative static of the supply of machines, where these can be short and idle."""
    return dose_verdicts(load_doses(SUPPLY), runs, seeds)


def dose_verdicts(table: DoseTable, runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge each cause and each comparative static of a table in each of its scenarios; a world is run once."""
    verdicts = []
    for scenario, played in table.by_scenario.items():
        worlds = worlds_of(played)
        specs = [dosed(scenario, *world) for world in worlds]
        found = runs.of_each(specs, seeds, MONTHS, dose_figures)
        reference, *rows = (found[worlds.index(world)] for world in _asked(played))
        given = iter(rows)
        for cause in played.causes:
            doses = {dose: next(given) for dose in cause.doses}
            verdicts.append(cause_verdict(scenario, cause, reference, doses))
        verdicts += [static_verdict(scenario, static, next(given), next(given)) for static in played.statics]
    return verdicts


def worlds_of(table: DoseTable) -> list[World]:
    """List the different worlds of what plays in a scenario: the reference, each dose, both worlds of each static."""
    asked = _asked(table)
    return [world for number, world in enumerate(asked) if world not in asked[:number]]


def _asked(table: DoseTable) -> list[World]:
    """List a world for each that a verdict needs: the reference, then those of causes, then two for each static."""
    doses = [(cause.change, dose) for cause in table.causes for dose in cause.doses]
    pairs = [((Change(both=one.change.both), None), (one.change, one.dose)) for one in table.statics]
    return [(Change(), None), *doses, *(world for pair in pairs for world in pair)]


def runs_of(path: Path) -> int:
    """Return the number of runs per seed for a file of causes."""
    return sum(len(worlds_of(played)) for played in load_doses(path).by_scenario.values())


def cause_verdict(
    scenario: str, cause: DosedCause, reference: Sequence[Figures], found: Mapping[float | str, Sequence[Figures]]
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
    way = {True: "rises with the dose", False: "falls with the dose", None: "moves one way with the dose"}[cause.rises]
    claim = f"{scenario}, {cause.title}: upstream profit {way}, beyond the spread"
    figure = f"{_sizes(cause, means, spread)}; {_by_year(cause.strongest, reference, found[cause.strongest])}"
    return Verdict("doses", claim, held, len(reference), 0.0, _acts(cause, means, spread), figure)


def _acts(cause: DosedCause, profit: Mapping[float | str | None, float], spread: float) -> bool:
    """Whether profit is monotone over the doses and moves beyond the spread at the strongest."""
    return _monotone(cause, profit) and abs(profit[cause.strongest] - profit[None]) > BEYOND * spread


def _monotone(cause: DosedCause, profit: Mapping[float | str | None, float]) -> bool:
    steps = [profit[more] - profit[less] for less, more in pairwise(cause.in_order)]
    rising, falling = all(step > 0 for step in steps), all(step < 0 for step in steps)
    return {True: rising, False: falling, None: rising or falling}[cause.rises]


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


def static_verdict(scenario: str, static: Static, before: Sequence[Figures], after: Sequence[Figures]) -> Verdict:
    """Judge, seed by seed with the same chance, whether a figure moves the way that it must."""
    pairs = [(one[static.figure], other[static.figure]) for one, other in zip(before, after, strict=True)]
    sign = 1 if static.rises else -1
    held = sum(sign * (other - one) > static.least * abs(one) for one, other in pairs)
    size = _relative(mean(other for _, other in pairs), mean(one for one, _ in pairs))
    figure = f"{static.dose} times: {size}"
    return Verdict("statics", f"{scenario}: {static.claim}", held, len(pairs), OF_SEEDS, None, figure)


def _relative(after: float, before: float) -> str:
    """Write a change in per cent of what it was; of a loss, of its size."""
    return f"{100 * (after - before) / abs(before):+.0f} %" if before else "nothing before"
