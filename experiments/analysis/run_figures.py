"""Figures that a story reads from a finished run: of a layer, a firm or several, over a span of months."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from math import isfinite

import polars as pl

from watersellers.experiments.analysis.money_trace import CAPITAL, fragility
from watersellers.experiments.runs.result import Result
from watersellers.market.accounting.consolidation import BOOKED_BEYOND
from watersellers.market.accounting.statements import FINAL
from watersellers.market.goods import CHAIN, REGIONS

NOTHING = "nothing"  # a name that always reads 0, to compare with
WHOLE_CHAIN = "chain"  # every firm of the chain
ENTERPRISES = "enterprises"  # a name of which what is kept is known beyond the firms
JOIN = "+"  # between names that are read together
CENTS = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure to read: ``measure`` of ``who``, from month ``since`` to ``until``, of one ``good`` if it is by good."""

    measure: str
    who: str
    since: date
    until: date
    good: str = ""

    @property
    def names(self) -> list[str]:
        """Layers and firms that are added up."""
        return self.who.split(JOIN)

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Keep the months of the span."""
        return frame.filter(pl.col("month").is_between(self.since, self.until))

    def firms(self, result: Result) -> pl.DataFrame:
        """Return the rows of its firms."""
        named = pl.col("layer").is_in(self.names) | pl.col("firm").is_in(self.names)
        in_chain = pl.col("layer").is_in(CHAIN)
        return self.of(result.firms).filter(in_chain & (named | (self.who == WHOLE_CHAIN)))

    def apps(self, result: Result) -> pl.DataFrame:
        """Return the rows of its apps, or of all apps of its regions."""
        named = pl.col("app").is_in(self.names) | pl.col("region").is_in(self.names)
        return self.of(result.apps).filter(named | (self.who in ("apps", WHOLE_CHAIN)))


@dataclass(frozen=True, slots=True)
class Measure:
    """How a figure is read, its unit, and its name in a sentence."""

    read: Callable[[Result, Figure], float | None]
    unit: str  # cents, share, dollars or count
    title: str
    by_good: bool = False


def read_figure(result: Result, figure: Figure) -> float | None:
    """Read one figure from a run; None if a divisor is zero, there is no firm of that name, or it is no number."""
    if figure.who == NOTHING:
        return 0.0
    value = MEASURES[figure.measure].read(result, figure)
    return value if value is not None and isfinite(value) else None


def _sum(result: Result, figure: Figure, column: str) -> float | None:
    """Add up a column over firms and months; None if no firm is there."""
    rows = figure.firms(result)
    return None if rows.is_empty() else float(rows[column].sum())


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


def _operating_margin(result: Result, figure: Figure) -> float | None:
    """Divide operating profit by revenue."""
    return _ratio(_sum(result, figure, "operating_profit"), _sum(result, figure, "revenue"))


def _gross_margin(result: Result, figure: Figure) -> float | None:
    """Divide revenue less cost of sales by revenue."""
    revenue, cost = (_sum(result, figure, column) for column in ("revenue", "cost_of_sales"))
    return None if revenue is None or cost is None else _ratio(revenue - cost, revenue)


def final_spending(result: Result, figure: Figure) -> float:
    """Add up what users, enterprises and advertisers paid the chain, in cents."""
    bought = figure.of(result.layers).filter(pl.col("layer").is_in(FINAL))["bought_from_chain"]
    return float(bought.sum())


def _over_final(result: Result, figure: Figure) -> float | None:
    """Divide operating profit by final spending."""
    return _ratio(_sum(result, figure, "operating_profit"), final_spending(result, figure))


def _profit_share(result: Result, figure: Figure) -> float | None:
    """Divide the layers' profits by the sum over the layers of the chain that made a profit."""
    sums = figure.of(result.layers).filter(pl.col("layer").is_in(CHAIN)).group_by("layer")
    made = {layer: max(0, profit) for layer, profit in sums.agg(pl.col("operating_profit").sum()).iter_rows()}
    return _ratio(float(sum(made.get(name, 0) for name in figure.names)), float(sum(made.values())))


