"""Runs made by plain arithmetic, in the tables of a result: small enough to check a chart or a report by hand."""

from dataclasses import dataclass
from datetime import date

import networkx as nx
import polars as pl

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
        operations = {
            "backlog": 5 * sales if layer == "cloud" else None,
            "region": "west",
            "alive": True,
            "price": 1.5,
            "quantity": 10,
            "capacity": 20,
            "used_share": 0.5,
        }
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
            shares = {"input_share": 0.25, "ceiling_share": 0.75} if row["revenue"] else {}
            rows.append(row | {"bought_from_chain": 0, "received": row["revenue"] or None} | ratios | shares)
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
    def chain(self):
        """Half of what others were billed is earned, and a quarter more is booked in the first month."""
        rows = []
        for number, month in enumerate(self.months):
            billed = sum(self.spent(number).values())
            stands = {"unearned_profit_opening": 0, "unearned_profit": 0, "unearned_profit_left": 0}
            stands["unearned_profit"] = billed // 4 if number == 0 else 0
            rows.append({"month": month, "external_revenue": billed, "consolidated_profit": billed // 2, **stands})
        return pl.DataFrame(rows)

    @property
    def segments(self):
        """Skies sells to its own thinker, barn to enterprises."""
        rows = []
        for number, month in enumerate(self.months):
            customers = {"skies": "own_group", "barn": "enterprises"}
            for cloud, segment in ((name, customers[name]) for name in self.names if name in customers):
                sold = self.sales(cloud, number)
                profit = self.profit(cloud, number)
                row = {
                    "month": month,
                    "firm": self.called(cloud),
                    "segment": segment,
                    "hours": sold // M,
                    "revenue": sold,
                }
                rows.append(row | {"cost": sold - profit, "operating_profit": profit})
        names = ("month", "firm", "segment", "hours", "revenue", "cost", "operating_profit")
        types = dict(zip(names, (pl.Date, pl.String, pl.String, *(pl.Int64 for _ in range(4))), strict=True))
        return pl.DataFrame(rows, schema=types)

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
        run = {"seed": 7, "months": self.count, "users": 100, "set": {}, "digest": "abc123"}
        return {"scenario": scenario, "accounts": [], **run}

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
