"""Bands over seeds: nine in ten from twenty seeds on, the range of all below, in every table and on every page."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watersellers.experiments.analysis.bands_over_runs import (
    ALL,
    BAND,
    HALF,
    LEAST_SEEDS,
    NINE_IN_TEN,
    band_columns,
    band_in_words,
    band_kind,
    band_of,
    kind_column,
    least_number,
    quantile,
)
from watersellers.experiments.analysis.comparison.steps import Steps
from watersellers.experiments.analysis.comparison.two_worlds import MEASURES, Comparison
from watersellers.experiments.analysis.decomposition.causes import load_causes
from watersellers.experiments.analysis.decomposition.decompose import Decomposition
from watersellers.experiments.analysis.targets import targets
from watersellers.experiments.analysis.validation import TargetResult
from watersellers.experiments.analysis.windows import CALIBRATED_YEAR, DatedMeasure
from watersellers.experiments.cli.decomposition_tables import print_decomposed
from watersellers.experiments.cli.money_tables import print_compared, print_steps
from watersellers.experiments.cli.story_tables import on_seeds
from watersellers.experiments.cli.target_tables import print_targets
from watersellers.experiments.stories.verdicts import FAILS, HOLDS, RULES, TOO_FEW, UNDECIDED, judge_claim, verdict
from watersellers.experiments.sweeps.analysis.bands import bands_of
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.study_charts import bands_chart
from watersellers.viz.drawing.svg import escaped
from watersellers.viz.reports.analyses.steps_report import steps_html
from watersellers.viz.reports.analyses.validation_report import fit_html
from watersellers.viz.reports.story_report import on_seeds as on_seeds_of_page
from watersellers.viz.words.band_words import band_in_words as words_of_page
from watersellers.viz.words.catalogue import LANGUAGES

NUMBERS = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=60)
ROOMS = ("agents", "experiments", "market", "viz")
ROOT = Path(__file__).parents[2]


def test_the_rule_by_hand():
    assert (least_number(BAND), least_number(HALF), LEAST_SEEDS) == (20, 4, 20)
    assert (band_kind(19), band_kind(20)) == (ALL, NINE_IN_TEN)
    assert band_of([3.0, 1.0, 2.0]) == (1.0, 3.0)
    assert band_of([float(each) for each in range(20)]) == pytest.approx((0.95, 18.05))
    assert band_of([]) is None


@given(NUMBERS)
def test_a_band_that_is_said_to_be_nine_in_ten_leaves_one_out_at_each_end_and_a_range_leaves_out_none(values):
    low, high = band_of(values) or (0.0, 0.0)
    below, above = sum(each < low for each in values), sum(each > high for each in values)
    if band_kind(len(values)) == ALL:
        assert (low, high) == (min(values), max(values))
    elif len(set(values)) == len(values):
        assert below >= 1
        assert above >= 1
        assert below + above <= len(values) / 10 + 2


@given(NUMBERS)
def test_columns_and_lists_have_the_same_bands(values):
    low, high = band_columns("value", BAND)
    frame = pl.DataFrame({"value": [*values, None]}, schema={"value": pl.Float64})
    found = frame.select(low=low, high=high, kind=kind_column("value")).row(0)
    assert found[:2] == pytest.approx(band_of(values))
    assert found[2] == band_kind(len(values))


@pytest.mark.parametrize("seeds", [1, 3, 9, 10, 19, 20, 100])
def test_words_say_nine_in_ten_from_twenty_seeds_on_and_how_many_seeds_a_verdict_rests_on(seeds):
    found = judge_claim(RULES["above"], [[1.0]] * seeds)
    assert found.verdict == (HOLDS if seeds >= 10 else TOO_FEW)
    assert found.band == (NINE_IN_TEN if seeds >= 20 else ALL)
    assert ("nine" in band_in_words(seeds)) == (seeds >= 20)
    for say, nine in zip(LANGUAGES.values(), ("nine", "neuf"), strict=True):
        assert (nine in words_of_page(seeds, say)) == (seeds >= 20)
        assert str(seeds) in on_seeds_of_page(found, say)
        assert seeds >= 20 or str(seeds) in words_of_page(seeds, say)
    assert str(seeds) in on_seeds(found)


@given(st.integers(0, 200), st.integers(1, 200))
def test_fewer_than_ten_seeds_decide_nothing(held, seeds):
    said = verdict(min(held, seeds), seeds)
    assert (said == TOO_FEW) == (seeds < 10)
    assert said in (HOLDS, FAILS, UNDECIDED, TOO_FEW)


def test_no_other_file_takes_the_ends_of_a_band_by_itself():
    """The rule stands once: whoever takes 5 and 95 per cent of seeds elsewhere would call a range a band."""
    mine = ROOT / "experiments" / "analysis" / "bands_over_runs.py"
    others = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path != mine]
    assert [path for path in others if ".quantile(BAND" in path.read_text() or "(0.05, " in path.read_text()] == []


def test_a_quantile_lies_on_a_straight_line_between_neighbours():
    assert quantile([0.0, 10.0], 0.25) == 2.5
    assert quantile([7.0], 0.95) == 7.0
    assert quantile([], 0.5) is None


# what is printed and what stands on pages

FEW, MANY = 3, 20
CALLED = {"en": "nine seeds in ten", "fr": "neuf graines sur dix"}


def fitted(seeds: int) -> list[TargetResult]:
    return [TargetResult(target, target.value, target.value, target.value, "inside", seeds) for target in targets()]


def decomposed(seeds: int) -> Decomposition:
    causes = load_causes()
    every, span = [cause.name for cause in causes], range(1, seeds + 1)
    shares = {(seed, layer, name): Fraction(seed) for seed in span for layer in CHAIN for name in every}
    worlds = {
        (seed, layer, frozenset(active)): seed for seed in span for layer in CHAIN for active in (every, list[str]())
    }
    return Decomposition(causes, seeds, shares, worlds, CALIBRATED_YEAR)


def compared(seeds: int) -> Comparison:
    figures = ("first", "second", "difference", "low", "high", "agree")
    row = {"measure": "operating_profit", "layer": "chips", "firm": "nvidia"} | dict.fromkeys(figures, 1.0)
    table = pl.DataFrame([row])
    return Comparison(("a", "b"), seeds, 1, {}, table, table, table.with_columns(month=date(2024, 3, 1)))


def stepped(seeds: int) -> Steps:
    keys = [{"measure": measure, "layer": layer} for measure in MEASURES for layer in CHAIN]
    table = pl.DataFrame([each | dict.fromkeys(("difference", "low", "high", "agree"), 1.0) for each in keys])
    steps = table.with_columns(step=pl.lit(1), before=pl.lit(0.0), after=pl.lit(1.0), holds_zero=pl.lit(value=False))
    path = pl.DataFrame([{"step": 1, "scenario": "b", "question": "What if?", "values": 1, "events": 0}])
    ends = table.with_columns(first=pl.lit(0.0), second=pl.lit(1.0))
    return Steps(("a", "b"), seeds, 10, CALIBRATED_YEAR, path, steps, ends)


@pytest.mark.parametrize("seeds", [FEW, MANY])
@pytest.mark.parametrize(
    "show",
    [
        lambda seeds: print_compared(compared(seeds)),
        lambda seeds: print_steps(stepped(seeds)),
        lambda seeds: print_decomposed(decomposed(seeds)),
        lambda seeds: print_targets(fitted(seeds), seeds, 1.0),
    ],
    ids=["compare", "steps", "decompose", "validate"],
)
def test_commands_call_a_band_nine_in_ten_only_with_enough_seeds(show, seeds, capsys):
    show(seeds)
    said = " ".join(capsys.readouterr().out.split())
    assert ("nine seeds in" in said) == (seeds == MANY)
    assert (f"all {FEW}" in said) == (seeds == FEW)


@pytest.mark.parametrize("seeds", [FEW, MANY])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_validation_names_its_band(language, seeds):
    page = fit_html(fitted(seeds), seeds, LANGUAGES[language])
    assert (CALLED[language] in page) == (seeds == MANY)
    assert (words_of_page(FEW, LANGUAGES[language]) in page.replace("&#39;", "'").replace("&#x27;", "'")) == (
        seeds == FEW
    )


@pytest.mark.parametrize("seeds", [FEW, MANY])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_steps_names_its_band(language, seeds):
    page = steps_html(stepped(seeds), LANGUAGES[language])
    assert (CALLED[language] in page) == (seeds == MANY)
    assert (escaped(words_of_page(FEW, LANGUAGES[language])) in page) == (seeds == FEW)


@pytest.mark.parametrize("runs", [FEW, MANY])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fan_chart_says_what_its_bands_hold(language, runs):
    rows = [(f"{number}", date(2024, month, 1), "chips", float(number)) for number in range(runs) for month in (1, 2)]
    table = pl.DataFrame(rows, schema=["run", "month", "who", "value"], orient="row")
    found = bands_of(table, [], table.unique("run"))
    assert found["band"].to_list() == [band_kind(runs)] * 2
    chart = bands_chart(found, DatedMeasure("revenue"), LANGUAGES[language])
    whole = {"en": f"all {runs} runs", "fr": f"toutes les {runs} simulations"}[language]
    assert (whole in chart.summary) == (runs == FEW)
    assert (str(LEAST_SEEDS) in chart.title) == (runs == FEW)
    assert chart.data.head[2] != chart.data.head[-1]
