"""The chart of accounts: the items of the books, and which of them are claims of one account on another."""

from enum import IntEnum


class Item(IntEnum):
    """A line of the books: first stocks, which stay, then income items, which each month's close moves to equity."""

    CASH = 0
    RECEIVABLES = 1
    CHIP_STOCK = 2
    FLEET = 3
    PREPAYMENTS = 4
    HOLDINGS = 5
    PAYABLES = 6
    CUSTOMER_DEPOSITS = 7
    LOANS = 8
    EQUITY = 9
    REVENUE = 10
    COST_OF_SALES = 11
    OPERATING_COST = 12
    DEPRECIATION = 13
    IMPAIRMENT = 14
    INTEREST = 15
    CONSUMPTION = 16
    INCOME = 17
    DIVIDENDS = 18
    REVALUATION = 19


ITEMS = tuple(item.name.lower() for item in Item)
ASSETS = (Item.CASH, Item.RECEIVABLES, Item.CHIP_STOCK, Item.FLEET, Item.PREPAYMENTS, Item.HOLDINGS)
LIABILITIES = (Item.PAYABLES, Item.CUSTOMER_DEPOSITS, Item.LOANS)
STOCKS = (*ASSETS, *LIABILITIES, Item.EQUITY)
INCOME_ITEMS = tuple(item for item in Item if item > Item.EQUITY)
# What one account claims of another, and the item under which the other owes it.
CLAIMS: dict[Item, tuple[Item, ...]] = {
    Item.RECEIVABLES: (Item.PAYABLES, Item.LOANS),
    Item.PREPAYMENTS: (Item.CUSTOMER_DEPOSITS,),
}
CLAIM_ON = {owed: claim for claim, debts in CLAIMS.items() for owed in debts}  # what a creditor has, by what is owed
HAS_COUNTERPARTY = (Item.RECEIVABLES, Item.PREPAYMENTS, Item.HOLDINGS, *LIABILITIES)
