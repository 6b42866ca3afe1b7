"""The report and the lab say which decisions a rule overrode, and in which months."""

import re
from dataclasses import replace
from html import unescape

import polars as pl
import pytest

from tests.worlds.small_runs import SmallRun
from watersellers import run
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.viz.reports.run_report import report_html
from watersellers.viz.words.catalogue import LANGUAGES

MENUS = builtin_catalogue().menus
DECISIONS = {(group, decision) for group, menus in MENUS.items() for decision in menus}


@pytest.fixture(scope="module")
def capped():
    """Cash caps OpenAI's research from March 2023 on, and hosts of an open model cap the price of Qwen."""
    return run("baseline", months=14, users=100, set={"change.open_qwen.month": "2023-06"})


def told(page: str) -> list[list[str]]:
    """The rows of the table, as text."""
    table = re.search(r'id="firms-overridden".*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    rows = re.findall(r"<tr.*?</tr>", table[1], re.DOTALL) if table else []
    return [[unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_overridden_decision_is_listed_with_the_months_of_the_table(capped, language):
    say = LANGUAGES[language]
    say = replace(say, firms={**say.firms, **capped.manifest["titles"]})
    expected: dict[tuple[str, str], list[str]] = {}
    for firm, month, decisions in capped.firms.sort("month").select("firm", "month", "overridden").iter_rows():
        for decision in decisions.split(", ") if decisions else ():
            expected.setdefault((say.name(firm), say.name(decision)), []).append(say.month(month))
    found = {(firm, decision): (when, int(count)) for firm, decision, count, when in told(report_html(capped, say))}
    assert expected
    assert found.keys() == expected.keys()
    for key, (when, count) in found.items():
        assert count == len(expected[key])
        assert when.startswith(expected[key][0])
        assert when.endswith(expected[key][-1])


def small_page(monkeypatch, **columns) -> str:
    """The report of a small run whose firms have these columns too."""
    firms = SmallRun().firms.with_columns(**columns)
    monkeypatch.setattr(SmallRun, "firms", firms)
    return report_html(SmallRun())


@pytest.mark.parametrize("columns", [{"overridden": pl.lit(None, dtype=pl.String)}, {}])
def test_a_run_without_overridden_decisions_has_no_such_table(columns, monkeypatch):
    assert "firms-overridden" not in small_page(monkeypatch, **columns)


def test_months_that_follow_each_other_are_told_as_a_span(monkeypatch):
    first, second, third, *_, last = SmallRun().months
    of_forge = (pl.col("firm") == "forge") & (pl.col("month") != second)
    page = small_page(monkeypatch, overridden=pl.when(of_forge).then(pl.lit("capacity, pricing")))
    month = LANGUAGES["en"].month
    when = f"{month(first)}, {month(third)} to {month(last)}"
    assert told(page) == [["forge", "Capacity", "13", when], ["forge", "Price", "13", when]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_decision_and_strategy_has_a_name_in_each_language(language):
    words = {word for group, decision in DECISIONS for word in (decision, *MENUS[group][decision])}
    assert words - LANGUAGES[language].table.keys() == set()
