"""Statistical verdicts on the reference world: claims that must hold, and the number of seeds in which they did.

The runs are too slow for the tests: ``watersellers verify`` makes them and prints the counts. A claim that does not
hold is shown with its count below the number that is needed.
"""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from watersellers.experiments.analysis.decomposition.causes import load_causes
from watersellers.experiments.analysis.decomposition.decompose import year_profit
from watersellers.experiments.analysis.decomposition.worlds import world_without
from watersellers.experiments.analysis.doses.table import DEMAND, SUPPLY
from watersellers.experiments.analysis.doses.verdicts import demand_verdicts, runs_of, supply_verdicts
from watersellers.experiments.analysis.own_numbers import (
    number_of_runs,
    own_number_verdicts,
    vendor_margin,
    vendor_rows,
)
from watersellers.experiments.analysis.standing_chain import COMPARED, paid_by_use, shadows_by_use, twin_of
from watersellers.experiments.analysis.ten_years.sanity import sanity
from watersellers.experiments.analysis.ten_years.switched_worlds import LONG, number_of_worlds, switch_verdicts
from watersellers.experiments.analysis.verdicts import FEW, RunSeries, Verdict
from watersellers.experiments.analysis.windows import CALIBRATED_YEAR
from watersellers.experiments.input.errors import BadInput, unknown
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.runs.result import Result
from watersellers.market.accounting.accounts import STATES, sector_of
from watersellers.market.goods import ALL_HOURS, CHAIN, GOODS

SHORT = 26  # months
LAW_WORLDS = ("baseline", "adoption_epidemic", "adoption_probit")  # the reference world under each law of adoption
NOISE = 2.0  # standard deviations over seeds by which a cause has to move some layer's profit
ALIKE = 0.1  # of the larger one, by which a payment and its shadow may differ
DATED = 0.02  # of what clouds are paid for hours: most that may follow dates alone
HALF = 0.5


# Figures of a run


def margins(result: Result) -> dict[str, float]:
    """Return the operating margin of each layer in the year to February 2025."""
    year = CALIBRATED_YEAR.rows(result.layers).filter(pl.col("layer").is_in(CHAIN))
    sums = year.group_by("layer").agg(pl.col("revenue").sum(), pl.col("operating_profit").sum())
    return {layer: profit / revenue for layer, revenue, profit in sums.iter_rows()}


def signs(result: Result) -> dict[str, bool]:
    """Say who earns and who loses in the year to February 2025, layer by layer, and how many of the apps."""
    margin = margins(result)
    firms = CALIBRATED_YEAR.rows(result.firms).filter(layer="apps")
    profits = firms.group_by("firm").agg(pl.col("operating_profit").sum())["operating_profit"]
    return {
        "chips have the highest operating margin, and clouds a positive one": margin["chips"] > margin["cloud"] > 0,
        "labs lose money": margin["labs"] < 0,
        "most apps lose money": bool((profits < 0).mean() > HALF),  # type: ignore[operator]
        "apps lose money, all together": margin["apps"] < 0,
    }


def vendor_price(result: Result) -> float:
    """Return the mean price of NVIDIA's machines in the year to February 2025."""
    return float(vendor_rows(result)["price"].mean())  # type: ignore[arg-type]


def least_trust(result: Result) -> float:
    """Return the lowest trust in any app."""
    return float(result.apps["trust"].min())  # type: ignore[arg-type]


ADS = {f"apps.{app}.ad_load": 1.0 for app in ("bing_search", "baidu_search", "brave", "xiaoai")}
MOVING_TRUST = {"apps.trust_erosion": 0.05}
LAWS: tuple[tuple[str, Mapping[str, float], Mapping[str, float], Callable[[Result], float], int], ...] = (
    # claim, settings of the changed world, settings of both, figure, and the sign that its change must never have
    (
        "more capacity never raises a vendor's price in the year to February 2025",
        {"chips.nvidia.opening_capacity": 200_000},
        {},
        vendor_price,
        1,
    ),
    (
        "a better rival never raises a vendor's margin in the year to February 2025",
        {"chips.amd.software": 1.0},
        {},
        vendor_margin,
        1,
    ),
    (
        "more lock-in never lowers a vendor's margin in the year to February 2025",
        {"chips.nvidia.lock_in": 4.0},
        {},
        vendor_margin,
        -1,
    ),
    ("more ads never raise the least trust up to February 2025", MOVING_TRUST | ADS, MOVING_TRUST, least_trust, 1),
)


def law_figures(result: Result) -> dict[str, float]:
    """Return the figures that the laws are about."""
    return {read.__name__: read(result) for read in (vendor_price, vendor_margin, least_trust)}


# The verdicts


def sign_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge which layers earn and which lose in the year to February 2025."""
    found = runs.of(load_scenario("baseline"), seeds, SHORT, signs)
    return [Verdict("signs", claim, sum(row[claim] for row in found), seeds, 0.95) for claim in found[0]]


def sanity_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge whether ten years stay plausible under each law of adoption."""
    verdicts = []
    for scenario in LAW_WORLDS:
        found = runs.of(load_scenario(scenario), seeds, LONG, sanity)
        verdicts += [
            Verdict(f"ten years of {scenario}", claim, sum(row[claim] for row in found), seeds, 1.0)
            for claim in found[0]
        ]
    return verdicts


