"""The books of a firm as tables: periods add up, losses carry a minus, and a line is followed by its parts."""

from datetime import date

import polars as pl
import pytest

from tests.worlds.small_runs import M, SmallRun, months_from
from watersellers.viz.charts.books import Part, books_data, books_table, part_name
from watersellers.viz.reports.purchases import parts_of
from watersellers.viz.words import catalogue as words
from watersellers.viz.words.catalogue import MINUS


def test_quarters_add_flows_up_and_take_stocks_at_their_end():
    run = SmallRun()
    income = books_table(run.income("forge"), "income", "quarters")
    assert income.head == ["Line", "2024 Q1", "2024 Q2", "2024 Q3", "2024 Q4", "2025 Q1*"]  # two months of the last
    assert income.rows[0] == ["Revenue", "600", "1,500", "2,400", "3,300", "2,700"]
    cash = {row[0]: row[1:] for row in books_table(run.cash_flow("forge"), "cash_flow", "quarters").rows}
    assert cash["Opening cash"][:2] == ["500", "860"]
    assert cash["Cash"][:2] == ["860", "1,760"]
    assert cash["Net income"][:2] == ["360", "900"]


def test_a_loss_carries_a_minus_and_nothing_is_a_dash():
    rows = {row[0]: row[1:] for row in books_table(SmallRun().income("thinker"), "income", "years").rows}
    assert rows["Operating profit"][0] == f"{MINUS}1,170,000"  # 10 million x 78 x -1.5, in thousands
    sheet = {row[0]: row[1:] for row in books_table(SmallRun().balance_sheet("forge"), "balance_sheet", "months").rows}
    assert sheet["Cash"][0] == words.MISSING
    assert len(sheet["Cash"]) == 15


def test_empty_lines_are_left_out():
    sheet = books_table(SmallRun().balance_sheet("forge"), "balance_sheet")
    assert [row[0] for row in sheet.rows] == ["Cash", "Equity", "Assets"]  # and no payables


@pytest.mark.parametrize("period", ["months", "quarters", "years"])
def test_a_balance_sheet_begins_with_the_opening(period):
    sheet = books_table(SmallRun().balance_sheet("forge"), "balance_sheet", period)
    assert sheet.head[1:3] == ["Opening", {"months": "2024-01", "quarters": "2024 Q1", "years": "2024"}[period]]
    ends = {"months": "560", "quarters": "860", "years": "5,180"}  # 500, and 60 % of sales
    assert sheet.rows[0][:3] == ["Cash", words.MISSING, ends[period]]


def test_a_line_is_followed_by_what_it_is_made_of():
    parts = parts_of(SmallRun().journal, SmallRun().months)["forge"]
    table = books_table(SmallRun().income("forge"), "income", parts=parts)
    names = ["Revenue", "machines (skies)", "machines (barn)", "Cost of sales", "wages (Rest of the world)"]
    assert [row[0] for row in table.rows][:5] == names
    assert table.rows[1] == ["machines (skies)", "5,460", "1,890"]  # 70 of every 100 million, times 78 and 27
    assert [table.kinds.get(index) for index in range(6)] == [None, "part", "part", None, "part", "total"]


def test_a_reversal_counts_against_its_line():
    rows = [
        (date(2024, 1, 1), "cloud", "chip_stock", "forge", "revenue", "accelerators", 900),
        (date(2024, 1, 1), "forge", "revenue", "cloud", "receivables", "accelerators", 300),
        (date(2024, 2, 1), "forge", "cost_of_sales", "world", "revenue", "foundry", 50),
        (date(2024, 2, 1), "forge", "equity", "forge", "cost_of_sales", "closing", 50),
    ]
    columns = ["month", "debit_account", "debit_item", "credit_account", "credit_item", "good", "cents"]
    parts = parts_of(pl.DataFrame(rows, schema=columns, orient="row"), months_from(2))["forge"]
    assert parts == {
        "revenue": [Part("machines", "cloud", [600, 0])],
        "cost_of_sales": [Part("foundry", "world", [0, 50])],
    }


def test_the_small_parts_of_a_line_are_one_and_no_cent_is_lost():
    rows = [(date(2024, 1, 1), f"buyer{n}", "fleet", "forge", "revenue", "accelerators", 10 + n) for n in range(9)]
    columns = ["month", "debit_account", "debit_item", "credit_account", "credit_item", "good", "cents"]
    found = parts_of(pl.DataFrame(rows, schema=columns, orient="row"), months_from(1))["forge"]["revenue"]
    assert [part.other for part in found] == ["buyer8", "buyer7", "buyer6", "buyer5", "buyer4", "buyer3", ""]
    assert found[-1].cents == [10 + 11 + 12]
    assert part_name(found[-1]) == "all others"


def test_the_data_for_the_script_hold_every_cent():
    frame = SmallRun(count=2).income("forge")
    assert books_data(frame)["lines"] == {
        "revenue": [100 * M, 200 * M],
        "cost_of_sales": [40 * M, 80 * M],
        "operating_profit": [60 * M, 120 * M],
        "net_income": [60 * M, 120 * M],
    }


def test_an_unknown_amount_makes_its_quarter_unknown():
    frame = pl.DataFrame({"month": months_from(3), "revenue": [1, None, 3]})
    assert books_table(frame, "income").rows == [["Revenue", ""]]
