"""Odd worlds run for some months without breaking an invariant, or are refused with a sentence before they start."""

import random
from typing import Any

import polars as pl
import pytest

from tests.worlds.turbulence import TURBULENT
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import FIRMS, GROUPS, WORLD
from watersellers.experiments.loading.synthetic import Size, synthetic
from watersellers.experiments.runs.run import run
from watersellers.market.exact import TooLarge

MONTHS, SEEDS, MOST_REFUSED = 6, 20, 3  # refused, of sixteen: of the first 100 draws ten are, by checks between numbers
SMALL = Size(chips=2, cloud=3, labs=3, apps=4, spread=0.0)  # all firms have the table's numbers
PENNILESS = {
    **{f"{group}.opening_cash": 0.0 for group in (*FIRMS, "investors")},
    **{f"{group}.owner_funds": 0.0 for group in FIRMS[1:]},
}
NO_INCOME = {
    **dict.fromkeys(("users.income", "cloud.older_revenue", "investors.inflow_low", "investors.inflow_high"), 0.0),
    **{f"enterprises.{what}_{end}": 0.0 for what in ("tokens", "compute") for end in ("low", "high")},
    "advertisers.budget": 0.0,
    **dict.fromkeys(("users.income_median", "enterprises.exposed_hours", "investors.savers_wealth"), 0.0),
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
# Numbers of the table that are 0, and between what they are drawn here where they are switched on.
SWITCHES: dict[str, tuple[float, float]] = {
    **{f"world.own_use_{end}": (0.001, 0.1) for end in ("low", "high")},
    "world.speed_price": (0.5, 20.0),
    "world.sentiment_size": (0.05, 1.0),
    **dict.fromkeys(("world.breakthrough_training", "world.breakthrough_serving"), (0.1, 1.0)),
    "world.owner_hurdle": (0.001, 0.2),
    "chips.take_or_pay": (0.1, 1.0),
    **dict.fromkeys(("labs.luck_quality", "labs.luck_speed"), (0.1, 0.5)),
    "chips.research_fixed": (1e5, 1e9),
    "chips.entry_cost": (1e6, 1e10),
    **dict.fromkeys(("chips.growing_from", "chips.longest_wait", "cloud.contract_lead"), (1.0, 24.0)),
    "world.barred_links": (100.0, 2000.0),
    "world.lenders_cash": (1e6, 1e11),
    "world.lenders_inflow": (1e6, 1e9),
    **dict.fromkeys((f"{layer}.payout" for layer in ("chips", "cloud", "labs", "apps")), (0.1, 1.0)),
    **dict.fromkeys(("chips.stake_share", "cloud.stake_share", "cloud.contract_loans"), (0.1, 1.0)),
    "chips.opening_pipeline": (0.01, 0.3),
    "chips.learning": (0.05, 0.5),
    "cloud.service_life": (60.0, 120.0),
    "cloud.older_revenue": (1e8, 1e10),
    **dict.fromkeys(("cloud.older_growth", "owners.older_growth"), (0.005, 0.05)),
    "cloud.older_cash": (1e6, 1e9),
    "cloud.owner_funds": (1e7, 1e9),
    "cloud.inflation": (0.1, 1.0),
    **dict.fromkeys(("cloud.impairment", "cloud.hosts", "world.reorganisation"), (1.0, 1.0)),
    **dict.fromkeys(("chips.owner_funds", "labs.owner_funds"), (1e6, 1e9)),
    "labs.open_weights": (1.0, 1.0),
    "labs.night_discount": (0.1, 0.9),
    "labs.distillation": (0.01, 0.5),
    **dict.fromkeys(("labs.resale", "labs.moves"), (0.1, 1.0)),
    "labs.batch_discount": (0.1, 0.9),
    "labs.free_tokens": (1e3, 1e8),
    "labs.twins": (1.0, 20.0),
    "labs.release": (1.0, 5.0),
    "labs.entry_cost": (1e6, 1e9),
    "labs.revenue_share": (0.05, 0.9),
    "apps.appeal": (-2.0, 4.0),
    "apps.ad_load": (0.1, 3.0),
    **dict.fromkeys(("apps.captive", "apps.trust_erosion"), (0.01, 0.5)),
    "apps.scandal_hazard": (0.05, 1.0),
    "apps.transactions": (0.5, 50.0),
    "apps.opening_pages": (1e4, 1e9),
    "apps.channel": (0.5, 5.0),
    "apps.walled": (0.1, 1.0),
    "apps.trust": (-2.0, 2.0),
    **dict.fromkeys(("apps.west", "apps.china"), (1.0, 1.0)),
    "apps.opening_known": (0.05, 1.0),
    "apps.owner_funds": (1e6, 1e8),
    "apps.search_calls": (0.2, 3.0),
    "apps.search_price": (0.001, 0.2),
    "apps.answer_price": (0.01, 0.5),
    "apps.content_price": (1e-5, 0.01),
    "apps.sells_appliances": (1.0, 1.0),
    "apps.business_price": (5.0, 60.0),
    **dict.fromkeys(("apps.device_price", "apps.device_cost"), (10.0, 200.0)),
    "users.chart_reach": (0.01, 0.3),
    "users.friends": (1.0, 8.0),
    **dict.fromkeys((f"users.{one}" for one in ("contest", "multihoming", "budgeted", "written_off")), (0.1, 1.0)),
    "apps.entry_cost": (1e5, 1e8),
    "apps.enters_at": (0.01, 0.2),
    **{f"enterprises.tokens_{end}": (1e6, 1e9) for end in ("low", "high")},
    **{f"enterprises.compute_{end}": (1e6, 1e10) for end in ("low", "high")},
    **dict.fromkeys(("apps.publisher_share", "enterprises.answer_share"), (0.05, 1.0)),
    "enterprises.exposed_hours": (1e6, 1e11),
    "enterprises.own_models": (0.01, 1.0),
    "enterprises.projects": (1.0, 50.0),
    "enterprises.private_share": (0.01, 0.9),
    "states.programme": (1e4, 1e9),
    "advertisers.page_budget": (1e5, 1e9),
    "owners.older_revenue": (1e7, 1e9),
    "owners.older_cash": (1e6, 1e9),
    "owners.opening_own_use": (1e-4, 0.01),
    **{f"investors.inflow_{end}": (1e6, 1e10) for end in ("low", "high")},
    **dict.fromkeys((f"investors.{one}" for one in ("return_pull", "savers_chase", "news_pull")), (0.5, 10.0)),
    **dict.fromkeys((f"investors.{one}" for one in ("herding", "sticky", "call_most", "news_upstream")), (0.1, 1.0)),
    "investors.redemption": (0.1, 10.0),
    "investors.savers_wealth": (1e9, 1e14),
}
NEEDED = {  # what a switch needs beside it to do anything
    "world.barred_links": {"world.barred_performance": 0.5},
    "cloud.hosts": {"labs.open_weights": 1.0, "cloud.host_threshold": 0.0},
    "cloud.ranking_uplift": {"cloud.older_revenue": 1e9, "cloud.older_cash": 1e9},
    "labs.night_discount": {"labs.peak": 0.8},
    "labs.moves": {"cloud.opening_hours": 3e5},
    "apps.ad_load": {"apps.list_quota": 100.0},
    "apps.trust_erosion": {"apps.ad_load": 1.0, "apps.list_quota": 100.0},
    "apps.scandal_hazard": {"apps.ad_load": 1.0, "apps.list_quota": 100.0},
    "apps.opening_pages": {"advertisers.page_budget": 1e7},
    "apps.search_calls": {"apps.search_price": 0.02},
    "apps.answer_price": {"enterprises.answer_share": 0.2},
    "apps.sells_appliances": {"labs.open_weights": 1.0, "apps.appliance_threshold": 0.0},
    "apps.device_price": {"apps.device_reach": 0.2},
    "enterprises.answer_share": {"apps.answer_price": 0.05},
    "enterprises.own_models": {"enterprises.exposed_hours": 1e9},
    "investors.call_most": {"investors.savers_wealth": 1e11},
    "investors.savers_chase": {"investors.savers_wealth": 1e11, "investors.call_most": 0.1},
    "advertisers.page_budget": {"apps.opening_pages": 1e6},
    "investors.sticky": {"investors.redemption": 1.0},
}
HELD = {  # rows that are 0 and are not drawn, most of them single members' whose group has another number
    "chips.ascend.exports": "a vendor of the reference world that sells at home alone",
    "chips.group_only": "own silicon needs an owner with a cloud that may buy it; tests/mechanisms has one",
    "cloud.meta_infra.sells": "a cloud of the reference world that rents to its owner alone",
    "apps.nami_360.ad_load": "an app of the reference world; apps.ad_load is drawn",
    "apps.marketing.by_the_head.months": "a part of what a strategy pays, beside a set price",
}
ELSEWHERE = {"users.budgeted", "users.written_off", "labs.luck_quality", "labs.luck_speed"}
ELSEWHERE |= {"chips.entry_cost", "apps.enters_at"}


def odd(name: str, *values: Any) -> Any:
    return pytest.param(*values, id=name)


def simulate(size: Size, seed: int, settings: dict[str, Any], users: int = 60, months: int = MONTHS) -> Any:
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
def test_an_odd_world_runs(size, settings, users):
    result = simulate(size, 1, settings, users)
    cash = result.balances.filter(pl.col("item") == "cash").group_by("month").agg(pl.col("cents").sum())
    assert len(cash) == MONTHS + 1  # the opening, and every month
    assert cash["cents"].n_unique() == 1


def bounds() -> dict[str, tuple[str, float]]:
    """Both ends of each number's range."""
    table = builtin_catalogue().parameters
    rows = [(f"{group}.{name}", row) for group in (*GROUPS, WORLD) for name, row in table.numbers(group).items()]
    return {f"{path} {end}": (path, getattr(row, end)) for path, row in rows for end in ("low", "high")}


@pytest.mark.parametrize("name", ONCE_BROKEN)
def test_a_number_at_its_bound_breaks_nothing(name):
    path, value = bounds()[name]
    simulate(SMALL, 1, {path: value, **RICH_WORLD}, months=4)


def refusal(seed: int, settings: dict[str, Any]) -> str:
    """Why a world with numbers at their bounds is refused; nothing where it lives."""
    try:
        simulate(SMALL, seed, {**settings, **RICH_WORLD}, months=4)
    except (BadInput, TooLarge) as error:
        return str(error)
    return ""


def test_numbers_at_their_bounds_break_nothing_together():
    refused = []
    for seed in range(16):
        dice, ends = random.Random(seed), bounds()
        chosen = dict(ends[name] for name in dice.sample(list(ends), 6))
        if problem := refusal(seed, chosen):
            refused.append(problem)
            assert "64 bits" in problem or any(path.split(".")[-1] in problem for path in chosen), problem
    assert len(refused) <= MOST_REFUSED, refused


def random_world(seed: int) -> tuple[Size, dict[str, float], int]:
    """A small world of any shape with half of the switches on, and as many users as it has."""
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
        owners=dice.choice((0, 1, 3)),
        tied=True,
    )
    possible = [path for path in SWITCHES if able(path, size)]
    on = {path: dice.uniform(*SWITCHES[path]) for path in sorted(dice.sample(possible, len(possible) // 2))}
    beside = {other: value for path in on for other, value in NEEDED.get(path, {}).items()}
    return size, beside | on, dice.choice((20, 50, 200))


def able(path: str, size: Size) -> bool:
    """Whether a world of a size has the firms without which a switch is refused."""
    needs = {
        "labs.revenue_share": size.cloud > 0,  # a patron
        "apps.search_calls": size.apps > 1,  # another app to buy searches from
        "apps.sells_appliances": size.labs > 0,  # a model to put in
        "apps.enters_at": size.labs > 0 and size.china in (0.0, 1.0),  # a model of its region to wait for
    }
    return needs.get(path, True)


def test_the_world_that_is_stopped_and_taken_up_again_has_every_switch_on():
    spec = load_scenario(TURBULENT)
    members = [one for group in spec.groups.values() for one in group]
    on = {f"{one.layer}.{name}" for one in members for name, value in one.numbers.items() if value}
    assert on | {f"world.{name}" for name, value in spec.numbers.items() if value} >= SWITCHES.keys() - ELSEWHERE


def test_owners_backers_and_sellers_of_searches_are_drawn_and_stay_with_more_firms():
    few, many = (synthetic(Size(apps=n, owners=2, tied=True)) for n in (4, 9))
    assert few["labs"] == many["labs"]
    assert few["apps"] == {name: many["apps"][name] for name in few["apps"]}
    firms = [
        one for layer in ("chips", "cloud", "labs", "apps") for one in many[layer].values() if isinstance(one, dict)
    ]
    assert {one.get("owner") for one in firms} == {None, "owner_1", "owner_2"}
    assert {one["patron"] for one in firms if "patron" in one} > {"cloud_1"}
    bought = {name: one["apps"] for name, one in many["apps"].items() if isinstance(one, dict)}
    assert len(bought) == 9
    assert all([name] != sellers for name, sellers in bought.items())


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_random_small_world_runs(seed):
    size, settings, users = random_world(seed)
    simulate(size, seed, settings, users)


def test_every_number_that_is_zero_is_switched_on_in_some_random_world():
    zero = {row.name for row in builtin_catalogue().parameters.rows if row.value == 0}
    assert zero == SWITCHES.keys() | HELD.keys()
    assert set().union(*(random_world(seed)[1] for seed in range(SEEDS))) >= SWITCHES.keys()


@pytest.mark.parametrize(
    ("layer", "settings"),
    [
        ("cloud", {"cloud.power_cost": 0.0, "cloud.pricing": "lerner"}),
        ("labs", {"labs.pricing": {"use": "penetration", "share": 0.01}}),
    ],
    ids=["hours", "tokens"],
)
def test_no_strategy_of_a_menu_gives_goods_away(layer, settings):
    prices = simulate(SMALL, 1, settings).firms.filter(pl.col("layer") == layer)["price"]
    assert prices.min() > 0.01


def test_a_world_in_which_nobody_has_any_income_pays_none():
    poor, usual = (simulate(SMALL, 1, PENNILESS | more, 60).flows for more in (NO_INCOME, {}))
    assert poor.filter(good="income")["cents"].sum() == 0 < usual.filter(good="income")["cents"].sum()
