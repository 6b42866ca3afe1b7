"""Own use of hours by its return: signs, limits, merging, the bound, the lag, and a rest that time does not move."""

from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as drawn

from watersellers import BadInput, World, load_scenario, run
from watersellers.agents.finance.own_use import OwnUse
from watersellers.agents.finance.ranking_returns import OwnUseNumbers, best_hours, ranking_uplift
from watersellers.experiments.input.scenario_warnings import ScenarioWarning

SHOP = {
    "key": 51,
    "region": "west",
    "older_revenue": 1e8,
    "older_margin": 0.5,
    "older_cash": 5e7,
    "ranking_uplift": 0.02,
}
CLOUDS = 5  # of the West that rent to outsiders: each sells whole hours
QUICK = {"world.own_use_pace": 0.5, "world.ranking_decay": 0.5}


@dataclass(frozen=True, slots=True)
class Fixed:
    """A price that never moves."""

    price: float

    def __call__(self, seen: Any, chance: Any) -> float:
        """Ask it."""
        return self.price


def scenario(**owners: dict[str, Any]) -> dict[str, Any]:
    """The reference world with owners who have no cloud."""
    return {"name": "owners", "question": "Who?", "extends": "dollar_paths", "owners": owners}


def priced(price: float) -> dict[str, Any]:
    return {"cloud.pricing": Fixed(price)}


def rented(result: Any, *payers: str) -> list[int]:
    """Hours that owners without a cloud were delivered, month by month."""
    hours = result.flows.filter(pl.col("good") == "gpu_hours", pl.col("payer").is_in(payers))
    return list(hours.group_by("month").agg(pl.col("quantity").sum()).sort("month")["quantity"])


def shop(price: float = 20.0, months: int = 12, settings: dict[str, float] | None = None, **numbers: float) -> Any:
    """A run with a shop that rents where all clouds always ask the same."""
    return run(
        scenario(shop={**SHOP, **numbers}), months=months, users=50, set=settings or {}, strategies=priced(price)
    )


@given(
    gain=drawn.floats(1e3, 1e12), rent=drawn.floats(0.01, 100), scale=drawn.floats(1, 1e9), off=drawn.floats(0.01, 0.9)
)
def test_no_other_number_of_hours_earns_more(gain, rent, scale, off):
    best = best_hours(gain, rent, scale)
    profit = [gain * log(1 + hours / scale) - rent * hours for hours in (best, best * (1 - off), best * (1 + off), off)]
    assert max(profit) <= profit[0] + 1e-9 * (gain + rent * best)


@given(factor=drawn.floats(0.01, 100), revenue=drawn.floats(1e3, 1e11), experience=drawn.floats(0, 1e12))
def test_the_uplift_of_many_alike_is_that_of_each(factor, revenue, experience):
    numbers = OwnUseNumbers(revenue, 0.0, 0.03, 0.5, 1.0, 0.02, 0.0)
    world = {"ranking_scale": 0.05, "ranking_learning": 0.4}
    one = ranking_uplift(numbers, revenue, experience, world)
    assert ranking_uplift(numbers, factor * revenue, factor * experience, world) == pytest.approx(one, rel=1e-9)
    assert one >= numbers.ranking_uplift


def test_hours_fall_with_rent_and_rise_with_older_revenue_uplift_margin_and_experience() -> None:
    usual = rented(shop(), "shop")[-1]
    assert rented(shop(price=30.0), "shop")[-1] < usual
    assert rented(shop(older_revenue=2e8, older_cash=1e8), "shop")[-1] > usual
    assert rented(shop(ranking_uplift=0.04), "shop")[-1] > usual
    assert rented(shop(older_margin=0.8), "shop")[-1] > usual
    assert rented(shop(settings={"world.ranking_learning": 3.0}), "shop")[-1] > usual


def test_no_uplift_no_hours_and_nothing_else_changes() -> None:
    without = run("dollar_paths", months=6, users=50)
    with pytest.warns(ScenarioWarning, match=r"owners\.shop: never uses an hour, because its ranking_uplift is 0"):
        idle = run(scenario(shop={**SHOP, "ranking_uplift": 0.0}), months=6, users=50)
    assert rented(idle, "shop") == []
    assert idle.firms.drop("month").equals(without.firms.drop("month"))


