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

MONTHS = 6
SMALL = Size(chips=2, cloud=3, labs=3, apps=4, spread=0.0)  # all firms have the table's numbers
PENNILESS = {
    **{f"{group}.opening_cash": 0.0 for group in (*FIRMS, "investors")},
    **{f"{group}.owner_funds": 0.0 for group in FIRMS[1:]},
}
NO_INCOME = {
    **dict.fromkeys(("users.income", "cloud.older_revenue", "investors.inflow_low", "investors.inflow_high"), 0.0),
    **{f"enterprises.{what}_{end}": 0.0 for what in ("tokens", "hours", "machines") for end in ("low", "high")},
    "advertisers.budget": 0.0,
}
RICH_WORLD = {"world.world_cash": 1e15}  # dollars, the most there may be: who pays everybody's income
# Found here, reported, and not mended yet; whoever mends one takes its line away.
BROKEN = {
    "no vendor": "opening.py takes the first vendor's name for the opening fleets",
    "no app": "population.py stacks the tastes for no app",
    "no firm": "the same",
    "one user": "population.py splits a region's people over no rows",
    "one cent": "outside.py pays incomes that the world has no money for",
    "nobody has any income": "books.py counts months by the journal, and a dead economy writes nothing in it",
    "hours for nothing": "sourcing.py takes the logarithm of a price of 0",
    "tokens for nothing": "the same",
    "poor users": "exp32 is asked for less than -87, far enough for its power of two to pass 32 bits",
    "much loved apps": "exp32 is asked for more than 88",
    "chips.research_share high": "chipmaker.py divides by 1 - research_share",
    "cloud.opening_hours low": "opening.py splits opening orders over clouds without hours",
    "labs.throughput low": "hours of a lab pass 64 bits",
    "labs.half_load high": "the same",
    "labs.knowledge high": "the same",
    "users.sample low": "population.py splits users over regions that get none",
}


def odd(name: str, *values: Any) -> Any:
    """A case, expected to fail as long as its fault is on the list."""
    marks = [pytest.mark.xfail(reason=BROKEN[name])] if name in BROKEN else []
    return pytest.param(*values, marks=marks, id=name)


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
        odd("one user", SMALL, {}, 1),
        odd("users without money", SMALL, {"users.income": 0.0}, 60),
        odd("everybody bankrupt", SMALL, PENNILESS, 60),
        odd("nobody has any income", SMALL, {**PENNILESS, **NO_INCOME}, 60),
        odd("one cent", SMALL, {**PENNILESS, "world.world_cash": 0.01}, 60),
        odd("hours for nothing", SMALL, {"cloud.power_cost": 0.0, "cloud.pricing": "lerner"}, 60),
        odd("tokens for nothing", SMALL, {"labs.pricing": {"use": "penetration", "share": 0.0}}, 60),
        odd("poor users", SMALL, {"users.worth_median": 0.001, "apps.pricing": "cost_plus"}, 60),
        odd("much loved apps", SMALL, {"users.quality_weight": 10.0, "labs.knowledge_unit": 1.0}, 60),
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


@pytest.mark.parametrize("name", [odd(name, name) for name in BROKEN if "." in name])
def test_a_number_at_its_bound_breaks_nothing(name):
    path, value = bounds()[name]
    with suppress(BadInput):
        lived(SMALL, 1, {path: value, **RICH_WORLD}, months=4)


@pytest.mark.parametrize("seed", range(16))
def test_numbers_at_their_bounds_break_nothing_together(seed):
    dice, ends = random.Random(seed), bounds()
    names = [name for name in ends if name not in BROKEN and not name.startswith("world.world_cash")]
    chosen = dict(ends[name] for name in dice.sample(names, 6))
    with suppress(BadInput):
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
