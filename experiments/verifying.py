"""Statistical verdicts on the reference world: what has to come out, and in how many seeds it did.

Too slow for every run of the tests: ``watersellers verify`` makes the runs and prints the counts. What does not come
out is a count below what is needed, and stands there as such.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from watersellers.agents.setting import Setting
from watersellers.experiments.decomposing import load_causes, without, year_profit
from watersellers.experiments.limits import check_runs
from watersellers.experiments.many import Case, measured
from watersellers.experiments.result import Result
from watersellers.experiments.scenario import load_scenario
from watersellers.market.goods import CHAIN

YEAR = (date(2024, 3, 1), date(2025, 2, 1))  # the twelve months to February 2025
FEW = 4000  # simulated users: with fewer the payers of an app are too few for its purse
SHORT, LONG = 26, 120  # months
RENTS = (0.1, 20.0)  # dollars an hour: power, and five times the first rent
WAVE = 2028  # year from which a bust that came has to end by 2032
NOISE = 2.0  # standard deviations over seeds, that a cause has to move some layer's profit by
FINAL = ("users", "enterprises", "advertisers", "world")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim about the reference world, in how many seeds it held, and in which share it has to."""

    group: str
    claim: str
    held: int
    of: int
    needed: float

    @property
    def comes_out(self) -> bool:
        """Whether it held in enough seeds."""
        return self.held >= self.needed * self.of


# What is read of a run


def margins(result: Result) -> dict[str, float]:
    """Operating margin of each layer in the year to February 2025."""
    year = result.layers.filter(pl.col("month").is_between(*YEAR), pl.col("layer").is_in(CHAIN))
    sums = year.group_by("layer").agg(pl.col("revenue").sum(), pl.col("operating_profit").sum())
    return {layer: profit / revenue for layer, revenue, profit in sums.iter_rows()}


def gradient(margin: Mapping[str, float]) -> bool:
    """Whether vendors earn most, clouds earn, and labs and apps lose."""
    return margin["chips"] > margin["cloud"] > 0 > max(margin["labs"], margin["apps"])


def sanity(result: Result) -> dict[str, bool]:
    """Whether ten years stay within what money there is, rents within what an hour is worth, and a bust ends."""
    yearly = result.layers.with_columns(year=pl.col("month").dt.year())
    sums = yearly.group_by("year", "layer").agg(pl.col("bought_from_chain").sum(), pl.col("operating_profit").sum())
    spent = _by_year(sums.filter(pl.col("layer").is_in(FINAL)), pl.col("bought_from_chain").sum())
    capital = result.flows.filter(pl.col("good").is_in(["shares", "contribution"]))
    paid_in = _by_year(capital.with_columns(year=pl.col("month").dt.year()), pl.col("cents").sum())
    most = _by_year(sums.filter(pl.col("layer").is_in(CHAIN)), pl.col("operating_profit").max())
    rents = result.firms.filter(pl.col("layer") == "cloud", pl.col("alive"))["price"]
    wave = sums.filter(pl.col("year") >= WAVE, pl.col("layer").is_in(["chips", "cloud"]))
    ended = wave.group_by("layer").agg(pl.col("operating_profit").sum())["operating_profit"]
    return {
        "no layer earns more in a year than final spending and outside money": all(
            profit <= spent[year] + paid_in.get(year, 0) for year, profit in most.items()
        ),
        "rents stay between power and five times the first rent": bool(
            rents.min() > RENTS[0] and rents.max() < RENTS[1]  # type: ignore[operator]
        ),
        "chips and clouds earn in the years from 2028 on: a bust ends": bool(ended.min() > 0),  # type: ignore[operator]
    }


def _by_year(rows: pl.DataFrame, what: pl.Expr) -> dict[int, int]:
    return dict(rows.group_by("year").agg(what).iter_rows())


def vendor_price(result: Result) -> float:
    """Mean price of NVIDIA's machines in the year to February 2025."""
    return float(_nvidia(result)["price"].mean())  # type: ignore[arg-type]


def vendor_margin(result: Result) -> float:
    """Gross margin of NVIDIA in that year."""
    year = _nvidia(result)
    return 1 - int(year["cost_of_sales"].sum()) / int(year["revenue"].sum())


def least_trust(result: Result) -> float:
    """The lowest trust that an app was held in."""
    return float(result.apps["trust"].min())  # type: ignore[arg-type]


def _nvidia(result: Result) -> pl.DataFrame:
    return result.firms.filter(pl.col("month").is_between(*YEAR), pl.col("firm") == "nvidia")


ADS = {f"apps.{app}.ad_load": 1.0 for app in ("bing_search", "baidu_search", "brave", "xiaoai")}
MOVING_TRUST = {"apps.trust_erosion": 0.05}
LAWS: tuple[tuple[str, Mapping[str, float], Mapping[str, float], Callable[[Result], float], int], ...] = (
    # claim, what is laid over, what over the control too, what is read, and the sign that its change never has
    ("more capacity never raises a vendor's price", {"chips.nvidia.opening_capacity": 200_000}, {}, vendor_price, 1),
    ("a better rival never raises a vendor's margin", {"chips.amd.software": 1.0}, {}, vendor_margin, 1),
    ("more lock-in never lowers a vendor's margin", {"chips.nvidia.lock_in": 4.0}, {}, vendor_margin, -1),
    ("more ads never raise trust", MOVING_TRUST | ADS, MOVING_TRUST, least_trust, 1),
)


