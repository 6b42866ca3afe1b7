"""The protocols of the month: what a part of the economy must be able to do to act in a phase."""

from typing import Protocol

from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.trade.orders import Offers, Orders, Supply, Trades


class Seller(Protocol):
    """A layer that sells a good."""

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post this month's prices, knowing the prices of the layer's own inputs (phase 4)."""

    def supply(self, orders: Orders) -> Supply:
        """Offer units for these orders, as far as the layer's own inputs allow (phase 6)."""

    def sold(self, trades: Trades) -> None:
        """Take note of the deliveries (phase 6)."""


class Buyer(Protocol):
    """A layer or sector that buys a good."""

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order at the posted prices, knowing what the buyer's own customers have just ordered (phase 5)."""

    def receive(self, trades: Trades) -> None:
        """Take note of what the buyer got (phase 6)."""


class Happens(Protocol):
    """A source of dated events."""

    def happen(self, month: int) -> None:
        """Apply this month's events (phase 1)."""


class Arrives(Protocol):
    """A part whose machines, capacity or outside money arrive."""

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Take in what was ordered or promised earlier (phase 2)."""


class Expects(Protocol):
    """A part that forecasts."""

    def expect(self, chance: Chance) -> None:
        """Update expectations from what happened up to last month (phase 3)."""


class Attends(Protocol):
    """An auction of attention."""

    def auction(self, chance: Chance) -> Trades:
        """Sell the slots that were shown (phase 7)."""


class Spends(Protocol):
    """A part that has bills from outside the chain."""

    def spend(self, ledger: Ledger) -> Trades:
        """List what is due to the rest of the world this month (phase 8)."""


class Invests(Protocol):
    """A part that orders machines or capacity, or decides next month's research or marketing."""

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Decide, and pay deposits (phase 9)."""


class Finances(Protocol):
    """A source of capital, or a payer of dividends."""

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Move capital (phase 10)."""


class Exits(Protocol):
    """A part that winds up firms, or lets new ones enter."""

    def wind_up(self, ledger: Ledger, chance: Chance) -> None:
        """Wind up insolvent firms; let entrants in (phase 11)."""


class Closes(Protocol):
    """A part that acts at the month's end: depreciation, closing entries, records, checks."""

    def close(self, ledger: Ledger, month: int) -> None:
        """Do the month's closing work (phase 12)."""
