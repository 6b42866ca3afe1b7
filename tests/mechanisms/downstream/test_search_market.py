"""Searches bought by the call or made with an own index: Bing's tariff, and when an app leaves it (chapter 9.11)."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import BadInput, Result, World, load_scenario, run
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.trade.tariffs import Tariff

MONTHS = 16
INDEX, CALL, TARIFF = 500_000.0, 0.001, 0.028
RISE = [
    {"month": "2023-05", "what": "set", "path": f"apps.bing_search.{number}", "value": value}
    for number, value in (("search_price", TARIFF), ("search_beyond", 0.2))
]


def web(index: str, events: list[dict[str, Any]], **numbers: float) -> dict[str, Any]:
    """A world in which Perplexity, known to many, answers from the web."""
    app = {"apps": ["bing_search"], "search_calls": 1, "opening_known": 0.2, "index": index, **numbers}
    return {"extends": str(ROUGH), "months": MONTHS, "name": "web", "apps": {"perplexity": app}, "event": events}


def simulate(index: str, events: list[dict[str, Any]], **numbers: float) -> Result:
    return run(web(index, events, **numbers), users=300)


def searches(result: Result, seller: str) -> pl.DataFrame:
    """Invoices to Perplexity for searches, by month, item, price and quantity."""
    sold = (pl.col("good") == "search_calls") & (pl.col("credit_item") == "revenue")
    return result.journal.filter(sold, debit_account="perplexity", credit_account=seller)


def total(result: Result, firm: str, column: str) -> int:
    return int(result.firms.filter(firm=firm)[column].sum())


def test_a_tariff_bills_a_first_block_and_what_is_beyond_it() -> None:
    tariff = Tariff(first=0.028, block=30_000_000.5, beyond=0.2)
    assert tariff.blocks(30_000_001) == ((30_000_000, 0.028), (1, 0.2))
    assert tariff.bill(29_000_000) == pytest.approx(812_000)
    assert tariff.calls(840_000 + 2_000) == pytest.approx(30_010_000)
    assert tariff.calls(28) == pytest.approx(1_000)


def test_each_block_is_invoiced_at_its_own_price_to_the_cent() -> None:
    rows = searches(simulate("bought", RISE), "bing_search").filter(pl.col("month").dt.month() == 6)
    first, beyond = rows.sort("price_nano").select("quantity", "price_nano", "cents").rows()
    assert first == (30_416_667, 28_000_000, 85_166_668)  # 851,666.676 dollars, to the cent
    assert beyond[1] == 200_000_000
    assert beyond[2] == beyond[0] * 20


def test_an_index_pays_beyond_its_cost_over_what_a_call_saves_to_the_query() -> None:
    """Known answer: with a flat price p an index for F and c a search pays beyond F / (p - c) calls a month."""
    flat = {"search_price": TARIFF, "search_beyond": TARIFF}
    world = web("cheapest", [])
    world["apps"]["bing_search"] = flat
    asked = run(web("own", []) | {"apps": world["apps"] | {"perplexity": {"opening_known": 0.2}}}, users=300)
    volume = int(asked.apps.filter(app="perplexity", month=asked.apps["month"].min())["queries"].sum())
    at_break_even = volume * (TARIFF - CALL)  # the cost of an index at which the first month's queries just pay it
    for cost, bought in ((at_break_even + 0.01, volume), (at_break_even - 0.01, 0)):
        world["apps"]["perplexity"] |= {"index_cost": cost, "index_call_cost": CALL}
        month = run(world | {"months": 1}, users=300)
        assert searches(month, "bing_search")["quantity"].sum() == bought
        assert searches(month, "world").filter(debit_item="cost_of_sales")["quantity"].sum() == volume - bought


def test_a_rising_tariff_squeezes_buyers_of_searches_and_not_owners_of_an_index() -> None:
    before, after = (simulate("bought", events) for events in ([], RISE))
    assert total(after, "perplexity", "operating_profit") < total(before, "perplexity", "operating_profit")
    assert searches(after, "bing_search")["cents"].sum() > searches(before, "bing_search")["cents"].sum()
    own = [simulate("own", events).manifest["digest"] for events in ([], RISE)]
    assert own[0] == own[1]


def test_an_app_that_may_leave_does_so_in_months_in_which_an_index_is_cheaper() -> None:
    cost = 1_500_000.0
    result = simulate("cheapest", [], index_cost=cost, index_call_cost=CALL)  # against 0.007 a call
    bought, made = (months(searches(result, seller)) for seller in ("bing_search", "world"))
    assert bought
    assert made
    assert max(bought.values()) <= cost / (0.007 - CALL) < min(made.values())


def months(rows: pl.DataFrame) -> dict[date, int]:
    """Searches by month."""
    sums = rows.filter(debit_item="cost_of_sales").group_by("month").agg(pl.col("quantity").sum())
    return dict(sums.iter_rows())


def test_a_seller_that_nobody_buys_from_moves_nothing() -> None:
    usual = run(ROUGH, months=6, users=100).manifest["digest"]
    idle = {"apps.search_price": 0.5, "apps.search_beyond": 9, "apps.index_cost": 1e8, "apps.index": "cheapest"}
    assert run(ROUGH, months=6, users=100, set=idle).manifest["digest"] == usual


def test_an_answer_without_its_search_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tariff, "blocks", lambda tariff, calls: ((min(calls, int(tariff.block)), tariff.first),))
    world = World(web("bought", RISE), rng=1, users=300)
    with pytest.raises(InvariantBroken, match="perplexity made 30416667 searches for answers that need") as broken:
        live(world)
    assert broken.value.invariant == "I6"


def live(world: World) -> None:
    while world.running:
        world.step()


MISSING = "is missing; an app that buys searches names an app that sells them"
NONE_OF_THEM = "found ['brave'], none of which sells them"
ITSELF = "names 'perplexity' itself; expected others"


@pytest.mark.parametrize(
    ("app", "events", "sentence"),
    [
        ({"search_calls": 1, "index": "bought"}, [], f"{MISSING}; expected one of bing_search"),
        (
            {"index": "cheapest", "apps": ["brave"]},
            [{"month": "2023-03", "what": "set", "path": "apps.perplexity.search_calls", "value": 1}],
            f"{NONE_OF_THEM}; expected one of bing_search",
        ),
        ({"apps": ["perplexity"]}, [], ITSELF),
        ({"search_calls": 1, "index": "own"}, [], None),
        ({"index": "bought"}, [], None),
    ],
)
def test_an_app_that_buys_searches_must_name_a_seller(
    app: dict[str, Any], events: list[Any], sentence: str | None
) -> None:
    world = {"extends": str(ROUGH), "name": "web", "apps": {"perplexity": app}, "event": events}
    if sentence is None:
        assert load_scenario(world).scenario == "web"
    else:
        with pytest.raises(BadInput) as refused:
            load_scenario(world)
        assert str(refused.value) == f"web, apps.perplexity.apps: {sentence}"


def test_without_a_seller_of_searches_the_refusal_names_the_cure() -> None:
    world = {"extends": str(ROUGH), "name": "web", "apps": {"perplexity": {"index": "bought", "search_calls": 1}}}
    with pytest.raises(BadInput, match="no app has a search_price above 0"):
        load_scenario(world, {"apps.bing_search.search_price": 0})


def test_an_app_that_loses_its_seller_searches_by_itself() -> None:
    gone = [{"month": "2023-04", "what": "set", "path": "apps.bing_search.search_price", "value": 0}]
    result = simulate("bought", gone)
    last = searches(result, "bing_search")["month"].max()
    first = searches(result, "world")["month"].min()
    assert (last.month, first.month) == (3, 4)  # type: ignore[union-attr]
