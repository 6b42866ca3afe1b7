"""Contracts: a number of units per month at a fixed price over a term, paid for whether they are used or not."""

from watersellers.market.exact import Column
from watersellers.market.trade.orders import Columns, columns


@columns
class Contracts(Columns):
    """One row per contract: units per month, nano-dollars per unit, from month ``begins`` until before ``ends``."""

    buyer: Column
    seller: Column
    units: Column
    price: Column
    begins: Column
    ends: Column

    def running(self, month: int) -> "Contracts":
        """Contracts that are in force in a month."""
        return self.where((self.begins <= month) & (month < self.ends))
