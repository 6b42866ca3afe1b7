"""Charts say what the tables say: scales, labels and layouts by hand, exact sums, gaps, and names that stay inert."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watersellers.market.goods import CHAIN, LAYERS
from watersellers.viz import theme, words
from watersellers.viz.answer import headline
from watersellers.viz.charts.books import Part, books_data, books_table, part_name
from watersellers.viz.charts.chart import standalone
from watersellers.viz.charts.lines import CASH, MARGIN, NARROW, PROFIT, WIDE, layer_lines, lines_chart, runs
from watersellers.viz.charts.network import layout, network_chart
from watersellers.viz.charts.sankey import sankey_chart
from watersellers.viz.charts.sankey_layout import BAR, bands, bars, links, touching_chain
from watersellers.viz.charts.scales import month_ticks, spread, ticks
from watersellers.viz.charts.svg import Markup, element, escaped
from watersellers.viz.tables import chosen_months, last_full_year, layer_sums
from watersellers.viz.trade import parts_of
from watersellers.viz.words import ENGLISH, FRENCH, MINUS, SPACE

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script>\"'&"
M = 100_000_000  # cents in a million dollars
CHAIN_FIRMS = {
    "forge": ("chips", "forge"),
    "skies": ("cloud", "giant"),
    "barn": ("cloud", "barn"),
    "thinker": ("labs", "giant"),
    "chatty": ("apps", "chatty"),
}
MARGINS = {"chips": 60, "cloud": 20, "labs": -150, "apps": -50}  # per cent of revenue
SALES = {"forge": 100, "skies": 60, "barn": 40, "thinker": 10, "chatty": 20}  # millions, times the month's number
DEALS = [  # payer, payee, good, share of the payee's sales in per cent
    ("skies", "forge", "accelerators", 70),
    ("barn", "forge", "accelerators", 30),
    ("thinker", "skies", "gpu_hours", 100),
    ("enterprises", "barn", "gpu_hours", 100),
    ("chatty", "thinker", "tokens_output", 100),
    ("users_west", "chatty", "seats", 100),
]
OUTSIDE = {"users_west": "users", "enterprises": "enterprises", "fund": "investors", "world": "world"}


def months_from(count, start=(2024, 1)):
    first = start[0] * 12 + start[1] - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + count)]


@dataclass(frozen=True)
class SmallRun:
    """A run made by plain arithmetic, in the tables of the contract: sales grow by the month, margins stay."""

    count: int = 14
    start: tuple = (2024, 1)
    names: tuple = tuple(CHAIN_FIRMS)
    times: int = 1  # all money is multiplied by this
    cash_at_start: int = 500 * M
    renamed: tuple = ()  # pairs of a name and what it is called instead

    def called(self, name):
        return dict(self.renamed).get(name, name)

    @property
    def months(self):
        return months_from(self.count, self.start)

    def sales(self, firm, number):
        return SALES[firm] * M * (number + 1) * self.times

    def profit(self, firm, number):
        return self.sales(firm, number) * MARGINS[CHAIN_FIRMS[firm][0]] // 100

    @property
    def firms(self):
        return pl.DataFrame(
            [self.row(firm, i) for i in range(self.count) for firm in self.names], infer_schema_length=None
        )

    def row(self, firm, number):
        layer, owner = CHAIN_FIRMS[firm]
        sales, profit = self.sales(firm, number), self.profit(firm, number)
        earned = sum(self.profit(firm, each) for each in range(number + 1))
        names = {"month": self.months[number], "firm": self.called(firm), "layer": layer, "owner": self.called(owner)}
        operations = {"region": "west", "alive": True, "price": 1.5, "quantity": 10, "capacity": 20, "used_share": 0.5}
        cash = {
            "capex": 0,
            "operating_cash_flow": profit,
            "free_cash_flow": profit,
            "cash": self.cash_at_start + earned,
        }
        costs = {"cost_of_sales": sales - profit, "operating_cost": 0, "depreciation": 0, "impairment": 0}
        profits = {"operating_profit": profit, "interest": 0, "net_income": profit}
        return {**names, **operations, "customers": 3, "revenue": sales, **costs, **profits, **cash, "intra_group": 0}

    @property
    def layers(self):
        money_columns = ("revenue", "operating_profit", "free_cash_flow", "cash", "intra_group")
        firms = self.firms.group_by("month", "layer", maintain_order=True).agg(pl.col(money_columns).sum())
        rows = []
        for row in firms.iter_rows(named=True):
            number = self.months.index(row["month"])
            spent = sum(self.spent(number).values())
            margin = row["operating_profit"] / row["revenue"] if row["revenue"] else None
            over = row["operating_profit"] / spent if spent else None
            ratios = {"operating_margin": margin, "profit_over_final_spending": over, "share_of_positive_profit": None}
            rows.append(row | {"bought_from_chain": 0} | ratios)
        for number, month in enumerate(self.months):
            for layer, cents in self.spent(number).items():
                blank = dict.fromkeys(money_columns, 0)
                rows.append(
                    {"month": month, "layer": layer, **blank, "bought_from_chain": cents, "operating_margin": None}
                )
        return pl.DataFrame(rows, infer_schema_length=None).sort("month", maintain_order=True)

    def spent(self, number):
        deals = [deal for deal in self.deals if deal[0] in OUTSIDE]
        return {OUTSIDE[deal[0]]: self.sales(deal[1], number) * deal[3] // 100 for deal in deals}

    @property
    def deals(self):
        return [deal for deal in DEALS if {deal[0], deal[1]} <= {*self.names, *OUTSIDE}]

    @property
    def owners(self):
        rows = self.firms.group_by("month", "owner", maintain_order=True)
        sums = [pl.col(name).sum() for name in ("revenue", "operating_profit", "free_cash_flow", "intra_group")]
        return rows.agg(pl.col("layer").unique(maintain_order=True).str.join("+").alias("layers"), *sums)

    @property
    def flows(self):
        rows = []
        for number, month in enumerate(self.months):
            for payer, payee, good, part in self.deals:
                rows.append(self.flow(month, payer, payee, good, self.sales(payee, number) * part // 100))
            rows.append(self.flow(month, "fund", self.names[-1], "shares", 7 * M * self.times + 1))
            rows.append(self.flow(month, "world", "users_west", "income", 999 * M))
        columns = ("payer", "payee", "payer_layer", "payee_layer", "good")
        schema = {"month": pl.Date, **dict.fromkeys(columns, pl.String), "quantity": pl.Int64, "cents": pl.Int64}
        return pl.DataFrame(rows, schema=schema).filter(pl.col("cents") > 0)

    def flow(self, month, payer, payee, good, cents):
        layers = {name: layer for name, (layer, _) in CHAIN_FIRMS.items()} | OUTSIDE
        names = {"payer": self.called(payer), "payee": self.called(payee)}
        kinds = {"payer_layer": layers[payer], "payee_layer": layers[payee]}
        return {"month": month, **names, **kinds, "good": good, "quantity": 1, "cents": cents}

    @property
    def events(self):
        row = {"month": self.months[0], "what": "round", "who": self.called(self.names[-1]), "text": None}
        text = f"{row['who']} raises 7 million dollars"
        return pl.DataFrame([row | {"text": text}], infer_schema_length=None)

    @property
    def apps(self):
        return pl.DataFrame(schema={"month": pl.Date, "app": pl.String})

    @property
    def users(self):
        return pl.DataFrame(schema={"month": pl.Date, "region": pl.String})

    @property
    def balances(self):
        layers = {name: CHAIN_FIRMS[name][0] for name in self.names} | OUTSIDE
        rows = [{"account": self.called(name), "layer": layer, "item": "cash"} for name, layer in layers.items()]
        return pl.DataFrame(rows).with_columns(month=pl.lit(self.months[0]), cents=pl.lit(0, pl.Int64))

    @property
    def journal(self):
        """Each sale as it is invoiced, wages as each firm's only cost, and an entry that closes the month."""
        rows = []
        for number, month in enumerate(self.months):
            for payer, payee, good, part in self.deals:
                cents = self.sales(payee, number) * part // 100
                rows.append((month, payer, "consumption", payee, "revenue", good, cents))
            for firm in self.names:
                cents = self.sales(firm, number) - self.profit(firm, number)
                rows.append((month, firm, "cost_of_sales", "world", "revenue", "wages", cents))
                rows.append((month, firm, "revenue", firm, "equity", "closing", self.sales(firm, number)))
        columns = ("month", "debit_account", "debit_item", "credit_account", "credit_item", "good", "cents")
        named = pl.col("debit_account", "credit_account").replace(dict(self.renamed))
        return pl.DataFrame(rows, schema=list(columns), orient="row").with_columns(named)

    @property
    def manifest(self):
        scenario = {"name": self.called("toy world"), "text": f"# {self.called('Who earns?')}\nmonths = {self.count}\n"}
        return {"scenario": scenario, "seed": 7, "months": self.count, "users": 100, "set": {}, "digest": "abc123"}

    def of(self, firm):
        return self.firms.filter(pl.col("firm") == firm)

    def income(self, firm):
        return self.of(firm).select("month", "revenue", "cost_of_sales", "operating_profit", "net_income")

    def cash_flow(self, firm):
        opening = (pl.col("cash") - pl.col("net_income")).alias("cash_opening")
        return self.of(firm).select("month", "net_income", "operating_cash_flow", opening, "cash")

    def balance_sheet(self, firm):
        books = self.of(firm).select("month", "cash", payables=pl.lit(0, pl.Int64), equity="cash", assets="cash")
        before = books.head(1).with_columns(
            pl.col("month").dt.offset_by("-1mo"), *(pl.lit(0, pl.Int64).alias(name) for name in books.columns[1:])
        )
        return pl.concat([before, books])

    def graph_at(self, month):
        number = [f"{each:%Y-%m}" for each in self.months].index(month)
        graph = nx.DiGraph()
        for firm in self.names:
            row = self.row(firm, number)
            margin = row["operating_profit"] / row["revenue"] if row["revenue"] else None
            kept = {key: row[key] for key in ("layer", "owner", "region", "alive", "price", "cash")}
            graph.add_node(row["firm"], margin=margin, **kept)
        for name, layer in OUTSIDE.items():
            nothing = dict.fromkeys(("owner", "region", "price", "margin", "cash"))
            graph.add_node(self.called(name), layer=layer, alive=True, **nothing)
        for payer, payee, good, part in self.deals:
            cents = self.sales(payee, number) * part // 100
            graph.add_edge(
                self.called(payer), self.called(payee), good=good, cents=cents, total_cents=cents, since="2024-01"
            )
        return graph


