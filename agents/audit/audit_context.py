"""The context of an audit: all that a check of the month may read."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from watersellers.agents.economy_parts import Parts
from watersellers.market.accounting.ledger import Journal
from watersellers.market.exact import Column, among
from watersellers.market.goods import Good
from watersellers.market.money_origin.origins import Origins
from watersellers.market.month import Market
from watersellers.market.trade.orders import Trades


class Paid(Protocol):
    """What savers have paid into each pool and got back, in cents by account."""

    @property
    def paid(self) -> Column:
        """Paid in, beside incomes along a path."""

    @property
    def back(self) -> Column:
        """Paid back."""


@dataclass(frozen=True)
class AuditContext:
    """All that a check may read: the parts of the economy, the month's markets and entries, origins of money."""

    parts: Parts
    markets: tuple[Market, ...]
    rows: Journal
    origins: Origins
    paid: Paid

    @property
    def names(self) -> list[str]:
        """Names of the accounts."""
        return self.parts.registers.accounts.names

    def trades(self, name: str) -> Trades:
        """This month's deals on a market."""
        return next(market.trades for market in self.markets if market.name == name)


def by_seller(context: AuditContext, market: str, goods: tuple[Good, ...]) -> Column:
    """Units delivered of some goods by seller."""
    trades = context.trades(market)
    total = np.zeros(len(context.parts.registers.accounts), dtype=np.int64)
    rows = among(trades.good, goods)
    np.add.at(total, trades.seller[rows], trades.quantity[rows])
    return total
