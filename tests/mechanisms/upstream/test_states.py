"""Programmes of states: signs, limits, merging, what is kept, dates, a rest, their money in the books, bad input."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as drawn

from watersellers import BadInput, World, load_scenario, run
from watersellers.agents.compute.hour_rentals import hours_for, spend_on_hours
from watersellers.agents.enterprises.states import States
from watersellers.agents.public_information import Rental
from watersellers.experiments.analysis.money_trace import follow_money
from watersellers.experiments.input.scenario_warnings import ScenarioWarning
from watersellers.market.accounting.accounts import sector_of
from watersellers.market.goods import NANO_A_CENT

FUND = {"key": 61, "region": "west", "programme": 1e7}
CLOUDS = 5  # of the West that rent to outsiders: each sells whole hours
DEAREST = 2000  # cents of an hour: less than that may be left at each cloud


def scenario(*events: dict[str, Any], **states: dict[str, Any]) -> dict[str, Any]:
    """The reference world with states."""
    return {
        "name": "states",
        "question": "Who?",
        "extends": "dollar_paths",
        "states": states,
        "event": list(events),
    }


def dated(month: str, value: float, number: str = "programme") -> dict[str, Any]:
    return {"month": month, "what": "set", "path": f"states.fund.{number}", "value": value}


def paid(result: Any, *payers: str) -> list[int]:
    """Cents that states paid for hours, month by month."""
    hours = result.flows.filter(pl.col("good") == "gpu_hours", pl.col("payer").is_in(payers))
    sums = dict(hours.group_by("month").agg(pl.col("cents").sum()).iter_rows())
    return [sums.get(month, 0) for month in result.layers["month"].unique().sort()]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A price that never moves, so high that hours are not short."""

    price: float = 20.0

    def __call__(self, seen: Any, chance: Any) -> float:
        """Ask it."""
        return self.price


def funded(months: int = 6, *events: dict[str, Any], **numbers: float) -> Any:
    return run(scenario(*events, fund={**FUND, **numbers}), months=months, users=50)


def plenty(months: int, *events: dict[str, Any], **numbers: float) -> Any:
    """A run in which hours are dear and there are enough of them."""
    world = scenario(*events, fund={**FUND, **numbers})
    return run(world, months=months, users=50, strategies={"cloud.pricing": Fixed()})


@given(
    cents=drawn.integers(0, 10**12),
    prices=drawn.lists(drawn.integers(1, 10**11), min_size=1, max_size=4),
    weights=drawn.lists(drawn.floats(0.01, 1), min_size=4, max_size=4),
)
def test_orders_never_cost_more_than_the_money_and_leave_less_than_an_hour_of_each(cents, prices, weights):
    total = sum(weights[: len(prices)])
    shares = [weight / total for weight in weights[: len(prices)]]
    rentals = [Rental(cloud, "west", "", sells=True, price=1.0, capacity=1) for cloud in range(len(prices))]
    rows = spend_on_hours(9, cents, (rentals, shares), dict(enumerate(prices)))
    cost = {cloud: units * price for _, _, cloud, _, units, price in rows}
    for cloud, (share, price) in enumerate(zip(shares, prices, strict=True)):
        left = int(cents * share) * NANO_A_CENT - cost.get(cloud, 0)
        assert 0 <= left < price
    assert hours_for(cents, 0) == 0


def test_a_programme_is_spent_month_by_month_and_rests_between_events():
    spent = paid(plenty(24), "fund")
    for month in spent[2:]:  # before, prices have not reached 20 yet, and hours are short
        assert month == pytest.approx(1e9, abs=CLOUDS * DEAREST)
    assert sum(spent) == pytest.approx(24e9, abs=CLOUDS * DEAREST)


@pytest.mark.parametrize("number", [1e5, 1e6, 1e7, 3e7])
def test_hours_follow_the_programme(number):
    result = plenty(3, programme=number)
    assert sum(paid(result, "fund")) == pytest.approx(3e2 * number, abs=CLOUDS * DEAREST)