def law_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge, seed by seed, whether figures never move against economic laws."""
    verdicts = []
    for claim, changed, control, read, never in LAWS:
        sides = [runs.of(load_scenario("baseline", how), seeds, SHORT, law_figures) for how in (control, changed)]
        pairs = zip(*sides, strict=True)
        held = sum(never * (after[read.__name__] - before[read.__name__]) <= 0 for before, after in pairs)
        verdicts.append(Verdict("laws", claim, held, seeds, 1.0))
    return verdicts


def cause_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge whether each cause moves some layer's profit beyond the noise, taken from all causes or put into none.

    One cause may hide another: while machines are scarce, buyers' means set their price, with any number of vendors.
    """
    causes = load_causes()
    every, none = (runs.of(world_without(off), seeds, SHORT, year_profit) for off in (causes[:0], causes))
    verdicts = []
    for cause in causes:
        others = [one for one in causes if one != cause]
        gone, alone = (runs.of(world_without(off), seeds, SHORT, year_profit) for off in ([cause], others))
        pairs = zip(_moved(every, gone), _moved(none, alone), strict=True)
        held = sum(taken or put for taken, put in pairs)
        moved = "it moves some layer's profit in the year to February 2025 beyond the spread"
        claim = f"{cause.title}: taken from all causes or put into none, {moved}"
        verdicts.append(Verdict("causes", claim, held, seeds, 0.95))
    return verdicts


def programmes_share(result: Result) -> float:
    """Return the share of clouds' hours in dollars that dated programmes of states pay for in the calibrated year."""
    accounts = result.books.accounts.rows
    states = [one.name for one in accounts if sector_of(one.name, one.layer, one.owner) == STATES]
    hours = CALIBRATED_YEAR.rows(result.flows).filter(payee_layer="cloud")
    hours = hours.filter(pl.col("good").is_in([GOODS[good].name for good in ALL_HOURS]))
    return int(hours.filter(pl.col("payer").is_in(states))["cents"].sum()) / int(hours["cents"].sum())


def input_verdicts(runs: RunSeries, seeds: int) -> list[Verdict]:
    """Judge how little follows dates alone, and whether shadows are what outsiders pay a chain that stands still.

    That no other number of the reference world's demand follows time is a test (tests/work/test_no_path_in_time.py).
    """
    dated = runs.of(load_scenario("baseline"), seeds, SHORT, programmes_share)
    claim = f"dated programmes of states pay for less than {DATED:.0%} of clouds' hours in the year to February 2025"
    verdicts = [Verdict("inputs", claim, sum(share < DATED for share in dated), seeds, 1.0)]
    for scenario in ("baseline", "dollar_paths"):
        spec = load_scenario(scenario)
        shadows = runs.of(spec, seeds, SHORT, shadows_by_use)
        twins = runs.of(twin_of(spec), seeds, SHORT, paid_by_use)
        for use in COMPARED:
            pairs = [(one[use], other[use]) for one, other in zip(shadows, twins, strict=True)]
            held = sum(abs(paid - shadow) <= ALIKE * max(paid, shadow) for shadow, paid in pairs)
            claim = f"{scenario}: what a chain that stands still is paid for {use} is within a tenth of its shadow"
            verdicts.append(Verdict("inputs", claim, held, seeds, 0.95))
    return verdicts


def _moved(before: Sequence[Mapping[str, int]], after: Sequence[Mapping[str, int]]) -> list[bool]:
    """Whether, for each seed, some layer's profit moves by more than ``NOISE`` standard deviations over seeds."""
    spread = {layer: float(pl.Series([row[layer] for row in before]).std() or 0.0) for layer in CHAIN}  # type: ignore[arg-type]
    return [_moves(one, other, spread) for one, other in zip(before, after, strict=True)]


def _moves(before: Mapping[str, int], after: Mapping[str, int], spread: Mapping[str, float]) -> bool:
    return any(abs(after[layer] - before[layer]) > NOISE * spread[layer] for layer in CHAIN)


type Verification = tuple[Callable[[RunSeries, int], list[Verdict]], int, Callable[[], int]]  # its seeds, runs per seed


def _verifications(seeds: int, only: str | None = None) -> list[Verification]:
    """List the verifications, or the only one of a name; signs and ten years alone use all of the seeds."""
    fewer, fewest = max(1, seeds // 5), max(1, seeds // 100)
    listed: dict[str, Verification] = {
        "signs": (sign_verdicts, seeds, lambda: 1),
        "sanity": (sanity_verdicts, seeds, lambda: len(LAW_WORLDS)),
        "switches": (switch_verdicts, fewest, number_of_worlds),
        "laws": (law_verdicts, fewer, lambda: 2 * len(LAWS)),
        "causes": (cause_verdicts, fewer, lambda: 2 + 2 * len(load_causes())),
        "inputs": (input_verdicts, fewer, lambda: 5),
        "own": (own_number_verdicts, fewer, number_of_runs),
        "demand": (demand_verdicts, fewer, lambda: runs_of(DEMAND)),
        "supply": (supply_verdicts, fewer, lambda: runs_of(SUPPLY)),
    }
    if only is not None and only not in listed:
        raise BadInput(f"only: {unknown('part', only, listed)}")
    return [each for name, each in listed.items() if only in (None, name)]


def runs_in_all(seeds: int, only: str | None = None) -> int:
    """Return the number of runs for all verdicts, or those of one part.

    Raises
    ------
    BadInput
        If there is no such part.
    """
    return sum(number * runs() for _, number, runs in _verifications(seeds, only))


def verify(
    seeds: int,
    workers: int | None = None,
    progress: Callable[[], None] | None = None,
    only: str | None = None,
) -> list[Verdict]:
    """Make all runs and return all verdicts, or those of one part.

    The parts are signs, sanity, switches, laws, causes, inputs, own, demand and supply.

    Raises
    ------
    BadInput
        If a number is out of range, or there is no such part; nothing was run then.
    """
    seeds, workers = plain_values(seeds, workers)
    check_runs(seeds, FEW, workers)
    runs = RunSeries(workers, progress)
    return [verdict for judge, number, _ in _verifications(seeds, only) for verdict in judge(runs, number)]
