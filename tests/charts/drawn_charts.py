"""Charts of small runs, and what stands in their SVG."""

import xml.etree.ElementTree as ElementTree

import polars as pl

from tests.worlds.small_runs import SmallRun
from watersellers.viz.charts.lines import CASH, MARGIN, NARROW, PROFIT, WIDE, lines_chart
from watersellers.viz.charts.network import layout, network_chart
from watersellers.viz.charts.sankey import sankey_chart

SVG = "{http://www.w3.org/2000/svg}"


def charts_of(run):
    graphs = {month: run.graph_at(f"{month:%Y-%m}") for month in run.months[-2:]}
    plan = layout(graphs.values())
    drawn = [network_chart(graph, month, plan) for month, graph in graphs.items()]
    drawn += [lines_chart(run.layers, measure, size) for measure in (CASH, PROFIT, MARGIN) for size in (WIDE, NARROW)]
    return [*drawn, sankey_chart(run.flows, "in a test")]


def parsed(svg):
    return ElementTree.fromstring(svg)


def texts(svg):
    return [each.text or "" for each in parsed(svg).iter(f"{SVG}text")]


def year_flows():
    return SmallRun().flows.filter(pl.col("month").dt.year() == 2024)
