"""Columns that pass between layers: offers, orders, supply and trades."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Self, dataclass_transform

import numpy as np

from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, TooLarge, invoice, whole
from watersellers.market.goods import NANO_A_CENT


@dataclass_transform(frozen_default=True)
def columns[T](cls: type[T]) -> type[T]:
    """Make a record of columns. The type checker treats it as frozen; at run time it is not, to be made quickly."""
    return dataclass(slots=True, eq=False)(cls)


def _reader_of(kind: Any) -> Callable[[Any], tuple[Column, ...]]:
    """Make what reads all columns of a class of records; it has two or more, since one alone would come as it is."""
    return attrgetter(*kind.__dataclass_fields__)


_reader: Callable[[Any], Callable[[Any], tuple[Column, ...]]] = cache(_reader_of)


class Columns:
    """Rows kept as equally long int64 columns."""

    __slots__: tuple[str, ...] = ()
    __dataclass_fields__: dict[str, Any]
    quantity: Column  # whole units, of orders and trades

    @property
    def table(self) -> tuple[Column, ...]:
        """All columns, in the order of the fields."""
        return _reader(type(self))(self)

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> Self:
        """Build columns from rows given in the order of the fields; no rows give empty columns.

        Raises
        ------
        TooLarge
            If a value does not fit into 64 bits, with its row.
        """
        listed = list(rows)
        try:
            columns = np.ascontiguousarray(whole(listed).T) if listed else [whole([]) for _ in cls.__dataclass_fields__]
        except TooLarge as error:
            largest = max(listed, key=lambda row: max(map(abs, row)))
            raise TooLarge(str(error), dict(zip(cls.__dataclass_fields__, largest, strict=True))) from None
        return cls(*columns)

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """Stack several of the same kind, keeping their order; no parts give empty columns."""
        listed = [part for part in parts if len(part)]
        if not listed:
            return cls.of([])
        if len(listed) == 1:
            return listed[0]
        return cls(*map(np.concatenate, zip(*[part.table for part in listed], strict=True)))

    def __len__(self) -> int:
        return len(getattr(self, self.__slots__[0]))

    def where(self, mask: Column) -> Self:
        """Keep the rows that a boolean column, or a column of row numbers, picks."""
        kept = mask.nonzero()[0] if mask.dtype == bool else mask
        return type(self)(*[column[kept] for column in self.table])

    def units_by(self, first: str, second: str) -> dict[tuple[int, int], int]:
        """Sum units over the rows that agree in two columns, as a seller and a good."""
        keys = zip(getattr(self, first).tolist(), getattr(self, second).tolist(), strict=True)
        total: dict[tuple[int, int], int] = {}
        for key, units in zip(keys, self.quantity.tolist(), strict=True):
            total[key] = total.get(key, 0) + units
        return total

    def units_of(self, column: str, amount: str = "quantity") -> dict[int, int]:
        """Sum units (or another amount) over the rows that agree in one column, as a seller."""
        total: dict[int, int] = {}
        for key, units in zip(getattr(self, column).tolist(), getattr(self, amount).tolist(), strict=True):
            total[key] = total.get(key, 0) + units
        return total

    def rows(self) -> list[tuple[int, ...]]:
        """List the rows as tuples of Python integers."""
        return list(zip(*[column.tolist() for column in self.table], strict=True))


@columns
class Offers(Columns):
    """Posted prices: seller, good, and nano-dollars per priced lot."""

    seller: Column
    good: Column
    price: Column


@columns
class Orders(Columns):
    """What buyers ask for: quantities in whole units, at the price that was posted.

    ``item`` is the line of the buyer's books that the purchase goes to.
    """

    buyer: Column
    item: Column
    seller: Column
    good: Column
    quantity: Column
    price: Column


@columns
class Supply(Columns):
    """What sellers can deliver this month, in whole units of each good."""

    seller: Column
    good: Column
    units: Column


@columns
class Trades(Columns):
    """Deals done: one row is the only source of both the delivery and the payment."""

    buyer: Column
    item: Column
    seller: Column
    good: Column
    quantity: Column
    price: Column
    cents: Column

    @classmethod
    def dealt(cls, orders: Orders, quantity: Column) -> Self:
        """Invoice the units delivered on each order; rows without a delivery are left out."""
        delivered = quantity > 0
        deals, units = orders.where(delivered), quantity[delivered]
        try:
            bill = invoice(deals.good, units, deals.price)
        except TooLarge as error:
            dearest = max(deals.rows(), key=lambda row: row[-2] * row[-1])
            raise TooLarge(str(error), dict(zip(deals.__dataclass_fields__, dearest, strict=True))) from None
        return cls(deals.buyer, deals.item, deals.seller, deals.good, units, deals.price, bill)


Row = tuple[int, int, int, int, int, int]  # buyer, item, seller, good, quantity, price


def payment(payer: int, item: Item, payee: int, good: int, cents: int) -> Row:
    """Write a payment that has no units of its own (wages, media, research) as so many units at one cent each."""
    return payer, item, payee, good, cents, NANO_A_CENT


def due(rows: Iterable[Row]) -> Trades:
    """Invoice rows that are delivered in full: buyer, item, seller, good, quantity and price."""
    orders = Orders.of(rows)
    return Trades.dealt(orders, orders.quantity)
