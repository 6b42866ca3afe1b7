"""Validation: each published figure beside the band of the reference world over seeds, and a score.

Each target (``targets.py``) names a measure of a run. Figures of a whole company are shown and not scored, since the
books here are those of its AI business alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.bands_over_runs import band_kind, band_of, expected_band
from watersellers.experiments.analysis.targets import LAYERS, TOLERANCES, WORK, Target, asked_of, targets
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.analysis.work_figures import OF_WORK
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.loading.loader import Scenario, load_scenario, months_to
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import ALL_HOURS, CHAIN, GOODS, HOURS_A_MONTH

INSIDE, NEAR, OUTSIDE = "inside", "near", "outside"
NOT_SOUGHT = "not sought"
TWICE = 2  # tolerances within which a figure is near
SEEDS = 40
CENTS = 100
DAYS = 30  # a month of published daily figures
YEAR = 12
LAST_DAY = date(2025, 2, 28)  # of the months that the figures tell of; some of these were published later
OWNER = "owner:"  # before an owner's name: its AI firms together, without sales among them


@dataclass(frozen=True, slots=True)
class TargetResult:
    """The model's figure for a target: the median over seeds, the band, and the verdict.

    ``seeds`` is the number of seeds that have a figure, and ``band`` what low and high enclose: "nine in ten" of these
    seeds, or if they are few "all". Between ``likely_low`` and ``likely_high`` eight in ten further seeds would lie;
    None if they are too few to tell.
    """

    target: Target
    simulated: float | None
    low: float | None
    high: float | None
    verdict: str
    seeds: int = 0
    likely_low: float | None = None
    likely_high: float | None = None

    @property
    def covered(self) -> bool | None:
        """Whether eight seeds in ten enclose the published figure; None if that can't be told."""
        if self.likely_low is None or self.likely_high is None:
            return None
        return self.likely_low <= self.target.value <= self.likely_high

    @property
    def band(self) -> str:
        """What low and high enclose."""
        return band_kind(self.seeds)

    @property
    def scored(self) -> bool:
        """Whether it counts, as its target says."""
        return self.target.scored

    @property
    def reason(self) -> str:
        """Why it does not fit, as far as that is known; empty where it fits or is not scored."""
        if not self.scored or self.verdict == INSIDE:
            return ""
        return self.target.why or (NOT_SOUGHT if self.verdict == OUTSIDE else "")