def test_half_the_gap_closes_when_the_pace_says_so_and_then_hours_rest() -> None:
    world = load_scenario(scenario(shop=SHOP)).numbers
    best = 0.02 * 0.5 * 1e8 / 20.0 - world["own_use_scale"] * 1e8
    gaps = [hours - best for hours in rented(shop(months=60, settings={"world.ranking_learning": 0.0}), "shop")[2:]]
    assert abs(gaps[7]) < abs(gaps[0]) / 2 < abs(gaps[6])  # a tenth a month; before, prices had not reached 20 yet
    for now, then in pairwise(gaps):
        assert then == pytest.approx(0.9 * now, abs=2 * CLOUDS)
    assert gaps[50] == pytest.approx(0.0, abs=0.01 * best)


def test_what_does_not_change_stands_still_whatever_the_month() -> None:
    hours = rented(shop(months=90, settings=QUICK), "shop")
    assert max(hours[40:]) - min(hours[40:]) <= CLOUDS < hours[6] - hours[40]
    world = World(scenario(shop=SHOP), rng=1, months=3, users=50)
    world.run_for(2)
    own_use = world.parts[OwnUse]
    assert len({own_use.best(own_use.businesses[-1], month) for month in (3, 30, 300)}) == 1


def test_the_growth_of_older_revenue_moves_hours_and_fades() -> None:
    hours = rented(shop(months=60, settings=QUICK, older_growth=0.05, older_fade=0.2), "shop")
    still = rented(shop(months=60, settings=QUICK), "shop")
    assert hours[-1] / still[-1] == pytest.approx(1.05**5, rel=1e-3)


def test_an_owner_spends_no_more_than_its_share_of_free_cash() -> None:
    tight = shop(months=20, settings=QUICK | {"world.own_use_cash": 0.01})
    paid = tight.flows.filter(pl.col("payer") == "shop").group_by("month").agg(pl.col("cents").sum())["cents"]
    most = 1 * 5e7  # a hundredth of the cash, in cents
    assert max(paid) <= most
    assert min(sorted(paid)[1:]) > most - CLOUDS * 2000  # it binds: what is left buys no whole hour of any cloud
    assert max(paid) < shop(months=20, settings=QUICK).flows.filter(pl.col("payer") == "shop")["cents"].sum() / 20


def test_grants_to_its_own_firms_leave_an_owner_less() -> None:
    owner = {**SHOP, "owner": "sister", "older_cash": 1e6, "older_revenue": 1e9}
    lab = {"key": 399, "region": "west", "owner": "sister", "owner_funds": 1e5, "opening_cash": 0}
    world = {"labs": {"thinker": lab}} | scenario(shop=owner)
    result = run(world, months=4, users=50, strategies=priced(20.0))
    months = result.flows.filter(pl.col("payer") == "shop").group_by("month").agg(pl.col("cents").sum()).sort("month")
    february, march, _ = months["cents"].to_list()
    assert february == pytest.approx(100 * 1e6 / 2, abs=CLOUDS * 2000)  # half of the cash; no grant in January
    assert march == pytest.approx(100 * (1e6 - 1e5) / 2, abs=CLOUDS * 2000)  # the grant of February is gone


def test_two_owners_alike_that_merge_change_nothing() -> None:
    half = {**SHOP, "older_revenue": 5e7, "older_cash": 2.5e7, "older_growth": 0.02, "opening_own_use": 0.001}
    both = {**half, "older_revenue": 1e8, "older_cash": 5e7}
    settings = {"world.own_use_cash": 0.1}
    one = run(scenario(shop=both), months=14, users=50, set=settings)
    two = run(scenario(shop=half, other={**half, "key": 52}), months=14, users=50, set=settings)
    assert rented(one, "shop") == pytest.approx(rented(two, "shop", "other"), abs=2 * CLOUDS)
    profits = [each.layers.filter(layer="cloud")["operating_profit"].sum() for each in (one, two)]
    assert profits[0] == pytest.approx(profits[1], rel=1e-6)


def test_parts_of_one_owner_share_its_grants() -> None:
    lab = {"key": 399, "region": "west", "owner": "sister", "owner_funds": 1e6, "opening_cash": 0}
    whole = {**SHOP, "owner": "sister", "older_cash": 4e6, "older_revenue": 1e9}
    part = {**whole, "older_cash": 2e6, "older_revenue": 5e8}
    one = {"labs": {"thinker": lab}} | scenario(shop=whole)
    two = {"labs": {"thinker": lab}} | scenario(shop=part, other={**part, "key": 52})
    found = [run(each, months=8, users=50, strategies=priced(20.0)) for each in (one, two)]
    assert rented(found[0], "shop") == pytest.approx(rented(found[1], "shop", "other"), abs=2 * CLOUDS)


