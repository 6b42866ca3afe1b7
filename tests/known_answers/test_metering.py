"""Invoices for tokens and GPU-hours are right to the dollar for quantities that were published."""

from tests.worlds.theory_chain import LAB
from tests.worlds.toy_layers import USERS, ledger_of
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano
from watersellers.market.goods import TOKENS, Good
from watersellers.market.trade.orders import due


def billed(rows):
    ledger = ledger_of(("labs", 1), ("apps", 1))
    ledger.settle(due(rows), ledger.accounts.keys)
    assert -int(ledger.totals[LAB, Item.REVENUE]) == int(ledger.totals[LAB, Item.CASH])
    return int(ledger.totals[LAB, Item.CASH])


def test_a_day_of_tokens_is_562_100_dollars():
    asked = zip(TOKENS, (342 * 10**9, (608 - 342) * 10**9, 168 * 10**9), (0.14, 0.55, 2.19), strict=True)
    assert billed([(USERS, Item.CONSUMPTION, LAB, good, n, nano(price)) for good, n, price in asked]) == 562_100_00


def test_a_day_of_226_75_nodes_is_87_072_dollars():
    hours = round(226.75 * 8 * 24)
    assert hours == 226.75 * 8 * 24
    assert billed([(USERS, Item.CONSUMPTION, LAB, Good.HOURS, hours, nano(2.0))]) == 87_072_00
