"""Two months of a small chain of firms, worked by hand."""

from datetime import date

import polars as pl

from watersellers.market.accounting.accounts import Account, Accounts
from watersellers.market.accounting.ledger import Entries, Ledger, opening
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano, whole
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Orders, Trades

CHIPS, CLOUD, LAB, USERS, FUND, WORLD = range(6)
ACCOUNTS = Accounts.of(
    [
        Account(1, "nvidia", "chips", "nvidia", "west"),
        Account(2, "aws", "cloud", "amazon", "west"),
        Account(3, "nova_lab", "labs", "amazon", "west"),
        Account(4, "users_west", "users", "", "west"),
        Account(5, "fund", "investors", "", "west"),
        Account(6, "world", "world", "", ""),
    ]
)
DECEMBER, JANUARY = date(2023, 12, 1), date(2024, 1, 1)
SHARES = (Item.HOLDINGS, Item.EQUITY)


class Chain:
    """A ledger with short words for what happens, in whole dollars."""

    def __init__(self) -> None:
        self.ledger = Ledger(ACCOUNTS)

    def sell(self, buyer: int, item: Item, seller: int, good: Good, deal: tuple[int, float]) -> None:
        orders = Orders.of([(buyer, item, seller, good, deal[0], nano(deal[1]))])
        self.ledger.settle(Trades.dealt(orders, orders.quantity), ACCOUNTS.keys)

    def move(self, payer: int, payee: int, items: tuple[Item, Item], good: Good, dollars: int) -> None:
        self.ledger.transfer(whole([payer]), whole([payee]), whole([dollars * 100]), items, good)

    def note(
        self, debit: tuple[int, Item], credit: tuple[int, Item], good: Good, dollars: int, other: int = -1
    ) -> None:
        self.ledger.post(Entries.made(debit, credit, whole([dollars * 100]), good, counterparty=other))


def begin(chain: Chain) -> None:
    cash = {CHIPS: 5_000, CLOUD: 100_000, LAB: 1_000, USERS: 10_000, FUND: 1_000_000}
    for account, dollars in cash.items():
        opening(chain.ledger, account, Item.CASH, dollars * 100)
    opening(chain.ledger, CLOUD, Item.FLEET, 60_000_00)
    opening(chain.ledger, FUND, Item.HOLDINGS, 1_000_00, LAB)


def december(chain: Chain) -> None:
    chain.ledger.clock.turn(0, 8)
    chain.sell(USERS, Item.CONSUMPTION, LAB, Good.TOKENS_INPUT, (10**9, 2.5))  # 2,500
    chain.sell(LAB, Item.COST_OF_SALES, CLOUD, Good.HOURS, (3_000, 1.5))  # 4,500, of which 1,000 are owed
    chain.sell(CLOUD, Item.COST_OF_SALES, WORLD, Good.POWER, (3_000, 0.1))  # 300
    chain.sell(CLOUD, Item.CHIP_STOCK, CHIPS, Good.ACCELERATORS, (1, 30_000))
    chain.sell(CHIPS, Item.COST_OF_SALES, WORLD, Good.FOUNDRY, (1, 8_000))
    chain.sell(CHIPS, Item.OPERATING_COST, WORLD, Good.WAGES, (1, 2_000))
    chain.ledger.clock.turn(0, 9)
    chain.move(CLOUD, CHIPS, (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS), Good.DEPOSIT, 10_000)
    chain.ledger.clock.turn(0, 10)
    chain.move(FUND, LAB, SHARES, Good.SHARES, 20_000)
    chain.move(CHIPS, FUND, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND, 500)
    chain.ledger.pay_arrears(ACCOUNTS.keys)
    chain.ledger.clock.turn(0, 12)
    chain.note((CLOUD, Item.DEPRECIATION), (CLOUD, Item.FLEET), Good.WEAR, 1_000)
    chain.ledger.close_month()


def january(chain: Chain) -> None:
    chain.ledger.clock.turn(1, 2)
    chain.note((CLOUD, Item.FLEET), (CLOUD, Item.CHIP_STOCK), Good.ACCELERATORS, 30_000)
    chain.ledger.clock.turn(1, 8)
    chain.sell(CLOUD, Item.FLEET, WORLD, Good.BUILDING, (1, 6_000))
    chain.sell(CLOUD, Item.CHIP_STOCK, CHIPS, Good.ACCELERATORS, (1, 30_000))  # 10,000 of it prepaid
    chain.sell(USERS, Item.CONSUMPTION, LAB, Good.TOKENS_INPUT, (10**9, 2.5))
    chain.sell(LAB, Item.COST_OF_SALES, CLOUD, Good.HOURS, (20_000, 1.5))  # 30,000, of which 8,500 are owed
    chain.ledger.clock.turn(1, 11)  # the lab is wound up: it has nothing left
    chain.note((CLOUD, Item.REVALUATION), (CLOUD, Item.RECEIVABLES), Good.WRITE_OFF, 8_500, LAB)
    chain.note((LAB, Item.PAYABLES), (LAB, Item.REVALUATION), Good.WRITE_OFF, 8_500, CLOUD)
    chain.note((FUND, Item.REVALUATION), (FUND, Item.HOLDINGS), Good.WRITE_OFF, 21_000, LAB)
    chain.ledger.clock.turn(1, 12)
    chain.note((CLOUD, Item.DEPRECIATION), (CLOUD, Item.FLEET), Good.WEAR, 1_000)
    chain.note((CLOUD, Item.IMPAIRMENT), (CLOUD, Item.FLEET), Good.WEAR, 5_000)
    chain.ledger.close_month()


def dollars(frame: pl.DataFrame, *names: str) -> list[list[float]]:
    """Columns of cents as rows of dollars."""
    return [[value / 100 for value in row] for row in frame.select(names).rows()]
