"""Searches, answers sold by the call, publishers and walls: the model and the oracle write the same journal."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.oracle.books import GOOD, ITEMS, JournalRow
from tests.test_oracle import MIXED, changed, compare, goods_in, names, numbered, small
from watersellers import Size
from watersellers.agents.setting import Event, Member, Setting
from watersellers.agents.strategies.index import BuyCalls, CheapestCalls, OwnIndex

CHAIN_OF_TWO = Size(chips=1, cloud=2, labs=2, apps=5, china=0.0, mixed=True)
SELLING = {"search_price": 0.02, "search_block": 5e6, "search_beyond": 0.2}
NEEDING = {"search_calls": 1.3, "index_cost": 300_000.0, "index_call_cost": 0.0015}
ANSWERING = {"answer_price": 0.09, "answer_block": 2_000.0, "answer_beyond": 0.13}


def busy(seed: int, size: Size = MIXED) -> Setting:
    """A small world in which people know the apps and use them."""
    known = changed(small(size, seed=seed), numbered(opening_known=0.7), ("apps",))
    return changed(known, numbered(outside=0.5), ("users",))


def searching(setting: Setting, **more: float) -> Setting:
    """Let the first two apps of a world sell searches, and the others buy, keep an index, or do what is cheapest."""
    sellers = [app.name for app in setting.groups["apps"][:2]]
    menu = (BuyCalls(), CheapestCalls(), OwnIndex())

    def change(app: Member) -> Member:
        dear = {"search_price": 0.03} if app.name == sellers[0] else {}
        own = SELLING | dear if app.name in sellers else NEEDING
        strategies = {**app.strategies, "index": menu[app.key % 3]}
        there = {} if app.name in sellers else {"apps": tuple(sellers)}
        return replace(
            app, numbers={**app.numbers, **own, **more}, strategies=strategies, partners={**app.partners, **there}
        )

    return changed(setting, change, ("apps",))


def calling(setting: Setting, share: float = 0.4) -> Setting:
    """Let enterprises of every region call for answers."""
    answered = changed(setting, numbered(**ANSWERING), ("apps",))
    return changed(answered, numbered(answer_share=share, answer_customers=7.0), ("enterprises",))


def sold(rows: list[JournalRow], setting: Setting, to: Callable[[str], bool]) -> list[JournalRow]:
    """Invoices for calls to those whose name is asked for."""
    places = [place for place, name in enumerate(names(setting)) if to(name)]
    revenue = ITEMS.index("revenue")
    return [row for row in rows if row[8] == GOOD["search_calls"] and row[6] == revenue and row[3] in places]


@pytest.mark.parametrize(("size", "seed"), [(MIXED, 7), (CHAIN_OF_TWO, 12), (MIXED, 19)])
def test_searches_between_apps(size, seed):
    setting = searching(busy(seed, size))
    rows = compare(setting, 60, seed, 8)
    bought = [
        row for row in sold(rows, setting, lambda name: name.startswith("apps_")) if names(setting)[row[5]] != "world"
    ]
    assert len({row[10] for row in bought}) > 1  # at the prices of more than one block


def test_a_first_block_that_is_cheaper_than_ones_own_searches_is_bought_beside_an_index():
    cheap = changed(searching(busy(8)), numbered(index_call_cost=0.05), ("apps",))
    rows = compare(cheap, 60, 3, 6)
    name = next(app.name for app in cheap.groups["apps"][2:] if isinstance(app.strategies["index"], CheapestCalls))
    paid = {row[10] for row in sold(rows, cheap, lambda one: one == name)}
    assert {20_000_000, 50_000_000} <= paid
    assert 200_000_000 not in paid


@pytest.mark.parametrize("seed", [3, 14])
def test_answers_by_the_call(seed):
    setting = calling(busy(seed))
    rows = compare(setting, 50, seed, 8)
    blocks = {row[10] for row in sold(rows, setting, lambda name: name.startswith("enterprises"))}
    assert blocks == {90_000_000, 130_000_000}


@pytest.mark.parametrize("seed", [4, 21])
def test_publishers_and_walls(seed):
    paying = numbered(publisher_share=0.21, content_price=0.0007, walled=0.35, ad_load=0.4)
    rows = compare(changed(busy(seed), paying, ("apps",)), 60, seed, 8)
    assert {"content", "attention"} <= goods_in(rows)


def test_all_three_with_events_and_poor_apps():
    setting = searching(calling(busy(9)), publisher_share=0.1, walled=0.2, ad_load=0.3, opening_cash=0.0, staff=9e6)
    seller = setting.groups["apps"][1].name
    told = [
        (2, f"apps.{seller}.search_price", 0.2),
        (3, "apps.answer_price", 0.2),
        (4, f"apps.{seller}.search_price", 0.0),
        (5, "enterprises.answer_share", 0.9),
        (6, "apps.search_calls", 0.4),
    ]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in told)
    rows = compare(replace(setting, events=events), 60, 3, 8)
    assert {"search_calls", "content", "arrears"} <= goods_in(rows)


def test_scarce_tokens_ration_calls_after_seats():
    setting = changed(calling(busy(26), share=1.0), numbered(tokens_high=9e10, tokens_low=9e9), ("enterprises",))
    dear = changed(setting, numbered(opening_hours=3e5, opening_wait=0.0), ("cloud", "chips"))
    rows = compare(searching(dear), 40, 8, 6)
    assert "search_calls" in goods_in(rows)
