"""The backlog: machines ordered and not yet delivered, pooled by buyer and vendor."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from market.goods import Good, Item
from market.orders import Orders, Row, Trades

Pair = tuple[int, int]  # buyer, vendor


@dataclass
class Backlog:
    """Units on order and their agreed value in nano-dollars, for each buyer and vendor.

    Orders placed at different prices are pooled: what is delivered is invoiced at the average price
    of what the buyer still has on order at the vendor, rounded down to a whole nano-dollar; the
    rounding stays with the undelivered units.
    """

    units: dict[Pair, int] = field(default_factory=dict)
    value: dict[Pair, int] = field(default_factory=dict)
    item: dict[int, int] = field(default_factory=dict)  # line of each buyer's books
    ordered: dict[int, int] = field(default_factory=dict)  # units ordered this month, by vendor

    def place(self, pair: Pair, item: Item, units: int, price: int) -> None:
        """Add an order at a posted price.

        Raises
        ------
        ValueError
            If no unit is ordered.
        """
        if units <= 0:
            raise ValueError(f"an order of {units} machines: expected 1 or more")
        self.units[pair] = self.units.get(pair, 0) + units
        self.value[pair] = self.value.get(pair, 0) + units * price
        self.item[pair[0]] = int(item)
        self.ordered[pair[1]] = self.ordered.get(pair[1], 0) + units

    def calls(self, buyers: Collection[int], purses: Mapping[int, int] | None = None) -> Orders:
        """What buyers call for this month out of what they wait for, at their average agreed prices.

        ``purses`` is what buyers can pay in nano-dollars. Who has ordered more than it can pay calls for the
        same part of each of its orders, and the rest waits; who has no purse here calls for all.
        """
        rows: list[Row] = []
        for b, v in sorted(pair for pair, units in self.units.items() if units and pair[0] in buyers):
            units, committed = self.units[b, v], self.committed(b)
            purse = committed if purses is None else min(purses[b], committed)
            if called := units * purse // committed if committed else units:
                rows.append((b, self.item[b], v, Good.ACCELERATORS, called, self.value[b, v] // units))
        return Orders.of(rows)

    def deliver(self, trades: Trades) -> None:
        """Take delivered units off the backlog."""
        columns = (trades.buyer, trades.seller, trades.quantity, trades.price)
        for buyer, vendor, units, price in zip(*(column.tolist() for column in columns), strict=True):
            self.units[buyer, vendor] -= units
            self.value[buyer, vendor] -= units * price

    def withdraw(self, pair: Pair, units: int) -> None:
        """Take an order back in part, at the average price of what is on order.

        Raises
        ------
        ValueError
            If more is withdrawn than was ordered.
        """
        there = self.units.get(pair, 0)
        if units > there:
            raise ValueError(f"{units} machines are withdrawn of {there} on order")
        if units:
            self.value[pair] -= units * (self.value[pair] // there)
            self.units[pair] = there - units

    def waiting(self, vendor: int) -> int:
        """Units that a vendor still owes."""
        return sum(units for (_, v), units in self.units.items() if v == vendor)

    def committed(self, buyer: int) -> int:
        """Nano-dollars that a buyer has agreed to pay for what is not delivered yet."""
        return sum(value for (b, _), value in self.value.items() if b == buyer)

    def on_order(self, buyer: int) -> dict[int, int]:
        """Units a buyer waits for, by vendor."""
        return {v: units for (b, v), units in self.units.items() if b == buyer and units}

    def on_order_from(self, vendor: int) -> dict[int, int]:
        """Units each buyer waits for at a vendor."""
        return {b: units for (b, v), units in self.units.items() if v == vendor and units}

    def cancel(self, account: int) -> None:
        """Strike out all orders of a buyer or a vendor that was wound up."""
        for pair in [pair for pair in self.units if account in pair]:
            del self.units[pair], self.value[pair]

    def new_month(self) -> dict[int, int]:
        """Hand over and forget the month's new orders by vendor."""
        ordered, self.ordered = self.ordered, {}
        return ordered
