"""The report lists the events of a run: each with its text, many folded by year, none said to be none."""

from dataclasses import replace
from datetime import date

import polars as pl

from tests.reports.report_pages import visible_text
from tests.worlds.small_runs import SmallRun
from watersellers.viz.reports.events_section import KINDS, events
from watersellers.viz.reports.run_tables import months_of
from watersellers.viz.words.catalogue import ENGLISH


def test_events_are_listed_with_their_text():
    assert "January 2024 chatty raises 7 million dollars" in visible_text(SmallRun())


def test_an_event_without_a_text_is_listed_by_its_kind():
    columns = {"month": pl.Date, "what": pl.String, "who": pl.String, "text": pl.String}

    class Terse(SmallRun):
        @property
        def events(self):
            return pl.DataFrame([(date(2024, 1, 1), "set", "chatty", None)], schema=columns, orient="row")

    assert "January 2024 chatty: set" in visible_text(Terse())


def test_many_events_are_folded_by_year_with_the_turning_points_before_them(real):
    rounds = [(month, "round", "chatgpt", "ChatGPT raises 5 dollars") for month in months_of(real.layers)]
    recorded = [*rounds, (rounds[0][0], "exit", "brave", "Brave is wound up")]
    columns = {"month": pl.Date, "what": pl.String, "who": pl.String, "text": pl.String}
    page = str(events(replace(real, events=pl.DataFrame(recorded, schema=columns, orient="row")), ENGLISH))
    before, *years = page.split("<details>")
    assert "15 events: wound up: 1 and funding rounds: 14." in before
    assert "Brave is wound up" in before
    assert "ChatGPT raises" not in before
    assert [year.count("ChatGPT raises 5 dollars") for year in years] == [12, 2]


def test_each_kind_of_event_is_counted_by_its_name(real):
    expected = {"layer_turned": 2, "first_profit": 3, "set": 1, "comet": 4}  # the last of which nobody has a name for
    rows = [
        (months_of(real.layers)[0], kind, "chatgpt", "...") for kind, count in expected.items() for _ in range(count)
    ]
    columns = {"month": pl.Date, "what": pl.String, "who": pl.String, "text": pl.String}
    page = str(events(replace(real, events=pl.DataFrame(rows, schema=columns, orient="row")), ENGLISH))
    counts = (ENGLISH(f"events.{kind}", count=expected.get(kind, 4)) for kind in (*[*expected][:3], "other"))
    assert all(count in page for count in counts)
    assert set(real.events["what"]) <= set(KINDS)


def test_a_run_without_events_says_so():
    class Quiet(SmallRun):
        @property
        def events(self):
            return super().events.clear()

    assert ENGLISH("events.none") in visible_text(Quiet())