EVIL_RUN = SmallRun(
    renamed=tuple((name, f"{name}{EVIL}") for name in [*CHAIN_FIRMS, *OUTSIDE, "toy world", "Who earns?", "giant"])
)
RUNS = {
    "fourteen months": SmallRun(),
    "one month": SmallRun(count=1),
    "one firm": SmallRun(names=("forge",)),
    "one firm, one month": SmallRun(count=1, names=("chatty",)),
    "no money at all": SmallRun(times=0, cash_at_start=0),
    "no sales": SmallRun(times=0),
    "nothing but losses and debt": SmallRun(names=("thinker", "chatty"), cash_at_start=-50 * M),
    "ten years": SmallRun(count=120),
    "names with markup": EVIL_RUN,
}


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


# words and numbers


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "$0"),
        (45, "$0.45"),
        (-45, f"{MINUS}$0.45"),
        (4_500, "$45"),
        (99_950, f"$1.0{SPACE}k"),  # 999.50 rounds to a thousand
        (320_000_000_000, f"$3.2{SPACE}bn"),
        (-320_000_000_000, f"{MINUS}$3.2{SPACE}bn"),
        (99_960_000_000, f"$1.0{SPACE}bn"),  # 999.6 million
        (12_345_600_000_000, f"$123{SPACE}bn"),
        (10**18, f"$10,000{SPACE}tn"),
        (None, words.MISSING),
    ],
)
def test_money_is_said_in_words_people_read(cents, said):
    assert ENGLISH.money(cents) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.62, "62 %"),
        (-2.4, f"{MINUS}240 %"),
        (0.055, "5.5 %"),
        (0.0, "0 %"),
        (-0.0001, "0.0 %"),
        (None, words.MISSING),
    ],
)
def test_a_share_is_said_as_a_percentage(value, said):
    assert ENGLISH.share(value) == said.replace(" %", f"{SPACE}%")