def test_more_money_of_states_raises_rents_and_clouds_earnings_and_a_larger_share_goes_to_cheap_clouds():
    doses = [funded(8, programme=dose) for dose in (1e6, 1e8, 4e8, 8e8)]
    revenue = [each.layers.filter(layer="cloud")["revenue"].sum() for each in doses]
    assert revenue == sorted(set(revenue))
    rents = []
    for sensitivity in (0.0, 3.0, 10.0, 30.0):
        hours = funded(8, hour_sensitivity=sensitivity).flows.filter(payer="fund")
        rents.append(hours["cents"].sum() / hours["quantity"].sum())
    assert rents == sorted(rents, reverse=True)


def test_dates_alone_move_it():
    spent = paid(plenty(9, dated("2023-04", 2e7), dated("2023-07", 0.0)), "fund")
    assert [round(month / 1e9, 2) for month in spent[2:]] == [1.0, 2.0, 2.0, 2.0, 0.0, 0.0, 0.0]


def test_what_is_not_spent_is_kept_for_the_next_month():
    """Hours that are short in one month are bought in the next, and nothing is lost."""
    short = funded(12, dated("2023-04", 1e6), programme=3e9)
    incomes = short.flows.filter(payee="fund", good="income")["cents"].sum()
    cash = short.balances.filter(account="fund", item="cash").sort("month")["cents"].to_list()
    spent = paid(short, "fund")
    assert incomes == sum(spent) + cash[-1]
    assert spent[0] < 3e11
    assert spent[3] > 1e8 + CLOUDS * DEAREST
    assert min(cash) >= 0
    assert short.balances.filter(account="fund", item="payables").is_empty()


def test_without_a_programme_nothing_changes_and_it_is_told():
    without = run("dollar_paths", months=6, users=50)
    with pytest.warns(ScenarioWarning, match=r"states\.fund: never rents an hour, because its programme is 0"):
        idle = funded(programme=0.0)
    assert paid(idle, "fund") == [0] * 6
    assert idle.firms.equals(without.firms)


def test_two_states_alike_that_merge_change_nothing():
    half = {**FUND, "programme": 5e6}
    one, two = funded(12), run(scenario(fund=half, other={**half, "key": 62}), months=12, users=50)
    assert paid(one, "fund") == pytest.approx(
        [sum(pair) for pair in zip(paid(two, "fund"), paid(two, "other"), strict=True)], abs=2 * CLOUDS * DEAREST
    )
    profits = [each.layers.filter(layer="cloud")["operating_profit"].sum() for each in (one, two)]
    assert profits[0] == pytest.approx(profits[1], rel=1e-6)


def test_where_no_cloud_is_in_business_the_money_waits():
    """A cloud that opens hours later gets what came before, too."""
    world = World(scenario(fund={**FUND, "region": "china"}), rng=1, months=3, users=50)
    states = world.parts[States]
    assert states.rentals_of(states.states[0]) == []  # before the first month nobody has posted an offer
    world.step()
    assert {world.parts.registers.accounts.names[each.cloud] for each in states.rentals_of(states.states[0])} == {
        "alibaba_cloud",
        "baidu_cloud",
        "tencent_cloud",
    }


def test_its_money_is_traced_as_that_of_states():
    followed = follow_money(plenty(3))
    cloud = followed.earned.filter(layer="cloud", source="states")
    assert cloud["received"].item() == pytest.approx(3e9, abs=CLOUDS * DEAREST)
    assert "fund" not in followed.held["holder"]


@pytest.mark.parametrize(
    ("account", "sector"),
    [
        (("world", "world", "world"), "world"),
        (("older_businesses", "world", "world"), "older_businesses"),
        (("bytedance", "world", "bytedance"), "older_businesses"),
        (("baidu_search_pages", "world", "baidu"), "older_businesses"),
        (("india", "world", "world"), "states"),
        (("users_west", "users", "users_west"), "users"),
        (("lenders", "lenders", "lenders"), "lenders"),
        (("aws", "cloud", "amazon"), "cloud"),
    ],
)
def test_each_outside_account_belongs_to_a_sector(account, sector):
    assert sector_of(*account) == sector


