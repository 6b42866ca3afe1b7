"""Price competition: undercutting ends near cost, and scarce capacity is sold at the price that demand pays for it."""

import pytest

from tests.worlds.theory_chain import COST, DEMAND, DICE, MILLIONTH, THEORY
from tests.worlds.toy_layers import UNITS, Customers, Layer, by_layer, economy_of, ledger_of, live_months, view
from watersellers.agents.strategies.pricing import BestResponse, FollowUse
from watersellers.market.trade.demand_schedule import Schedule


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
