"""The month as a newcomer reads it: twelve phases in order, and one month of a toy world of short layers."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from tests.worlds.toy_layers import UNITS, USERS, WORLD, Customers, Layer, economy_of, held, ledger_of, live_months
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano, whole
from watersellers.market.goods import Good
from watersellers.market.month import PHASES, Economy, Market, live
from watersellers.market.trade.orders import Offers, Orders, Supply, Trades, due

quick = settings(max_examples=60)
ONE = 1 / UNITS  # a single unit, in the units of theory that toy customers order


@dataclass
class Diary:
    """Takes part in every phase, and notes what it was asked, and when."""

    name: str
    notes: list[tuple[str, str]]

    def note(self, what):
        self.notes.append((self.name, what))

    def happen(self, month):
        self.note("happen")

    def arrive(self, ledger, chance):
        self.note("arrive")

    def expect(self, chance):
        self.note("expect")

    def post(self, inputs, chance):
        self.note("post")
        return Offers.of([])

    def order(self, offers, asked, chance):
        self.note("order")
        return Orders.of([])

    def supply(self, orders):
        self.note("supply")
        return Supply.of([])

    def sold(self, trades):
        self.note("sold")

    def receive(self, trades):
        self.note("receive")

    def auction(self, chance):
        self.note("auction")
        return Trades.of([])

    def spend(self, ledger):
        self.note("spend")
        return Trades.of([])

    def invest(self, ledger, chance):
        self.note("invest")

    def finance(self, ledger, chance):
        self.note("finance")

    def wind_up(self, ledger, chance):
        self.note("wind up")

    def close(self, ledger, month):
        self.note("close")


def diaries(*names):
    """Diaries of the named, all writing into one book, and the book."""
    notes: list[tuple[str, str]] = []
    return [Diary(name, notes) for name in names], notes


def test_the_twelve_phases_in_order():
    names = "events arrivals expectations prices orders goods attention money invest finance exits close"
    assert [phase.__name__ for phase in PHASES] == names.split()


def test_a_month_asks_each_question_once_in_the_order_of_the_phases():
    (diary,), notes = diaries("d")
    part = (diary,)
    economy = Economy(
        ledger_of(), 1, (Market("good", part, part),),
        events=part, arrivals=part, expectations=part, attention=part, money=part,
        invest=part, finance=part, exits=part, close=part,
    )  # fmt: skip
    live(economy)
    asked = "happen arrive expect post order supply sold receive auction spend invest finance wind.up close"
    assert [what for _, what in notes] == [what.replace(".", " ") for what in asked.split()]


def test_prices_go_down_orders_come_up_and_goods_go_down():
    (chips, cloud, lab, users), notes = diaries("chips", "cloud", "lab", "users")
    markets = (
        Market("machines", (chips,), (cloud,)),
        Market("hours", (cloud,), (lab,)),
        Market("tokens", (lab,), (users,)),
    )
    live(Economy(ledger_of(), 1, markets))
    assert [name for name, what in notes if what == "post"] == ["chips", "cloud", "lab"]
    assert [name for name, what in notes if what == "order"] == ["users", "lab", "cloud"]
    assert [name for name, what in notes if what == "supply"] == ["chips", "cloud", "lab"]
    assert notes.index(("cloud", "receive")) < notes.index(("cloud", "supply"))


def test_months_are_counted_and_have_their_own_chance():
    economy = Economy(ledger_of(("apps", 3)), 7, ())
    first = economy.order()
    live(economy)
    assert (economy.month, economy.chance.seed, economy.chance.month) == (1, 7, 1)
    assert (economy.order() != first).all()


def test_entries_carry_the_month_and_the_phase_in_which_they_were_made():
    layer = Layer([2], lambda layer: [3.0], cost=1.0)
    economy = economy_of([layer], Customers(lambda prices: [ONE]), ledger_of(("apps", 1)))
    live_months(economy, 2)
    stamps = {(row[0], row[1]) for row in economy.ledger.journal().rows()}
    assert stamps == {(0, 0), (0, 8), (0, 12), (1, 8), (1, 12)}  # the opening, then money and the close


def fixed(price):
    return lambda layer: [price] * len(layer.firms)


def marked_up(share):
    return lambda layer: [layer.unit_cost * (1 + share)] * len(layer.firms)


def test_a_month_of_a_vendor_and_an_app_by_hand():
    """Ten units at 5 dollars, of which 2 go to the vendor and 1 of these to the world; the users have only 45."""
    ledger = ledger_of(("chips", 1), ("apps", 1), users=45_00)
    vendor, app = Layer([2], fixed(2.0), cost=1.0), Layer([3], fixed(5.0))
    live_months(economy_of([vendor, app], Customers(lambda prices: [10 * ONE]), ledger), 1)
    assert ledger.cash.tolist() == [10_00, 0, 10_00, 25_00]  # world, users, vendor, app
    assert ledger.owed(Item.PAYABLES) == [(USERS, 3, 5_00)]
    assert ledger.owed(Item.RECEIVABLES) == [(3, USERS, 5_00)]
    assert held(ledger)[:, Item.EQUITY].tolist() == [-10_00, 5_00, -10_00, -30_00]


class Windfall:
    """Hands the users some money in the second month."""

    def arrive(self, ledger, chance):
        if chance.month == 1:
            ledger.transfer(whole([2]), whole([USERS]), whole([4_00]), (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)


def test_what_is_owed_is_paid_a_month_later_from_what_comes_in():
    ledger = ledger_of(("apps", 1), users=60_00)
    wants = iter((10 * ONE, 0.0))
    customers = Customers(lambda prices: [next(wants)])
    economy = economy_of([Layer([2], fixed(7.0))], customers, ledger, arrivals=(Windfall(),))
    owed = []
    for _ in range(2):
        live(economy)
        owed.append(ledger.owed(Item.PAYABLES))
    assert owed == [[(USERS, 2, 10_00)], [(USERS, 2, 6_00)]]


def test_a_price_rise_upstream_reaches_the_users_in_the_same_month():
    posted = iter((1.0, 4.0))
    layers = [Layer([2], lambda layer: [next(posted)]), Layer([3], marked_up(0.5)), Layer([4], marked_up(1.0))]
    economy = economy_of(layers, Customers(lambda prices: [ONE]), ledger_of(("chips", 1), ("labs", 1), ("apps", 1)))
    seen = []
    for _ in range(2):
        live(economy)
        seen.append([layer.prices[0] for layer in layers])
    assert seen == [[1.0, 1.5, 3.0], [4.0, 6.0, 12.0]]


def test_downstream_pays_first_so_that_each_is_paid_before_it_pays():
    """Nobody but the users has a cent at the start, and everybody pays in full."""
    layers = [Layer([2 + n], fixed(2.0 + n), cost=1.0 if n == 0 else 0.0) for n in range(4)]
    ledger = ledger_of(*[("labs", 1)] * 4, users=50_00)
    live_months(economy_of(layers, Customers(lambda prices: [10 * ONE]), ledger), 1)
    assert ledger.owed(Item.PAYABLES) == []
    assert ledger.cash.tolist() == [10_00, 0, 10_00, 10_00, 10_00, 10_00]


def test_within_a_batch_a_payer_pays_only_from_what_it_had_before():
    ledger = ledger_of(("labs", 1), ("apps", 1), users=30_00)
    lab, app = 2, 3
    deals = [
        (USERS, Item.CONSUMPTION, app, Good.SEATS, 1, nano(30.0)),
        (app, Item.COST_OF_SALES, lab, Good.TOKENS_OUTPUT, 10**6, nano(20.0)),
    ]
    ledger.settle(due(deals), ledger.accounts.keys)
    assert ledger.cash.tolist() == [0, 0, 0, 30_00]
    assert ledger.owed(Item.PAYABLES) == [(app, lab, 20_00)]
    ledger.pay_arrears(ledger.accounts.keys)
    assert ledger.cash.tolist() == [0, 0, 20_00, 10_00]


def test_a_payer_short_of_cash_pays_everybody_the_same_share():
    ledger = ledger_of(("labs", 3), users=50_00)
    deals = [(USERS, Item.CONSUMPTION, 2 + n, Good.HOURS, 1, nano(price)) for n, price in enumerate((20.0, 30.0, 50.0))]
    ledger.settle(due(deals), ledger.accounts.keys)
    assert ledger.cash.tolist() == [0, 0, 10_00, 15_00, 25_00]
    assert ledger.owed(Item.PAYABLES) == [(USERS, 2, 10_00), (USERS, 3, 15_00), (USERS, 4, 25_00)]


def scarce(firms, capacity, wanted):
    """Lay a chain whose first tier has so many units for each firm, and live a month in which users want some."""
    names = [("chips", firms[0]), *[("labs", n) for n in firms[1:]]]
    places = iter(range(2, 2 + sum(firms)))
    layers = [Layer([next(places) for _ in range(n)], fixed(1.0 + tier)) for tier, n in enumerate(firms)]
    layers[0].capacity = [capacity] * firms[0]
    economy = economy_of(layers, Customers(lambda prices: [wanted * ONE] * firms[-1]), ledger_of(*names))
    live(economy)
    return economy, layers


@pytest.mark.parametrize("tiers", [1, 2, 4])
def test_scarcity_upstream_is_felt_once_on_the_way_down(tiers):
    """Half of what is asked for is there: users get half of it, and not a half of a half for each tier between."""
    _, layers = scarce([1] * tiers, 500, 1000)
    assert [layer.sold_units for layer in layers] == [[500]] * tiers
    assert layers[-1].asked == [1000]


@quick
@given(draw.lists(draw.integers(1, 4), min_size=1, max_size=4), draw.integers(0, 60), draw.integers(0, 40))
def test_nobody_passes_on_more_than_it_got_and_nothing_gets_lost(firms, capacity, wanted):
    economy, layers = scarce(firms, capacity, wanted)
    for upper, lower in pairwise(layers):
        assert sum(upper.sold_units) == sum(lower.got)
        assert all(sold <= got for sold, got in zip(lower.sold_units, lower.got, strict=True))
    assert sum(layers[-1].sold_units) == sum(min(asked, capacity) for asked in layers[0].asked)
    for market in economy.markets:
        assert market.trades.quantity.sum() <= market.orders.quantity.sum()


@quick
@given(draw.lists(draw.integers(1, 4), min_size=1, max_size=4), draw.integers(1, 60), draw.integers(1, 40))
def test_every_delivery_is_paid_or_owed_and_nothing_else_is(firms, capacity, wanted):
    economy, _ = scarce(firms, capacity, wanted)
    journal, trades = economy.ledger.journal(), Trades.joined(market.trades for market in economy.markets)
    invoiced = journal.where((journal.credit_item == Item.REVENUE) & (journal.good == Good.HOURS))
    assert sorted(invoiced.quantity.tolist()) == sorted(trades.quantity.tolist())
    assert invoiced.cents.sum() == trades.cents.sum()
    cash = economy.ledger.cash
    earned = np.zeros(len(cash), dtype=np.int64)
    np.add.at(earned, trades.seller, trades.cents)
    np.subtract.at(earned, trades.buyer, trades.cents)
    firms_only = slice(USERS + 1, None)
    assert cash[firms_only].tolist() == earned[firms_only].tolist()
    assert cash[WORLD] == 0