def test_french_numbers_are_written_as_in_french():
    """Source of the signs: the rules of French typography, from memory."""
    thin = "\N{NARROW NO-BREAK SPACE}"
    assert FRENCH.money(-320_000_000_000) == f"{MINUS}3,2{SPACE}Md{SPACE}$"
    assert FRENCH.money(10**18) == f"10{thin}000{thin}000{SPACE}Md{SPACE}$"
    assert FRENCH.money(1) == f"0,01{SPACE}$"
    assert FRENCH.money(0) == f"0{SPACE}$"
    assert FRENCH.dollars(-123_450) == f"{MINUS}1{thin}234,50"
    assert FRENCH.share(-0.055) == f"{MINUS}5,5{SPACE}%"
    assert FRENCH.brief(FRENCH.money(500_000_000_000)) == f"5{SPACE}Md{SPACE}$"
    assert FRENCH.plain(-0.12345) == f"{MINUS}0,123"


def test_dollars_to_the_cent_are_exact_beyond_what_a_float_holds():
    assert ENGLISH.dollars(-(10**17) - 1) == f"{MINUS}1,000,000,000,000,000.01"


def test_every_language_says_everything():
    for language in words.LANGUAGES.values():
        assert set(language.table) == set(ENGLISH.table)
        assert len(language.months) == 12


