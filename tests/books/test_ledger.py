"""The ledger: worked examples by hand, and laws for any batch of deals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watersellers.market.accounting.accounts import Account, Accounts
from watersellers.market.accounting.ledger import Entries, Ledger, LedgerError, opening, replay
from watersellers.market.chart_of_accounts import CLAIMS, Item
from watersellers.market.exact import nano, whole
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Orders, Trades

CHIPS, CLOUD, LAB, USERS = range(4)
NAMES = ("nvidia", "aws", "openai", "users_west")
LAYERS_OF = ("chips", "cloud", "labs", "users")


def ledger_with(*dollars: int) -> Ledger:
    """Books of four accounts with this opening cash, in whole dollars."""
    rows = [Account(key, NAMES[key], LAYERS_OF[key], "", "west") for key in range(4)]
    ledger = Ledger(Accounts.of(rows))
    for account, amount in enumerate(dollars):
        if amount:
            opening(ledger, account, Item.CASH, amount * 100)
    ledger.clock.turn(0, 8)
    return ledger


def deals(*rows: tuple[int, int, Good, int, float]) -> Trades:
    """Deals as (buyer, seller, good, quantity, dollars a priced lot), booked as a cost of sales."""
    listed = [(buyer, Item.COST_OF_SALES, seller, good, units, nano(each)) for buyer, seller, good, units, each in rows]
    orders = Orders.of(listed)
    return Trades.dealt(orders, orders.quantity)


def order(ledger: Ledger) -> np.ndarray:
    return ledger.accounts.keys


def deposit(ledger: Ledger, payer: int, payee: int, dollars: int) -> None:
    items = (Item.PREPAYMENTS, Item.CUSTOMER_DEPOSITS)
    ledger.transfer(whole([payer]), whole([payee]), whole([dollars * 100]), items, Good.DEPOSIT)


def test_a_sale_moves_the_price_once_and_books_it_on_both_sides():
    ledger = ledger_with(0, 0, 3000, 0)
    ledger.settle(deals((LAB, CLOUD, Good.HOURS, 1000, 2.0)), order(ledger))
    assert ledger.cash.tolist() == [0, 2000_00, 1000_00, 0]
    assert ledger.totals[CLOUD, Item.REVENUE] == -2000_00
    assert ledger.totals[LAB, Item.COST_OF_SALES] == 2000_00


def test_an_invoice_of_half_a_cent_goes_to_the_even_cent():
    ledger = ledger_with(0, 0, 10, 0)
    sold = deals(*[(LAB, CLOUD, Good.HOURS, 1, each) for each in (0.005, 0.015, 0.025, 0.02501)])
    assert sold.cents.tolist() == [0, 2, 2, 3]
    ledger.settle(sold, order(ledger))
    assert ledger.cash[CLOUD] == 7


def test_tokens_are_priced_by_the_million():
    # 608 billion input tokens of which 342 cached, at 0.14 and 0.55 USD a million, 168 billion output at 2.19
    rows = [
        (USERS, LAB, Good.TOKENS_CACHED, 342 * 10**9, 0.14),
        (USERS, LAB, Good.TOKENS_INPUT, 266 * 10**9, 0.55),
        (USERS, LAB, Good.TOKENS_OUTPUT, 168 * 10**9, 2.19),
    ]
    assert deals(*rows).cents.tolist() == [47_880_00, 146_300_00, 367_920_00]


def test_a_buyer_with_half_the_cash_pays_half_of_each_invoice_and_owes_the_rest():
    ledger = ledger_with(0, 0, 100, 0)
    ledger.settle(deals((LAB, CLOUD, Good.HOURS, 100, 1.5), (LAB, CHIPS, Good.ACCELERATORS, 1, 50.0)), order(ledger))
    assert ledger.cash.tolist() == [25_00, 75_00, 0, 0]
    assert ledger.owed(Item.PAYABLES) == [(LAB, CHIPS, 25_00), (LAB, CLOUD, 75_00)]
    assert ledger.owed(Item.RECEIVABLES) == [(CHIPS, LAB, 25_00), (CLOUD, LAB, 75_00)]


def test_the_odd_cent_goes_to_the_largest_remainder_and_ties_to_the_smaller_number():
    ledger = ledger_with(0, 0, 1, 0)
    bills = deals((LAB, CLOUD, Good.HOURS, 1, 1.0), (LAB, CHIPS, Good.ACCELERATORS, 1, 2.0))
    ledger.settle(bills, order(ledger))  # 33 1/3 and 66 2/3 cents
    assert ledger.cash.tolist() == [67, 33, 0, 0]
    for ties, expected in (([0, 1, 2, 3], [1, 0]), ([1, 0, 2, 3], [0, 1])):
        ledger = ledger_with(0, 0, 0, 0)
        opening(ledger, LAB, Item.CASH, 1)
        ledger.settle(deals((LAB, CLOUD, Good.HOURS, 1, 1.0), (LAB, CHIPS, Good.ACCELERATORS, 1, 1.0)), whole(ties))
        assert ledger.cash[:2].tolist() == expected


def test_nobody_pays_out_of_what_it_gets_in_the_same_batch():
    ledger = ledger_with(0, 0, 0, 100)
    ledger.settle(deals((USERS, LAB, Good.SEATS, 5, 20.0), (LAB, CLOUD, Good.HOURS, 50, 2.0)), order(ledger))
    assert ledger.cash.tolist() == [0, 0, 100_00, 0]
    assert ledger.owed(Item.PAYABLES) == [(LAB, CLOUD, 100_00)]


def test_a_deposit_is_used_up_before_cash_and_by_the_first_invoice_first():
    ledger = ledger_with(0, 200, 0, 0)
    deposit(ledger, CLOUD, CHIPS, 80)
    ledger.settle(
        deals((CLOUD, CHIPS, Good.ACCELERATORS, 1, 50.0), (CLOUD, CHIPS, Good.FOUNDRY, 1, 50.0)), order(ledger)
    )
    rows = ledger.chunks[-1]
    used = rows.cents[rows.debit_item == Item.CUSTOMER_DEPOSITS]
    assert used.tolist() == [50_00, 30_00]
    assert ledger.cash.tolist() == [100_00, 100_00, 0, 0]
    assert ledger.owed(Item.PREPAYMENTS) == []


def test_a_deposit_with_one_seller_pays_no_other():
    ledger = ledger_with(0, 0, 200, 0)
    deposit(ledger, LAB, CHIPS, 80)
    ledger.settle(deals((LAB, CLOUD, Good.HOURS, 50, 1.0)), order(ledger))
    assert ledger.owed(Item.PREPAYMENTS) == [(LAB, CHIPS, 80_00)]
    assert ledger.cash[LAB] == 70_00


def test_arrears_are_paid_in_proportion_as_far_as_cash_goes():
    ledger = ledger_with(0, 0, 0, 0)
    ledger.settle(deals((LAB, CLOUD, Good.HOURS, 90, 1.0), (LAB, CHIPS, Good.ACCELERATORS, 1, 30.0)), order(ledger))
    opening(ledger, LAB, Item.CASH, 40_00)
    ledger.pay_arrears(order(ledger))
    assert ledger.cash.tolist() == [10_00, 30_00, 0, 0]
    assert ledger.owed(Item.PAYABLES) == [(LAB, CHIPS, 20_00), (LAB, CLOUD, 60_00)]


def test_the_month_closes_into_equity_and_leaves_stocks_alone():
    ledger = ledger_with(0, 0, 3000, 0)
    ledger.settle(deals((LAB, CLOUD, Good.HOURS, 1000, 2.0)), order(ledger))
    ledger.close_month()
    assert not ledger.totals[:, Item.REVENUE :].any()
    assert ledger.totals[:, Item.EQUITY].tolist() == [0, -2000_00, -1000_00, 0]


def test_a_write_off_takes_the_claim_from_both_sides():
    ledger = ledger_with(0, 0, 0, 0)
    ledger.settle(deals((LAB, CLOUD, Good.HOURS, 90, 1.0)), order(ledger))
    loss, gain = (CLOUD, Item.REVALUATION), (LAB, Item.REVALUATION)
    cents = whole([90_00])
    ledger.post(
        Entries.made(loss, (CLOUD, Item.RECEIVABLES), cents, Good.WRITE_OFF, counterparty=LAB),
        Entries.made((LAB, Item.PAYABLES), gain, cents, Good.WRITE_OFF, counterparty=CLOUD),
    )
    assert ledger.owed(Item.RECEIVABLES) == ledger.owed(Item.PAYABLES) == []
    ledger.close_month()
    assert ledger.totals[:, Item.EQUITY].tolist() == [0, 0, 0, 0]  # 90 earned and lost, 90 spent and forgiven


def test_a_credit_line_lets_cash_go_below_zero_and_no_further():
    ledger = ledger_with(0, 0, 100, 0)
    ledger.credit_line[LAB] = 30_00
    ledger.settle(deals((LAB, CLOUD, Good.HOURS, 150, 1.0)), order(ledger))
    assert ledger.cash.tolist() == [0, 130_00, -30_00, 0]
    assert ledger.owed(Item.PAYABLES) == [(LAB, CLOUD, 20_00)]


ONE = whole([1_00])
REFUSED = {
    "an entry of -5 cents": ((CLOUD, Item.FLEET), (CLOUD, Item.EQUITY), whole([-5])),
    "I2: nvidia": ((CHIPS, Item.COST_OF_SALES), (CLOUD, Item.REVENUE), ONE),
    "I4: aws": ((CLOUD, Item.FLEET), (CLOUD, Item.CASH), ONE),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_the_books_refuse_an_entry_and_stay_as_they_were(sentence):
    ledger = ledger_with(5, 0, 0, 0)
    before = ledger.totals.copy(), len(ledger.chunks), ledger.batch
    debit, credit, cents = REFUSED[sentence]
    with pytest.raises(LedgerError, match=sentence):
        ledger.post(Entries.made(debit, credit, cents, Good.WEAR))
    assert (ledger.totals == before[0]).all()
    assert (len(ledger.chunks), ledger.batch) == before[1:]


def test_a_transfer_that_cannot_be_paid_moves_nothing():
    ledger = ledger_with(5, 0, 0, 0)
    with pytest.raises(LedgerError, match="I4: nvidia is asked to pay 500 cents more than it has"):
        deposit(ledger, CHIPS, CLOUD, 10)
    assert ledger.cash.tolist() == [5_00, 0, 0, 0]


party = st.integers(0, 3)
deal = st.tuples(
    party,
    party,
    st.sampled_from([Good.HOURS, Good.TOKENS_INPUT, Good.ACCELERATORS]),
    st.integers(1, 10**7),
    st.floats(0, 3),
).filter(lambda row: row[0] != row[1])
prepayment = st.tuples(party, party, st.integers(1, 500)).filter(lambda row: row[0] != row[1])
months = st.lists(st.tuples(st.lists(prepayment, max_size=3), st.lists(deal, max_size=8)), min_size=1, max_size=4)


def sums_of(ledger: Ledger, item: Item) -> dict[tuple[int, int], int]:
    return {(a, b): cents for a, b, cents in ledger.owed(item)}


def live(ledger: Ledger, prepayments, trades) -> None:
    for payer, payee, dollars in prepayments:
        if ledger.cash[payer] >= dollars * 100:
            deposit(ledger, payer, payee, dollars)
    ledger.settle(deals(*trades), order(ledger))


@settings(max_examples=60)
@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4), months)
def test_any_months_conserve_money_balance_the_books_and_match_claims(cash, plan):
    ledger = ledger_with(*cash)
    for prepayments, trades in plan:
        live(ledger, prepayments, trades)
        ledger.pay_arrears(order(ledger))
        ledger.close_month()
        assert ledger.cash.sum() == sum(cash) * 100
        assert (ledger.cash >= 0).all()
        assert not ledger.totals.sum(axis=1).any()
        for asset, debts in CLAIMS.items():
            owed = {(b, a): cents for debt in debts for (a, b), cents in sums_of(ledger, debt).items()}
            assert sums_of(ledger, asset) == owed
    totals, claims = replay(ledger.journal(), 4)
    assert (totals == ledger.totals).all()
    assert claims == {key: cents for key, cents in ledger.claims.items() if cents}


@settings(max_examples=60)
@given(st.lists(prepayment, min_size=1, max_size=4), st.lists(deal, min_size=1, max_size=8))
def test_what_is_prepaid_is_used_before_anything_is_paid_or_owed(prepayments, trades):
    ledger = ledger_with(1000, 1000, 1000, 1000)
    live(ledger, prepayments, [])
    before, batches = sums_of(ledger, Item.PREPAYMENTS), len(ledger.chunks)
    ledger.settle(deals(*trades), order(ledger))
    left = sums_of(ledger, Item.PREPAYMENTS)
    billed: dict[tuple[int, int], int] = {}
    for chunk in ledger.chunks[batches:]:
        for row in chunk.where(chunk.credit_item == Item.REVENUE).rows():
            pair = (row[3], row[5])
            billed[pair] = billed.get(pair, 0) + row[-1]
    for pair, cents in before.items():
        assert cents - left.get(pair, 0) == min(cents, billed.get(pair, 0))


@settings(max_examples=60)
@given(st.lists(st.integers(0, 3000), min_size=4, max_size=4), st.lists(deal, min_size=1, max_size=8))
def test_arrears_take_all_that_a_debtor_has_and_no_more_than_it_owes(cash, trades):
    ledger = ledger_with(0, 0, 0, 0)
    ledger.settle(deals(*trades), order(ledger))
    for account, dollars in enumerate(cash):
        if dollars:
            opening(ledger, account, Item.CASH, dollars * 100)
    owed = -ledger.totals[:, Item.PAYABLES]
    ledger.pay_arrears(order(ledger))
    paid = owed + ledger.totals[:, Item.PAYABLES]
    assert paid.tolist() == np.minimum(owed, np.array(cash) * 100).tolist()
