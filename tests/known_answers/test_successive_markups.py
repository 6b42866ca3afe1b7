"""Tiers of a chain that each set a price above that of the tier before: profits follow the number of sellers."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from tests.worlds.theory_chain import DICE, MILLIONTH, THEORY, margins, quick, simulate_chain
from tests.worlds.toy_layers import UNITS, by_layer, straight, view
from watersellers.agents.strategies import MENUS
from watersellers.market.goods import CHAIN


def test_two_monopolies_in_a_row_post_60_and_80_and_earn_800_and_400():
    economy, layers = simulate_chain((1, 1))
    assert [layer.prices for layer in layers] == [[60.0], [80.0]]
    assert by_layer(economy, layers) == [800 * THEORY, 400 * THEORY]


def test_the_two_merged_post_60_and_earn_1600():
    economy, layers = simulate_chain((1,))
    assert layers[0].prices == [60.0]
    assert by_layer(economy, layers) == [1600 * THEORY]


@pytest.mark.parametrize("tiers", [2, 3, 4, 6])
def test_each_monopoly_earns_half_of_the_one_above_it_and_sells_a_half_to_the_power_of_tiers(tiers):
    economy, layers = simulate_chain((1,) * tiers)
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
    economy, layers = simulate_chain(firms)
    earned = by_layer(economy, layers)
    shares = [100 * cents / sum(earned) for cents in earned]
    assert shares == pytest.approx(percent, rel=MILLIONTH)


@pytest.mark.parametrize("firms", [*permutations((1, 2, 5)), (1, 5, 3, 8), (8, 3, 5, 1), (4, 4, 4, 4)])
def test_successive_cournot_earns_each_tier_its_margin_on_what_is_sold(firms):
    economy, layers = simulate_chain(firms)
    margin = margins(firms)
    sold = np.prod([n / (n + 1) for n in firms]) * 80
    assert by_layer(economy, layers) == pytest.approx([m * sold * THEORY for m in margin], rel=MILLIONTH)


@pytest.mark.parametrize("downstream", [1, 2, 7])
def test_the_upstream_price_does_not_depend_on_how_many_firms_there_are_downstream(downstream):
    _, layers = simulate_chain((3, downstream))
    assert layers[0].prices == pytest.approx([40.0] * 3, abs=1e-9)  # a nano-dollar


@pytest.mark.parametrize("firms", [(1, 5, 3, 8), (5, 1, 1, 2)])
def test_relabelled_tiers_earn_what_their_counts_give_them_to_the_cent(firms):
    economy, layers = simulate_chain(firms)
    for labels in list(permutations(CHAIN))[1::4]:
        other, same = simulate_chain(firms, labels=labels)
        assert by_layer(other, same) == by_layer(economy, layers)
        assert other.ledger.journal().rows() == economy.ledger.journal().rows()


def test_profit_follows_the_counts_and_not_the_label():
    forth, back = simulate_chain((1, 5), labels=("chips", "apps")), simulate_chain((5, 1), labels=("chips", "apps"))
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
    economy, layers = simulate_chain(firms, straight(intercept, slope), float(cost))
    sold = np.prod([n / (n + 1) for n in firms]) * (intercept - cost) / slope
    expected = [m * sold * THEORY for m in margins(firms, intercept, cost)]
    assert by_layer(economy, layers) == pytest.approx(expected, rel=1e-5)  # the smallest sale here has 1e5 units a firm
