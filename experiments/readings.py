"""What can be read off a finished run for a story: one figure of a layer, a firm or several, over a span of months."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from watersellers.experiments.following import fragility
from watersellers.experiments.result import Result
from watersellers.market.goods import CHAIN, REGIONS
from watersellers.market.statements import FINAL

NOTHING = "nothing"  # a name that always reads 0, to compare with
ALL = "chain"  # every firm of the chain
JOIN = "+"  # between names that are read together
CENTS = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure: ``measure`` of ``who``, from month ``since`` to ``until``, of one ``good`` where the measure asks."""

    measure: str
    who: str
    since: date
    until: date
    good: str = ""

    @property
    def names(self) -> list[str]:
        """Layers and firms that are read together."""
        return self.who.split(JOIN)

    def of(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Keep the months of the span."""
        return frame.filter(pl.col("month").is_between(self.since, self.until))

    def firms(self, result: Result) -> pl.DataFrame:
        """Give the rows of its firms."""
        named = pl.col("layer").is_in(self.names) | pl.col("firm").is_in(self.names)
        in_chain = pl.col("layer").is_in(CHAIN)
        return self.of(result.firms).filter(in_chain & (named | (self.who == ALL)))

    def apps(self, result: Result) -> pl.DataFrame:
        """Give the rows of its apps, or of all apps of its regions."""
        named = pl.col("app").is_in(self.names) | pl.col("region").is_in(self.names)
        return self.of(result.apps).filter(named | (self.who in ("apps", ALL)))


@dataclass(frozen=True, slots=True)
class Measure:
    """How a figure is read, in which unit it is, and what it is called in a sentence."""

    read: Callable[[Result, Reading], float | None]
    unit: str  # cents, share, dollars or count
    title: str
    by_good: bool = False


def read(result: Result, reading: Reading) -> float | None:
    """Read one figure off a run; None where there is nothing to divide by, or nobody of that name."""
    if reading.who == NOTHING:
        return 0.0
    return MEASURES[reading.measure].read(result, reading)


def _sum_of(column: str) -> Callable[[Result, Reading], float | None]:
    """Make a measure of a sum over firms and months."""

    def summed(result: Result, reading: Reading) -> float | None:
        rows = reading.firms(result)
        return None if rows.is_empty() else float(rows[column].sum())

    return summed


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


def _operating_margin(result: Result, reading: Reading) -> float | None:
    """Operating profit over revenue."""
    return _ratio(_sum_of("operating_profit")(result, reading), _sum_of("revenue")(result, reading))


def _gross_margin(result: Result, reading: Reading) -> float | None:
    """Revenue less the cost of what was sold, over revenue."""
    revenue, cost = (_sum_of(column)(result, reading) for column in ("revenue", "cost_of_sales"))
    return None if revenue is None or cost is None else _ratio(revenue - cost, revenue)


def final_spending(result: Result, reading: Reading) -> float:
    """Cents that users, enterprises and advertisers bought from the chain for."""
    bought = reading.of(result.layers).filter(pl.col("layer").is_in(FINAL))["bought_from_chain"]
    return float(bought.sum())


def _over_final(result: Result, reading: Reading) -> float | None:
    """Operating profit for a dollar of final spending."""
    return _ratio(_sum_of("operating_profit")(result, reading), final_spending(result, reading))


def _profit_share(result: Result, reading: Reading) -> float | None:
    """Part of the profits made in the chain, over the layers that made one."""
    sums = reading.of(result.layers).filter(pl.col("layer").is_in(CHAIN)).group_by("layer")
    made = {layer: max(0, profit) for layer, profit in sums.agg(pl.col("operating_profit").sum()).iter_rows()}
    return _ratio(float(sum(made.get(name, 0) for name in reading.names)), float(sum(made.values())))


def _price(result: Result, reading: Reading) -> float | None:
    """Posted price in dollars a unit, each firm's months weighted by what it sold."""
    rows = reading.firms(result).filter(pl.col("price").is_not_null(), pl.col("quantity") > 0)
    weight = float(rows["quantity"].sum())
    return _ratio(float((rows["price"] * rows["quantity"]).sum()), weight)


def _posted_price(result: Result, reading: Reading) -> float | None:
    """Posted price in dollars a unit, the mean over firms and months alike, so that no move of customers moves it."""
    rows = reading.firms(result).filter(pl.col("price").is_not_null(), pl.col("alive"))
    return _ratio(float(rows["price"].sum()), float(len(rows)))


def _used_share(result: Result, reading: Reading) -> float | None:
    """Part of what there was to sell that was sold."""
    rows = reading.firms(result).filter(pl.col("capacity").is_not_null())
    return _ratio(float(rows["quantity"].sum()), float(rows["capacity"].sum()))


def _cash_left(result: Result, reading: Reading) -> float | None:
    """Cash at the end of the span."""
    rows = reading.firms(result)
    return None if rows.is_empty() else float(rows.filter(pl.col("month") == pl.col("month").max())["cash"].sum())


def _in_business(result: Result, reading: Reading) -> float | None:
    """Firms that are in business at the end of the span."""
    rows = reading.firms(result)
    if rows.is_empty():
        return None
    return float(rows.filter(pl.col("month") == pl.col("month").max())["alive"].sum())


def _users(result: Result, reading: Reading) -> float | None:
    """People who use it in the last month of the span."""
    rows = reading.apps(result)
    return None if rows.is_empty() else float(rows.filter(pl.col("month") == pl.col("month").max())["users"].sum())


def _profit_per_user(result: Result, reading: Reading) -> float | None:
    """Operating profit in cents for a user and month."""
    return _ratio(_sum_of("operating_profit")(result, reading), float(reading.apps(result)["users"].sum()))


def _trust(result: Result, reading: Reading) -> float | None:
    """Trust in it over the span, its users alike."""
    rows = reading.apps(result)
    return float(rows["trust"].mean()) if not rows.is_empty() else None  # type: ignore[arg-type]


def _slots(result: Result, reading: Reading) -> float | None:
    """Ad slots that were shown."""
    rows = reading.apps(result)
    return None if rows.is_empty() else float(rows["ads"].sum())


def _paid(side: str) -> Callable[[Result, Reading], float | None]:
    """Make a measure of the cents that a side of a payment paid or got for a good."""

    def paid(result: Result, reading: Reading) -> float | None:
        mine = pl.col(side).is_in(reading.names) | pl.col(f"{side}_layer").is_in(reading.names)
        rows = reading.of(result.flows).filter(mine, pl.col("good") == reading.good)
        return float(rows["cents"].sum())

    return paid


def _china_over_west(result: Result, reading: Reading) -> float | None:
    """What a sector's accounts in China paid for a good over what those in the West paid."""
    rows = reading.of(result.flows).filter(pl.col("good") == reading.good)
    paid = [float(rows.filter(payer=f"{reading.who}_{region}")["cents"].sum()) for region in reversed(REGIONS)]
    return _ratio(*paid)


def _resting(result: Result, reading: Reading) -> float | None:
    """Part of a layer's sales that rests on firms which use up cash."""
    rows = reading.of(fragility(result)).filter(pl.col("layer").is_in(reading.names))
    resting = (rows["revenue"] * rows["resting"]).sum()
    return _ratio(float(resting), float(rows["revenue"].sum()))


MEASURES = {
    "revenue": Measure(_sum_of("revenue"), "cents", "revenue"),
    "operating_profit": Measure(_sum_of("operating_profit"), "cents", "operating profit"),
    "free_cash_flow": Measure(_sum_of("free_cash_flow"), "cents", "free cash flow"),
    "capex": Measure(_sum_of("capex"), "cents", "spending on machines"),
    "depreciation": Measure(_sum_of("depreciation"), "cents", "wear of machines"),
    "cost_of_sales": Measure(_sum_of("cost_of_sales"), "cents", "cost of sales"),
    "cash": Measure(_cash_left, "cents", "cash at the end"),
    "final_spending": Measure(final_spending, "cents", "final spending"),
    "operating_margin": Measure(_operating_margin, "share", "operating margin"),
    "gross_margin": Measure(_gross_margin, "share", "gross margin"),
    "over_final": Measure(_over_final, "share", "operating profit over final spending"),
    "profit_share": Measure(_profit_share, "share", "share of the profits made"),
    "used_share": Measure(_used_share, "share", "share of capacity sold"),
    "resting": Measure(_resting, "share", "share of sales that rests on firms which use up cash"),
    "price": Measure(_price, "dollars", "price paid"),
    "posted_price": Measure(_posted_price, "dollars", "posted price, mean over firms"),
    "profit_per_user": Measure(_profit_per_user, "cents", "operating profit a user and month"),
    "quantity": Measure(_sum_of("quantity"), "count", "units sold"),
    "in_business": Measure(_in_business, "count", "firms in business at the end"),
    "users": Measure(_users, "count", "users at the end"),
    "slots": Measure(_slots, "count", "ad slots shown"),
    "trust": Measure(_trust, "count", "trust, in units of utility"),
    "spent": Measure(_paid("payer"), "cents", "paid", by_good=True),
    "china_over_west": Measure(_china_over_west, "share", "what China paid, over what the West paid", by_good=True),
    "got": Measure(_paid("payee"), "cents", "received", by_good=True),
}
