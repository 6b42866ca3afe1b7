"""The oracle agrees with the model where apps sell searches and answers, pay publishers, have walls, or old pages."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import MIXED, busy, calling, changed, compare, goods_in, names, numbered, small
from tests.oracle.economy.books import GOOD, ITEMS, JournalRow
from watersellers import Size
from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies.answering import (
    AllPages,
    BuyCalls,
    CheapestCalls,
    NoPages,
    OwnIndex,
    PartOfPages,
    WhereItPays,
)
from watersellers.agents.strategies.monetisation import AdsAsSet, AdsWhereTheyPay

CHAIN_OF_TWO = Size(chips=1, cloud=2, labs=2, apps=5, china=0.0, mixed=True)
SELLING = {"search_price": 0.02, "search_block": 5e6, "search_beyond": 0.2}
NEEDING = {"search_calls": 1.3, "index_cost": 300_000.0, "index_call_cost": 0.0015}


def searching(spec: ScenarioSpec, **more: float) -> ScenarioSpec:
    """Let the first two apps of a world sell searches, and the others buy, keep an index, or choose the cheapest."""
    sellers = [app.name for app in spec.groups["apps"][:2]]
    menu = (BuyCalls(), CheapestCalls(), OwnIndex())

    def change(app: ParticipantSpec) -> ParticipantSpec:
        dear = {"search_price": 0.03} if app.name == sellers[0] else {}
        own = SELLING | dear if app.name in sellers else NEEDING
        strategies = {**app.strategies, "index": menu[app.key % 3]}
        there = {} if app.name in sellers else {"apps": tuple(sellers)}
        return replace(
            app, numbers={**app.numbers, **own, **more}, strategies=strategies, partners={**app.partners, **there}
        )

    return changed(spec, change, ("apps",))


def sold(rows: list[JournalRow], spec: ScenarioSpec, to: Callable[[str], bool]) -> list[JournalRow]:
    """Invoices for calls, to buyers with a name that ``to`` accepts."""
    accounts = [account for account, name in enumerate(names(spec)) if to(name)]
    revenue = ITEMS.index("revenue")
    return [row for row in rows if row[8] == GOOD["search_calls"] and row[6] == revenue and row[3] in accounts]


@pytest.mark.parametrize(("size", "seed"), [(MIXED, 7), (CHAIN_OF_TWO, 12), (MIXED, 19)])
def test_searches_between_apps(size, seed):
    spec = searching(busy(seed, size))
    rows = compare(spec, 60, seed, 8)
    bought = [row for row in sold(rows, spec, lambda name: name.startswith("apps_")) if names(spec)[row[5]] != "world"]
    assert len({row[10] for row in bought}) > 1  # at the prices of more than one block


def test_a_first_block_that_is_cheaper_than_ones_own_searches_is_bought_beside_an_index():
    cheap = changed(searching(busy(8)), numbered(index_call_cost=0.05), ("apps",))
    rows = compare(cheap, 60, 3, 6)
    name = next(app.name for app in cheap.groups["apps"][2:] if isinstance(app.strategies["index"], CheapestCalls))
    paid = {row[10] for row in sold(rows, cheap, lambda seller_name: seller_name == name)}
    assert {20_000_000, 50_000_000} <= paid
    assert 200_000_000 not in paid


@pytest.mark.parametrize("seed", [3, 14])
def test_answers_by_the_call(seed):
    spec = calling(busy(seed))
    rows = compare(spec, 50, seed, 8)
    blocks = {row[10] for row in sold(rows, spec, lambda name: name.startswith("enterprises"))}
    assert blocks == {90_000_000, 130_000_000}


@pytest.mark.parametrize("seed", [4, 21])
def test_publishers_and_walls(seed):
    paying = numbered(publisher_share=0.21, content_price=0.0007, walled=0.35, ad_load=0.4)
    rows = compare(changed(busy(seed), paying, ("apps",)), 60, seed, 8)
    assert {"content", "attention"} <= goods_in(rows)


def test_all_three_with_events_and_poor_apps():
    spec = searching(calling(busy(9)), publisher_share=0.1, walled=0.2, ad_load=0.3, opening_cash=0.0, staff=2e7)
    seller = spec.groups["apps"][1].name
    changes = [
        (2, f"apps.{seller}.search_price", 0.2),
        (3, "apps.answer_price", 0.2),
        (4, f"apps.{seller}.search_price", 0.0),
        (5, "enterprises.answer_share", 0.9),
        (6, "apps.search_calls", 0.4),
    ]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in changes)
    rows = compare(replace(spec, events=events), 60, 3, 8)
    assert {"search_calls", "content", "arrears"} <= goods_in(rows)


def test_scarce_tokens_ration_calls_after_seats():
    spec = changed(calling(busy(26), share=1.0), numbered(tokens_high=9e10, tokens_low=9e9), ("enterprises",))
    dear = changed(spec, numbered(opening_hours=3e5, opening_wait=0.0), ("cloud", "chips"))
    rows = compare(searching(dear), 40, 8, 6)
    assert "search_calls" in goods_in(rows)


# result pages of older search businesses


def answering(strategy: object):
    def change(app: ParticipantSpec) -> ParticipantSpec:
        return replace(app, strategies={**app.strategies, "answering": strategy})

    return change


@pytest.mark.parametrize(
    ("seed", "strategy"), [(2, AllPages()), (5, WhereItPays()), (8, NoPages()), (3, PartOfPages(0.3))]
)
def test_result_pages_and_answers_to_them(seed, strategy):
    paged = numbered(opening_pages=9e5, page_slots=1.0, ad_load=4.0, page_loss=0.9, opening_known=0.6)
    spec = changed(small(seed=seed, months=8), paged, ("apps",))
    spec = changed(spec, numbered(page_budget=5e6, page_bidders=9e6), ("advertisers",))
    spec = changed(spec, answering(strategy), ("apps",))
    later = Event(5, "set", "", "apps.page_slots", 3.0, "")
    rows = compare(replace(spec, events=(later,)), 60, seed, 8)
    sold = {row[5] for row in rows if row[1] == 7}  # accounts that are credited when slots are paid
    pages = [account for account, name in enumerate(names(spec)) if name.endswith("_pages")]
    assert set(pages) & sold
    assert rows != oracle.run(changed(spec, numbered(opening_pages=0.0), ("apps",)), 60, seed, 8)


# ads that apps decide on


def advertising(strategy: object, **numbers: float) -> Callable[[ParticipantSpec], ParticipantSpec]:
    def change(app: ParticipantSpec) -> ParticipantSpec:
        strategies = {**app.strategies, "advertising": strategy, "answering": (AllPages(), NoPages())[app.key % 2]}
        return replace(app, numbers={**app.numbers, **numbers}, strategies=strategies)

    return change


DECIDED = AdsWhereTheyPay(months=12.0, step=0.4, wait=2.0)


@pytest.mark.parametrize(("seed", "pages"), [(2, 0.0), (5, 9e5), (8, 9e5)])
def test_ads_where_they_pay(seed, pages):
    numbers = {"opening_pages": pages, "page_slots": 2.0, "page_loss": 0.9, "opening_known": 0.6, "walled": 0.1}
    spec = changed(small(seed=seed, months=12), advertising(DECIDED, **numbers, publisher_share=0.1), ("apps",))
    spec = changed(spec, numbered(trust_erosion=0.05, scandal_hazard=0.05, transactions=0.02), ("apps",))
    spec = changed(spec, numbered(bidders=3e8, page_budget=5e6, page_bidders=9e6), ("advertisers",))
    events = (
        Event(7, "set", "", "advertisers.worth", 0.0, ""),
        Event(9, "set", "", "advertisers.worth", 0.03, ""),
        Event(10, "set", "", "apps.most_slots", 0.3, ""),
    )
    spec = replace(spec, events=events)
    rows = compare(spec, 60, seed, 12)
    assert "attention" in goods_in(rows)
    assert rows != oracle.run(changed(spec, advertising(AdsAsSet()), ("apps",)), 60, seed, 12)
