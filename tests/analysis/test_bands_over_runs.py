"""Bands over seeds: nine in ten from twenty seeds on, the range of all below, in every table and on every page."""

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
from watersellers.experiments.cli.story_tables import on_seeds
from watersellers.experiments.stories.verdicts import FAILS, HOLDS, RULES, TOO_FEW, UNDECIDED, judge_claim, verdict
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
        assert below + above <= max(2, len(values) / 10 + 1)


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
