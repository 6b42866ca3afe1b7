"""Each invariant of the books bites: a small economy runs clean, and each way of breaking it names what fails."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from watersellers.market import ledger, orders
from watersellers.market.accounts import Account, Accounts
from watersellers.market.closed_month import snapshot
from watersellers.market.goods import GOODS, INCOME_ITEMS, NANO_A_CENT, Good, Item
from watersellers.market.invariants import InvariantBroken, check_books, enforce
from watersellers.market.ledger import Entries, Ledger, opening
from watersellers.market.orders import Orders, Trades
from watersellers.market.units import nano, whole

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


def trusting(patch: pytest.MonkeyPatch) -> None:
    """Let the ledger write whatever it is given."""
    patch.setattr(Ledger, "_refuse", lambda ledger, rows: None)


def half_up(good, quantity, price):
    lots = whole(GOODS[Good(code)].per * NANO_A_CENT for code in good.tolist())
    return (2 * quantity * price + lots) // (2 * lots)


def truncated(good, quantity, price):
    return quantity * price // whole(GOODS[Good(code)].per * NANO_A_CENT for code in good.tolist())


def forget(good: Good) -> Callable:
    """Keep books that leave out one good."""
    apply = ledger.apply
    return lambda rows, totals, claims: apply(rows.where(rows.good != good), totals, claims)


def before_close(economy: Economy, patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something just before the month is closed."""
    close = economy.ledger.close_month
    patch.setattr(economy.ledger, "close_month", lambda: (act(), close()))


def after_close(economy: Economy, patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something just after the month is closed."""
    close = economy.ledger.close_month
    patch.setattr(economy.ledger, "close_month", lambda: (close(), act()))


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
        chunk.cents[:] += 1

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


def run(economy: Economy, months: int) -> None:
    for month in range(economy.ledger.clock.month, economy.ledger.clock.month + months):
        economy.live(month)
        economy.check()


def test_an_economy_left_alone_passes_every_month():
    economy = Economy()
    run(economy, 6)
    assert economy.ledger.owed(Item.PAYABLES)  # it has arrears, deposits, stocks and wear to check
    assert economy.ledger.owed(Item.PREPAYMENTS)
    assert economy.ledger.totals[CLOUD, Item.FLEET] > 0


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_breaking_a_law_stops_the_run_and_names_it(mutation, monkeypatch):
    economy = Economy()
    run(economy, 2)
    economy.ledger.clock.month += 1
    mutation(economy, monkeypatch)
    with pytest.raises(InvariantBroken) as broken:
        run(economy, 3)
    assert broken.value.invariant == MUTATIONS[mutation], broken.value


def test_the_sentence_says_which_month_whose_books_and_how_much(monkeypatch):
    economy = Economy()
    run(economy, 1)
    economy.ledger.clock.month = 1
    after_close(economy, monkeypatch, lambda: economy.ledger.totals.__setitem__((WORLD, Item.CASH), 10**9))
    with pytest.raises(InvariantBroken) as broken:
        run(economy, 1)
    said = str(broken.value)
    assert said.startswith("I1 does not hold in month 1 (2023-02): all cash is ")
    assert "at the opening 7060000" in said
    # by the journal the world has 100 + 2 x (3,000 for chips + 5 deposited - 3 for tokens) - 5 prepaid = 6,099 dollars
    assert said.endswith("not received from or paid to anybody: world 999390100 cents"), said


def test_a_check_of_ones_own_is_one_function_more():
    def never_negative(units: int) -> str | None:
        return f"{units} machines in stock" if units < 0 else None

    enforce([("I5", never_negative)], 0, 3, None)
    with pytest.raises(InvariantBroken, match="I5 does not hold in month 3: -1 machines in stock"):
        enforce([("I5", never_negative)], -1, 3, None)
