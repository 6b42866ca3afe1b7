"""The picture of the supply graph: layers from left to right, lines as wide as payments, circles as large as cash."""

from datetime import date

import networkx as nx
import pytest

from tests.charts.drawn_charts import SVG, parsed
from tests.worlds.small_runs import SmallRun
from watersellers.viz.charts.network import layout, network_chart
from watersellers.viz.words.catalogue import SPACE


def positions(svg, kind="circle"):
    found = {}
    for group in parsed(svg).iter(f"{SVG}g"):
        mark, name = group.find(f"{SVG}{kind}"), group.find(f"{SVG}text")
        if mark is not None and name is not None:
            found[name.text] = mark
    return found


def test_layers_stand_from_left_to_right_and_stay_where_they_are():
    run = SmallRun()
    first, second = (
        network_chart(run.graph_at(month), date(2024, 1, 1), layout([run.graph_at("2024-01"), run.graph_at("2025-02")]))
        for month in ("2024-01", "2025-02")
    )
    at = {name: float(mark.get("cx")) for name, mark in positions(first.svg).items()}
    assert at["forge"] < at["skies"] == at["barn"] < at["thinker"] < at["chatty"]
    places = [
        {name: (mark.get("cx"), mark.get("cy")) for name, mark in positions(chart.svg).items()}
        for chart in (first, second)
    ]
    assert places[0] == places[1]


def test_a_line_is_as_wide_as_the_money_and_a_circle_as_large_as_the_cash():
    run = SmallRun()
    graph = run.graph_at("2024-02")
    svg = parsed(network_chart(graph, date(2024, 2, 1), layout([graph])).svg)
    widths = {each.find(f"{SVG}title").text: float(each.get("stroke-width")) for each in svg.iter(f"{SVG}path")}
    large = widths[f"skies pays forge $140{SPACE}m for accelerators"]
    small = widths[f"barn pays forge $60.0{SPACE}m for accelerators"]
    assert small / large == pytest.approx(60 / 140, rel=0.02)
    radius = {
        name: float(mark.get("r"))
        for name, mark in positions(network_chart(graph, date(2024, 2, 1), layout([graph])).svg).items()
    }
    assert radius["forge"] == max(radius.values())


def test_a_loss_or_debt_has_a_dashed_ring_and_a_profit_has_none():
    graph = SmallRun().graph_at("2024-01")
    svg = parsed(network_chart(graph, date(2024, 1, 1), layout([graph])).svg)
    ringed = [
        group.find(f"{SVG}text").text
        for group in svg.iter(f"{SVG}g")
        if any(each.get("class") == "ring" for each in group.findall(f"{SVG}circle"))
    ]
    assert sorted(ringed) == ["chatty", "thinker"]


def test_a_closed_firm_is_faint_and_not_counted():
    graph = SmallRun().graph_at("2024-01")
    graph.nodes["barn"]["alive"] = False
    chart = network_chart(graph, date(2024, 1, 1), layout([graph]))
    gone = [each for each in parsed(chart.svg).iter(f"{SVG}g") if each.get("class") == "gone"]
    assert [each.find(f"{SVG}text").text for each in gone] == ["barn"]
    assert chart.summary.startswith("4 firms")


def test_an_empty_graph_can_be_drawn():
    chart = network_chart(nx.DiGraph(), date(2024, 1, 1), layout([nx.DiGraph()]))
    assert parsed(chart.svg).get("role") == "img"
    assert chart.summary.startswith("0 firms, no trading relation")
