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
# Bounds that once broke something; random ones follow below.
ONCE_BROKEN = (
    "chips.research_share high",
    "cloud.opening_hours low",
    "labs.throughput low",
    "labs.half_load high",
    "labs.knowledge high",
    "users.sample low",
)

# Every number that is 0 in the table is a mechanism that is off, and here what it is when it is on.
SWITCHES = {
    "chips.opening_pipeline": 0.1,
    "chips.payout": 0.5,
    "chips.owner_funds": 1e7,
    "chips.learning": 0.3,
    "chips.stake_share": 0.5,
    "cloud.older_revenue": 1e8,
    "cloud.owner_funds": 1e7,
    "cloud.service_life": 84,
    "cloud.stake_share": 0.3,
    "cloud.payout": 0.5,
    "cloud.impairment": 1,
    "cloud.inflation": 1,
    "cloud.hosts": 1,
    "labs.revenue_share": 0.2,
    "labs.owner_funds": 1e7,
    "labs.payout": 0.5,
    "labs.open_weights": 1,
    "labs.night_discount": 0.5,
    "labs.distillation": 0.1,
    "labs.resale": 0.8,
    "labs.moves": 0.5,
    "labs.batch_discount": 0.5,
    "labs.free_tokens": 1e7,
    "apps.opening_known": 0.5,
    "apps.owner_funds": 1e7,
    "apps.search_price": 0.01,
    "apps.search_calls": 1,
    "apps.ad_load": 1,
    "apps.captive": 0.2,
    "apps.trust_erosion": 0.1,
    "apps.scandal_hazard": 0.5,
    "apps.transactions": 5,
    "apps.opening_pages": 1e6,
    "apps.channel": 1,
    "apps.walled": 0.5,
    "apps.payout": 0.5,
    "apps.answer_price": 0.05,
    "apps.publisher_share": 0.25,
    "apps.content_price": 1e-4,
    "apps.sells_appliances": 1,
    "apps.business_price": 30,
    "apps.device_price": 50,
    "apps.device_cost": 40,
    "users.contest": 0.5,
    "users.chart_reach": 0.05,
    "users.several": 0.5,
    "users.friends": 4,
    "enterprises.answer_share": 0.2,
    "advertisers.page_budget": 1e6,
    "investors.return_pull": 2,
    "investors.herding": 0.5,
    "investors.redemption": 2,
    "investors.sticky": 0.5,
    "world.lenders_cash": 1e9,
    "world.lenders_inflow": 1e7,
}
NO_SWITCHES = {  # numbers that are 0 and no mechanism
    "apps.appeal": "a utility, whose 0 is the usual",
    "apps.trust": "a utility, whose 0 is the usual",
    "apps.west": "where an app is offered, which each world says",
    "apps.china": "where an app is offered, which each world says",
}


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


def refused(seed: int, settings: dict[str, Any]) -> bool:
    """Live a small world; whether it was refused before it began, or said that a quantity had outgrown all bounds."""
    with suppress(BadInput, TooLarge):
        lived(SMALL, seed, {**settings, **RICH_WORLD}, months=4)
        return False
    return True


def test_a_number_at_its_bound_breaks_nothing():
    assert [name for name in ONCE_BROKEN if refused(1, dict([bounds()[name]]))] == []


def test_numbers_at_their_bounds_break_nothing_together():
    ends, found = bounds(), []
    for seed in range(16):
        names = random.Random(seed).sample(list(ends), 6)
        found.append(refused(seed, dict(ends[name] for name in names)))
    assert sum(found) <= 6  # the others lived


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


def test_every_number_that_is_off_is_a_switch_or_says_why_not():
    off = {path for path, _ in bounds().values() if _value(path) == 0}
    assert off == SWITCHES.keys() | NO_SWITCHES.keys()


def _value(path: str) -> float:
    group, name = path.split(".")
    return ours().parameters.numbers(group)[name].value


def switched_on(seed: int) -> dict[str, Any]:
    """A small world of mixed strategies in which half of all mechanisms are on, each at some firms or regions."""
    dice = random.Random(seed)
    size = Size(
        chips=dice.randint(1, 3),
        cloud=dice.randint(1, 4),
        labs=dice.randint(1, 4),
        apps=dice.randint(2, 5),
        china=dice.choice((0.0, 0.3)),
        spread=dice.choice((0.0, 0.2)),
        mixed=True,
    )
    world = synthetic(size, seed)
    for path in dice.sample(list(SWITCHES), len(SWITCHES) // 2):
        group, name = path.split(".")
        for holder in _some(world, group, dice):
            holder[name] = SWITCHES[path]
    _bind_together(world, dice)
    return world


def _some(world: dict[str, Any], group: str, dice: random.Random) -> list[dict[str, Any]]:
    """Some members of a group, one at the least; of the world, itself."""
    if group == "world":
        return [world.setdefault("world", {})]
    members = [each for each in world[group].values() if isinstance(each, dict) and "key" in each]
    return dice.sample(members, dice.randint(1, len(members))) if members else []


def _bind_together(world: dict[str, Any], dice: random.Random) -> None:
    """Give firms common owners, labs patrons, apps a supplier of searches, and boxes a model to put in."""
    firms = {group: _members(world, group) for group in FIRMS}
    for each in [firm for group in FIRMS for firm in firms[group].values() if dice.random() < 0.4]:
        each["owner"] = dice.choice(("first_owner", "second_owner"))
    for name, lab in firms["labs"].items():
        if lab.get("revenue_share"):
            lab["patron"] = dice.choice([other for group in FIRMS for other in firms[group] if other != name])
    (name, seller), *others = firms["apps"].items()
    if any(app.get("search_calls") for app in firms["apps"].values()):
        seller |= {"search_calls": 0, "search_price": 0.01}
        for _, app in others:
            app["apps"] = [name]
    if any(app.get("sells_appliances") for app in firms["apps"].values()):
        for lab in firms["labs"].values():
            lab["open_weights"] = 1
        for vendor in firms["chips"].values():
            vendor["exports"] = 1


def _members(world: dict[str, Any], group: str) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in world[group].items() if isinstance(each, dict) and "key" in each}


@pytest.mark.parametrize("seed", range(24))
def test_a_small_world_with_half_of_all_mechanisms_on_lives(seed):
    run(switched_on(seed), seed=seed, months=8, users=80)


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
