"""Ways of breaking the books of the small economy, each with the invariant that it breaks."""

from collections.abc import Callable

import numpy as np

from tests.books.rule_patches import trusting
from tests.books.small_economy import CHIPS, CLOUD, SHARES, USERS, WORLD, Economy, after_close, before_close
from watersellers.market.accounting import ledger
from watersellers.market.accounting.ledger import Entries, Ledger
from watersellers.market.chart_of_accounts import INCOME_ITEMS, Item
from watersellers.market.exact import nano, whole
from watersellers.market.goods import GOODS, NANO_A_CENT, Good
from watersellers.market.trade import orders


def half_up(good, quantity, price):
    lots = whole(GOODS[Good(code)].per * NANO_A_CENT for code in good.tolist())
    return (2 * quantity * price + lots) // (2 * lots)


def truncated(good, quantity, price):
    return quantity * price // whole(GOODS[Good(code)].per * NANO_A_CENT for code in good.tolist())


def forget(good: Good) -> Callable:
    """Keep books that leave out one good."""
    apply = ledger.apply
    return lambda rows, totals, claims: apply(rows.where(rows.good != good), totals, claims)


def print_money(economy, patch):
    after_close(economy, patch, lambda: economy.ledger.totals.__setitem__((WORLD, Item.CASH), 1))


def lose_what_is_paid(economy, patch):
    def apply(rows, totals, claims):
        np.subtract.at(totals, (rows.credit_account, rows.credit_item), rows.cents)
        got = rows.debit_item != Item.CASH
        np.add.at(totals, (rows.debit_account[got], rows.debit_item[got]), rows.cents[got])

    patch.setattr(ledger, "apply", apply)


def deliver_unpaid(economy, patch):
    trusting(patch)
    rows = Entries.made((USERS, Item.CONSUMPTION), (CLOUD, Item.REVENUE), whole([1_00]), Good.HOURS, price=nano(1.0))
    before_close(economy, patch, lambda: economy.ledger.post(rows))


def leave_open(economy, patch):
    patch.setattr(Ledger, "close_month", lambda ledger: None)


def close_costs_alone(economy, patch):
    patch.setattr(ledger, "INCOME_ITEMS", INCOME_ITEMS[1:])


def pay_into_equity(economy, patch):
    after_close(economy, patch, lambda: economy.ledger.totals.__setitem__((CLOUD, Item.EQUITY), 0))


def forgive_on_one_side(economy, patch):
    loss, claim = (CHIPS, Item.REVALUATION), (CHIPS, Item.RECEIVABLES)
    rows = Entries.made(loss, claim, whole([1]), Good.WRITE_OFF, counterparty=CLOUD)
    before_close(economy, patch, lambda: economy.ledger.post(rows))


def use_a_deposit_twice(economy, patch):
    def prepaid(ledger, trades):
        held = {(b, s) for s, b, _ in ledger.owed(Item.CUSTOMER_DEPOSITS)}
        pairs = zip(trades.buyer.tolist(), trades.seller.tolist(), strict=True)
        return np.where([pair in held for pair in pairs], trades.cents, 0)

    patch.setattr(Ledger, "_prepaid", prepaid)


def issue_to_nobody(economy, patch):
    economy.shares = SHARES[0] + whole([0, 5, 0, 0]), SHARES[1]


def hold_what_was_not_issued(economy, patch):
    economy.shares = SHARES[0], SHARES[1] * 2


def overdraw(economy, patch):
    trusting(patch)
    patch.setattr(Ledger, "_payable", lambda ledger, trades, due, order: due)


def take_back_a_credit_line(economy, patch):
    economy.ledger.credit_line[CLOUD] = 3_000_00
    after_close(economy, patch, lambda: economy.ledger.credit_line.fill(0))


def round_half_up(economy, patch):
    patch.setattr(orders, "invoice", half_up)


def cut_off_half_cents(economy, patch):
    patch.setattr(orders, "invoice", truncated)


def bill_tokens_one_by_one(economy, patch):
    patch.setattr(orders, "invoice", lambda good, quantity, price: quantity * price // NANO_A_CENT)


def pay_around_in_circles(economy, patch):
    """Two buyers owe two sellers a dollar each; each pays one of them 10 cents too much and the other too little."""
    pairs = whole([USERS, USERS, WORLD, WORLD]), whole([CHIPS, CLOUD, CHIPS, CLOUD])
    bill, paid, deal = whole([100] * 4), whole([110, 90, 90, 110]), {"price": nano(1.0)}
    trusting(patch)
    parts = (
        Entries.made((pairs[0], Item.CONSUMPTION), (pairs[1], Item.REVENUE), bill, Good.MEDIA, **deal),
        Entries.made((pairs[1], Item.CASH), (pairs[0], Item.CASH), paid, Good.MEDIA, **deal),
    )
    before_close(economy, patch, lambda: economy.ledger.post(*parts))


def forget_a_claim(economy, patch):
    def forget_both():
        claims = economy.ledger.claims
        for key in [key for key in claims if key[0] in (Item.RECEIVABLES, Item.PAYABLES)]:
            claims[key] = 0

    after_close(economy, patch, forget_both)


def write_up_machines(economy, patch):
    after_close(economy, patch, lambda: economy.ledger.totals.__setitem__((CLOUD, Item.FLEET), 7))


def leave_out_deposits(economy, patch):
    patch.setattr(ledger, "apply", forget(Good.DEPOSIT))


def edit_the_journal(economy, patch):
    def edit():
        chunk = next(chunk for chunk in economy.ledger.chunks[::-1] if Item.CHIP_STOCK in chunk.credit_item)
        object.__setattr__(chunk, "cents", chunk.cents + 1)

    after_close(economy, patch, edit)


def go_back_a_phase(economy, patch):
    before_close(economy, patch, lambda: wear(economy, economy.ledger.clock.month, 9))


def live_in_another_month(economy, patch):
    month = economy.ledger.clock.month
    before_close(economy, patch, lambda: wear(economy, month + 1, 12))


def wear(economy: Economy, month: int, phase: int) -> None:
    economy.ledger.clock.turn(month, phase)
    economy.ledger.post(Entries.made((CLOUD, Item.DEPRECIATION), (CLOUD, Item.FLEET), whole([1]), Good.WEAR))


def tear_out_a_page(economy, patch):
    after_close(economy, patch, lambda: economy.ledger.chunks.pop(-3))


MUTATIONS = {
    print_money: "I1",
    lose_what_is_paid: "I1",
    deliver_unpaid: "I2",
    leave_open: "I2",
    close_costs_alone: "I2",
    pay_into_equity: "I2",
    forgive_on_one_side: "I3",
    use_a_deposit_twice: "I3",
    issue_to_nobody: "I3",
    hold_what_was_not_issued: "I3",
    overdraw: "I4",
    take_back_a_credit_line: "I4",
    round_half_up: "I9",
    cut_off_half_cents: "I9",
    bill_tokens_one_by_one: "I9",
    pay_around_in_circles: "I9",
    forget_a_claim: "I12",
    write_up_machines: "I12",
    leave_out_deposits: "I12",
    edit_the_journal: "I12",
    go_back_a_phase: "I13",
    live_in_another_month: "I13",
    tear_out_a_page: "I13",
}
