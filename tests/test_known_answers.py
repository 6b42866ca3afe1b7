"""What theory knows, read from the books of toy layers that live the real month with the real pricing rules.

Profits are cents of income statements. Where nothing else is said, an answer may miss theory by a millionth:
quantities are whole units, of which a unit of theory has a million, and prices whole nano-dollars.
"""

from itertools import pairwise, permutations
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from tests.toy import (
    PLENTY,
    UNITS,
    USERS,
    WORLD,
    Close,
    Customers,
    Layer,
    by_layer,
    cournot_chain,
    economy_of,
    held,
    income_of,
    ledger_of,
    live_months,
    payouts,
    straight,
    view,
)
from watersellers.agents.kernel.contract import FREE, FURTHER, NO_APP, PAID, Rows, Terms
from watersellers.agents.kernel.with_numpy import choose
from watersellers.agents.strategies import MENUS
from watersellers.agents.strategies.capacity import ExtrapolateGrowth
from watersellers.agents.strategies.pricing import BestResponse, CostPlus, FollowUse, Lerner
from watersellers.agents.views import SeenByBuilder
from watersellers.market.backlog import Backlog
from watersellers.market.clearing import logit_shares
from watersellers.market.dice import Chance
from watersellers.market.fleet import Fleets, Machines, annuity, break_even_rent, straight_line
from watersellers.market.goods import CHAIN, HOURS_A_MONTH, MILLION, TOKENS, Good, Item
from watersellers.market.ledger import Entries, opening
from watersellers.market.month import Economy, Market
from watersellers.market.orders import Offers, Orders, Supply, due
from watersellers.market.schedules import Schedule, tangent
from watersellers.market.units import cents, dollars, nano, whole

quick = settings(derandomize=True, database=None, deadline=None, max_examples=40)
MILLIONTH = 1e-6
THEORY = 100 * UNITS  # cents for each dollar and unit of theory
DEMAND, COST = straight(100, 1), 20.0
DICE = Chance(1, 0)


def margins(firms, a=100.0, c=20.0):
    """Margin of each tier under successive Cournot, upstream first (model.md, answer 3)."""
    found, passed_on = [], 1.0
    for n in firms:
        found.append((a - c) / (n + 1) * passed_on)
        passed_on *= n / (n + 1)
    return found


def lived(firms, demand=DEMAND, cost=COST, labels=CHAIN):
    economy, layers = cournot_chain(firms, demand, cost, labels)
    live_months(economy, 1)
    return economy, layers


def test_two_monopolies_in_a_row_post_60_and_80_and_earn_800_and_400():
    economy, layers = lived((1, 1))
    assert [layer.prices for layer in layers] == [[60.0], [80.0]]
    assert by_layer(economy, layers) == [800 * THEORY, 400 * THEORY]


def test_the_two_merged_post_60_and_earn_1600():
    economy, layers = lived((1,))
    assert layers[0].prices == [60.0]
    assert by_layer(economy, layers) == [1600 * THEORY]


