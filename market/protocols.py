"""What the month asks of those who take part in it: one small protocol for each phase."""

from typing import Protocol

from watersellers.market.dice import Chance
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Supply, Trades


class Seller(Protocol):
    """A layer that sells a good."""

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post this month's prices, knowing the prices of the layer's own inputs (phase 4)."""

    def supply(self, orders: Orders) -> Supply:
        """Say what can be delivered on these orders out of what the layer itself got (phase 6)."""

    def sold(self, trades: Trades) -> None:
        """Learn what was delivered (phase 6)."""


class Buyer(Protocol):
    """A layer or sector that buys a good."""

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order at the posted prices, knowing what one's own customers have just asked for (phase 5)."""

    def receive(self, trades: Trades) -> None:
        """Learn what one got of it (phase 6)."""


class Happens(Protocol):
    """A source of dated events."""

    def happen(self, month: int) -> None:
        """Let the month's events happen (phase 1)."""


class Arrives(Protocol):
    """Somebody whose machines, capacity or outside money arrive."""

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Take in what was ordered or promised earlier (phase 2)."""


class Expects(Protocol):
    """Somebody who forecasts."""

    def expect(self, chance: Chance) -> None:
        """Update expectations from what was seen until last month (phase 3)."""


class Attends(Protocol):
    """An auction of attention."""

    def auction(self, chance: Chance) -> Trades:
        """Sell the slots that were shown (phase 7)."""


class Spends(Protocol):
    """Somebody with bills from outside the chain."""

    def spend(self, ledger: Ledger) -> Trades:
        """Say what is due to the rest of the world this month (phase 8)."""


class Invests(Protocol):
    """Somebody who orders machines or capacity or decides next month's research and marketing."""

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Decide, and pay deposits (phase 9)."""


class Finances(Protocol):
    """A source of capital, or a payer of dividends."""

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Move capital (phase 10)."""


class Exits(Protocol):
    """The court that winds up firms, and the door by which new ones come in."""

    def wind_up(self, ledger: Ledger, chance: Chance) -> None:
        """Close down who cannot pay; let in who enters (phase 11)."""


class Closes(Protocol):
    """Somebody with work at the month's end: wear, closing entries, records, checks."""

    def close(self, ledger: Ledger, month: int) -> None:
        """Do the month's closing work (phase 12)."""
