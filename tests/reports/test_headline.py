"""The answer at the head of a report: sums of layers over a year, winners, losers, and the months it is drawn from."""

import pytest

from tests.worlds.small_runs import M, SmallRun, months_from
from watersellers.viz.reports.headline import headline
from watersellers.viz.reports.run_tables import chosen_months, last_full_year, layer_sums
from watersellers.viz.words.catalogue import MINUS, SPACE


def test_a_year_of_layers_adds_up():
    sums = {row["layer"]: row for row in layer_sums(SmallRun(count=12).layers).iter_rows(named=True)}
    spent = (40 + 20) * 78 * M  # enterprises rent from the barn, users pay the app
    assert sums["chips"]["operating_profit"] == 60 * 78 * M
    assert sums["chips"]["profit_over_final_spending"] == pytest.approx(60 * 78 * M / spent)
    assert sums["cloud"]["share_of_positive_profit"] == pytest.approx(20 / 80)
    assert sums["labs"]["operating_margin"] == pytest.approx(-1.5)
    assert sums["labs"]["share_of_positive_profit"] == 0


def test_the_answer_names_winners_and_losers_in_dollars():
    run = SmallRun(count=12)
    sentences = headline(run.layers, run.firms)
    made = f"chips $4.7{SPACE}bn and clouds $1.6{SPACE}bn"
    assert sentences[0] == f"Chips and clouds made money in the 12 months to December 2024: {made}."
    assert sentences[1].startswith(
        f"Labs and apps lost money in the 12 months to December 2024: labs {MINUS}$1.2{SPACE}bn"
    )
    assert "100 cents for chips" in sentences[2]
    assert "minus 25 cents for labs" in sentences[2]


def test_a_world_without_money_has_no_winner():
    run = SmallRun(times=0)
    sentences = headline(run.layers, run.firms)
    assert sentences[0].startswith("No layer made money")
    assert sentences[1].startswith("No layer lost money")
    assert "no share of it can be given" in sentences[2]


def test_the_last_full_year_is_a_calendar_year_where_there_is_one():
    assert last_full_year(months_from(14, (2023, 6))) == months_from(12, (2023, 8))  # there is none
    assert last_full_year(months_from(30, (2023, 1))) == months_from(12, (2024, 1))
    assert last_full_year(months_from(1)) == months_from(1)


@pytest.mark.parametrize("count", [1, 2, 11, 16, 17, 48, 49, 120, 600])
def test_a_handful_of_months_is_chosen_with_the_last_among_them(count):
    months = months_from(count)
    chosen = chosen_months(months)
    assert 1 <= len(chosen) <= 16
    assert chosen[-1] == months[-1]
    assert chosen == sorted(set(chosen))
