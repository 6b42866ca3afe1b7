"""Odd worlds live some months without an invariant breaking, or are refused with a sentence before they start."""

import random
from contextlib import suppress
from typing import Any

import polars as pl
import pytest

from experiments.build import Size, synthetic
from experiments.catalogue import ours
from experiments.errors import BadInput
from experiments.parameters import FIRMS, GROUPS, WORLD
from experiments.running import run
from market.units import TooLarge

MONTHS = 6
SMALL = Size(chips=2, cloud=3, labs=3, apps=4, spread=0.0)  # all firms have the table's numbers
PENNILESS = {
    **{f"{group}.opening_cash": 0.0 for group in (*FIRMS, "investors")},
    **{f"{group}.owner_funds": 0.0 for group in FIRMS[1:]},
}
NO_INCOME = {
    **dict.fromkeys(("users.income", "cloud.older_revenue", "investors.inflow_low", "investors.inflow_high"), 0.0),
    **{f"enterprises.{what}_{end}": 0.0 for what in ("tokens", "compute") for end in ("low", "high")},
    "advertisers.budget": 0.0,
}
RICH_WORLD = {"world.world_cash": 1e15}  # dollars, the most there may be: who pays everybody's income
# Found here, reported, and not mended yet; whoever mends one takes its line away.
# Bounds that once broke something; random ones follow below.
ONCE_BROKEN = (
    "chips.research_share high",
    "cloud.opening_hours low",
    "labs.throughput low",
    "labs.half_load high",
    "labs.knowledge high",
    "users.sample low",
)


def odd(name: str, *values: Any) -> Any:
    """A case with a name."""
    return pytest.param(*values, id=name)


def lived(size: Size, seed: int, settings: dict[str, Any], users: int = 60, months: int = MONTHS) -> Any:
    """Run a synthetic world; the run itself checks every invariant every month."""
    return run(synthetic(size, seed), seed=seed, months=months, users=users, set=settings)


@pytest.mark.parametrize(
    ("size", "settings", "users"),
    [
        odd("no vendor", Size(0, 3, 3, 4), {}, 60),
        odd("no cloud", Size(2, 0, 3, 4), {}, 60),
        odd("no lab", Size(2, 3, 0, 4), {}, 60),
        odd("no app", Size(2, 3, 3, 0), {}, 60),
        odd("no firm", Size(0, 0, 0, 0), {}, 60),
        odd("one of each", Size(1, 1, 1, 1), {}, 60),
        odd("ten users", SMALL, {}, 10),
        odd("users without money", SMALL, {"users.income": 0.0}, 60),
        odd("everybody bankrupt", SMALL, PENNILESS, 60),
        odd("nobody has any income", SMALL, {**PENNILESS, **NO_INCOME}, 60),
        odd("one cent", SMALL, {**PENNILESS, "world.world_cash": 0.01}, 60),
        odd("poor users", SMALL, {"users.worth_median": 0.001, "apps.pricing": "cost_plus"}, 60),
        odd("much loved apps", SMALL, {"users.quality_weight": 10.0, "apps.appeal": 20.0}, 60),
        odd("all in China", Size(2, 3, 3, 4, china=1.0), {}, 60),
        odd("as different as can be", Size(3, 5, 5, 8, spread=1.0, partners=1, mixed=True), {}, 60),
    ],
)
def test_an_odd_world_lives(size, settings, users):
    result = lived(size, 1, settings, users)
    cash = result.balances.filter(pl.col("item") == "cash").group_by("month").agg(pl.col("cents").sum())
    assert len(cash) == MONTHS + 1  # the opening, and every month
    assert cash["cents"].n_unique() == 1


def bounds() -> dict[str, tuple[str, float]]:
    """Both ends of each number's range."""
    table = ours().parameters
    rows = [(f"{group}.{name}", row) for group in (*GROUPS, WORLD) for name, row in table.numbers(group).items()]
    return {f"{path} {end}": (path, getattr(row, end)) for path, row in rows for end in ("low", "high")}


@pytest.mark.parametrize("name", ONCE_BROKEN)
def test_a_number_at_its_bound_breaks_nothing(name):
    path, value = bounds()[name]
    with suppress(BadInput, TooLarge):
        lived(SMALL, 1, {path: value, **RICH_WORLD}, months=4)


@pytest.mark.parametrize("seed", range(16))
def test_numbers_at_their_bounds_break_nothing_together(seed):
    dice, ends = random.Random(seed), bounds()
    names = list(ends)
    chosen = dict(ends[name] for name in dice.sample(names, 6))
    with suppress(BadInput, TooLarge):
        lived(SMALL, seed, {**chosen, **RICH_WORLD}, months=4)


@pytest.mark.parametrize("seed", range(12))
def test_a_random_small_world_lives(seed):
    dice = random.Random(seed)
    size = Size(
        chips=dice.randint(1, 3),
        cloud=dice.randint(0, 4),
        labs=dice.randint(0, 4),
        apps=dice.randint(1, 5),
        china=dice.choice((0.0, 0.3, 1.0)),
        partners=dice.choice((0, 0, 1, 2)),
        spread=dice.choice((0.0, 0.2, 1.0)),
        mixed=dice.random() < 0.7,
    )
    lived(size, seed, {}, users=dice.choice((20, 50, 200)))


@pytest.mark.parametrize(
    "settings",
    [
        {"cloud.power_cost": 0.0, "cloud.pricing": "lerner"},
        {"labs.pricing": {"use": "penetration", "share": 0.0}},
    ],
    ids=["hours", "tokens"],
)
def test_what_costs_nothing_is_wanted_without_end_and_the_run_says_so(settings):
    with pytest.raises(TooLarge, match="does not fit into 64 bits"):
        lived(SMALL, 1, settings)
