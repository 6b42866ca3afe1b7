"""The report says what the tables say: profits, final spending to the cent, owners, and sectors outside the chain."""

from pathlib import Path

import pytest

from tests.reports.report_pages import visible_text
from tests.worlds.small_runs import SmallRun
from watersellers import run
from watersellers.viz.reports.purchases import is_final, sold_outside
from watersellers.viz.reports.run_tables import final_spending, months_of
from watersellers.viz.words.catalogue import ENGLISH


def test_the_firms_of_a_layer_add_up_to_it():
    text = visible_text(SmallRun(count=12))
    assert "skies $4.7 bn $3.7 bn $936 m" in text.replace("\xa0", " ")
    assert "Clouds together $7.8 bn $6.2 bn $1.6 bn" in text.replace("\xa0", " ")


def test_profit_is_defined_once(report):
    assert report.count("operating profit = revenue") == 1
    assert "AI business only" in ENGLISH("answer.profit")


def test_the_answer_and_the_layers_say_what_the_tables_say():
    text = visible_text(SmallRun(count=12))
    assert "Chips and clouds made money in the 12 months to December 2024" in text
    assert "Chips $7.8 bn $4.7 bn 60 %" in text  # revenue, profit, margin
    assert "Labs $780 m \N{MINUS SIGN}$1.2 bn" in text


def test_final_spending_is_shown_by_payer_and_good_and_adds_up_to_the_cent():
    text = visible_text(SmallRun(count=12))  # 40 and 20 million, times 78
    assert "Enterprises GPU-hours $3.1 bn 67 % Clouds 3,120,000,000.00" in text
    assert "Users in the West subscriptions $1.6 bn 33 % Apps 1,560,000,000.00" in text
    assert "Final spending $4.7 bn 100 % 4,680,000,000.00" in text
    cents = "66.7 on GPU-hours for enterprises and 33.3 on subscriptions for users in the West"
    assert f"Cents of each dollar of final spending: {cents}" in text


def test_profit_is_also_compared_with_spending_without_what_the_scenario_assumes():
    text = visible_text(SmallRun(count=12))
    assert "Chips $4.7 bn 100 % 300 %" in text  # the same profit over 4.7 bn, and over the 1.6 bn of subscriptions
    assert "leaves out $3.1 bn of machines and GPU-hours that enterprises bought" in text
    only_apps = visible_text(SmallRun(names=("thinker", "chatty")))
    assert "machines and GPU-hours that enterprises bought" not in only_apps


def test_in_a_real_run_what_payers_bought_is_final_spending_to_the_cent(real):
    sold = sold_outside(real, months_of(real.layers))
    assert sold.filter(is_final())["cents"].sum() == final_spending(real.layers)
    kinds = set(sold.filter(is_final()).select("layer", "kind").iter_rows())
    assert {("users", "subscriptions"), ("enterprises", "machines"), ("enterprises", "tokens")} <= kinds


def test_owners_have_all_their_layers():
    text = visible_text(SmallRun(count=12))
    assert "giant Clouds, Labs $5.5 bn" in text  # (60 + 10) x 78 million


def test_sectors_outside_the_chain_are_explained(real):
    text = visible_text(SmallRun())
    assert f"Enterprises {ENGLISH('outside.enterprises')}" in text
    assert ENGLISH("outside.lenders") not in text  # nobody lends here
    pages = "baidu search pages, bing search pages, ByteDance, gemini pages, nami 360 pages"
    owners = f"Apple, {pages}, Older businesses, Tesla and US banks"
    assert f"{owners} {ENGLISH('outside.older_businesses')}" in visible_text(real)
    assert f"Shareholders {ENGLISH('outside.shareholders')}" in visible_text(real)


@pytest.mark.parametrize(("world", "name"), [("own_use", "ByteDance"), ("older_pages", "bing search pages")])
def test_older_businesses_with_accounts_of_their_own_are_explained_as_such(world, name):
    block = Path(__file__).parents[1] / "worlds" / "blocks" / f"{world}.toml"
    text = visible_text(run(block, months=4, users=50))
    assert f"{name} and Older businesses {ENGLISH('outside.older_businesses')}" in text


def test_states_are_explained_as_such_and_not_as_older_businesses():
    block = Path(__file__).parents[1] / "worlds" / "blocks" / "states.toml"
    text = visible_text(run(block, months=4, users=50))
    assert f"fund {ENGLISH('outside.states')}" in text
    assert f"Older businesses {ENGLISH('outside.older_businesses')}" in text


def test_the_page_says_how_to_repeat_the_run_and_what_it_does_not_claim():
    text = visible_text(SmallRun())
    for fact in ("toy world", "Who earns?", "abc123", "Seed 7", "not a forecast", "investment advice"):
        assert fact in text


def test_what_clouds_sell_to_their_own_groups_stands_apart_at_list_prices_and_at_cost():
    text = visible_text(SmallRun(count=12))
    assert "Own group: its labs and apps 4.7 k $4.7 bn $3.7 bn $936 m 20 %" in text  # 60 million x 78
    assert "All that clouds sold 7.8 k $7.8 bn" in text
    assert "60 % of what clouds sold stayed inside their own groups" in text
    assert "had signed for $6.0 bn of hours" in text  # five times December's 60 and 40 million x 12
    assert "The most, $3.6 bn, with skies." in text
    assert "sold over" not in visible_text(SmallRun(names=("thinker", "chatty")))
