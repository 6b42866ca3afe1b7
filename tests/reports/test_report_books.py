"""The books of all firms are in the report to the cent, with the parts that each line is made of."""

import json

from tests.reports.report_pages import Page
from tests.worlds.small_runs import CHAIN_FIRMS, M, SmallRun
from watersellers.viz.charts.books import books_table
from watersellers.viz.reports.purchases import TRADE_LINES, parts_of
from watersellers.viz.reports.run_tables import months_of


def test_the_first_firms_books_are_there_without_scripts(report):
    table = books_table(
        SmallRun().income("forge"), "income", parts=parts_of(SmallRun().journal, SmallRun().months)["forge"]
    )
    for cell in table.rows[0]:
        assert f">{cell}<" in report
    assert "Income statement of forge" in report


def test_the_books_of_all_firms_are_in_the_page_to_the_cent(report):
    page = Page()
    page.feed(report)
    books = json.loads(page.scripts[0])
    assert set(books["firms"]) == set(CHAIN_FIRMS)
    thinker = books["firms"]["thinker"]["income"]
    assert thinker["months"][:2] == ["2024-01", "2024-02"]
    assert thinker["lines"]["operating_profit"][:2] == [-15 * M, -30 * M]
    assert books["firms"]["barn"]["balance_sheet"]["lines"]["payables"] == 0
    assert books["firms"]["barn"]["income"]["parts"]["revenue"] == [
        ["GPU-hours (Enterprises)", [40 * M * (number + 1) for number in range(14)]]
    ]


def test_in_a_real_run_the_parts_of_a_line_add_up_to_it_to_the_cent(real):
    parts = parts_of(real.journal, months_of(real.firms))
    for firm in real.firms["firm"].unique():
        income = real.income(firm)
        for line in TRADE_LINES:
            found = [part.cents for part in parts.get(firm, {}).get(line, [])]
            sums = [sum(cents) for cents in zip(*found, strict=True)] or [0] * len(income)
            assert sums == income[line].to_list(), (firm, line)