def _price(result: Result, figure: Figure) -> float | None:
    """Average the posted price in dollars per unit over firms and months, weighted by the units sold."""
    rows = figure.firms(result).filter(pl.col("price").is_not_null(), pl.col("quantity") > 0)
    weight = float(rows["quantity"].sum())
    return _ratio(float((rows["price"] * rows["quantity"]).sum()), weight)


def _posted_price(result: Result, figure: Figure) -> float | None:
    """Average the posted price in dollars per unit over firms and months, unweighted by the units sold."""
    rows = figure.firms(result).filter(pl.col("price").is_not_null(), pl.col("alive"))
    return _ratio(float(rows["price"].sum()), float(len(rows)))


def _used_share(result: Result, figure: Figure) -> float | None:
    """Divide the units sold by capacity."""
    rows = figure.firms(result).filter(pl.col("capacity").is_not_null())
    return _ratio(float(rows["quantity"].sum()), float(rows["capacity"].sum()))


def _cash_left(result: Result, figure: Figure) -> float | None:
    """Add up cash at the end of the span."""
    rows = figure.firms(result)
    return None if rows.is_empty() else float(rows.filter(pl.col("month") == pl.col("month").max())["cash"].sum())


def _in_business(result: Result, figure: Figure) -> float | None:
    """Count the firms in business at the end of the span."""
    rows = figure.firms(result)
    if rows.is_empty():
        return None
    return float(rows.filter(pl.col("month") == pl.col("month").max())["alive"].sum())


def _users(result: Result, figure: Figure) -> float | None:
    """Count the users in the last month of the span."""
    rows = figure.apps(result)
    return None if rows.is_empty() else float(rows.filter(pl.col("month") == pl.col("month").max())["users"].sum())


def _profit_per_user(result: Result, figure: Figure) -> float | None:
    """Divide operating profit by users and months, in cents."""
    return _ratio(_sum(result, figure, "operating_profit"), float(figure.apps(result)["users"].sum()))


def _trust(result: Result, figure: Figure) -> float | None:
    """Average trust over apps and months, unweighted."""
    mean = figure.apps(result)["trust"].mean()
    return None if mean is None else float(mean)  # type: ignore[arg-type]


def _slots(result: Result, figure: Figure) -> float | None:
    """Count the ad slots that were shown."""
    rows = figure.apps(result)
    return None if rows.is_empty() else float(rows["ads"].sum())


def _paid(result: Result, figure: Figure, side: str) -> float:
    """Add up the cents that payers paid, or payees received, for a good."""
    of_side = pl.col(side).is_in(figure.names) | pl.col(f"{side}_layer").is_in(figure.names)
    rows = figure.of(result.flows).filter(of_side, pl.col("good") == figure.good)
    return float(rows["cents"].sum())


def _china_over_west(result: Result, figure: Figure) -> float | None:
    """Divide what a sector's accounts in China paid for a good by what those in the West paid."""
    rows = figure.of(result.flows).filter(pl.col("good") == figure.good)
    west, china = (float(rows.filter(payer=f"{figure.who}_{region}")["cents"].sum()) for region in REGIONS[:2])
    return _ratio(china, west)


def _unit_cost(result: Result, figure: Figure) -> float | None:
    """Divide cost of sales, depreciation and impairment by the units sold, in dollars."""
    costs = [_sum(result, figure, column) for column in ("cost_of_sales", "depreciation", "impairment")]
    return None if None in costs else _ratio(sum(filter(None, costs)) / CENTS, _sum(result, figure, "quantity"))


def _of_chain(result: Result, figure: Figure, value: pl.Expr) -> float:
    """Add up a column of the chain as one company over the months, in cents."""
    return float(figure.of(result.chain).select(value.sum()).item())


def _unearned(result: Result, figure: Figure) -> float | None:
    """Divide profit on machines that nobody outside the chain has paid yet by operating profit."""
    return _ratio(_of_chain(result, figure, BOOKED_BEYOND), _sum(result, figure, "operating_profit"))


