"""Lines over time: gaps where a value is undefined, a zero line, and labels that do not overlap."""

import re
from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from tests.charts.drawn_charts import SVG, parsed
from tests.worlds.small_runs import months_from
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.lines import CASH, MARGIN, NARROW, WIDE, layer_lines, lines_chart, runs
from watersellers.viz.words import catalogue as words
from watersellers.viz.words.catalogue import ENGLISH, MINUS, SPACE


def tiny_layers(values):
    rows = [
        {"month": month, "layer": "labs", "operating_margin": value}
        for month, value in zip(months_from(len(values)), values, strict=True)
    ]
    return pl.DataFrame(rows, schema={"month": pl.Date, "layer": pl.String, "operating_margin": pl.Float64})


def test_an_undefined_margin_is_a_gap_and_not_a_zero():
    (line,) = layer_lines(tiny_layers([0.1, None, 0.3, 0.4, float("nan")]), "operating_margin")
    assert [[value for _, value in piece] for piece in runs(line)] == [[0.1], [0.3, 0.4]]
    chart = lines_chart(tiny_layers([0.1, None, 0.3, 0.4, float("nan")]), MARGIN)
    assert [row[1] for row in chart.data.rows] == [
        ENGLISH.share(0.1),
        words.MISSING,
        ENGLISH.share(0.3),
        ENGLISH.share(0.4),
        words.MISSING,
    ]
    paths = list(parsed(chart.svg).iter(f"{SVG}path"))
    assert len(paths) == 1  # two months together are a line, one alone is a mark
    assert len(re.findall(r"-?[\d.]+ [\d.]+", paths[0].get("d"))) == 2


def test_a_missing_month_is_a_gap():
    layers = tiny_layers([0.1, 0.2, 0.3, 0.4]).filter(pl.col("month") != date(2024, 3, 1))
    (line,) = layer_lines(layers, "operating_margin")
    assert [len(piece) for piece in runs(line)] == [2, 1]


def test_the_zero_line_is_drawn_and_losses_lie_below_it():
    chart = lines_chart(tiny_layers([-0.5, -0.25]), MARGIN)
    zero = next(each for each in parsed(chart.svg).iter(f"{SVG}line") if each.get("class") == "zero")
    path = next(parsed(chart.svg).iter(f"{SVG}path")).get("d")
    heights = [float(pair.split()[1]) for pair in re.findall(r"[\d.]+ [\d.]+", path)]
    assert heights[0] > heights[1] > float(zero.get("y1"))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_names_at_the_ends_of_lines_do_not_overlap(size):
    rows = [
        {"month": month, "layer": layer, "cash": 100 + place}
        for month in months_from(3)
        for place, layer in enumerate(CHAIN)
    ]
    svg = parsed(lines_chart(pl.DataFrame(rows), CASH, size).svg)
    names = [
        each
        for each in svg.iter(f"{SVG}text")
        if (each.text or "").split(" ")[0] in {"Chips", "Clouds", "Labs", "Apps"}
    ]
    heights = sorted(float(each.get("y")) for each in names)
    assert len(names) == 4
    assert all(after - before >= 18 for before, after in pairwise(heights))


def test_values_beyond_the_edge_are_named_in_the_summary():
    chart = lines_chart(tiny_layers([-40.0, -0.5, -0.4, -0.5, -0.6]), MARGIN)
    assert f"Labs (months: 1; furthest {MINUS}4,000{SPACE}% in January 2024)" in chart.summary
    assert chart.data.rows[0][1] == ENGLISH.share(-40.0)


def test_no_value_is_cut_where_all_are_near():
    assert "Beyond" not in lines_chart(tiny_layers([-0.5, 0.5, 0.9]), MARGIN).summary