@pytest.mark.parametrize("tiers", [2, 3, 4, 6])
def test_each_monopoly_earns_half_of_the_one_above_it_and_sells_a_half_to_the_power_of_tiers(tiers):
    economy, layers = lived((1,) * tiers)
    earned = by_layer(economy, layers)
    assert layers[-1].sold_units == [80 * UNITS // 2**tiers]
    assert [2 * low for low in earned[1:]] == earned[:-1]


@pytest.mark.parametrize(
    ("firms", "percent"),
    [
        ((1, 5), (600 / 7, 100 / 7)),
        ((5, 1), (200 / 7, 500 / 7)),  # 28.6, 71.4
        ((1, 1), (200 / 3, 100 / 3)),
        ((1, 5, 3, 8), (900 / 13, 150 / 13, 375 / 26, 125 / 26)),  # 69.2, 11.5, 14.4, 4.8
    ],
)
def test_profit_goes_where_the_sellers_are_few(firms, percent):
    economy, layers = lived(firms)
    earned = by_layer(economy, layers)
    shares = [100 * cents / sum(earned) for cents in earned]
    assert shares == pytest.approx(percent, rel=MILLIONTH)


@pytest.mark.parametrize("firms", [*permutations((1, 2, 5)), (1, 5, 3, 8), (8, 3, 5, 1), (4, 4, 4, 4)])
def test_successive_cournot_earns_each_tier_its_margin_on_what_is_sold(firms):
    economy, layers = lived(firms)
    margin = margins(firms)
    sold = np.prod([n / (n + 1) for n in firms]) * 80
    assert by_layer(economy, layers) == pytest.approx([m * sold * THEORY for m in margin], rel=MILLIONTH)


@pytest.mark.parametrize("downstream", [1, 2, 7])
def test_the_upstream_price_does_not_depend_on_how_many_firms_there_are_downstream(downstream):
    _, layers = lived((3, downstream))
    assert layers[0].prices == pytest.approx([40.0] * 3, abs=1e-9)  # a nano-dollar


@pytest.mark.parametrize("firms", [(1, 5, 3, 8), (5, 1, 1, 2)])
def test_relabelled_tiers_earn_what_their_counts_give_them_to_the_cent(firms):
    economy, layers = lived(firms)
    for labels in list(permutations(CHAIN))[1::4]:
        other, same = lived(firms, labels=labels)
        assert by_layer(other, same) == by_layer(economy, layers)
        assert other.ledger.journal().rows() == economy.ledger.journal().rows()


def test_profit_follows_the_counts_and_not_the_label():
    forth, back = lived((1, 5), labels=("chips", "apps")), lived((5, 1), labels=("chips", "apps"))
    monopoly_upstream, five_apps = by_layer(*forth)
    five_vendors, monopoly_downstream = by_layer(*back)
    assert monopoly_upstream / five_apps == pytest.approx(6, rel=MILLIONTH)
    assert monopoly_downstream / five_vendors == pytest.approx(2.5, rel=MILLIONTH)


@pytest.mark.parametrize("rule", ["cost_plus", "lerner", "best_response"])
def test_pricing_asks_nobody_which_layer_it_works_in(rule):
    priced = {
        layer: MENUS[layer]["pricing"][rule]()(view(layer, 3.0, straight(10, 1), elasticity=2.5), DICE)
        for layer in CHAIN
    }
    assert len(set(priced.values())) == 1


@quick
@given(
    firms=draw.lists(draw.integers(1, 6), min_size=1, max_size=4),
    intercept=draw.integers(50, 200),
    slope=draw.sampled_from((0.5, 1.0, 2.0)),
    cost=draw.integers(0, 40),
)
def test_any_chain_earns_what_the_formula_says(firms, intercept, slope, cost):
    economy, layers = lived(firms, straight(intercept, slope), float(cost))
    sold = np.prod([n / (n + 1) for n in firms]) * (intercept - cost) / slope
    expected = [m * sold * THEORY for m in margins(firms, intercept, cost)]
    assert by_layer(economy, layers) == pytest.approx(expected, rel=1e-5)  # the smallest sale here has 1e5 units a firm


# 4. Price competition


def undercut(costs, tick):
    """Each firm best responds to what is left below the cheapest rival of last month, and never goes below cost."""

    def price(layer, n):
        rival = min(layer.prices[:n] + layer.prices[n + 1 :]) - tick
        left = Schedule((0.0, max(rival, 1.0)), (100.0, 100 - max(rival, 1.0)))
        return max(costs[n], BestResponse()(view("cloud", costs[n], left), DICE))

    return lambda layer: [price(layer, n) for n in range(len(costs))] if layer.prices else [90.0] * len(costs)


def cheapest(prices):
    """Everybody buys from the cheapest, evenly where several are."""
    low = min(prices)
    return [DEMAND.quantity(low) / prices.count(low) if price == low else 0.0 for price in prices]


@pytest.mark.parametrize(("costs", "price", "winner"), [((20.0, 30.0), 30.0, 0), ((50.0, 20.0, 44.0), 44.0, 1)])
def test_with_slack_capacity_undercutting_ends_at_the_second_lowest_cost(costs, price, winner):
    tick = 0.5
    layer = Layer(list(range(2, 2 + len(costs))), undercut(costs, tick))
    economy = economy_of([layer], Customers(cheapest), ledger_of(("cloud", len(costs))))
    live_months(economy, 100)
    assert layer.prices[winner] == price - tick  # one step below, which is what wins all the customers
    assert [units > 0 for units in layer.sold_units] == [n == winner for n in range(len(costs))]


def test_undercutting_equals_end_within_a_step_of_cost():
    layer = Layer([2, 3, 4], undercut((20.0, 20.0, 20.0), 0.5))
    live_months(economy_of([layer], Customers(cheapest), ledger_of(("cloud", 3))), 150)
    assert max(layer.prices) - 20 <= 0.5


def follow_use(opening_price):
    """The cloud's rule at a target of all hours rented."""
    rule = FollowUse(target=1.0)

    def prices(layer):
        if not layer.prices:
            return [opening_price] * len(layer.firms)
        rows = zip(layer.prices, layer.asked, layer.capacity, strict=True)
        return [rule(view("cloud", 1.0, last_price=p, used_share=n / k), DICE) for p, n, k in rows]

    return prices


@pytest.mark.parametrize(
    ("demand", "price"),
    [
        (lambda p: 100 - p, 60.0),  # a - b K
        (lambda p: 1000 * p**-2.0, 5.0),  # (A / K) ** (1 / e)
        (lambda p: 5000 * p**-3.0, 5.0),
    ],
)
@pytest.mark.parametrize("opening_price", [2.0, 95.0])
def test_binding_capacity_is_sold_at_the_price_that_demand_will_pay_for_it(demand, price, opening_price):
    layer = Layer([2], follow_use(opening_price), capacity=[40 * UNITS])
    economy = economy_of([layer], Customers(lambda prices: [demand(p) for p in prices]), ledger_of(("cloud", 1)))
    live_months(economy, 120)
    assert layer.prices == pytest.approx([price], rel=MILLIONTH)
    assert by_layer(economy, [layer]) == pytest.approx([40 * price * THEORY], rel=MILLIONTH)


def test_with_slack_capacity_the_price_falls_to_what_an_hour_costs_and_stays_there():
    layer = Layer([2], follow_use(50.0), capacity=[200 * UNITS])
    customers = Customers(lambda prices: [DEMAND.quantity(prices[0])])
    live_months(economy_of([layer], customers, ledger_of(("cloud", 1))), 60)
    assert layer.prices == [1.0]  # the unit cost that the rule is shown


@pytest.mark.parametrize(("capacity", "price"), [(30.0, 70.0), (40.0, 60.0), (45.0, 60.0)])
def test_a_best_response_sells_all_of_a_scarce_capacity_and_no_more_than_a_monopoly_of_an_ample_one(capacity, price):
    def prices(layer):
        return [BestResponse()(view("cloud", COST, DEMAND, capacity=capacity), DICE)]

    layer = Layer([2], prices, COST, capacity=[round(capacity * UNITS)])
    customers = Customers(lambda posted: [DEMAND.quantity(posted[0])])
    economy = economy_of([layer], customers, ledger_of(("cloud", 1)))
    live_months(economy, 1)
    assert layer.prices == [price]
    assert by_layer(economy, [layer]) == [round((price - COST) * min(capacity, 40.0) * THEORY)]


# 5 to 7. Prices against elastic demand, found month by month along the tangent to what was sold


def along_the_tangent(elasticity, opening_price):
    """Best response to the straight line through last month's sales; ``elasticity`` of a price and units sold."""

    def prices(layer):
        if not layer.sold_units:
            return [opening_price] * len(layer.firms)
        lines = [
            tangent(price, units, elasticity(price, units))
            for price, units in zip(layer.prices, layer.sold_units, strict=True)
        ]
        return [BestResponse()(view("labs", layer.unit_cost, line), DICE) for line in lines]

    return prices


def test_a_logit_monopolist_with_an_outside_good_asks_its_lambert_price():
    alpha, people = 0.2, 1000
    layer = Layer([2], along_the_tangent(lambda p, units: alpha * p * (1 - units / (people * UNITS)), 5.0), 1.0)
    customers = Customers(lambda prices: [people * logit_shares([3 - alpha * prices[0], 0.0])[0]])
    economy = economy_of([layer], customers, ledger_of(("labs", 1)))
    live_months(economy, 60)
    share = layer.sold_units[0] / (people * UNITS)
    assert (layer.prices[0], share) == pytest.approx((13.18630435, 0.58970334), abs=1e-8)  # as printed: eight digits
    assert by_layer(economy, [layer]) == pytest.approx([12.18630435 * 589.70334 * THEORY], rel=1e-8)


@pytest.mark.parametrize("firms", [2, 3, 10, 40])
def test_symmetric_logit_sellers_ask_a_mark_up_that_numbers_do_not_take_to_zero(firms):
    alpha, people = 0.5, 1000
    layer = Layer(
        list(range(2, 2 + firms)),
        along_the_tangent(lambda p, units: alpha * p * (1 - units / (people * UNITS)), 9.0),
        cost=1.0,
    )
    shares = Customers(lambda prices: [people * share for share in logit_shares([-alpha * p for p in prices])])
    live_months(economy_of([layer], shares, ledger_of(("labs", firms))), 40)
    assert layer.prices == pytest.approx([1 + firms / (alpha * (firms - 1))] * firms, rel=MILLIONTH)


def lerner(elasticity):
    return lambda layer: [Lerner()(view("apps", layer.unit_cost, elasticity=elasticity), DICE)]


@pytest.mark.parametrize("tiers", [1, 2, 4])
@pytest.mark.parametrize("elasticity", [2.0, 3.0])
@pytest.mark.parametrize("rule", [lerner, lambda e: along_the_tangent(lambda p, units: e, 7.0)])
def test_isoelastic_monopolies_multiply_their_mark_ups(tiers, elasticity, rule):
    layers = [Layer([2 + n], rule(elasticity), cost=0.0 if n else 4.0) for n in range(tiers)]
    customers = Customers(lambda prices: [100_000 * p**-elasticity for p in prices])
    economy = economy_of(layers, customers, ledger_of(*[("apps", 1)] * tiers))
    live_months(economy, 1 if rule is lerner else 160)
    markup = elasticity / (elasticity - 1)
    assert [layer.prices[0] for layer in layers] == pytest.approx([4 * markup ** (n + 1) for n in range(tiers)])
    earned = by_layer(economy, layers)
    assert earned == pytest.approx([earned[0] * markup**n for n in range(tiers)], rel=MILLIONTH)


# 8, 9. Machines


class Wear:
    """One lot of machines, bought before the first month, wearing in the books."""

    def __init__(self, ledger, cost, life):
        self.cost, self.life, self.book = whole([cost]), whole([life]), [cost]
        opening(ledger, 2, Item.FLEET, cost)

    def close(self, ledger, month):
        book = straight_line(self.cost, self.life, whole([month + 1]))
        charge = whole([self.book[-1]]) - book
        ledger.post(Entries.made((2, Item.DEPRECIATION), (2, Item.FLEET), charge, Good.WEAR))
        self.book.append(int(ledger.totals[2, Item.FLEET]))


def worn(cost, life, months):
    ledger = ledger_of(("cloud", 1))
    wear = Wear(ledger, cost, life)
    live_months(Economy(ledger, 1, (), closing=(wear, Close(ledger))), months)
    return wear.book, -int(ledger.totals[2, Item.EQUITY])


def test_a_machine_of_30_000_over_60_months_is_worth_18_000_after_24():
    book, equity = worn(30_000_00, 60, 24)
    assert (book[24], equity) == (18_000_00, 18_000_00)


@pytest.mark.parametrize(("cost", "life"), [(30_000_00, 60), (30_000_01, 60), (99, 100), (7, 7), (1, 48)])
def test_monthly_charges_add_up_to_the_cost_and_the_last_takes_the_remainder(cost, life):
    book, _ = worn(cost, life, life + 3)
    charges = [before - after for before, after in pairwise(book)]
    assert charges == [cost // life] * (life - 1) + [cost - cost // life * (life - 1)] + [0] * 3


def test_the_break_even_rent_of_a_30_000_machine_is_1_69_an_hour():
    rent = break_even_rent(30_000, annuity(0.01, 48), 73, HOURS_A_MONTH * 0.7)
    assert round(rent, 2) == 1.69


@quick
@given(draw.integers(1_000, 90_000), draw.integers(1, 90), draw.floats(0, 0.05), draw.floats(0, 500))
def test_at_the_break_even_rent_what_comes_in_is_worth_the_machine(price, life, rate, power):
    rent = break_even_rent(price, annuity(rate, life), power, 500)
    worth = sum((rent * 500 - power) / (1 + rate) ** month for month in range(1, life + 1))
    assert worth == pytest.approx(price, rel=1e-9)  # float arithmetic over 90 months; (1 + rate)**-n loses some digits


# 10, 11. Queues and use

VENDOR, BUYER, LATECOMER = 2, 3, 4


class Vendor:
    """Ships the smaller of its backlog and its capacity."""

    def __init__(self, backlog, capacity):
        self.backlog, self.capacity, self.waiting = backlog, capacity, []

    def post(self, inputs, chance):
        return Offers.of([(VENDOR, Good.ACCELERATORS, nano(1.0))])

    def supply(self, orders):
        return Supply.of([(VENDOR, Good.ACCELERATORS, self.capacity)])

    def sold(self, trades):
        self.backlog.deliver(trades)
        self.waiting.append(self.backlog.waiting(VENDOR))


class Yard:
    """Puts so many machines on order each month, and opens them some months after they come."""

    def __init__(self, backlog, orders, lag=3):
        self.backlog, self.orders, self.lag = backlog, orders, lag
        self.fleets, self.month, self.transit, self.arrived = Fleets(5), -1, [], []

    def order(self, offers, asked, chance):
        self.month = chance.month
        for buyer, units in self.orders(chance.month).items():
            self.backlog.place((buyer, VENDOR), Item.CHIP_STOCK, units, nano(1.0))
        return self.backlog.calls({BUYER, LATECOMER})

    def receive(self, trades):
        got = {buyer: units for buyer, _, _, _, units, _, _ in trades.rows()}
        opens = self.month + self.lag
        self.fleets.add(Machines.of((b, VENDOR, opens, 99, n, 1, n, 0, n, 0, MILLION, 99) for b, n in got.items()))
        self.transit.append(self.fleets.coming(self.month, BUYER))
        self.arrived.append(got.get(LATECOMER, 0))


def queue(standing, capacity, orders, months):
    backlog = Backlog()
    backlog.place((BUYER, VENDOR), Item.CHIP_STOCK, standing, nano(1.0))
    vendor, yard = Vendor(backlog, capacity), Yard(backlog, orders)
    ledger = ledger_of(("chips", 1), ("cloud", 2))
    live_months(Economy(ledger, 1, (Market("chips", (vendor,), (yard,)),), closing=(Close(ledger),)), months)
    return vendor, yard


def test_a_backlog_of_twelve_months_of_capacity_is_shipped_in_twelve_months():
    vendor, _ = queue(12_000, 1000, lambda month: {}, 14)
    assert vendor.waiting == [*range(11_000, -1, -1000), 0, 0]


def test_machines_in_transit_are_orders_times_the_lead_time():
    _, yard = queue(12_000, 1000, lambda month: {BUYER: 1000}, 10)
    assert yard.transit == [1000, 2000, *[3000] * 8]


def test_the_mean_wait_is_backlog_over_capacity():
    """Little's law, with a backlog that orders keep at twelve months, whoever is served first."""
    vendor, yard = queue(12 * UNITS, UNITS, lambda month: {BUYER if month else LATECOMER: UNITS}, 300)
    assert vendor.waiting == [12 * UNITS] * 300
    assert sum(yard.arrived) >= UNITS - 12  # the last few units wait for a whole one to fall to them
    waited = sum(month * units for month, units in enumerate(yard.arrived)) / sum(yard.arrived)
    assert waited == pytest.approx(12, rel=1e-4)  # whole machines: some 12 of a million come out of turn


@pytest.mark.parametrize(("asked", "used"), [(0, 0.0), (10, 0.25), (40, 1.0), (41, 1.0), (4000, 1.0)])
def test_use_is_the_smaller_of_demand_over_capacity_and_one(asked, used):
    layer = Layer([2], lambda layer: [1.0], capacity=[40 * UNITS])
    live_months(economy_of([layer], Customers(lambda prices: [asked]), ledger_of(("cloud", 1))), 1)
    assert layer.sold_units[0] / layer.capacity[0] == used


# 14. The scale trap: cost by use, revenue by head

LAB, APP = 2, 3


class FlatApp:
    """Sells seats to some of its users and gives queries to the rest; buys the tokens that all of them use."""

    def __init__(self, fee, payers, tokens):
        self.fee, self.payers, self.tokens = fee, payers, tokens  # tokens a month that all users together take

    def post(self, inputs, chance):
        return Offers.of([(APP, Good.SEATS, nano(self.fee))])

    def order(self, offers, asked, chance):
        return Orders.of([(APP, Item.COST_OF_SALES, LAB, Good.TOKENS_OUTPUT, self.tokens, int(offers.price[0]))])

    def receive(self, trades):
        """All tokens come."""

    def supply(self, orders):
        return Supply.of([(APP, Good.SEATS, self.payers)])

    def sold(self, trades):
        """All seats are sold."""


class CardLab:
    """Sells tokens at one price a million."""

    def __init__(self, price):
        self.price = price

    def post(self, inputs, chance):
        return Offers.of([(LAB, Good.TOKENS_OUTPUT, nano(self.price))])

    def supply(self, orders):
        return Supply.of([(LAB, Good.TOKENS_OUTPUT, int(orders.quantity.sum()))])

    def sold(self, trades):
        """Tokens are made as they are asked for."""


class Payers:
    """Users who buy a seat."""

    def __init__(self, payers):
        self.payers = payers

    def order(self, offers, asked, chance):
        return Orders.of([(USERS, Item.CONSUMPTION, APP, Good.SEATS, self.payers, int(offers.price[0]))])

    def receive(self, trades):
        """They get their seats."""


def app_profit(people, payers, price, fee, free_tokens, paid_tokens):
    """Cents a month of a flat-fee app, from its books."""
    app = FlatApp(fee, payers, payers * paid_tokens + (people - payers) * free_tokens)
    markets = Market("tokens", (CardLab(price),), (app,)), Market("seats", (app,), (Payers(payers),))
    ledger = ledger_of(("labs", 1), ("apps", 1))
    economy = Economy(ledger, 1, markets, closing=(Close(ledger),))
    live_months(economy, 1)
    return income_of(economy)[APP]


@quick
@given(
    price=draw.floats(0.1, 5),
    fee=draw.integers(15, 60),
    free_tokens=draw.integers(100_000, 900_000),
    extra=draw.integers(0, 2_000_000),
)
def test_the_break_even_share_of_payers_is_what_the_books_say(price, fee, free_tokens, extra):
    people, per_token = 100 * MILLION, dollars(nano(price)) / MILLION
    share = per_token * free_tokens / (fee - per_token * extra)
    profit = app_profit(people, round(people * share), price, fee, free_tokens, free_tokens + extra)
    half_a_payer = (fee * 100 + 1) / 2  # payers are whole
    assert abs(profit) <= half_a_payer + 1  # and two invoices are rounded to the cent


def test_an_app_below_its_break_even_share_loses_more_the_more_it_is_used():
    numbers = {"price": 2.0, "fee": 20.0, "free_tokens": MILLION, "paid_tokens": 3 * MILLION}
    assert app_profit(8000, 1000, **numbers) == 0  # 2 / (20 - 2 x 2) is an eighth
    assert app_profit(8000, 999, **numbers) == -16_00
    assert app_profit(16000, 1998, **numbers) == -32_00
    assert app_profit(8000, 1001, **numbers) == 16_00


# 15. Habit


def crowd(count):
    """Users of two apps, alike in everything, half with each."""
    ones = np.ones(count, dtype=np.float32)
    return Rows(
        key=whole(range(count)),
        weight=whole([1] * count),
        use=whole([1] * count),
        worth=ones,
        log_use=np.zeros(count, dtype=np.float32),
        app=(np.arange(count) % 2).astype(np.int16),
        tier=np.full(count, FREE, dtype=np.int8),
        known=np.full((count, 1), 0b11, dtype=np.uint32),
        further=np.full((count, FURTHER), NO_APP, dtype=np.int16),
        owned=np.zeros((count, 1), dtype=np.uint32),
        friends=np.empty((count, 0), dtype=np.int32),
    )


@pytest.mark.parametrize("habit", [0.0, 0.5, 1.0, 3.0])
def test_users_of_two_equal_apps_stay_with_the_logit_of_their_habit(habit):
    count, never, nothing = 200_000, np.float32(-80), np.zeros(2, dtype=np.float32)
    people = crowd(count)
    before = people.app.copy()
    terms = Terms(
        offered=np.ones(2, dtype=bool),
        base=nothing,
        price=nothing,
        log_quota=nothing,
        quota=whole([1, 1]),
        rates=nothing,
        voice=nothing,
        key=np.array([401, 402], dtype=np.uint64),
        quota_weight=np.float32(0),
        paid_bonus=never,
        habit=np.float32(habit),
        outside=never,
        taste=np.float32(0),
        hear=Chance(7, 3).hashes("hear"),
        choose=Chance(7, 3).hashes("choose"),
        like=Chance(7, -1).hashes("taste"),
        several=Chance(7, -1).hashes("several"),
        more=Chance(7, 3).hashes("choose_more"),
        ready=nothing,
        part=0.25,
        last=np.empty((0, 1 + FURTHER), dtype=np.int16),
        device=nothing,
    )
    choose(people, terms)
    assert not (people.app == NO_APP).any()
    assert not (people.tier == PAID).any()
    stay = exp(habit) / (1 + exp(habit))
    deviation = (stay * (1 - stay) / count) ** 0.5
    assert abs((people.app == before).mean() - stay) < 4 * deviation  # binomial: one seed in 16,000 is further off


# 17. Free entry

MACHINE, POWER, RATE, LIFE, TARGET = 30_000.0, 73.0, 0.01, 600, 0.75


class Entry:
    """Clouds that order machines as long as these pay; they serve from the next month to the end of the test."""

    def __init__(self, clouds):
        self.clouds = clouds
        self.rule = ExtrapolateGrowth(target=TARGET - 0.1)  # wants slack, so that only what a machine earns stops it

    def invest(self, ledger, chance):
        clouds = self.clouds
        for n, (price, asked, capacity) in enumerate(zip(clouds.prices, clouds.asked, clouds.capacity, strict=True)):
            rents = (price * asked / capacity * HOURS_A_MONTH - POWER) * annuity(RATE, LIFE)
            seen = SeenByBuilder(asked, 0.0, 0.0, capacity, 0.0, 0.0, 1.0, rents / MACHINE)
            clouds.capacity[n] += int(self.rule(seen, chance))


def test_free_entry_leaves_a_machine_its_economic_cost():
    rule = FollowUse(target=TARGET)

    def prices(clouds):
        if not clouds.prices:
            return [9.0] * len(clouds.firms)
        rows = zip(clouds.prices, clouds.asked, clouds.capacity, strict=True)
        return [rule(view("cloud", 0.1, last_price=p, used_share=n / k), DICE) for p, n, k in rows]

    clouds = Layer([2, 3, 4], prices, capacity=[5 * UNITS] * 3)
    customers = Customers(lambda posted: [200 / len(posted) * p**-1.5 for p in posted])
    economy = economy_of([clouds], customers, ledger_of(("cloud", 3)), investing=(Entry(clouds),))
    live_months(economy, 600)
    machines = [capacity / HOURS_A_MONTH for capacity in clouds.capacity]
    revenue = [income_of(economy, "revenue")[firm] / 100 for firm in clouds.firms]
    cost = MACHINE / annuity(RATE, LIFE) + POWER
    # entry stops as the surplus of a machine goes to 0, so 600 months leave a ten-thousandth of it
    assert [r / m for r, m in zip(revenue, machines, strict=True)] == pytest.approx([cost] * 3, rel=1e-4)
    assert min(clouds.capacity) > 5 * UNITS


# 18. Standing still

AGES, LOT, MACHINE_CENTS = 12, 7, 30_000_01
CHIPS_FIRM, CLOUD_FIRM, LAB_FIRM, APP_FIRM = 2, 3, 4, 5


class EvenFleet:
    """A fleet with a lot of every age: each month the oldest leaves, and as many are bought from the vendor."""

    def __init__(self, ledger):
        self.cost, self.life = whole([LOT * MACHINE_CENTS] * AGES), whole([AGES] * AGES)
        self.age = whole(range(AGES))
        opening(ledger, CLOUD_FIRM, Item.FLEET, int(straight_line(self.cost, self.life, self.age)[1:].sum()))

    def arrive(self, ledger, chance):
        price = nano(MACHINE_CENTS / 100)
        ledger.settle(due([(CLOUD_FIRM, Item.FLEET, CHIPS_FIRM, Good.ACCELERATORS, LOT, price)]), ledger.accounts.keys)

    def close(self, ledger, month):
        wear = straight_line(self.cost, self.life, self.age) - straight_line(self.cost, self.life, self.age + 1)
        where = whole([CLOUD_FIRM] * AGES)
        ledger.post(Entries.made((where, Item.DEPRECIATION), (where, Item.FLEET), wear, Good.WEAR))


class Households:
    """The world pays its wages as it gets them, and firms pay out all that they earn."""

    def __init__(self, wages):
        self.wages = wages

    def arrive(self, ledger, chance):
        ledger.transfer(whole([WORLD]), whole([USERS]), whole([self.wages]), (Item.INCOME, Item.INCOME), Good.INCOME)

    def close(self, ledger, month):
        payouts(ledger, range(CHIPS_FIRM, APP_FIRM + 1), USERS)


def cost_plus(layer):
    return [CostPlus(0.9)(view("cloud", layer.unit_cost), DICE) for _ in layer.firms]


def standing_still():
    ledger = ledger_of(("chips", 1), ("cloud", 1), ("labs", 1), ("apps", 1))
    layers = [Layer([n], cost_plus, cost) for n, cost in ((CLOUD_FIRM, 1.234567891), (LAB_FIRM, 0.37), (APP_FIRM, 2.5))]
    customers = Customers(lambda prices: [0.333333])
    wages = sum(cents(layer.cost * 333_333) for layer in layers)
    fleet, households = EvenFleet(ledger), Households(wages)
    opening(ledger, CLOUD_FIRM, Item.CASH, PLENTY)
    opening(ledger, WORLD, Item.CASH, PLENTY)
    return economy_of(layers, customers, ledger, arriving=(households, fleet), closing=(fleet, households))


def test_a_chain_calibrated_to_stand_still_stands_still_to_the_cent():
    economy = standing_still()
    live_months(economy, 1)
    books, income = held(economy.ledger), income_of(economy, "net_income")
    assert min(income[CHIPS_FIRM:]) > 0
    for _ in range(30):  # more than two lives of a machine
        live_months(economy, 1)
        assert (held(economy.ledger) == books).all()
        assert income_of(economy, "net_income") == income
    assert int(economy.ledger.totals[:, Item.PAYABLES].sum()) == 0


# 19. Metering, to the dollar


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
