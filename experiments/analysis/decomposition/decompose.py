"""Rent decomposition: the part of each layer's profit that each cause explains, alone and with the others.

Every combination of causes is a separate world, run with the same seeds. A cause's share is the profit that it adds
when it is switched on, averaged over all orders in which the causes can be switched on (Shapley 1953, from memory), or
over some where there are too many combinations to run all of them. Either way, the shares add up exactly to the
difference between the world with all causes and the world with none; they explain that difference, and not all of
upstream profit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt

import polars as pl

from watersellers.experiments.analysis.decomposition.causes import Cause, load_causes
from watersellers.experiments.analysis.decomposition.orders import Causes, Pair, combinations_in, drawn_pairs
from watersellers.experiments.analysis.decomposition.shapley import combinations_of, sampled_shapley, shapley
from watersellers.experiments.analysis.decomposition.worlds import world_without
from watersellers.experiments.analysis.windows import (
    CALIBRATED_YEAR,
    Period,
    Window,
    headline_months,
    headline_window,
)
from watersellers.experiments.input.errors import refuse, shown
from watersellers.experiments.input.plain_values import plain_values
from watersellers.experiments.input.scenario_warnings import unsaid
from watersellers.experiments.loading.limits import wrong_runs
from watersellers.experiments.loading.loader import load_scenario, months_to
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import CHAIN

SEEDS = 5
USERS = 1000
ALL = "all"  # orders: every combination of causes is a world
PAIR = 2  # orders
ORDERS = 6  # per seed: with twelve causes they take 68 worlds
FEW_WORLDS = 64  # so many combinations of causes, six causes, are all run unless a number of orders is asked
ORDERS_LIMIT = 10_000
ALL_LIMIT = 12  # causes; 4,096 worlds per seed

type Key = tuple[int, str, str]  # seed, layer and cause
type Share = tuple[Fraction, float | None]  # cents, and their standard error; None if it is not known


@dataclass(frozen=True)
class Decomposition:
    """What each cause adds to each layer's profit, in cents.

    ``shares``: cents by seed, layer and cause, as exact Fractions. ``worlds``: cents by seed, layer and active causes.
    ``lived`` are the months of each run, ``window`` those of the profit. ``orders`` are the orders per seed over which
    shares are averaged, None if these are all; ``errors`` the standard errors of shares from drawn orders, in cents.
    """

    causes: tuple[Cause, ...]
    seeds: int
    shares: Mapping[Key, Fraction]
    worlds: Mapping[tuple[int, str, Causes], int]
    lived: Period
    orders: int | None = None
    errors: Mapping[Key, float] = field(default_factory=dict)

    @property
    def window(self) -> Window:
        """The window of the profit that is shared out."""
        return headline_window(self.lived)

    def ends(self, seed: int, layer: str) -> tuple[int, int]:
        """Return the profit with all causes, and with none."""
        everything = frozenset(cause.name for cause in self.causes)
        return self.worlds[seed, layer, everything], self.worlds[seed, layer, frozenset()]

    def error(self, seed: int, layer: str, cause: str) -> float | None:
        """Return the standard error of a share, in cents: 0 if all orders count, None if a single pair was drawn."""
        return 0.0 if self.orders is None else self.errors.get((seed, layer, cause))

    def mean_error(self, layer: str, cause: str) -> float | None:
        """Return the standard error of a share's mean over seeds, whose orders are drawn independently."""
        errors = [self.error(seed, layer, cause) for seed in range(1, self.seeds + 1)]
        known = [each for each in errors if each is not None]
        return sqrt(sum(each**2 for each in known)) / self.seeds if len(known) == self.seeds else None


