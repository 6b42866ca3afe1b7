"""What a check of the month may look at."""

from dataclasses import dataclass

import numpy as np

from watersellers.agents.parts import Parts
from watersellers.market.goods import Good
from watersellers.market.ledger import Journal
from watersellers.market.month import Market
from watersellers.market.orders import Trades
from watersellers.market.origins import Origins
from watersellers.market.units import Column


@dataclass(frozen=True)
class Stock:
    """What a check may look at: all parts of the economy, the month's markets and entries, the origins of money."""

    parts: Parts
    markets: tuple[Market, ...]
    rows: Journal
    origins: Origins

    @property
    def names(self) -> list[str]:
        """Names of the accounts."""
        return self.parts.common.accounts.names

    def trades(self, name: str) -> Trades:
        """This month's deals on a market."""
        return next(market.trades for market in self.markets if market.name == name)


def by_seller(stock: Stock, market: str, goods: tuple[Good, ...], place: int | None = None) -> Column:
    """Units delivered: by seller for one good, or by good for one seller."""
    trades = stock.trades(market)
    if place is not None:
        mine = trades.quantity * (trades.seller == place)
        return np.array([int(mine[trades.good == good].sum()) for good in goods], dtype=np.int64)
    total = np.zeros(len(stock.parts.common.accounts), dtype=np.int64)
    rows = np.isin(trades.good, goods)
    np.add.at(total, trades.seller[rows], trades.quantity[rows])
    return total
