"""The supply graph: edges come and go with deals, and other programs can read it."""

import json
from datetime import date

import networkx as nx
import polars as pl
import pytest

from watersellers.market.accounting.payment_graph import supply_graph, write_graphml, write_json

MONTHS = [date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)]
LAYER = {"nvidia": "chips", "aws": "cloud", "nova_lab": "labs", "users_west": "users", "fund": "investors"}
HOURS, POWERED, SHARES = "gpu_hours", "power", "shares"


def flows_of(*rows: tuple[int, str, str, str, int, float | None, int]) -> pl.DataFrame:
    """Payments as (month's place, payer, payee, good, quantity, price, cents)."""
    listed = [
        (MONTHS[month], payer, payee, LAYER.get(payer, "labs"), LAYER.get(payee, "labs"), *rest)
        for month, payer, payee, *rest in rows
    ]
    names = ["month", "payer", "payee", "payer_layer", "payee_layer", "good", "quantity", "price", "cents"]
    return pl.DataFrame(listed, schema=names, orient="row", schema_overrides={"price": pl.Float64})


def firms_of(*absent: tuple[int, str]) -> pl.DataFrame:
    """Three firms in every month but where absent; the cloud earns 30 of 120, the lab sells nothing."""
    sold = {"nvidia": (100, 60, 9.5), "aws": (120, 30, 2.0), "nova_lab": (0, -50, None)}
    rows = [
        {"month": when, "firm": firm, "layer": LAYER[firm], "owner": firm, "region": "west", "alive": True}
        | {"price": price, "revenue": revenue, "operating_profit": profit, "cash": 7}
        for place, when in enumerate(MONTHS)
        for firm, (revenue, profit, price) in sold.items()
        if (place, firm) not in absent
    ]
    return pl.DataFrame(rows)


DEALS = (
    (0, "nova_lab", "aws", HOURS, 100, 2.0, 200_00),
    (1, "nova_lab", "aws", HOURS, 50, 2.0, 100_00),
    (2, "users_west", "nova_lab", "seats", 3, 20.0, 60_00),
    (3, "nova_lab", "aws", HOURS, 10, 3.0, 30_00),
    (3, "nova_lab", "aws", POWERED, 10, 1.0, 10_00),
    (3, "nova_lab", "aws", HOURS, 20, 2.0, 40_00),
    (3, "fund", "nova_lab", SHARES, 1, None, 500_00),
)


def test_edges_come_and_go_with_deals():
    edges = [set(supply_graph(flows_of(*DEALS), firms_of(), month).edges) for month in MONTHS]
    renting = ("nova_lab", "aws")
    assert edges == [{renting}, {renting}, {("users_west", "nova_lab")}, {renting}]


def test_an_edge_knows_its_deal_its_history_and_since_when():
    flows, firms = flows_of(*DEALS), firms_of()
    assert supply_graph(flows, firms, MONTHS[1]).edges["nova_lab", "aws"] == {
        "good": HOURS,
        "goods": HOURS,
        "quantity": 50,
        "price": 2.0,
        "cents": 100_00,
        "total_cents": 300_00,
        "since": "2024-11",
    }
    # two lots of hours for 70 dollars and power for 10, after a month without a deal
    assert supply_graph(flows, firms, MONTHS[3]).edges["nova_lab", "aws"] == {
        "good": HOURS,
        "goods": "gpu_hours, power",
        "quantity": 30,
        "price": 2.5,
        "cents": 80_00,
        "total_cents": 380_00,
        "since": "2025-02",
    }


def test_money_for_shares_is_no_deal_but_its_giver_is_there():
    graph = supply_graph(flows_of(*DEALS), firms_of(), MONTHS[3])
    assert not graph.has_edge("fund", "nova_lab")
    assert graph.nodes["fund"]["layer"] == "investors"


def test_nodes_are_firms_and_sectors_with_what_is_known_of_them():
    graph = supply_graph(flows_of(*DEALS), firms_of((3, "nvidia")), MONTHS[3])
    assert set(graph) == set(LAYER)
    assert graph.nodes["aws"] == {
        "layer": "cloud",
        "owner": "aws",
        "region": "west",
        "alive": True,
        "price": 2.0,
        "margin": 0.25,
        "cash": 7,
    }
    assert "margin" not in graph.nodes["nova_lab"]
    assert graph.nodes["nvidia"]["alive"] is False
    assert "cash" not in graph.nodes["users_west"]


def test_a_month_that_was_not_lived_has_no_graph():
    with pytest.raises(ValueError, match="no month 2025-03 in this run; months: 2024-11 to 2025-02"):
        supply_graph(flows_of(*DEALS), firms_of(), date(2025, 3, 1))


def test_a_month_without_deals_has_nodes_alone():
    graph = supply_graph(flows_of(DEALS[0]), firms_of(), MONTHS[3])
    assert not graph.edges
    assert set(graph) == {"nvidia", "aws", "nova_lab"}


def test_graphml_comes_back_as_it_was_written_but_for_the_unknown(tmp_path):
    graph = supply_graph(flows_of(*DEALS), firms_of(), MONTHS[3])
    write_graphml(graph, tmp_path / "graph.graphml")
    read = nx.read_graphml(tmp_path / "graph.graphml")
    assert read.is_directed()
    assert dict(read.edges) == dict(graph.edges)
    for name, data in graph.nodes(data=True):
        assert read.nodes[name] == {key: value for key, value in data.items() if value is not None}


def test_json_comes_back_as_it_was_written(tmp_path):
    graph = supply_graph(flows_of(*DEALS), firms_of(), MONTHS[3])
    write_json(graph, tmp_path / "graph.json")
    read = nx.node_link_graph(json.loads((tmp_path / "graph.json").read_text(encoding="utf-8")), edges="edges")
    assert dict(read.nodes) == dict(graph.nodes)
    assert dict(read.edges) == dict(graph.edges)


def test_a_name_with_markup_survives_both_files(tmp_path):
    graph = supply_graph(flows_of((0, "<b>&lab", "aws", HOURS, 1, 2.0, 2_00)), firms_of(), MONTHS[0])
    write_graphml(graph, tmp_path / "graph.graphml")
    write_json(graph, tmp_path / "graph.json")
    assert "<b>&lab" in nx.read_graphml(tmp_path / "graph.graphml")
    nodes = json.loads((tmp_path / "graph.json").read_text(encoding="utf-8"))["nodes"]
    assert "<b>&lab" in [node["id"] for node in nodes]
