"""Prices against elastic demand, found month by month along the tangent to what was sold."""

import pytest

from tests.worlds.theory_chain import DICE, MILLIONTH, THEORY
from tests.worlds.toy_layers import UNITS, Customers, Layer, by_layer, economy_of, ledger_of, live_months, view
from watersellers.agents.strategies.pricing import BestResponse, Lerner
from watersellers.market.trade.demand_schedule import tangent
from watersellers.market.trade.pricing_formulas import logit_shares


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
