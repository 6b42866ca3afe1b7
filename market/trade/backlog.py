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
        mine, worth = self.units.get(buyer, {}), self.value.get(buyer, {})
        self.units[buyer] = mine | {vendor: mine.get(vendor, 0) + units}
        self.value[buyer] = worth | {vendor: worth.get(vendor, 0) + units * price}
        self.item[buyer] = int(item)
        self.ordered[vendor] = self.ordered.get(vendor, 0) + units
        self.owed[vendor] = self.owed.get(vendor, 0) + units

    def call_off(self, buyers: Set[int], spendable: Mapping[int, int] | None = None) -> Orders:
        """What buyers call for this month out of what they wait for, at their average agreed prices.

        ``spendable`` is what buyers can pay, in nano-dollars. A buyer that has ordered more than it can pay calls off
        the same part of each of its orders, and the rest waits; a buyer that is not listed calls off everything.
        """
        rows: list[Row] = []
        for b in sorted(self.units.keys() & buyers):
            committed = self.committed(b)
            purse = committed if spendable is None else min(spendable[b], committed)
            for v, units in sorted(self.on_order(b).items()):
                if called := units * purse // committed if committed else units:
                    rows.append((b, self.item[b], v, Good.ACCELERATORS, called, self.value[b][v] // units))
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
        there = self.units.get(buyer, {}).get(vendor, 0)
        if units > there:
            raise ValueError(f"{units} machines are withdrawn of {there} on order")
        if units:
            self.value[buyer][vendor] -= units * (self.value[buyer][vendor] // there)
            self.units[buyer][vendor] = there - units
            self.owed[vendor] -= units

    def waiting(self, vendor: int) -> int:
        """Units that a vendor still owes."""
        return self.owed.get(vendor, 0)

    def committed(self, buyer: int) -> int:
        """Nano-dollars that a buyer has agreed to pay for undelivered units."""
        return sum(self.value.get(buyer, {}).values())

    def on_order(self, buyer: int) -> dict[int, int]:
        """Units a buyer waits for, by vendor."""
        return {vendor: units for vendor, units in self.units.get(buyer, {}).items() if units}

    def on_order_from(self, vendor: int) -> dict[int, int]:
        """Units each buyer waits for at a vendor."""
        return {buyer: units for buyer, mine in self.units.items() if (units := mine.get(vendor, 0))}

    def cancel(self, account: int) -> None:
        """Strike out all orders of a buyer or a vendor that was wound up."""
        for vendor, units in self.on_order(account).items():
            self.owed[vendor] -= units
        self.owed.pop(account, None)
        for kept in (self.units, self.value):
            kept.pop(account, None)
            for mine in kept.values():
                mine.pop(account, None)

    def new_month(self) -> dict[int, int]:
        """Hand over and forget the month's new orders by vendor."""
        ordered, self.ordered = self.ordered, {}
        return ordered
