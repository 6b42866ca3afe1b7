"""Seats, ads and answers sold by the call, alone and together in one app; publishers' shares and walls."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH, on_rough
from watersellers import Result, World, run
from watersellers.agents.apps.month import Apps
from watersellers.agents.apps.search_market import SearchMarket
from watersellers.agents.exogenous_trends import logistic
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.goods import TOKENS, Good
from watersellers.market.trade.orders import Orders, Trades

BLOCKS = Path(__file__).parents[2] / "worlds" / "blocks"
GOODS = {"seats": "seats", "ads": "attention", "calls": "search_calls"}
CALLING = {"apps.perplexity.answer_price": 0.1, "apps.perplexity.answer_beyond": 0.2, "enterprises.answer_share": 0.1}
SIZE: dict[str, Any] = {"months": 8, "users": 300}


@cache
def route(name: str) -> Result:
    return run(on_rough(f"route_{name}"), users=2_000)


def invoiced(result: Result, **where: str) -> pl.DataFrame:
    return result.journal.filter(pl.col("credit_item") == "revenue", **where)


def total(result: Result, column: str) -> int:
    return int(result.firms.filter(firm="perplexity")[column].sum())


@pytest.mark.parametrize("name", GOODS)
def test_each_route_alone_sells_one_good_and_all_of_them_three(name: str) -> None:
    sold = invoiced(route(name), credit_account="perplexity")
    assert set(sold["good"]) == {GOODS[name]}
    assert set(invoiced(route("all"), credit_account="perplexity")["good"]) == set(GOODS.values())


def test_only_what_is_paid_by_use_earns_alone() -> None:
    """The scale trap: free use costs more than seats or ads bring; who pays by the call pays for the tokens."""
    profit = {name: total(route(name), "operating_profit") for name in (*GOODS, "all")}
    assert profit["calls"] > 0
    assert max(profit["seats"], profit["ads"]) < 0
    assert profit["ads"] < profit["seats"]


def plenty(result: Result) -> list[date]:
    """Months in which every lab and app served all that was asked of it."""
    short = pl.col("used_share").fill_null(1.0) < 1
    served = result.firms.filter(pl.col("layer").is_in(["labs", "apps"])).group_by("month").agg(short.any())
    return served.filter(~pl.col("used_share"))["month"].to_list()


def spent(result: Result, who: str, what: str) -> dict[date, int]:
    """Cents a month that enterprises paid for goods of a name."""
    rows = invoiced(result, debit_account=f"enterprises_{who}").filter(pl.col("good").str.starts_with(what))
    return dict(rows.group_by("month").agg(pl.col("cents").sum()).iter_rows())


def test_enterprises_spend_the_part_of_their_tokens_budget_on_answers_that_was_set_aside() -> None:
    result = run(ROUGH, **SIZE, set=CALLING)
    months = plenty(result)
    assert months
    calls, west, china = spent(result, "west", "search"), spent(result, "west", "tok"), spent(result, "china", "tok")
    for month in months:
        number = (month.year - 2023) * 12 + month.month - 1
        budgets = [logistic(low, high, 30, 8, number) for low, high in ((8e6, 850e6), (5e5, 85e6))]
        assert calls[month] == pytest.approx(10 * budgets[0], rel=1e-5)  # orders of whole calls and tokens
        assert west[month] == pytest.approx(90 * budgets[0], rel=1e-5)
        assert china[month] == pytest.approx(100 * budgets[1], rel=1e-5)  # nobody sells answers there: all buys tokens


def test_of_two_that_are_as_good_the_cheaper_answers_more() -> None:
    both = {name: {"labs": ["openai"], "answer_price": price} for name, price in (("brave", 0.05), ("perplexity", 0.1))}
    world = {"extends": str(ROUGH), "name": "two", "apps": both, "enterprises": {"answer_share": 0.01}}
    result = run(world, **SIZE)
    calls = invoiced(result, good="search_calls").filter(pl.col("month").is_in(plenty(result)))
    revenue = dict(calls.group_by("credit_account").agg(pl.col("cents").sum()).iter_rows())
    assert revenue["brave"] == pytest.approx(2**2 * revenue["perplexity"], rel=1e-4)  # a sensitivity of 2


@pytest.mark.parametrize(
    "idle", [{"enterprises.answer_share": 0.5}, {"apps.answer_price": 0.01, "apps.answer_block": 5}]
)
def test_a_seller_without_buyers_or_a_buyer_without_sellers_changes_nothing(idle: dict[str, float]) -> None:
    assert run(ROUGH, **SIZE, set=idle).manifest["digest"] == run(ROUGH, **SIZE).manifest["digest"]


def test_publishers_get_their_share_of_revenue_and_so_much_an_answer() -> None:
    result = run(ROUGH, **SIZE, set={"apps.chatgpt.publisher_share": 0.25, "apps.chatgpt.content_price": 0.001})
    paid = dict(invoiced(result, good="content").select("month", "cents").iter_rows())
    chatgpt = result.firms.filter(firm="chatgpt")
    rows = chatgpt.select("month", "revenue", "quantity").iter_rows()
    due = {month: round(0.25 * revenue) + round(queries / 10) for month, revenue, queries in rows}
    assert paid == {month: cents for month, cents in due.items() if cents}
    assert len(paid) == SIZE["months"]


def test_the_higher_the_wall_the_fewer_slots_and_users() -> None:
    walled = [run(ROUGH, months=12, users=1_000, set={"apps.baidu_search.walled": part}) for part in (0, 0.4, 1)]
    slots = [invoiced(result, good="attention", credit_account="baidu_search")["quantity"].sum() for result in walled]
    users = [result.apps.filter(app="baidu_search")["users"].sum() for result in walled]
    assert slots[0] > slots[1] > slots[2] == 0
    assert users[0] > users[1] > users[2]


def test_slots_beside_answers_from_behind_a_wall_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(ROUGH, rng=1, months=6, users=300, set={"apps.walled": 0.5})
    monkeypatch.setattr(Apps, "sold", sold_as_if_open(Apps.sold))
    with pytest.raises(InvariantBroken, match="slots and showed") as broken:
        world.run_for(6)
    assert broken.value.invariant == "I6"


def sold_as_if_open(sold: Any) -> Any:
    """Count twice the free answers that were given, so that half a wall is none."""

    def more(apps: Apps, trades: Trades) -> None:
        sold(apps, trades)
        apps.free_by_region = {pair: 2 * units for pair, units in apps.free_by_region.items()}

    return more


def test_calls_that_take_no_search_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever searches for its users and not for those who call leaves answers without their searches."""
    order = SearchMarket.order

    def users_alone(search: SearchMarket, offers: object, asked: Orders, chance: object) -> Orders:
        ordered = order(search, offers, asked.where(asked.good != Good.SEARCH_CALLS), chance)  # type: ignore[arg-type]
        for firm in search.alive:
            firm.note_demand(asked.units_by("seller", "good"))
        return ordered

    monkeypatch.setattr(SearchMarket, "order", users_alone)
    world = World(ROUGH, rng=1, months=6, users=300, set=CALLING | {"apps.perplexity.search_calls": 1})
    with pytest.raises(InvariantBroken, match="perplexity made 0 searches for answers that need") as broken:
        world.run_for(6)
    assert broken.value.invariant == "I6"


def test_a_query_left_over_goes_to_the_lab_whose_own_tie_number_is_smaller():
    world = World("dollar_paths", rng=1, months=1, users=50)
    world.step()
    world.economy.ledger.clock.turn(0, 1)  # inside of a month firms may be written
    apps = world.parts[Apps]
    firm = next(app for app in apps.apps if app.alive)
    first, second = (world.accounts.index[name] for name in ("openai", "deepseek"))
    firm.lab_share = {(first, 0): 0.5, (second, 0): 0.5}
    firm.asked_free += 1 - firm.asked % 2  # an odd number, of which one is left over
    half = firm.asked // 2
    prices: dict[tuple[int, int], int] = {(lab, good): 1 for lab in (first, second) for good in TOKENS}
    for winner in (first, second):
        ties = [1] * len(world.accounts)
        ties[winner] = 0
        rows = apps._token_orders(firm, prices, ties)
        queries = {lab: sum(row[4] for row in rows if row[2] == lab) / sum(firm.tokens) for lab in (first, second)}
        assert queries == {first: half + (winner == first), second: half + (winner == second)}
