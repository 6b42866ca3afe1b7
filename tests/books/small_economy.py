"""A vendor, a cloud, users and the rest of the world, with the real ledger and the real checks."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from watersellers.market.accounting.accounts import Account, Accounts
from watersellers.market.accounting.ledger import Entries, Ledger, opening
from watersellers.market.audit.invariants import check_books
from watersellers.market.audit.month_under_audit import snapshot
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano, whole
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Orders, Trades

CHIPS, CLOUD, USERS, WORLD = range(4)
SHARES = whole([0, 1000, 0, 0]), np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 1000, 0, 0]])


class Economy:
    """A vendor, a cloud, users and the rest of the world: hours, chips, deposits, arrears and wear."""

    def __init__(self) -> None:
        names = (("nvidia", "chips"), ("aws", "cloud"), ("users_west", "users"), ("world", "world"))
        accounts = [Account(key, name, layer, "", "west") for key, (name, layer) in enumerate(names)]
        self.ledger = Ledger(Accounts.of(accounts))
        for account, dollars in ((CHIPS, 500), (CLOUD, 20_000), (USERS, 50_000), (WORLD, 100)):
            opening(self.ledger, account, Item.CASH, dollars * 100)
        self.shares = SHARES
        self.before = snapshot(self.ledger)

    def sell(self, *rows: tuple[int, Item, int, Good, int, float]) -> None:
        listed = [(*row[:5], nano(row[5])) for row in rows]
        orders = Orders.of(listed)
        self.ledger.settle(Trades.dealt(orders, orders.quantity), self.ledger.accounts.keys)

    def live(self, month: int) -> None:
        """One month, closed but not checked."""
        ledger, one = self.ledger, whole([month * 100 + 1000])
        ledger.clock.turn(month, 8)
        # 333 hours at 1.505 are 501.165 dollars, half a cent that goes down; 1.515 gives 504.495, that goes up
        self.sell((USERS, Item.CONSUMPTION, CLOUD, Good.HOURS, 333, 1.505 if month % 2 else 1.515))
        self.sell((WORLD, Item.CONSUMPTION, CLOUD, Good.TOKENS_INPUT, 2_000_000, 1.5))
        self.sell((CLOUD, Item.CHIP_STOCK, CHIPS, Good.ACCELERATORS, 1, 9_000.0))
        self.sell((CHIPS, Item.COST_OF_SALES, WORLD, Good.FOUNDRY, 1, 3_000.0))
        ledger.clock.turn(month, 9)
        items = (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS)
        ledger.transfer(whole([CHIPS]), whole([WORLD]), whole([5_00]), items, Good.DEPOSIT)
        ledger.clock.turn(month, 10)
        ledger.pay_arrears(ledger.accounts.keys)
        ledger.clock.turn(month, 12)
        ledger.post(Entries.made((CLOUD, Item.FLEET), (CLOUD, Item.CHIP_STOCK), one, Good.ACCELERATORS))
        ledger.post(Entries.made((CLOUD, Item.DEPRECIATION), (CLOUD, Item.FLEET), whole([100]), Good.WEAR))
        ledger.close_month()

    def check(self) -> None:
        """Check the month that was lived."""
        when = date(2023, 1 + self.ledger.clock.month, 1)
        self.before = check_books(self.ledger, self.before, when, self.shares)


def before_close(economy: Economy, patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something just before the month is closed."""
    close = economy.ledger.close_month
    patch.setattr(economy.ledger, "close_month", lambda: (act(), close()))


def after_close(economy: Economy, patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something just after the month is closed."""
    close = economy.ledger.close_month
    patch.setattr(economy.ledger, "close_month", lambda: (close(), act()))
