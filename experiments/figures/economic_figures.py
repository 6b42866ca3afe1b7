"""Figures of a run by their economic names: revenue, profit, margin, prices, quantities, users."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from watersellers.experiments.input.errors import BadInput, shown, unknown
from watersellers.experiments.input.months import first_of_month
from watersellers.market.accounting.statements import FINAL
from watersellers.market.goods import CHAIN

type When = int | str | date | tuple[str | date, str | date] | None
GOODS = {"gpu_hours": "machine_hours", "hours": "machine_hours", "machines": "accelerators"}  # other names of goods
CENTS = 100


class EconomicFigures:
    """Figures of a run, in US dollars and whole units, over some months.

    ``when`` is a year (2024, as far as the run has it), a month ("2024-03"), two months with all between them
    (("2024-03", "2025-02")), or nothing for all months of the run. ``who`` is a layer of the chain or a firm.
    """

    firms: pl.DataFrame
    layers: pl.DataFrame
    markets: pl.DataFrame
    apps: pl.DataFrame

    def revenue(self, who: str, when: When = None) -> float:
        """Return what a layer or firm earned from sales, in US dollars."""
        return self._sum(who, "revenue", when) / CENTS

    def profit(self, who: str, when: When = None) -> float:
        """Return the operating profit of a layer or firm, in US dollars; below 0 for a loss."""
        return self._sum(who, "operating_profit", when) / CENTS

    def free_cash_flow(self, who: str, when: When = None) -> float:
        """Return what a layer or firm had left after operating and investing, in US dollars."""
        return self._sum(who, "free_cash_flow", when) / CENTS

    def margin(self, who: str, when: When = None) -> float | None:
        """Return operating profit over revenue of a layer or firm; None without revenue."""
        revenue = self._sum(who, "revenue", when)
        return self._sum(who, "operating_profit", when) / revenue if revenue else None

    def price(self, good: str, when: When = None, region: str | None = None) -> float | None:
        """Return the mean price of a good in US dollars, weighted by what was delivered; None if nothing was.

        ``good`` is accelerators, machine_hours (also gpu_hours), tokens (a million) or seats, ``region`` west or china,
        both if not given.
        """
        rows = self._market(good, when, region).filter(pl.col("price").is_not_null(), pl.col("delivered") > 0)
        units = int(rows["delivered"].sum())
        return float((rows["price"] * rows["delivered"]).sum()) / units if units else None

    def quantity(self, good: str, when: When = None, region: str | None = None) -> int:
        """Return how much of a good was delivered; ``good`` and ``region`` as in ``price``."""
        return int(self._market(good, when, region)["delivered"].sum())

    def users_of(self, app: str, when: When = None) -> float:
        """Return how many people used an app, free and paid, in the mean of some months."""
        apps = self.apps["app"].unique().sort().to_list()
        if app not in apps:
            raise BadInput(f"users_of: {unknown('app', str(app), apps)}")
        months = self._months(when)
        rows = self.apps.filter(pl.col("app") == app, pl.col("month").is_in(months))
        return int(rows["users"].sum()) / len(months)

    def final_spending(self, when: When = None) -> float:
        """Return what users, enterprises and advertisers paid the chain, in US dollars."""
        rows = self.layers.filter(pl.col("layer").is_in(FINAL), pl.col("month").is_in(self._months(when)))
        return int(rows["bought_from_chain"].sum()) / CENTS

    @property
    def statistics(self) -> pl.DataFrame:
        """Each figure of each layer by calendar year, as far as the run has it: year, months, layer, figures."""
        years = sorted({month.year for month in self._lived()})
        return pl.DataFrame(
            [
                {
                    "year": year,
                    "months": len(self._months(year)),
                    "layer": layer,
                    "revenue": self.revenue(layer, year),
                    "operating_profit": self.profit(layer, year),
                    "operating_margin": self.margin(layer, year),
                    "free_cash_flow": self.free_cash_flow(layer, year),
                }
                for year in years
                for layer in CHAIN
            ]
        )

    def _sum(self, who: str, column: str, when: When) -> int:
        """Add up a column of the layers' or the firms' table, in cents."""
        key, table = ("layer", self.layers) if who in CHAIN else ("firm", self.firms)
        if key == "firm" and who not in (firms := table["firm"].unique().sort().to_list()):
            raise BadInput(f"who: {unknown('layer or firm', str(who), [*CHAIN, *firms])}")
        months = self._months(when)
        return int(table.filter(pl.col(key) == who, pl.col("month").is_in(months))[column].sum())

    def _market(self, good: str, when: When, region: str | None) -> pl.DataFrame:
        """Take the rows of a good's market."""
        named = GOODS.get(good, good)
        goods = self.markets["good"].unique().sort().to_list()
        if named not in goods:
            raise BadInput(f"good: {unknown('good', str(good), [*goods, *GOODS])}")
        regions = self.markets["region"].unique().sort().to_list()
        if region is not None and region not in regions:
            raise BadInput(f"region: {unknown('region', str(region), regions)}")
        chosen = regions if region is None else [region]
        months = pl.col("month").is_in(self._months(when))
        return self.markets.filter(pl.col("good") == named, pl.col("region").is_in(chosen), months)

    def _lived(self) -> list[date]:
        """List the months of the run."""
        return self.layers["month"].unique().sort().to_list()

    def _months(self, when: When) -> Sequence[date]:
        """List the months of a run that are meant; all must have been lived, but for a year's that the run has not."""
        lived = self._lived()
        if when is None:
            return lived
        expected = f"expected a year, a month as '2024-03' or two of them, from {lived[0]:%Y-%m} to {lived[-1]:%Y-%m}"
        if isinstance(when, int) and not isinstance(when, bool):
            found = [month for month in lived if month.year == when]
            if not found:
                raise BadInput(f"when: found {when}, {expected}")
            return found
        ends: Any = when if isinstance(when, tuple) else (when, when)
        try:
            first, last = (first_of_month(each) for each in ends)
        except ValueError:
            raise BadInput(f"when: found {shown(when)}, {expected}") from None
        if not lived[0] <= first <= last <= lived[-1]:
            raise BadInput(f"when: found {shown(when)}, {expected}")
        return [month for month in lived if first <= month <= last]
