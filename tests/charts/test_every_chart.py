"""Every chart of every small run is whole, the same for the same tables, and keeps names with markup inert."""

import re
from dataclasses import replace

import pytest

from tests.charts.drawn_charts import SVG, charts_of, parsed, texts, year_flows
from tests.worlds.small_runs import CHAIN_FIRMS, EVIL, EVIL_RUN, RUNS, SmallRun
from watersellers.viz.charts.lines import CASH, lines_chart
from watersellers.viz.charts.network import layout
from watersellers.viz.charts.sankey import sankey_chart
from watersellers.viz.drawing import theme
from watersellers.viz.drawing.chart import standalone
from watersellers.viz.drawing.svg import Markup, element, escaped


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_every_chart_of_every_run_is_whole(run):
    for chart in charts_of(run):
        svg = parsed(chart.svg)
        assert svg.get("aria-label") == chart.title
        assert svg.find(f"{SVG}desc").text == chart.summary
        numbers = re.findall(r"nan|inf\b", re.sub(r"<(title|text|desc)>.*?</\1>", "", chart.svg))
        assert numbers == []
        assert all(len(row) == len(chart.data.head) for row in chart.data.rows)


def test_names_with_markup_are_inert_in_every_chart():
    for chart in charts_of(EVIL_RUN):
        for drawn in (chart.svg, standalone(chart)):
            tags = {each.tag.removeprefix(SVG) for each in parsed(drawn).iter()}
            assert "script" not in tags
            assert "<script" not in drawn
    assert any(EVIL in text for text in texts(charts_of(EVIL_RUN)[0].svg))


def test_a_layer_with_markup_in_it_never_becomes_a_style():
    assert theme.style_of('x" onload="alert(1)') in theme.LAYER_STYLES


def test_elements_escape_what_is_not_markup():
    made = element("text", {"class": '"><script>'}, EVIL, element("b", {}, "&"))
    inside = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;<b>&amp;</b>"
    assert made == f'<text class="&quot;&gt;&lt;script&gt;">{inside}</text>'
    assert escaped(Markup("<b/>")) == "<b/>"
    assert "\x00" not in escaped("a\x00b\x1b")


def test_a_chart_stands_alone_with_its_title_and_its_style():
    chart = lines_chart(SmallRun().layers, CASH)
    alone = parsed(standalone(chart))
    assert alone.find(f"{SVG}text").text == chart.title
    assert "--chips" in alone.find(f"{SVG}style").text


def test_the_same_tables_give_the_same_pictures():
    shuffled = replace(SmallRun(), names=tuple(reversed(CHAIN_FIRMS)))
    graphs = [run.graph_at("2024-03") for run in (SmallRun(), shuffled)]
    places = [layout([graph]).positions for graph in graphs]
    assert places[0] == places[1]
    flows = year_flows()
    assert sankey_chart(flows, "x").svg == sankey_chart(flows.reverse(), "x").svg
