"""A figure says which months it is of: a longer run gives the same headline, and a run without its months none."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.finished import finished
from watersellers import BadInput, Result, Sweep, World, run
from watersellers.experiments.analysis.decomposition.decompose import year_profit
from watersellers.experiments.analysis.validation import target_figures
from watersellers.experiments.analysis.windows import (
    CALIBRATED_YEAR,
    Period,
    Window,
    calendar_year_names,
    headline_months,
    uncovered,
)
from watersellers.experiments.cli.run_tables import sums_over, windows_of, yearly_profit
from watersellers.experiments.sweeps.measures import (
    OVER_WINDOWS,
    default_measures,
    measure_run,
    on_menu,
)
from watersellers.experiments.sweeps.table_measures import OF_WORK
from watersellers.viz.reports.headline import headline
from watersellers.viz.reports.run_tables import headline_year, layer_sums
from watersellers.viz.words.catalogue import LANGUAGES

NAMES = ("calibrated", "2023", "2024", "last1", "last12", "last26")
STARTS = st.builds(date, st.integers(2000, 2040), st.integers(1, 12), st.just(1))
LIVED = st.builds(Period.lived, STARTS, st.integers(1, 120))


@pytest.fixture(scope="module")
def runs():
    """The same world, lived to the end of the calibrated year, a little longer, and much longer."""
    world = World("plain", rng=1, months=48, users=200)
    world.run_for(29)
    longer = world.result()
    world.run_model()
    return [finished("plain", months=26, users=200), longer, world.result()]


# one headline, however long the run


def measured(result: Result, name: str) -> list[tuple]:
    return measure_run(result, [name], "r").rows()


HEADLINES: dict[str, Callable[[Result], Any]] = {
    **{name: partial(measured, name=name) for name in default_measures(CALIBRATED_YEAR)[1:]},
    **{f"2024.{name}": partial(measured, name=f"2024.{name}") for name in OVER_WINDOWS},
    "the table of a run": lambda result: sums_over(result, *windows_of(result)[0]),
    "the causes": year_profit,
    "the answer in English": lambda result: headline(result.layers, result.firms, LANGUAGES["en"]),
    "the answer in French": lambda result: headline(result.layers, result.firms, LANGUAGES["fr"]),
    "the report's layers": lambda result: layer_sums(headline_year(result.layers)).rows(),
    "the targets": target_figures,
}


@pytest.mark.parametrize("headline_of", HEADLINES.values(), ids=HEADLINES)
def test_a_longer_run_of_the_same_world_has_the_same_headline(runs, headline_of):
    first, *longer = map(headline_of, runs)
    assert first
    for other in longer:
        assert other == first


def test_a_longer_run_ends_with_other_months_under_another_name(runs):
    short, *longer = ([(window.name, months) for window, months in windows_of(result)] for result in runs)
    assert short == [("calibrated", CALIBRATED_YEAR)]
    for (headline_of, latest), result in zip(longer, runs[1:], strict=True):
        assert headline_of == ("calibrated", CALIBRATED_YEAR)
        assert latest == ("last12", Period(result.layers["month"].unique().sort()[-12], result.layers["month"].max()))
    shares = [measured(result, "last12.upstream_share")[0][-1] for result in runs]
    assert shares[0] == measured(runs[0], "calibrated.upstream_share")[0][-1]
    assert len(set(shares)) == len(runs)


# no figure of months that were not lived


@pytest.mark.parametrize("months", [1, 11, 12, 13, 25])
def test_a_window_that_a_run_does_not_cover_has_no_figure(months):
    result = run("dollar_paths", 1, months=months, users=10)
    lived = Period.lived(date(2023, 1, 1), months)
    for name in NAMES:
        window = Window.read(name)
        assert window is not None
        of = [f"{name}.{each}" for each in OVER_WINDOWS if each not in OF_WORK]  # no segments of work here
        rows = measure_run(result, of, "r")
        assert set(rows["month"]) == {window.months(lived).last}
        assert rows["measure"].unique().sort().to_list() == sorted(of)
        known = lived.covers(window.months(lived))
        figures = rows.filter(~pl.col("measure").str.ends_with("_share") | pl.col("layer").is_null()) if known else rows
        assert figures["value"].null_count() == (0 if known else len(rows)), (
            name
        )  # a layer that received nothing has none
        assert rows.filter(pl.col("layer").is_not_null())["layer"].to_list() == ["chips", "cloud", "labs", "apps"] * 4


def test_figures_of_a_window_are_sums_of_its_months_alone(runs):
    for name, months in (("calibrated", CALIBRATED_YEAR), ("2024", Period(date(2024, 1, 1), date(2024, 12, 1)))):
        layers = runs[-1].layers.filter(pl.col("month").is_between(months.first, months.last))
        spent = layers.filter(pl.col("layer").is_in(["users", "enterprises", "advertisers"]))["bought_from_chain"].sum()
        upstream = layers.filter(pl.col("layer").is_in(["chips", "cloud"]))["operating_profit"].sum()
        assert measured(runs[-1], f"{name}.upstream_share")[0][-1] == upstream / spent
        assert measured(runs[-1], f"{name}.final_spending")[0][-1] == spent


def test_a_target_whose_months_were_not_all_lived_has_no_figure():
    late = run({"extends": "dollar_paths", "start": "2023-04", "name": "late", "question": "?"}, 1, months=9, users=10)
    found = target_figures(late)
    assert found["nvidia_revenue_2023-04"] is None  # of February to April 2023
    assert found["nvidia_revenue_2023-07"] is not None


@pytest.mark.parametrize("months", [1, 12, 14, 25])
@pytest.mark.parametrize("measures", [["calibrated.upstream_share"], ["calibrated.profit_over_final_spending"]])
def test_a_study_of_runs_without_the_calibrated_year_is_refused_with_the_months_and_windows_that_fit(months, measures):
    with pytest.raises(BadInput) as refusal:
        Sweep("plain", {}, months=months, users=10, measures=measures).plan()
    (sentence,) = refusal.value.problems
    lived = Period.lived(date(2023, 1, 1), months)
    assert f"study, measures: {measures[0]} needs the months 2024-03 to 2025-02, but the runs live {lived};" in sentence
    assert "make the runs 26 months long" in sentence
    proposed = re.findall(r"\b(?:last\d+|\d{4})\.[a-z_]+", sentence)
    assert proposed
    Sweep("plain", {}, months=months, users=10, measures=proposed).plan()
    Sweep("plain", {}, months=26, users=10, measures=measures).plan()


@given(lived=LIVED)
def test_a_study_that_names_no_measures_gets_only_windows_that_its_runs_cover(lived):
    for name in default_measures(lived):
        assert on_menu(name) is not None
        assert uncovered(name, lived) is None
    assert ("calibrated.upstream_share" in default_measures(lived)) == lived.covers(CALIBRATED_YEAR)


@given(lived=LIVED, name=st.sampled_from(NAMES))
def test_windows_have_their_months_whatever_was_lived(lived, name):
    window = Window.read(name)
    assert window is not None
    months = window.months(lived)
    assert len(months) == len(months.months) == (window.count if window.own is None else 12)
    assert (months.months[0], months.months[-1]) == (months.first, months.last)
    assert (uncovered(f"{name}.upstream_share", lived) is None) == (set(months.months) <= set(lived.months))
    assert set(headline_months(lived).months) <= set(lived.months)
    if window.own is None:
        assert months.last == lived.last


@given(lived=LIVED)
def test_a_calendar_year_that_is_cut_is_named_by_its_months(lived):
    for year, name in calendar_year_names(lived).items():
        months = [month for month in lived.months if month.year == year]
        assert (name == str(year)) == (len(months) == 12)
        assert name in (str(year), str(Period(months[0], months[-1])))


def test_cut_years_are_named_in_tables(runs):
    assert list(yearly_profit(runs[0])[0]) == ["layer", "2023", "2024", "2025-01 to 2025-02"]
    assert list(yearly_profit(runs[-1])[0]) == ["layer", "2023", "2024", "2025", "2026"]
