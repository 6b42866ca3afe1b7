"""A lab with several models asks the prices that earn most together: limits, worked by hand, and against a search."""

from dataclasses import replace
from math import inf, log

import pytest

from watersellers.agents.information import SeenByLab
from watersellers.agents.labs.line_sales import LineSales
from watersellers.agents.strategies.pricing import ElasticitySeen
from watersellers.agents.work.demand_answers import Judgement
from watersellers.agents.work.model_choice import ModelOffer, value_of_models
from watersellers.agents.work.reasoning_effort import Skill
from watersellers.agents.work.task_lengths import log_lengths
from watersellers.market.chance import Chance
from watersellers.market.trade.demand_schedule import tangent
from watersellers.market.trade.purchase_answers import Answer, Purchase, elasticity_seen

DICE = Chance(1, 1)
SKILL = Skill(ceiling=0.97, slope=1.5, power=0.25, most=60.0)
JUDGE = Judgement(review=0.15, choice=30.0, within=4.0, use=15.0, friction=0.1, pass_on=0.5)
LENGTHS = log_lengths(2.0, 1.6)
RIVAL = ModelOffer(8, 8, -0.2, 0.012)
RULE = ElasticitySeen(step=0.2)


def purchases(horizons, prices, lengths=LENGTHS):
    """What the firms of a segment buy of each model of a lab's line, beside those of a rival, as the lab sees it."""
    line = [ModelOffer(7, 7, horizon, price) for horizon, price in zip(horizons, prices, strict=True)]
    value = value_of_models([*line, RIVAL], lengths, SKILL, JUDGE)
    bought = zip(value.spending, prices, value.answers, strict=False)
    return {
        place: [Purchase(spent / price, 1.0, Answer(1.0, answer.price, answer.horizon, answer.siblings))]
        for place, (spent, price, answer) in enumerate(bought)
    }


def siblings_gain(line, margins, place):
    return LineSales(line, {}, margins).siblings_gain(place)


def seen(line, prices, costs, place):
    """The lab's view of one of its models."""
    margins = {other: price - cost for other, (price, cost) in enumerate(zip(prices, costs, strict=True))}
    felt, gain = elasticity_seen(line[place], 4.0, 2.0), siblings_gain(line, margins, place)
    return SeenByLab(
        unit_cost=costs[place], full_cost=costs[place], last_price=prices[place], elasticity=3.0, elasticity_seen=felt,
        demand=tangent(prices[place], 1.0, 3.0), capacity=inf, rival_price=inf, siblings_gain=gain, cheapest=0.0,
    )  # fmt: skip


def at_rest(horizons, costs, together=True, lengths=LENGTHS):
    """Prices at which a line comes to rest."""
    prices = [2 * cost for cost in costs]
    for _ in range(600):
        line = purchases(horizons, prices, lengths)
        views = [seen(line, prices, costs, place) for place in range(len(prices))]
        views = views if together else [replace(view, siblings_gain=0.0) for view in views]
        moved = [RULE(view, DICE) for view in views]
        if max(abs(log(new / old)) for new, old in zip(moved, prices, strict=True)) < 1e-12:
            break
        prices = moved
    return prices


def profit(horizons, costs, prices):
    line = purchases(horizons, prices)
    sold = [line[place][0].amount for place in range(len(prices))]
    return sum(amount * (price - cost) for amount, price, cost in zip(sold, prices, costs, strict=True))


LINES = [((0.0, -1.0), (0.006, 0.002)), ((0.3, -0.3), (0.004, 0.003)), ((0.2, -0.3, -1.5), (0.008, 0.005, 0.001))]


@pytest.mark.parametrize(("horizons", "costs"), LINES)
def test_no_other_prices_nearby_earn_a_line_more(horizons, costs):
    prices = at_rest(horizons, costs)
    best = profit(horizons, costs, prices)
    for place in range(len(prices)):
        for factor in (0.8, 0.95, 0.99, 1.01, 1.05, 1.25):
            other = [price * (factor if here == place else 1) for here, price in enumerate(prices)]
            assert profit(horizons, costs, other) <= best * (1 + 1e-9)
    assert all(profit(horizons, costs, [price * factor for price in prices]) < best for factor in (0.9, 1.1))


@pytest.mark.parametrize(("horizons", "costs"), LINES)
def test_a_lab_whose_models_compete_with_each_other_earns_less(horizons, costs):
    """Mutation: each model takes the others' prices as a rival would, and their customers for lost."""
    apart, together = (at_rest(horizons, costs, each) for each in (False, True))
    assert profit(horizons, costs, apart) < profit(horizons, costs, together)


def test_two_equal_models_are_priced_as_one_is_alone():
    alone, pair = at_rest((0.0,), (0.005,)), at_rest((0.0, 0.0), (0.005, 0.005))
    assert pair == pytest.approx([alone[0]] * 2, rel=1e-6)
    assert profit((0.0, 0.0), (0.005, 0.005), pair) == pytest.approx(profit((0.0,), (0.005,), alone), rel=1e-6)


def test_models_that_are_no_substitutes_are_priced_each_for_itself():
    """All tasks are alike, and one of the models does none of them: the other is priced as if it were alone."""
    alike = log_lengths(2.0, 0.0)
    pair = at_rest((0.0, -40.0), (0.005, 0.005), lengths=alike)
    alone = at_rest((0.0,), (0.005,), lengths=alike)
    assert pair[0] == pytest.approx(alone[0], rel=1e-9)


def test_by_hand():
    """Of two models at 10 and 2 with margins of 6 and 1, the dear one's customers go to the cheap one in part."""
    line = {
        0: [Purchase(100.0, 0.5, Answer(1.0, 2.0, 0.0, ((1, 0.1),)))],
        1: [Purchase(400.0, 0.5, Answer(0.5, 3.0, 0.0, ((0, 0.5),))), Purchase(50.0, 0.5)],
    }
    margins = {0: 6.0, 1: 1.0}
    assert siblings_gain(line, margins, 0) == pytest.approx(1.0)  # 1 x 400 x half known x 0.5, for each of 100
    assert siblings_gain(line, margins, 1) == pytest.approx(6 * 100 * 0.1 / 450)
    assert siblings_gain({0: line[0], 1: []}, margins, 1) == 0.0  # it sold nothing
    assert siblings_gain({0: line[0]}, {0: 6.0}, 0) == 0.0  # a line of one
    view = replace(seen(purchases((0.0,), [0.01]), [10.0], [4.0], 0), elasticity_seen=2.0)
    assert RULE(view, DICE) == 9.0  # 4 + 10 / 2
    assert RULE(replace(view, siblings_gain=1.0), DICE) == 9.5  # 4 + (10 + 1) / 2
    assert RULE(replace(view, siblings_gain=-1.0), DICE) == 8.5  # what the sibling sells is sold at a loss
