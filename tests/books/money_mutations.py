"""Rules of money, broken on purpose: each function patches one rule in a world before its first month."""

import numpy as np

from tests.books.rule_patches import Mutations, after, changed, trusting
from watersellers.agents.chips import month as chips
from watersellers.agents.closing_entries import ClosingEntries
from watersellers.agents.finance import capital_calls, savers
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.outside_incomes import OutsideIncomes
from watersellers.agents.finance.venture.commitments import PromiseRegister
from watersellers.agents.fleet_operators import FleetOperators
from watersellers.agents.labs.month import Labs
from watersellers.market import month
from watersellers.market.accounting import ledger
from watersellers.market.accounting.ledger import Entries, Ledger
from watersellers.market.accounting.share_register import ShareRegister
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import whole
from watersellers.market.goods import GOODS, NANO_A_CENT, Good
from watersellers.market.money_origin import origins
from watersellers.market.money_origin.origins import Origins, ProRata
from watersellers.market.month import PHASES, invest, money
from watersellers.market.trade import orders

# I1: all cash adds up to what it was


def pay_incomes_out_of_nothing(world, patch):
    users = world.accounts.index["users_west"]
    rows = Entries.made((users, Item.CASH), (users, Item.INCOME), whole([1]), Good.INCOME)
    after(patch, OutsideIncomes, "arrive", lambda incomes, ledger, chance: ledger.post(rows))


def pay_nobody(world, patch):
    lab = world.accounts.index["openai"]
    rows = Entries.made((lab, Item.OPERATING_COST), (lab, Item.CASH), whole([1_00]), Good.WAGES)
    after(patch, Labs, "spend", lambda labs, ledger: ledger.post(rows))


# I2: debits are credits, and equity moves by income and capital


def pay_for_hours_that_nobody_delivers(world, patch):
    trusting(patch)
    pay_unbooked(world, patch)


def pay_unbooked(world, patch):
    post = Ledger.post

    def paid_alone(ledger, *parts):
        rows = Entries.joined(parts)
        post(ledger, rows.where((rows.good != Good.HOURS) | (rows.credit_item != Item.REVENUE)))

    patch.setattr(Ledger, "post", paid_alone)


def leave_the_month_open(world, patch):
    patch.setattr(ClosingEntries, "close", lambda closing, ledger, month: None)


# I3: what one owes, another is owed; what is issued, somebody holds


def issue_shares_to_nobody(world, patch):
    def issue(register, firm, holder, shares):
        register.issued[firm] = register.issued.get(firm, 0) + shares

    patch.setattr(ShareRegister, "issue", issue)


def write_off_a_failed_firms_own_side_alone(world, patch):
    post, gone = Ledger.post, world.accounts.index["fading"]

    def own(ledger, *parts):
        rows = Entries.joined(parts)
        theirs = (rows.good == Good.WRITE_OFF) & (rows.debit_account != gone)
        post(ledger, rows.where(~theirs))

    patch.setattr(Ledger, "post", own)


def let_the_foundry_book_a_prepayment_as_revenue(world, patch):
    patch.setattr(chips, "DEPOSIT", (Item.PREPAYMENTS, Item.REVENUE))


def keep_what_speed_costs_as_a_claim(world, patch):
    patch.setattr(chips, "PREMIUM", (Item.PREPAYMENTS, Item.REVENUE))


def use_up_more_than_was_deposited(world, patch):
    changed(patch, Ledger, "_prepaid", lambda used, ledger, trades: np.where(used > 0, trades.cents, 0))


# I4: no cash below the credit line


def pay_what_one_has_not_got(world, patch):
    trusting(patch)
    pay_in_full(world, patch)


def pay_in_full(world, patch):
    patch.setattr(Ledger, "_payable", lambda ledger, trades, due, order: due)


# I9: an invoice is quantity times price