def validate(
    scenario: Scenario = "baseline",
    seeds: int = SEEDS,
    users: int = 10_000,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[TargetResult]:
    """Run a scenario over seeds and compare it with every target that is asked of it.

    The runs end with the last month of any target. ``workers`` and ``progress`` are those of ``compare``.

    Raises
    ------
    BadInput
        If the scenario is wrong or a number out of range; nothing was run then.
    """
    seeds, users, workers = plain_values(seeds, users, workers)
    check_runs(seeds, users, workers)
    spec = load_scenario(scenario)
    months = months_to(spec, max(target.end for target in asked_of(spec)))
    cases = [RunCase(spec, seed, users, months) for seed in range(1, seeds + 1)]
    found = []
    for number, row in enumerate(measure_runs(cases, target_figures, workers), start=1):
        found.append(row)
        if progress is not None:
            progress(number, len(cases))
    return judge(spec, found)


def judge(spec: ScenarioSpec, found: Sequence[Mapping[str, float | None]]) -> list[TargetResult]:
    """Compare the figures of runs of a scenario, by target, with every target that is asked of it."""
    return [_target_result(target, [row[target.target] for row in found]) for target in asked_of(spec)]


def target_figures(result: Result) -> dict[str, float | None]:
    """Measure a run for every target; None if there is nothing to measure, or the run lacks months of a target."""
    lived = Period.of(result.layers["month"].unique())
    return {
        target.target: MEASURES[target.measure](result, target) if lived and lived.covers(target.period) else None
        for target in targets()
    }


def verdict(kind: str, value: float, simulated: float | None) -> str:
    """Decide whether a figure is inside its tolerance, near (inside twice the tolerance), or outside.

    A flow may be off by a quarter of the published value, a margin by five percentage points, and a small firm's figure
    by a factor of two; twice a factor of two is a factor of four.
    """
    if simulated is None:
        return OUTSIDE
    room = TOLERANCES[kind]
    if kind == "small":
        off = max(simulated / value, value / simulated) if simulated * value > 0 else float("inf")
        limits = (room, room**TWICE)
    else:
        off = abs(simulated - value) / (abs(value) if kind == "flow" else 1.0)
        limits = (room, room * TWICE)
    return INSIDE if off <= limits[0] else NEAR if off <= limits[1] else OUTSIDE


def score(found: list[TargetResult]) -> pl.DataFrame:
    """Count the verdicts on scored targets: by layer, for those public by then, for those of high confidence, for all.

    Layers of outsiders, and the figures of demand from work as a whole, are counted where there are any.

    Columns: of, targets, inside, near, outside, fits (share that is inside or near).
    """
    scored = [each for each in found if each.scored]
    groups = {layer: [each for each in scored if each.target.layer == layer] for layer in LAYERS}
    groups["demand from work"] = [each for each in scored if each.target.scope == WORK]
    groups["public in February 2025"] = [each for each in scored if each.target.known_from <= LAST_DAY]
    groups = {name: mine for name, mine in groups.items() if mine or name in CHAIN}
    groups["high confidence"] = [each for each in scored if each.target.confidence == "high"]
    groups["all"] = scored
    rows = []
    for name, mine in groups.items():
        counts = [sum(each.verdict == verdict for each in mine) for verdict in (INSIDE, NEAR, OUTSIDE)]
        rows.append((name, len(mine), *counts, (counts[0] + counts[1]) / len(mine) if mine else None))
    return pl.DataFrame(rows, schema=["of", "targets", INSIDE, NEAR, OUTSIDE, "fits"], orient="row")


def coverage(found: Sequence[TargetResult]) -> tuple[int, int]:
    """Count the scored figures that lie inside the band of eight seeds in ten, and those of which it can be told.

    If seeds differed as years can, and the model were right in the mean, it would be eight figures in ten.
    """
    told = [each.covered for each in found if each.scored and each.covered is not None]
    return sum(told), len(told)


def _target_result(target: Target, found: list[float | None]) -> TargetResult:
    """Take the median and the band over seeds."""
    values = pl.Series([value for value in found if value is not None], dtype=pl.Float64)
    if values.is_empty():
        return TargetResult(target, None, None, None, OUTSIDE)
    low, high = band_of(values.to_list()) or (0.0, 0.0)
    middle = float(values.median() or 0.0)  # type: ignore[arg-type]
    judged = verdict(target.kind, target.value, middle)
    likely = expected_band(values.to_list()) or (None, None)
    return TargetResult(target, middle, low, high, judged, len(values), *likely)


# Measures of a run


def _months(table: pl.DataFrame, target: Target) -> pl.DataFrame:
    return table.filter(pl.col("month").is_between(target.start, target.end))


def _firms(result: Result, target: Target) -> pl.DataFrame:
    """Return the rows of a target's firms, or of its owner."""
    if target.who.startswith(OWNER):
        return _months(result.owners, target).filter(owner=target.who.removeprefix(OWNER))
    return _months(result.firms, target).filter(pl.col("firm").is_in(target.who.split()))


def _sum(result: Result, target: Target, column: str) -> float:
    """Return the sum of a column over the target's months, in dollars."""
    return int(_firms(result, target)[column].sum()) / CENTS


def _margin(result: Result, target: Target, costs: Sequence[str]) -> float | None:
    """Return the share of revenue that is left after these costs; None without revenue."""
    rows = _firms(result, target)
    revenue = int(rows["revenue"].sum())
    return 1 - sum(int(rows[cost].sum()) for cost in costs) / revenue if revenue else None


def _annual_rate(result: Result, target: Target) -> float:
    """Return revenue per year in dollars, at the rate of the target's months."""
    rows = _firms(result, target)
    return int(rows["revenue"].sum()) / CENTS * YEAR / max(1, rows["month"].n_unique())


def _units(result: Result, target: Target) -> float:
    return float(_firms(result, target)["quantity"].sum())


def _compute(result: Result, target: Target) -> float:
    """Return the machines in service, in H100-equivalents."""
    return int(_firms(result, target)["capacity"].sum()) / HOURS_A_MONTH


def _rent(result: Result, target: Target) -> float | None:
    """Return the average rent in dollars per hour, over all hours sold."""
    rows = _firms(result, target)
    hours = int(rows["quantity"].sum())
    return float((rows["price"] * rows["quantity"]).sum()) / hours if hours else None


def _invoiced(result: Result, target: Target, goods: Sequence[str]) -> float:
    """Return the dollars that sellers invoiced the target's firms for some goods, in all lines of their books."""
    rows = _months(result.journal, target).filter(pl.col("debit_account").is_in(target.who.split()))
    sold = rows.filter(pl.col("credit_item") == "revenue", pl.col("good").is_in(goods))
    return int(sold["cents"].sum()) / CENTS


def _marketing(result: Result, target: Target) -> float:
    """Return the dollars per month paid to media."""
    months = _months(result.layers, target)["month"].n_unique()
    return _invoiced(result, target, ["media"]) / max(1, months)


def _used(result: Result, target: Target, column: str, tier: str | None = None) -> float:
    """Return the users or the queries of the target's apps, of one tier or of both."""
    rows = _months(result.apps, target).filter(pl.col("app").is_in(target.who.split()))
    return float((rows if tier is None else rows.filter(tier=tier))[column].sum())


def _queries_a_day(result: Result, target: Target) -> float:
    return _used(result, target, "queries") / DAYS


def _tokens_a_day(result: Result, target: Target) -> float:
    return _units(result, target) / DAYS


def _burn(result: Result, target: Target) -> float:
    return -int(_firms(result, target)["free_cash_flow"].sum()) / CENTS


MEASURES: dict[str, Callable[[Result, Target], float | None]] = {
    "revenue": partial(_sum, column="revenue"),
    "net_income": partial(_sum, column="net_income"),
    "capex": partial(_sum, column="capex"),
    "backlog": partial(_sum, column="backlog"),
    "serving_cost": partial(_sum, column="cost_of_sales"),
    "burn": _burn,
    "gross_margin": partial(_margin, costs=("cost_of_sales",)),
    "operating_margin": partial(_margin, costs=("cost_of_sales", "operating_cost", "depreciation", "impairment")),
    "annual_rate": _annual_rate,
    "units": _units,
    "compute": _compute,
    "rent": _rent,
    "hours_bought": partial(_invoiced, goods=[GOODS[good].name for good in ALL_HOURS]),
    "marketing": _marketing,
    "users": partial(_used, column="users"),
    "paying": partial(_used, column="users", tier="paid"),
    "queries_a_day": _queries_a_day,
    "tokens_a_day": _tokens_a_day,
    **OF_WORK,
}
