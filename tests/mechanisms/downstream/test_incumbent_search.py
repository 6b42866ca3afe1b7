"""An older search business with books of its own, and AI answers that take ad slots off its pages."""

from typing import Any

import polars as pl
import pytest

from watersellers import World, load_scenario, run
from watersellers.agents.apps.incumbent_search import IncumbentSearch
from watersellers.agents.apps.reasoning import Reasoning
from watersellers.agents.information import SeenBySearchBusiness
from watersellers.agents.strategies.answering import AllPages, NoPages, PartOfPages, WhereItPays
from watersellers.experiments.input.errors import BadInput
from watersellers.market.accounting.statements import MONEY
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.chance import Chance

MONTHS = 5
PAGES: dict[str, Any] = {
    "apps.bing_search.opening_pages": 2e7,
    "apps.bing_search.ad_load": 1.0,
    "advertisers.west.page_budget": 5e7,
    "advertisers.west.page_bidders": 4e8,
}


@pytest.fixture(scope="module")
def simulated():
    rules = ("no_pages", "all_pages")
    return {
        rule: run("dollar_paths", months=MONTHS, users=200, set={**PAGES, "apps.bing_search.answering": rule})
        for rule in rules
    }


def of(result, scope: str, column: str) -> int:
    return int(result.companies.filter(owner="microsoft", scope=scope)[column].sum())


def test_without_pages_there_is_no_line_and_nothing_changes():
    usual = run("dollar_paths", months=MONTHS, users=200)
    budget = {"apps.bing_search.answering": "all_pages", "apps.page_slots": 3.0}
    assert run("dollar_paths", months=MONTHS, users=200, set=budget).manifest["digest"] == usual.manifest["digest"]
    assert not len(usual.companies)
    assert "bing_search_pages" not in usual.books.accounts.names


def test_a_companys_sums_are_those_of_its_ai_business_and_its_older_line(simulated):
    for result in simulated.values():
        for column in (name for name in MONEY if name != "intra_group"):
            assert of(result, "company", column) == of(result, "AI", column) + of(result, "older", column)


def test_the_older_line_is_in_no_layer_of_the_chain_and_no_owners_ai_books(simulated):
    plain = simulated["no_pages"]
    assert plain.firms.filter(firm="bing_search_pages").is_empty()
    ai = plain.owners.filter(owner="microsoft")
    assert int(ai["revenue"].sum()) == of(plain, "AI", "revenue")
    paid = plain.flows.filter(payee="bing_search_pages")
    assert int(paid["cents"].sum()) == of(plain, "older", "revenue") > 0


def test_answers_take_the_pages_slots_and_slots_get_dearer(simulated):
    slots = {}
    for rule, payee in (("no_pages", "bing_search_pages"), ("all_pages", "bing_search")):
        sold = simulated[rule].flows.filter(good="attention", payee=payee).sort("quantity").tail(1)
        slots[rule] = (int(sold["quantity"][0]), float(sold["price"][0]))
    assert slots["no_pages"][0] == 10 * 2 * 10**7
    assert slots["all_pages"][0] == 2 * 10**7  # in a month in which tokens were enough for all
    assert slots["all_pages"][1] > slots["no_pages"][1]
    assert of(simulated["all_pages"], "older", "revenue") < of(simulated["no_pages"], "older", "revenue")
    assert of(simulated["all_pages"], "company", "operating_profit") < of(
        simulated["no_pages"], "company", "operating_profit"
    )


def test_cash_left_over_by_the_older_line_goes_to_its_owner(simulated):
    books = simulated["no_pages"].balances.filter(account="bing_search_pages", item="cash")
    assert books.filter(pl.col("cents") != 0).is_empty()
    handed = simulated["no_pages"].flows.filter(payer="bing_search_pages", good="dividend")
    assert set(handed["payee"]) == {"older_businesses"}
    assert int(handed["cents"].sum()) == of(simulated["no_pages"], "older", "operating_profit")


def test_it_pays_to_answer_where_rivals_take_the_pages_away():
    seen = {"pages": 100.0, "slot_price": 0.02, "page_slots": 10.0, "answer_slots": 3.0, "query_cost": 0.01}
    few, many = SeenBySearchBusiness(**seen, lost=0.7), SeenBySearchBusiness(**seen, lost=0.8)
    # an answer earns 3 x 0.02 - 0.01 = 0.05; a page 10 x 0.02 x 0.3 = 0.06, and x 0.2 = 0.04
    dice = Chance(1, 0)
    assert (WhereItPays()(few, dice), WhereItPays()(many, dice)) == (0.0, 100.0)
    assert (NoPages()(many, dice), PartOfPages(0.3)(few, dice), AllPages()(few, dice)) == (0.0, 30.0, 100.0)


def test_no_firm_may_have_the_name_of_a_line():
    named: dict[str, Any] = {
        "extends": "dollar_paths",
        "name": "clash",
        "question": "?",
        "apps": {"brave": {"opening_pages": 1.0}},
    }
    named["apps"] |= {"brave_pages": {"key": 497, "region": "west", "west": 1}}
    with pytest.raises(BadInput, match=r"apps\.brave_pages: is the name of brave's older line"):
        load_scenario(named)


def test_slots_sold_on_pages_that_were_answered_break_the_run(monkeypatch):
    world = World("dollar_paths", rng=1, users=200, set={**PAGES, "apps.bing_search.answering": "all_pages"})
    world.step()
    sell = IncumbentSearch.auction

    def sold_twice(pages, chance):
        served = pages.businesses[0].app.served_pages
        pages.businesses[0].app.served_pages = 0
        trades = sell(pages, chance)
        pages.businesses[0].app.served_pages = served
        return trades

    monkeypatch.setattr(IncumbentSearch, "auction", sold_twice)
    with pytest.raises(InvariantBroken, match="I6"):
        world.step()


def test_an_app_that_reasons_counts_the_tokens_of_its_owners_pages(monkeypatch):
    """Bing's own users are few, and its pages many: what it thinks longer about, it thinks about all of them."""
    few = {
        **PAGES,
        "apps.bing_search.opening_pages": 1e9,
        "apps.reasoning_gain": 0.3,
        "apps.bing_search.effort": "best_effort",
    }
    seen: list[tuple[int, int, float]] = []
    see = Reasoning.see

    def noted(reasoning, firm, beside):
        view = see(reasoning, firm, beside)
        if firm.name == "bing_search":
            seen.append((firm.answered, firm.asked_pages, view.output_cost))
        return view

    monkeypatch.setattr(Reasoning, "see", noted)
    run("dollar_paths", months=4, users=200, set={**few, "apps.bing_search.answering": "all_pages"})
    answered, pages, cost = seen[-1]
    assert pages > 1e8 > answered
    assert cost > 1e-4 * pages  # hundreds of tokens each, of some dollars a million