def test_every_word_that_is_asked_for_is_there_and_none_is_idle():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(theme.__file__).parent.rglob("*.py"))
    asked = set(re.findall(r'say\("([^"]+)"', source))
    assert asked - set(ENGLISH.table) == set()
    patterns = {
        re.sub(r"\{[^}]+\}", ".+", each)
        for each in re.findall(r'f"((?:[a-z_.]|\{[^"}]+\})*\{[^"}]+\}[a-z_.]*)"', source)
    }
    other = {each for each in re.findall(r'"([a-z_.]+)"', source.replace('": ', "")) if each in ENGLISH.table}
    idle = [
        key
        for key in ENGLISH.table
        if key not in asked | other and not any(re.fullmatch(each, key) for each in patterns)
    ]
    assert [key for key in idle if key not in LAYERS] == []


# colours


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_right():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(("surface", "look"), [(theme.LIGHT, "light"), (theme.DARK, "dark")])
def test_graphics_and_text_stand_out_by_day_and_by_night(surface, look):
    for layer, colours in theme.LOOKS.items():
        assert contrast(getattr(colours, look), surface["paper"]) >= 3, layer
    for ink in ("ink", "quiet", "link"):
        assert contrast(surface[ink], surface["paper"]) >= 4.5, ink
        assert contrast(surface[ink], surface["panel"]) >= 4.5, ink


# scales and labels


@pytest.mark.parametrize(
    ("low", "high", "chosen"),
    [
        (0, 24.9, [0, 5, 10, 15, 20, 25]),
        (-1.2, 4.03, [-2, 0, 2, 4, 6]),
        (0, 0, [0, 1]),
        (-0.03, 0, [-0.03, -0.02, -0.01, 0]),
    ],
)
def test_an_axis_has_round_numbers(low, high, chosen):
    assert ticks(low, high, 4 if low == -1.2 else 5) == pytest.approx(chosen)


@given(st.floats(-1e15, 0), st.floats(1e-6, 1e15))
def test_an_axis_with_zero_in_it_holds_its_range_in_few_even_steps(low, high):
    chosen = ticks(low, high)
    slack = (chosen[-1] - chosen[0]) * 1e-6
    assert chosen[0] <= low + slack
    assert chosen[-1] >= high - slack
    assert 2 <= len(chosen) <= 8


def test_month_labels_stand_on_the_calendar():
    quarters = [date(2023, 4, 1), date(2023, 7, 1), date(2023, 10, 1), date(2024, 1, 1), date(2024, 4, 1)]
    assert month_ticks(date(2023, 2, 1), date(2024, 6, 1), 6) == quarters
    assert month_ticks(date(2023, 2, 1), date(2023, 2, 1)) == [date(2023, 2, 1)]


@given(st.lists(st.floats(0, 500), max_size=12))
def test_labels_keep_their_distance_their_order_and_their_room(wanted):
    placed = spread(wanted, 20.0, (0.0, 500.0))
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    heights = [placed[index] for index in order]
    assert all(after - before >= 20 - 1e-6 for before, after in pairwise(heights))
    assert all(-1e-6 <= height <= 500 + 1e-6 for height in heights)