def _customers_share(result: Result, figure: Figure) -> float | None:
    """Trace, pro rata, what share of the money that layers were paid for goods came from final spending."""
    layers = {row.name: row.layer for row in result.books.accounts.rows}
    paid = result.trace().flows.with_columns(result.books.dated())
    goods = ~pl.col("good").is_in(CAPITAL), pl.col("payer_layer") != pl.col("payee_layer")
    rows = figure.of(paid).filter(*goods, pl.col("payee_layer").is_in(figure.names))
    final = rows.filter(pl.col("source").replace(layers).is_in(FINAL))
    return _ratio(float(final["cents"].sum()), float(rows["cents"].sum()))


def _kept(result: Result, figure: Figure) -> float | None:
    """Add up what firms earn and what enterprises save beyond what models cost, in cents."""
    earned = _sum(result, figure, "operating_profit")
    if ENTERPRISES not in figure.names:
        return earned
    return (earned or 0.0) + _of_chain(result, figure, pl.col("kept_by_enterprises"))


def _work(result: Result, figure: Figure) -> float | None:
    """Add up the hours of work that enterprises of all regions hand over."""
    rows = figure.of(result.adoption)
    return None if rows.is_empty() else float(rows["work"].sum())


def _resting(result: Result, figure: Figure) -> float | None:
    """Compute the share of a layer's sales that rests on firms which use up cash."""
    rows = figure.of(fragility(result)).filter(pl.col("layer").is_in(figure.names))
    resting = (rows["revenue"] * rows["resting"]).sum()
    return _ratio(float(resting), float(rows["revenue"].sum()))


MEASURES = {
    "revenue": Measure(partial(_sum, column="revenue"), "cents", "revenue"),
    "operating_profit": Measure(partial(_sum, column="operating_profit"), "cents", "operating profit"),
    "free_cash_flow": Measure(partial(_sum, column="free_cash_flow"), "cents", "free cash flow"),
    "capex": Measure(partial(_sum, column="capex"), "cents", "spending on machines"),
    "depreciation": Measure(partial(_sum, column="depreciation"), "cents", "depreciation of machines"),
    "cost_of_sales": Measure(partial(_sum, column="cost_of_sales"), "cents", "cost of sales"),
    "cash": Measure(_cash_left, "cents", "cash at the end"),
    "consolidated_profit": Measure(
        partial(_of_chain, value=pl.col("consolidated_profit")), "cents", "profit of the chain as one company"
    ),
    "kept": Measure(_kept, "cents", "what is kept"),
    "final_spending": Measure(final_spending, "cents", "final spending"),
    "operating_margin": Measure(_operating_margin, "share", "operating margin"),
    "gross_margin": Measure(_gross_margin, "share", "gross margin"),
    "over_final": Measure(_over_final, "share", "operating profit over final spending"),
    "profit_share": Measure(_profit_share, "share", "share of the profits made"),
    "used_share": Measure(_used_share, "share", "share of capacity sold"),
    "resting": Measure(_resting, "share", "share of sales that rests on firms which use up cash"),
    "customers_share": Measure(_customers_share, "share", "share of the money received that customers paid"),
    "unearned_share": Measure(_unearned, "share", "share of profit that nobody outside has paid yet"),
    "price": Measure(_price, "dollars", "price paid"),
    "posted_price": Measure(_posted_price, "dollars", "posted price, mean over firms"),
    "profit_per_user": Measure(_profit_per_user, "cents", "operating profit per user and month"),
    "unit_cost": Measure(_unit_cost, "dollars", "cost per unit sold"),
    "quantity": Measure(partial(_sum, column="quantity"), "count", "units sold"),
    "work": Measure(_work, "count", "hours of work handed over"),
    "in_business": Measure(_in_business, "count", "firms in business at the end"),
    "users": Measure(_users, "count", "users at the end"),
    "slots": Measure(_slots, "count", "ad slots shown"),
    "trust": Measure(_trust, "count", "trust, in units of utility"),
    "spent": Measure(partial(_paid, side="payer"), "cents", "paid", by_good=True),
    "china_over_west": Measure(_china_over_west, "share", "what China paid, over what the West paid", by_good=True),
    "got": Measure(partial(_paid, side="payee"), "cents", "received", by_good=True),
}