def decompose(
    scenario: str = "baseline",
    seeds: int = SEEDS,
    months: int | None = None,
    users: int = USERS,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    causes: Sequence[Cause] | None = None,
    orders: int | str | None = None,
) -> Decomposition:
    """Run combinations of causes over seeds, and attribute the difference in profit to the causes.

    Profit is operating profit in the calibrated year, or in the last twelve months of runs that do not cover it.

    Parameters
    ----------
    orders : int or str, optional
        The number of orders of causes per seed, drawn in pairs of one and its reverse, or ``all``. If not given, all
        orders count where there are at most 64 combinations of causes, and six are drawn where there are more.

    Raises
    ------
    BadInput
        If the scenario or a cause is wrong, or a number out of range; nothing was run then.
    """
    seeds, months, users, workers, orders = plain_values(seeds, months, users, workers, orders)
    listed = tuple(causes or load_causes())
    names = [one.name for one in listed]
    refuse([*wrong_runs(seeds, users, workers, months), *_wrong_orders(orders, len(names))])
    pairs = _pairs_by_seed(names, seeds, _number_of_pairs(orders, len(names)))
    keys = [(seed, active) for seed, drawn in pairs.items() for active in _asked(names, drawn)]
    base = load_scenario(scenario)
    worlds = {
        active: world_without([one for one in listed if one.name not in active], scenario, base)
        for active in dict.fromkeys(active for _, active in keys)
    }
    lasts = months or months_to(base, CALIBRATED_YEAR.last)
    cases = [RunCase(worlds[active], seed, users, lasts) for seed, active in keys]
    profit: dict[tuple[int, str, Causes], int] = {}
    with unsaid():  # of firms that never trade: what they need was taken away
        for number, ((seed, active), found) in enumerate(
            zip(keys, measure_runs(cases, year_profit, workers), strict=True), start=1
        ):
            profit |= {(seed, layer, active): cents for layer, cents in found.items()}
            if progress is not None:
                progress(number, len(cases))
    shares = dict(_shares(profit, names, pairs))
    drawn = PAIR * len(pairs[1])
    return Decomposition(
        listed,
        seeds,
        {key: share for key, (share, _) in shares.items()},
        profit,
        Period.lived(base.start, lasts),
        drawn or None,
        {key: error for key, (_, error) in shares.items() if error is not None and drawn},
    )


def _wrong_orders(orders: object, causes: int) -> list[str]:
    """Find what is wrong with a number of orders."""
    if orders is None:
        return []
    if orders == ALL:
        few = f"leave it out, or give an even number, as in {ORDERS}"
        worlds = f"found 'all', which takes {2**causes:,} worlds per seed with {causes} causes"
        return [f"orders: {worlds}, expected at most {2**ALL_LIMIT:,}; {few}"] if causes > ALL_LIMIT else []
    fits = (
        isinstance(orders, int)
        and not isinstance(orders, bool)
        and PAIR <= orders <= ORDERS_LIMIT
        and orders % PAIR == 0
    )
    expected = (
        f"expected an even number from {PAIR} to {ORDERS_LIMIT}, since each order is run with its reverse, or 'all'"
    )
    return [] if fits else [f"orders: found {shown(orders)}, {expected}"]


def _number_of_pairs(orders: int | str | None, causes: int) -> int:
    """Return how many pairs to draw; 0 if all combinations are run, as where orders would take as many worlds."""
    if orders == ALL or (orders is None and 2**causes <= FEW_WORLDS):
        return 0
    number = ORDERS if orders is None else int(orders)
    return 0 if number * (causes - 1) + 2 >= 2**causes else number // PAIR


def _pairs_by_seed(names: Sequence[str], seeds: int, number: int) -> dict[int, list[Pair]]:
    return {seed: drawn_pairs(names, seed, number) for seed in range(1, seeds + 1)}


def _asked(names: Sequence[str], pairs: Sequence[Pair]) -> list[Causes]:
    """List the combinations of causes to run: those that come up in the orders, or all if none are drawn."""
    return combinations_in(pairs) if pairs else combinations_of(names)


def _shares(
    profit: Mapping[tuple[int, str, Causes], int], names: Sequence[str], pairs: Mapping[int, Sequence[Pair]]
) -> Iterator[tuple[Key, Share]]:
    """Yield what each cause adds to each layer's profit for each seed, in cents, with its error."""
    for seed, drawn in pairs.items():
        for layer in CHAIN:
            worth = {active: profit[seed, layer, active] for active in _asked(names, drawn)}
            if drawn:
                found: Mapping[str, Share] = sampled_shapley(worth, drawn)
            else:
                found = {cause: (share, 0.0) for cause, share in shapley(worth, names).items()}
            for cause in names:
                yield (seed, layer, cause), found[cause]


def year_profit(result: Result) -> dict[str, int]:
    """Return the operating profit of each layer in the year of a run's headline, in cents; see ``headline_window``."""
    lived = Period.of(result.layers["month"].unique())
    rows = result.layers.filter(pl.col("layer").is_in(CHAIN))
    year = headline_months(lived).rows(rows) if lived else rows
    return dict(year.group_by("layer").agg(pl.col("operating_profit").sum()).iter_rows())