def test_labels_move_by_as_little_as_can_be():
    assert spread([100, 200, 300], 20, (0, 500)) == [100, 200, 300]
    assert spread([100, 104], 20, (0, 500)) == pytest.approx([92, 112])  # each moves by 8
    assert spread([], 20, (0, 500)) == []


def test_more_labels_than_room_are_evenly_spread():
    assert spread([5, 5, 5], 20, (0, 10)) == pytest.approx([0, 5, 10])


# lines


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


def test_what_lies_beyond_the_edge_is_told():
    chart = lines_chart(tiny_layers([-40.0, -0.5, -0.4, -0.5, -0.6]), MARGIN)
    assert f"Labs (months: 1; furthest {MINUS}4,000{SPACE}% in January 2024)" in chart.summary
    assert chart.data.rows[0][1] == ENGLISH.share(-40.0)


def test_nothing_is_cut_where_all_is_near():
    assert "Beyond" not in lines_chart(tiny_layers([-0.5, 0.5, 0.9]), MARGIN).summary


# the supply graph


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


def test_a_graph_of_nobody_draws():
    chart = network_chart(nx.DiGraph(), date(2024, 1, 1), layout([nx.DiGraph()]))
    assert parsed(chart.svg).get("role") == "img"
    assert chart.summary.startswith("0 firms, no trading relation")


# a year's money


def year_flows():
    return SmallRun().flows.filter(pl.col("month").dt.year() == 2024)