def test_a_state_that_owns_a_cloud_rents_from_it_even_if_nobody_else_can():
    own = {"owner": "fund", "sells": 0, "key": 298, "region": "west", "opening_hours": 7_300_000, "opening_cash": 1e9}
    world = scenario(fund={**FUND, "hour_sensitivity": 0.0}) | {"cloud": {"public": own}}
    hours = run(world, months=2, users=50).flows.filter(payee="public")
    assert set(hours.filter(good="gpu_hours")["payer"]) == {"fund"}


def test_a_resumed_world_goes_on_as_if_it_had_never_stopped(tmp_path):
    world = World(scenario(dated("2023-06", 4e6), fund=FUND), rng=3, months=8, users=50)
    world.run_for(4)
    world.save(tmp_path / "half.ckpt")
    again = World.load(tmp_path / "half.ckpt")
    for each in (world, again):
        each.run_model()
    assert again.result().manifest["digest"] == world.result().manifest["digest"]


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ({"fund": {**FUND, "programme": -1}}, r"states\.fund\.programme: found -1, expected 0 to"),
        ({"fund": {**FUND, "hour_sensitivity": 51}}, r"states\.fund\.hour_sensitivity: found 51, expected 0 to 50"),
        ({"fund": {**FUND, "owner": "india"}}, r"states\.fund\.owner: unknown key"),
        (
            {"fund": {**FUND, "enters": "2023-04"}},
            r"states\.fund\.enters: found '2023-04', expected none: only firms have one",
        ),
        ({"fund": {**FUND, "region": "moon"}}, r"states\.fund\.region: found 'moon'"),
        ({"nvidia": FUND}, r"states\.nvidia: chips\.nvidia has this name too"),
        ({"states": FUND}, r"states\.states: 'states' is the name of an outside sector"),
        ({"fund": {**FUND, "key": 101}}, r"101 is the key of"),
        ({"fund": {"key": 61}}, r"states\.fund: lacks its region"),
    ],
)
def test_a_state_that_does_not_fit_is_refused(states, sentence):
    with pytest.raises(BadInput, match=sentence):
        load_scenario(scenario(**states))


@pytest.mark.parametrize("event", [None, dated("2023-05", 1e6)])
def test_a_state_to_which_no_cloud_rents_is_refused_whenever_its_programme_begins(event):
    closed = {"cloud.sells": 0, **{f"labs.{lab}.cloud": [] for lab in ("openai", "anthropic")}}
    world = scenario(fund=FUND) if event is None else scenario(event, fund={**FUND, "programme": 0})
    with pytest.raises(BadInput, match=r"states\.fund\.programme: found a programme, but no cloud in west rents to it"):
        load_scenario(world, closed)


def test_an_event_about_a_state_that_is_not_there_is_refused():
    with pytest.raises(BadInput, match=r"states\.fund"):
        load_scenario(scenario(dated("2023-05", 1e6), other=FUND))


def test_a_state_is_removed_and_set_by_its_name():
    assert load_scenario(scenario(fund=FUND), {"remove": ["fund"]}).groups["states"] == ()
    (member,) = load_scenario(scenario(fund=FUND), {"fund.programme": 7e6}).groups["states"]
    assert member.numbers["programme"] == 7e6


def test_the_states_of_the_world_whose_demand_follows_from_work_begin_without_programmes():
    """Events alone give them one, and each of them gets one."""
    spec = load_scenario("plain")
    assert {state.numbers["programme"] for state in spec.groups["states"]} == {0.0}
    named = {event.path.split(".")[1] for event in spec.events if event.path.startswith("states.")}
    assert named == {state.name for state in spec.groups["states"]}
