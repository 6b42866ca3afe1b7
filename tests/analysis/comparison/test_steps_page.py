"""The page of the steps: what it says, that it is inert and whole, and that a browser opens it offline."""

import re
import signal
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest

from tests.tools.chromium import CROWDED
from watersellers.experiments.__main__ import main
from watersellers.market.goods import CHAIN
from watersellers.viz.drawing.svg import escaped
from watersellers.viz.reports.analyses.steps_report import steps_html, write_steps
from watersellers.viz.words.catalogue import LANGUAGES

COMMAND = ["compare", "plain", "scarce_chips", "--steps", "--seeds", "2", "--months", "2", "--users", "20"]
EVIL = '<script>alert("1")</script>'
LANGUAGE_NAMES = sorted(LANGUAGES)


def told(found, columns, measure="operating_profit"):
    """The same steps with other figures of a measure."""
    of_it = pl.when(pl.col("measure") == measure)
    given = [of_it.then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in columns.items()]
    return replace(found, steps=found.steps.with_columns(given))


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_page_has_a_picture_for_each_layer_and_every_step_with_its_question(stepped, language):
    page = steps_html(stepped, LANGUAGES[language])
    assert page.count("<svg") == len(CHAIN)
    for row in stepped.path.to_dicts():
        assert escaped(row["question"]) in page
        assert row["scenario"] in page
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_page_says_how_far_seeds_go_and_that_the_order_matters(stepped, language):
    say = LANGUAGES[language]
    for seeds in (1, 2, 20):
        page = steps_html(replace(stepped, seeds=seeds), say)
        assert escaped(say("steps.order")) in page
        assert (escaped(say("steps.one_seed")) in page) == (seeds == 1)
        beyond = say("steps.summary", first="", before="", second="", after="", largest="").split(".")[1].strip(" :")
        assert (escaped(beyond) in page) == (seeds > 1)
        assert (escaped(say("steps.few", odds=2, mark="*")) in page) == (seeds == 2)
        assert (escaped(say("band.nine_in_ten")) in page) == (seeds == 20)


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_a_step_whose_band_holds_zero_is_said_to_be_within_chance(stepped, language):
    say = LANGUAGES[language]
    chance = {"difference": 1e11, "low": -1e12, "high": 1e12, "holds_zero": True}
    page = steps_html(told(stepped, chance), say)
    assert page.count(f">{say('steps.in_chance')}</text>") == len(CHAIN) * len(stepped.scenarios)
    assert escaped(say("steps.no_layer", steps=say.together(stepped.scenarios))) in page
    sure = steps_html(told(stepped, chance | {"low": 1e10, "holds_zero": False}), say)
    assert f">{say('steps.in_chance')}</text>" not in sure
    assert escaped(say("steps.some_layer")) in sure


def test_names_and_questions_with_markup_are_inert(stepped):
    path = stepped.path.with_columns(scenario=pl.lit(EVIL), question=pl.lit(EVIL))
    page = steps_html(replace(stepped, names=(EVIL, EVIL), path=path))
    assert len(re.findall("<script", page)) == 1  # the page's own
    assert escaped(EVIL) in page


def test_the_command_writes_the_page_and_replaces_its_own(here, capsys):
    for _ in range(2):
        assert main([*COMMAND, "--page", "steps.html"]) == 0
        assert capsys.readouterr().out.endswith("page: steps.html\n")
    assert (here / "steps.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [file.name for file in here.iterdir()] == ["steps.html"]


def test_an_interrupted_comparison_writes_no_page(here, capsys, monkeypatch):
    def stopped(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("nobody heard it")

    monkeypatch.setattr("watersellers.experiments.analysis.comparison.steps.measure_runs", stopped)
    assert main([*COMMAND, "--page", "steps.html"]) == 130
    assert "nothing is left half written" in capsys.readouterr().err
    assert list(here.iterdir()) == []


# in a browser


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_page_opens_offline_and_is_no_wider_than_its_window(browser, stepped, tmp_path, language, width, dark):
    path = write_steps(stepped, tmp_path / "steps.html", LANGUAGES[language])
    browser.open(path, width=width, dark=dark)
    assert browser.requests() == [path.as_uri()]
    assert browser.faults() == []
    assert browser.ask("document.documentElement.scrollWidth") <= width
    paper, ink = (browser.ask(f"getComputedStyle(document.body).{name}") for name in ("backgroundColor", "color"))
    assert (_light(paper) < _light(ink)) == dark


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_texts_of_a_picture_neither_overlap_nor_leave_it(browser, stepped, tmp_path, language):
    within = told(stepped, {"holds_zero": True, "difference": 1e11})  # the longest remark at each bar
    path = within.path.with_columns(scenario=pl.col("scenario") + "_under_a_name_without_end")
    browser.open(write_steps(replace(within, path=path), tmp_path / "steps.html", LANGUAGES[language]))
    assert browser.ask(CROWDED) == []


def test_bars_lead_from_one_to_the_next_and_end_at_the_second_world(browser, stepped, tmp_path):
    browser.open(write_steps(stepped, tmp_path / "steps.html"))
    edges = browser.ask(BARS)
    assert len(edges) == len(CHAIN)
    for bars in edges:
        assert len(bars) == len(stepped.scenarios) + 2
        for (_, *before), (_, *after) in pairwise(bars):
            assert min(abs(one - other) for one in before for other in after) < 2


BARS = """[...document.querySelectorAll('svg.chart')].map(svg => [...svg.querySelectorAll('rect')]
    .map(e => [e.getAttribute('class'), +e.getAttribute('x'), +e.getAttribute('x') + +e.getAttribute('width')]))"""


def _light(colour: str) -> int:
    """How light a colour is that the browser computed."""
    return sum(int(number) for number in re.findall(r"\d+", colour)[:3])