def test_the_links_add_up_to_the_payments_of_the_chain_to_the_cent():
    flows = year_flows()
    drawn = sum(link.cents for link in links(flows))
    by_hand = sum(SALES[payee] * M * part // 100 for _, payee, _, part in DEALS) * 78 + 12 * (7 * M + 1)
    assert drawn == by_hand
    assert drawn == flows.filter(touching_chain())["cents"].sum()
    assert flows["cents"].sum() - drawn == 12 * 999 * M  # households' income, outside the chain


def many_flows():
    rows = [("users_west", f"app{n}", "users", "apps", 1000 + n) for n in range(9)]
    rows += [(f"app{n}", "thinker", "apps", "labs", 500 + n) for n in range(9)]
    rows += [
        ("forge", "thinker", "chips", "labs", 77),
        ("thinker", "forge", "labs", "chips", 770),
        ("app1", "app2", "apps", "apps", 5),
    ]
    columns = ["payer", "payee", "payer_layer", "payee_layer", "cents"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(good=pl.lit("tokens_output"))


def test_small_firms_are_drawn_together_and_no_cent_is_lost():
    found = links(many_flows())
    names = {link.payee.name for link in found if link.payee.layer == "apps"}
    assert names == {"", "app8", "app7", "app6", "app5"}
    assert sum(link.cents for link in found) == many_flows()["cents"].sum()


@pytest.mark.parametrize("flows", [year_flows(), many_flows()], ids=["a year", "many apps"])
def test_bars_and_bands_do_not_overlap_and_fit(flows):
    found = links(flows)
    standing = bars(found)
    for column in {bar.stop.column for bar in standing}:
        of_column = sorted((bar for bar in standing if bar.stop.column == column), key=lambda bar: bar.y)
        assert all(low.y + low.height < high.y for low, high in pairwise(of_column))
    laid = bands(found, standing)
    for bar in standing:
        leaving = [(band.start[1], band.width) for band in laid if band.link.payer == bar.stop]
        coming = [(band.end[1], band.width) for band in laid if band.link.payee == bar.stop]
        for ends in (sorted(leaving), sorted(coming)):
            assert all(low + thick / 2 <= high - wide / 2 + 1e-6 for (low, thick), (high, wide) in pairwise(ends))
            assert all(
                bar.y - 1e-6 <= at - wide / 2 and at + wide / 2 <= bar.y + bar.height + 1e-6 for at, wide in ends
            )
    assert max(bar.x + BAR for bar in standing) <= 1200


def test_bands_are_as_wide_as_their_cents():
    found = links(many_flows())
    widths = {band.width / band.link.cents for band in bands(found, bars(found))}
    assert max(widths) == pytest.approx(min(widths))


def test_money_of_investors_and_owners_is_apart_from_payments_for_goods():
    rows = [
        ("older", "skies", "world", "cloud", "gpu_hours", 30),
        ("older", "skies", "world", "cloud", "contribution", 20),
        ("forge", "world", "chips", "world", "dividend", 7),
        ("forge", "world", "chips", "world", "wages", 5),
    ]
    columns = ["payer", "payee", "payer_layer", "payee_layer", "good", "cents"]
    flows = pl.DataFrame(rows, schema=columns, orient="row")
    found = {(link.payer.name, link.payee.name, link.funding): link.cents for link in links(flows)}
    assert found == {
        ("older", "skies", False): 30,
        ("older", "skies", True): 20,
        ("forge", "shareholders", True): 7,
        ("forge", "world", False): 5,
    }
    chart = sankey_chart(flows, "in a test")
    assert chart.svg.count('class="flow fund s-investors"') == 3  # two bands and one in the legend
    assert ["Shareholders", ENGLISH("sankey.funding"), "0.07"] in [row[1:] for row in chart.data.rows]
    assert {ENGLISH("sankey.goods"), ENGLISH("sankey.funding")} <= set(texts(chart.svg))


def test_what_is_not_drawn_is_told():
    chart = sankey_chart(year_flows(), "in 2024")
    assert f"Not drawn: $12.0{SPACE}bn" in chart.summary


# books


def test_quarters_add_flows_up_and_take_stocks_at_their_end():
    run = SmallRun()
    income = books_table(run.income("forge"), "income", "quarters")
    assert income.head == ["Line", "2024 Q1", "2024 Q2", "2024 Q3", "2024 Q4", "2025 Q1*"]  # two months of the last
    assert income.rows[0] == ["Revenue", "600", "1,500", "2,400", "3,300", "2,700"]
    cash = {row[0]: row[1:] for row in books_table(run.cash_flow("forge"), "cash_flow", "quarters").rows}
    assert cash["Cash before"][:2] == ["500", "860"]
    assert cash["Cash"][:2] == ["860", "1,760"]
    assert cash["Net income"][:2] == ["360", "900"]


def test_a_loss_carries_a_minus_and_nothing_is_a_dash():
    rows = {row[0]: row[1:] for row in books_table(SmallRun().income("thinker"), "income", "years").rows}
    assert rows["Operating profit"][0] == f"{MINUS}1,170,000"  # 10 million x 78 x -1.5, in thousands
    sheet = {row[0]: row[1:] for row in books_table(SmallRun().balance_sheet("forge"), "balance_sheet", "months").rows}
    assert sheet["Cash"][0] == words.MISSING
    assert len(sheet["Cash"]) == 15


def test_lines_of_nothing_are_left_out():
    sheet = books_table(SmallRun().balance_sheet("forge"), "balance_sheet")
    assert [row[0] for row in sheet.rows] == ["Cash", "Equity", "Assets"]  # and no payables


@pytest.mark.parametrize("period", ["months", "quarters", "years"])
def test_a_balance_sheet_begins_with_the_opening(period):
    sheet = books_table(SmallRun().balance_sheet("forge"), "balance_sheet", period)
    assert sheet.head[1:3] == ["Opening", {"months": "2024-01", "quarters": "2024 Q1", "years": "2024"}[period]]
    ends = {"months": "560", "quarters": "860", "years": "5,180"}  # 500, and 60 % of sales
    assert sheet.rows[0][:3] == ["Cash", words.MISSING, ends[period]]


def test_a_line_is_followed_by_what_it_is_made_of():
    parts = parts_of(SmallRun().journal, SmallRun().months)["forge"]
    table = books_table(SmallRun().income("forge"), "income", parts=parts)
    names = ["Revenue", "machines (skies)", "machines (barn)", "Cost of sales", "wages (Rest of the world)"]
    assert [row[0] for row in table.rows][:5] == names
    assert table.rows[1] == ["machines (skies)", "5,460", "1,890"]  # 70 of every 100 million, times 78 and 27
    assert [table.kinds.get(index) for index in range(6)] == [None, "part", "part", None, "part", "total"]


def test_what_was_undone_counts_against_its_line():
    rows = [
        (date(2024, 1, 1), "cloud", "chip_stock", "forge", "revenue", "accelerators", 900),
        (date(2024, 1, 1), "forge", "revenue", "cloud", "receivables", "accelerators", 300),
        (date(2024, 2, 1), "forge", "cost_of_sales", "world", "revenue", "foundry", 50),
        (date(2024, 2, 1), "forge", "equity", "forge", "cost_of_sales", "closing", 50),
    ]
    columns = ["month", "debit_account", "debit_item", "credit_account", "credit_item", "good", "cents"]
    parts = parts_of(pl.DataFrame(rows, schema=columns, orient="row"), months_from(2))["forge"]
    assert parts == {
        "revenue": [Part("machines", "cloud", [600, 0])],
        "cost_of_sales": [Part("foundry", "world", [0, 50])],
    }


def test_the_small_parts_of_a_line_are_one_and_no_cent_is_lost():
    rows = [(date(2024, 1, 1), f"buyer{n}", "fleet", "forge", "revenue", "accelerators", 10 + n) for n in range(9)]
    columns = ["month", "debit_account", "debit_item", "credit_account", "credit_item", "good", "cents"]
    found = parts_of(pl.DataFrame(rows, schema=columns, orient="row"), months_from(1))["forge"]["revenue"]
    assert [part.other for part in found] == ["buyer8", "buyer7", "buyer6", "buyer5", "buyer4", "buyer3", ""]
    assert found[-1].cents == [10 + 11 + 12]
    assert part_name(found[-1]) == "all others"


def test_the_data_for_the_script_hold_every_cent():
    frame = SmallRun(count=2).income("forge")
    assert books_data(frame)["lines"] == {
        "revenue": [100 * M, 200 * M],
        "cost_of_sales": [40 * M, 80 * M],
        "operating_profit": [60 * M, 120 * M],
        "net_income": [60 * M, 120 * M],
    }


def test_an_unknown_amount_makes_its_quarter_unknown():
    frame = pl.DataFrame({"month": months_from(3), "revenue": [1, None, 3]})
    assert books_table(frame, "income").rows == [["Revenue", ""]]


# the sums that the words are made of


def test_a_year_of_layers_adds_up():
    sums = {row["layer"]: row for row in layer_sums(SmallRun(count=12).layers).iter_rows(named=True)}
    spent = (40 + 20) * 78 * M  # enterprises rent from the barn, users pay the app
    assert sums["chips"]["operating_profit"] == 60 * 78 * M
    assert sums["chips"]["profit_over_final_spending"] == pytest.approx(60 * 78 * M / spent)
    assert sums["cloud"]["share_of_positive_profit"] == pytest.approx(20 / 80)
    assert sums["labs"]["operating_margin"] == pytest.approx(-1.5)
    assert sums["labs"]["share_of_positive_profit"] == 0


def test_the_answer_names_winners_and_losers_in_dollars():
    run = SmallRun(count=12)
    said = headline(run.layers, run.firms)
    made = f"chips $4.7{SPACE}bn and clouds $1.6{SPACE}bn"
    assert said[0] == f"Chips and clouds made money in the 12 months to December 2024: {made}."
    assert said[1].startswith(f"Labs and apps lost money in the 12 months to December 2024: labs {MINUS}$1.2{SPACE}bn")
    assert "100 cents for chips" in said[2]
    assert "minus 25 cents for labs" in said[2]


def test_a_world_without_money_has_no_winner():
    run = SmallRun(times=0)
    said = headline(run.layers, run.firms)
    assert said[0].startswith("No layer made money")
    assert said[1].startswith("No layer lost money")
    assert "no share of it can be given" in said[2]


def test_the_last_full_year_is_a_calendar_year_where_there_is_one():
    assert last_full_year(months_from(14, (2023, 6))) == months_from(12, (2023, 8))  # there is none
    assert last_full_year(months_from(30, (2023, 1))) == months_from(12, (2024, 1))
    assert last_full_year(months_from(1)) == months_from(1)


@pytest.mark.parametrize("count", [1, 2, 11, 16, 17, 48, 49, 120, 600])
def test_a_handful_of_months_is_chosen_with_the_last_among_them(count):
    months = months_from(count)
    chosen = chosen_months(months)
    assert 1 <= len(chosen) <= 16
    assert chosen[-1] == months[-1]
    assert chosen == sorted(set(chosen))


# every chart of every run


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
    assert theme.style_of('x" onload="alert(1)') in theme.LOOKS


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
    places = [layout([graph]).places for graph in graphs]
    assert places[0] == places[1]
    flows = year_flows()
    assert sankey_chart(flows, "x").svg == sankey_chart(flows.reverse(), "x").svg
