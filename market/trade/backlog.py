"""The backlog: machines ordered and not yet delivered, pooled by buyer and vendor."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import ClassVar

from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import Good
from watersellers.market.saved import EVERY_FIELD, Saved
from watersellers.market.trade.orders import Orders, Row, Trades

Pair = tuple[int, int]  # buyer, vendor
ByPair = dict[int, dict[int, int]]  # by buyer and vendor


@dataclass
class Backlog:
    """Units on order and their agreed value in nano-dollars, for each buyer and vendor.

    Orders placed at different prices are pooled: what is delivered is invoiced at the average price
    of what the buyer still has on order at the vendor, rounded down to a whole nano-dollar; the
    rounding stays with the undelivered units.
    """

    SAVED: ClassVar[Saved] = EVERY_FIELD

    units: ByPair = field(default_factory=dict)
    value: ByPair = field(default_factory=dict)
    item: dict[int, int] = field(default_factory=dict)  # line of each buyer's books
    ordered: dict[int, int] = field(default_factory=dict)  # units ordered this month, by vendor
    owed: dict[int, int] = field(default_factory=dict)  # units not delivered yet, by vendor

    def add(self, pair: Pair, item: Item, units: int, price: int) -> None:
        """Add an order at a posted price.

        Raises
        ------
        ValueError
            If no unit is ordered.
        """
        if units <= 0:
            raise ValueError(f"an order of {units} machines: expected 1 or more")
        buyer, vendor = pair
        unit_counts, values = self.units.get(buyer, {}), self.value.get(buyer, {})
        self.units[buyer] = unit_counts | {vendor: unit_counts.get(vendor, 0) + units}
        self.value[buyer] = values | {vendor: values.get(vendor, 0) + units * price}
        self.item[buyer] = int(item)
        self.ordered[vendor] = self.ordered.get(vendor, 0) + units
        self.owed[vendor] = self.owed.get(vendor, 0) + units

    def call_off(self, buyers: Set[int], spendable: Mapping[int, int] | None = None) -> Orders:
        """Ask vendors to deliver this month, out of what buyers have on order, at the average agreed prices.

        ``spendable`` is what each buyer can pay, in nano-dollars. A buyer that has ordered more than it can pay calls
        off the same part of each of its orders, and the rest waits; a buyer that is not listed calls off everything.
        """
        rows: list[Row] = []
        for buyer in sorted(self.units.keys() & buyers):
            committed, item = self.committed(buyer), self.item[buyer]
            budget = committed if spendable is None else min(spendable[buyer], committed)
            for vendor, units in sorted(self.on_order(buyer).items()):
                mean_price = self.value[buyer][vendor] // units
                if called := units * budget // committed if committed else units:
                    rows.append((buyer, item, vendor, Good.ACCELERATORS, called, mean_price))
        return Orders.of(rows)

    def deliver(self, trades: Trades) -> None:
        """Take delivered units off the backlog."""
        columns = (trades.buyer, trades.seller, trades.quantity, trades.price)
        for buyer, vendor, units, price in zip(*(column.tolist() for column in columns), strict=True):
            self.units[buyer][vendor] -= units
            self.value[buyer][vendor] -= units * price
            self.owed[vendor] -= units

    def withdraw(self, pair: Pair, units: int) -> None:
        """Take an order back in part, at the average price of the units on order.

        Raises
        ------
        ValueError
            If more is withdrawn than was ordered.
        """
        buyer, vendor = pair
        ordered = self.units.get(buyer, {}).get(vendor, 0)
        if units > ordered:
            raise ValueError(f"{units} machines are withdrawn of {ordered} on order")
        if units:
            self.value[buyer][vendor] -= units * (self.value[buyer][vendor] // ordered)
            self.units[buyer][vendor] = ordered - units
            self.owed[vendor] -= units

    def waiting(self, vendor: int) -> int:
        """Units that a vendor still owes."""
        return self.owed.get(vendor, 0)

    def committed(self, buyer: int) -> int:
        """Nano-dollars that a buyer has agreed to pay for undelivered units."""
        return sum(self.value.get(buyer, {}).values())

    def on_order(self, buyer: int) -> dict[int, int]:
        """Units that a buyer has on order, by vendor."""
        return {vendor: units for vendor, units in self.units.get(buyer, {}).items() if units}

    def on_order_from(self, vendor: int) -> dict[int, int]:
        """Units that each buyer has on order at a vendor."""
        return {buyer: units for buyer, by_vendor in self.units.items() if (units := by_vendor.get(vendor, 0))}

    def cancel(self, account: int) -> None:
        """Strike out all orders of a buyer or a vendor that was wound up or reorganised."""
        for vendor, units in self.on_order(account).items():
            self.owed[vendor] -= units
        self.owed.pop(account, None)
        for by_buyer in (self.units, self.value):
            by_buyer.pop(account, None)
            for by_vendor in by_buyer.values():
                by_vendor.pop(account, None)

    def new_month(self) -> dict[int, int]:
        """Return the month's new orders, in units by vendor, and count from 0 again."""
        ordered, self.ordered = self.ordered, {}
        return ordered
