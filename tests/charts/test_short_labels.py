"""A name is shortened to be shown, and never so that two of them look the same."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from watersellers.experiments.sweeps.analysis.phases import phase_map
from watersellers.experiments.sweeps.study.axes import Axis
from watersellers.viz.charts.importance_bars import Bar, importance_chart
from watersellers.viz.charts.phases import phases_chart
from watersellers.viz.drawing.short_labels import short_labels

names = st.lists(st.text("ab", min_size=1, max_size=12), unique=True, max_size=12)


@given(names, st.integers(2, 8), st.booleans())
def test_labels_of_different_names_differ(found, letters, keep_end):
    labels = short_labels(found, letters, keep_end)
    assert list(labels) == found
    assert len(set(labels.values())) == len(found)
    assert all(labels[name] == name for name in found if len(name) <= letters)


def test_parameters_of_one_long_ending_are_told_apart_in_a_picture():
    end = "capacity.follow_orders.fastest_growth_of_all"
    chart = importance_chart("Bars", [Bar(f"chips.{firm}.{end}", 0.5) for firm in ("amd", "nvidia")])
    assert all(f"({number})</text>" in chart.svg for number in (1, 2))


def test_cases_and_numbers_of_one_beginning_are_told_apart_on_a_map():
    """Six digits are enough for most numbers, and not for these."""
    cases, numbers = ("a world with no vendors", "a world with no clouds"), (1_000_000.1, 1_000_000.2)
    table = [("r", None, 1.0, case, number) for case in cases for number in numbers]
    rows = pl.DataFrame(table, schema=["run", "layer", "value", "of", "price"], orient="row").with_row_index("n")
    rows = rows.with_columns(run=pl.col("n").cast(pl.String), layer=pl.lit(None, pl.String)).drop("n")
    found = phase_map(rows, (Axis("of", values=cases), Axis("price", values=numbers)), "revenue")
    assert found.cells["y_value"].n_unique() == 2
    assert all(f"({number})</text>" in phases_chart(found).svg for number in (1, 2))