def round_invoices_up(world, patch):
    def up(good, quantity, price):
        lots = [GOODS[Good(code)].per * NANO_A_CENT for code in good.tolist()]
        rows = zip(quantity.tolist(), price.tolist(), lots, strict=True)
        return whole(-(-units * each // lot) for units, each, lot in rows)

    patch.setattr(orders, "invoice", up)


def pay_a_cent_of_another_bill(world, patch):
    """Two labs rent from two clouds; each pays one of them a cent too much and the other one too little."""
    post = Ledger.post

    def around(ledger, *parts):
        rows = Entries.joined(parts)
        paid = np.flatnonzero((rows.good == Good.HOURS) & (rows.credit_item == Item.CASH))
        bills = {(rows.credit_account[row], rows.debit_account[row]): row for row in paid}
        labs, clouds = (world.accounts.of_layer(layer).tolist() for layer in ("labs", "cloud"))
        squares = ([(a, x), (a, y), (b, x), (b, y)] for a in labs for b in labs for x in clouds for y in clouds)
        square = next((four for four in squares if len(set(four)) == 4 and bills.keys() >= set(four)), [])
        for bill, cent in zip(square, (1, -1, -1, 1), strict=False):
            rows.cents[bills[bill]] += cent
        post(ledger, rows)

    patch.setattr(Ledger, "post", around)


# I10: origins add up


def lose_the_cents_left_over(world, patch):
    def down(held, total, cents):
        rows = zip(held.tolist(), total.tolist(), cents.tolist(), strict=True)
        return np.array([[had * pay // all_in for had in row] for row, all_in, pay in rows], dtype=np.int64)

    patch.setattr(origins, "in_proportion", down)


def pay_with_the_first_origin_alone(world, patch):
    def take(pool, payer, cents):
        parts = np.zeros((len(payer), pool.held.shape[1]), dtype=np.int64)
        parts[:, 0] = cents
        np.subtract.at(pool.held, payer, parts)
        return parts

    patch.setattr(ProRata, "take", take)


def forget_where_the_ad_money_came_from(world, patch):
    feed = Origins.feed
    patch.setattr(Origins, "feed", lambda origins, rows: feed(origins, rows.where(rows.good != Good.ATTENTION)))


# I12: the journal gives the books


def write_machines_up_beside_the_journal(world, patch):
    def write_up(builders, ledger, month):
        cloud = world.accounts.index["aws"]
        ledger.totals[cloud, [Item.FLEET, Item.CHIP_STOCK]] += whole([1, -1])

    after(patch, FleetOperators, "close", write_up)


def leave_deposits_out_of_the_books(world, patch):
    apply = ledger.apply
    patch.setattr(ledger, "apply", lambda rows, *books: apply(rows.where(rows.good != Good.DEPOSIT), *books))


# I13: one phase comes after another


def invest_before_the_money_has_come(world, patch):
    order = list(PHASES)
    order[7:9] = invest, money
    patch.setattr(month, "PHASES", tuple(order))


def date_rounds_back(world, patch):
    finance = Investors.finance

    def back(investors, ledger, chance):
        ledger.clock.turn(ledger.clock.month, 7)
        finance(investors, ledger, chance)

    patch.setattr(Investors, "finance", back)


def write_into_next_month(world, patch):
    def next_month(builders, ledger, month):
        ledger.clock.turn(month + 1, 12)

    def this_month(entries, ledger, month):
        ledger.clock.turn(month - 1, 12)

    after(patch, FleetOperators, "close", next_month)
    after(patch, ClosingEntries, "close", this_month)


# I14: what savers have promised is what they signed and have


def sign_for_more_than_there_is(world, patch):
    patch.setattr(savers, "signs", lambda *_: 10**15)


def call_without_a_word(world, patch):
    patch.setattr(PromiseRegister, "call", lambda register, pool, cents: None)
    patch.setattr(capital_calls, "calls", lambda *_: 100)


MUTATIONS: Mutations = {  # the law that each breaks, and words of the complaint
    pay_incomes_out_of_nothing: ("I1", "users_west"),
    pay_nobody: ("I1", "openai"),
    pay_for_hours_that_nobody_delivers: ("I2", "debits exceed credits"),
    leave_the_month_open: ("I2", "not closed into equity"),
    issue_shares_to_nobody: ("I3", "shares issued and held by nobody"),
    write_off_a_failed_firms_own_side_alone: ("I3", "claims on others that these do not owe"),
    let_the_foundry_book_a_prepayment_as_revenue: ("I3", "claims on others that these do not owe"),
    keep_what_speed_costs_as_a_claim: ("I3", "claims on others that these do not owe"),
    use_up_more_than_was_deposited: ("I3", "below 0"),
    pay_what_one_has_not_got: ("I4", "fading"),
    round_invoices_up: ("I9", "is not"),
    pay_a_cent_of_another_bill: ("I9", "misses the invoices"),
    lose_the_cents_left_over: ("I10", "add up to"),
    pay_with_the_first_origin_alone: ("I10", "that it did not have"),
    forget_where_the_ad_money_came_from: ("I10", "origins of advertisers"),
    write_machines_up_beside_the_journal: ("I12", "the journal does not give"),
    leave_deposits_out_of_the_books: ("I12", "the journal does not give"),
    invest_before_the_money_has_come: ("I13", "in phase"),
    date_rounds_back: ("I13", "phases run"),
    write_into_next_month: ("I13", "an entry is of month"),
    sign_for_more_than_there_is: ("I14", "outside it"),
    call_without_a_word: ("I14", "by the journal"),
}
