"""Contracts: so many units a month at a fixed price, for a term, to be paid for whether they are used or not."""

from watersellers.market.orders import Columns, columns
from watersellers.market.units import Column


@columns
class Contracts(Columns):
    """One row for each contract: units a month at nano-dollars a unit, from month ``begins`` until before ``ends``."""

    buyer: Column
    seller: Column
    units: Column
    price: Column
    begins: Column
    ends: Column

    def running(self, month: int) -> "Contracts":
        """Contracts that bind in a month."""
        return self.where((self.begins <= month) & (month < self.ends))