def test_the_owner_of_a_cloud_rents_from_it_alone_and_sets_no_more_aside_than_it_pays() -> None:
    settings = {"world.own_use_low": 0, "world.own_use_high": 0, "cloud.meta_infra.ranking_uplift": 0.02}
    result = run("dollar_paths", months=12, users=50, set=settings)
    hours = result.flows.filter(pl.col("payer") == "older_businesses", pl.col("good") == "gpu_hours")
    assert set(hours["payee"]) == {"meta_infra"}
    assert hours["month"].n_unique() == 12


def test_money_set_aside_pays_all_that_is_ordered() -> None:
    result = run(scenario(shop=SHOP), months=12, users=50)
    cash = result.balances.filter(account="shop", item="cash").sort("month")["cents"]
    assert min(cash) >= 0
    assert result.balances.filter(account="shop", item="payables").is_empty()


def test_who_stops_sets_nothing_aside() -> None:
    stop = {"month": "2023-05", "what": "set", "path": "owners.shop.ranking_uplift", "value": 0.0}
    world = scenario(shop=SHOP) | {"event": [stop]}
    result = run(world, months=9, users=50, set={"world.own_use_pace": 1.0})
    assert len(rented(result, "shop")) == 4  # from February, a month after the first choice, to May
    income = result.flows.filter(pl.col("payee") == "shop", pl.col("month").dt.month() > 6)
    assert income.is_empty()


def test_a_resumed_world_goes_on_as_if_it_had_never_stopped(tmp_path) -> None:
    world = World(scenario(shop={**SHOP, "opening_own_use": 0.001}), rng=3, months=8, users=50)
    world.run_for(4)
    world.save(tmp_path / "half.ckpt")
    again = World.load(tmp_path / "half.ckpt")
    for each in (world, again):
        each.run_model()
    assert again.result().manifest["digest"] == world.result().manifest["digest"]


@pytest.mark.parametrize(
    ("owners", "sentence"),
    [
        ({"shop": {**SHOP, "owner": "amazon"}}, r"owners\.shop: found an owner without a cloud, but 'amazon' owns aws"),
        ({"shop": {**SHOP, "ranking_uplift": 0.6}}, r"owners\.shop\.ranking_uplift: found 0\.6, expected 0 to 0\.5"),
        ({"shop": {**SHOP, "older_fade": 0}}, r"owners\.shop\.older_fade: found 0, expected 0\.01 to 1"),
        ({"shop": {**SHOP, "pricing": "lerner"}}, r"owners\.shop\.pricing: unknown key"),
        ({"nvidia": SHOP}, r"owners\.nvidia: chips\.nvidia has this name too"),
        ({"older_businesses": SHOP}, r"owners\.older_businesses: 'older_businesses' is the name of an outside sector"),
        ({"shop": {**SHOP, "key": 101}}, r"101 is the key of"),
        ({"shop": {"key": 51}}, r"owners\.shop: lacks its region"),
    ],
)
def test_an_owner_that_does_not_fit_is_refused(owners, sentence) -> None:
    with pytest.raises(BadInput, match=sentence):
        load_scenario(scenario(**owners))


def test_an_owner_to_whom_no_cloud_rents_is_refused() -> None:
    closed = {"cloud.sells": 0, **{f"labs.{lab}.cloud": [] for lab in ("openai", "anthropic")}}
    with pytest.raises(BadInput, match=r"owners\.shop\.ranking_uplift: found an uplift, but no cloud in west rents"):
        load_scenario(scenario(shop=SHOP), closed)


@pytest.mark.parametrize("number", ["older_revenue", "older_margin", "older_cash"])
def test_an_owner_that_never_uses_an_hour_is_told(number) -> None:
    with pytest.warns(ScenarioWarning, match=rf"owners\.shop: never uses an hour, because its {number} is 0"):
        load_scenario(scenario(shop={**SHOP, number: 0}))


def test_an_owner_is_removed_and_set_by_its_name() -> None:
    assert load_scenario(scenario(shop=SHOP), {"remove": ["shop"]}).groups["owners"] == ()
    (member,) = load_scenario(scenario(shop=SHOP), {"shop.older_revenue": 7e7}).groups["owners"]
    assert member.numbers["older_revenue"] == 7e7