def readings(result: Result) -> dict[str, float]:
    """All that the laws speak of."""
    return {read.__name__: read(result) for read in (vendor_price, vendor_margin, least_trust)}


# The verdicts


@dataclass(frozen=True)
class Runs:
    """How runs are made for a verdict: with as many seeds, on as many processes, telling how far they have come."""

    workers: int | None = None
    progress: Callable[[], None] | None = None

    def of[T](self, setting: Setting, seeds: int, months: int, measure: Callable[[Result], T]) -> list[T]:
        """Measure a run for each seed from 1 on."""
        cases = [Case(setting, seed, FEW, months) for seed in range(1, seeds + 1)]
        found = []
        for row in measured(cases, measure, self.workers):
            found.append(row)
            if self.progress is not None:
                self.progress()
        return found


def signs(runs: Runs, seeds: int) -> list[Verdict]:
    """Who earns and who loses in the year to February 2025."""
    found = runs.of(load_scenario("baseline"), seeds, SHORT, margins)
    claim = "operating margins in the year to February 2025: chips > cloud > 0, labs < 0, apps < 0"
    return [Verdict("signs", claim, sum(map(gradient, found)), seeds, 0.95)]


def sane(runs: Runs, seeds: int) -> list[Verdict]:
    """Whether ten years stay sane."""
    found = runs.of(load_scenario("baseline"), seeds, LONG, sanity)
    return [Verdict("ten years", claim, sum(row[claim] for row in found), seeds, 1.0) for claim in found[0]]


def laws(runs: Runs, seeds: int) -> list[Verdict]:
    """Whether what must never move the wrong way does not, seed by seed."""
    verdicts = []
    for claim, changed, control, read, never in LAWS:
        sides = [runs.of(load_scenario("baseline", how), seeds, SHORT, readings) for how in (control, changed)]
        pairs = zip(*sides, strict=True)
        held = sum(never * (after[read.__name__] - before[read.__name__]) <= 0 for before, after in pairs)
        verdicts.append(Verdict("laws", claim, held, seeds, 1.0))
    return verdicts


def switches(runs: Runs, seeds: int) -> list[Verdict]:
    """Whether each cause moves some layer's profit by more than seeds do: taken from all, or put into none.

    A cause may be hidden by another: while machines are short, their price is what buyers can bear, whoever sells.
    """
    causes = load_causes()
    every, none = (runs.of(without(off), seeds, SHORT, year_profit) for off in (causes[:0], causes))
    verdicts = []
    for cause in causes:
        others = [one for one in causes if one != cause]
        gone, alone = (runs.of(without(off), seeds, SHORT, year_profit) for off in ([cause], others))
        pairs = zip(_moved(every, gone), _moved(none, alone), strict=True)
        held = sum(taken or put for taken, put in pairs)
        claim = f"{cause.title}: taken from all causes or put into none, it moves some layer's profit beyond the spread"
        verdicts.append(Verdict("causes", claim, held, seeds, 0.95))
    return verdicts


def _moved(before: Sequence[Mapping[str, int]], after: Sequence[Mapping[str, int]]) -> list[bool]:
    """Of each seed, whether some layer's profit moves by more than ``NOISE`` standard deviations over seeds."""
    spread = {layer: float(pl.Series([row[layer] for row in before]).std() or 0.0) for layer in CHAIN}  # type: ignore[arg-type]
    return [_moves(one, other, spread) for one, other in zip(before, after, strict=True)]


def _moves(before: Mapping[str, int], after: Mapping[str, int], spread: Mapping[str, float]) -> bool:
    return any(abs(after[layer] - before[layer]) > NOISE * spread[layer] for layer in CHAIN)


def _parts(seeds: int) -> tuple[tuple[Callable[[Runs, int], list[Verdict]], int, int], ...]:
    """What is verified, with how many seeds, and how many runs each seed takes; laws and causes have a fifth."""
    fewer = max(1, seeds // 5)
    return (
        (signs, seeds, 1),
        (sane, seeds, 1),
        (laws, fewer, 2 * len(LAWS)),
        (switches, fewer, 2 + 2 * len(load_causes())),
    )


def runs_in_all(seeds: int) -> int:
    """How many runs all verdicts take."""
    return sum(number * runs for _, number, runs in _parts(seeds))


def verify(seeds: int, workers: int | None = None, progress: Callable[[], None] | None = None) -> list[Verdict]:
    """Make all runs and give all verdicts.

    Raises
    ------
    BadInput
        If a number is out of range; nothing was run then.
    """
    check_runs(seeds, FEW, workers)
    runs = Runs(workers, progress)
    return [verdict for part, number, _ in _parts(seeds) for verdict in part(runs, number)]
