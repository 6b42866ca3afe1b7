"""How tokens answer their price and their model: the closed form against differences, its parts, and a lone lab."""

from dataclasses import replace
from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from tests.worlds.drawn_skills import skills
from watersellers.agents.work.demand_answers import Judgement
from watersellers.agents.work.model_choice import ModelOffer, value_of_models
from watersellers.agents.work.reasoning_effort import Skill
from watersellers.agents.work.task_lengths import log_lengths

SKILL = Skill(ceiling=0.97, slope=1.5, power=0.25, most=60.0)
JUDGE = Judgement(review=0.15, choice=30.0, within=4.0, use=15.0, friction=0.1, pass_on=0.5)
LENGTHS = log_lengths(2.0, 1.6)
ALONE = [ModelOffer(7, 7, log(0.5), 0.01)]
# one maker with two sellers, another maker, and one whose model is good at nothing
CARDS = [
    *(ModelOffer(7, 7, 0.0, 0.01), ModelOffer(7, 70, 0.0, 0.011)),
    *(ModelOffer(8, 8, log(2.0), 0.03), ModelOffer(9, 9, -6.0, 0.01)),
]
STEP = 1e-4  # of the logarithm of price or horizon
NEAR = 2e-3  # the kinks where effort reaches an end lie between nodes: differences meet them, derivatives do not


def log_tokens(offers, place, skill, judge):
    """Up to a constant: tokens are what is spent, over the price."""
    spending = value_of_models(offers, LENGTHS, skill, judge).spending
    return log(spending[place] / offers[place].least_cost)


def by_differences(offers, place, skill, judge):
    """Answers of one offer's tokens, by central differences."""

    def slope(changed):
        both = [[*offers[:place], changed(offers[place], step), *offers[place + 1 :]] for step in (STEP, -STEP)]
        up, down = (log_tokens(each, place, skill, judge) for each in both)
        return (up - down) / (2 * STEP)

    dearer = slope(lambda offer, step: replace(offer, least_cost=offer.least_cost * exp(step)))
    better = slope(lambda offer, step: replace(offer, log_horizon=offer.log_horizon + step))
    return -dearer, better


@pytest.mark.parametrize("place", range(len(CARDS)))
@pytest.mark.parametrize("pass_on", [0.0, 0.5, 2.0])
def test_the_closed_form_is_what_differences_find(place, pass_on):
    judge = replace(JUDGE, pass_on=pass_on)
    answer = value_of_models(CARDS, LENGTHS, SKILL, judge).answers[place]
    assert (answer.price, answer.horizon) == pytest.approx(by_differences(CARDS, place, SKILL, judge), rel=1e-4)


@settings(max_examples=60)
@given(skills(), draw.integers(0, 2), draw.floats(0.05, 20))
def test_it_is_so_for_any_skill(skill, place, scale):
    offers = [replace(offer, least_cost=offer.least_cost * scale) for offer in CARDS]
    answer = value_of_models(offers, LENGTHS, skill, JUDGE).answers[place]
    found = by_differences(offers, place, skill, JUDGE)
    assert (answer.price, answer.horizon) == pytest.approx(found, rel=NEAR, abs=NEAR)


def test_without_effort_to_choose_and_with_nobody_to_turn_to_only_use_answers():
    """An elasticity by hand: cost x kappa0 x (1 - handed), where everybody has the same task and makes the same."""
    judge, skill = replace(JUDGE, pass_on=0.0, friction=0.3), replace(SKILL, power=0.0)
    value = value_of_models(ALONE, log_lengths(2.0, 0.0), skill, judge)
    assert value.answers[0].price == pytest.approx(0.01 * judge.use * (1 - value.used), rel=1e-9)


def test_who_has_rivals_faces_more_elastic_demand_and_a_second_seller_more_still():
    alone, rivalled, hosted = (
        value_of_models(offers, LENGTHS, SKILL, JUDGE).answers[0].price
        for offers in (
            ALONE,
            [*ALONE, replace(ALONE[0], maker=8, seller=8)],
            [*ALONE, replace(ALONE[0], maker=8, seller=8), replace(ALONE[0], seller=9)],
        )
    )
    assert alone < rivalled < hosted


# a line of three models, whose older one another seller has as well, and a rival
LINE = [
    *(ModelOffer(7, 7, 0.0, 0.01), ModelOffer(7, 7, -0.4, 0.008), ModelOffer(7, 7, -1.0, 0.002)),
    *(ModelOffer(7, 70, -0.4, 0.009), ModelOffer(8, 8, 0.3, 0.015)),
]


@settings(max_examples=60)
@given(skills(), draw.integers(0, 2), draw.integers(0, 2), draw.floats(0.05, 20), draw.sampled_from([0.0, 0.5, 2.0]))
def test_what_a_model_gains_from_a_dearer_sibling_is_what_differences_find(skill, place, dearer, scale, pass_on):
    offers, judge = (
        [replace(offer, least_cost=offer.least_cost * scale) for offer in LINE],
        replace(JUDGE, pass_on=pass_on),
    )
    siblings = dict(value_of_models(offers, LENGTHS, skill, judge).answers[place].siblings)
    assert sorted(siblings) == [other for other in range(3) if other != place]
    if place != dearer:
        tokens = [log_tokens(with_price(offers, dearer, exp(step)), place, skill, judge) for step in (STEP, -STEP)]
        assert siblings[dearer] == pytest.approx((tokens[0] - tokens[1]) / (2 * STEP), rel=NEAR, abs=NEAR)


def with_price(offers, place, factor):
    """Offers of which one asks another price."""
    dearer = replace(offers[place], least_cost=offers[place].least_cost * factor)
    return [*offers[:place], dearer, *offers[place + 1 :]]


@pytest.mark.parametrize("place", range(3))
def test_without_a_model_its_line_sells_what_it_would_if_the_model_were_not_there(place):
    whole = value_of_models(LINE, LENGTHS, SKILL, JUDGE)
    without = value_of_models([*LINE[:place], *LINE[place + 1 :]], LENGTHS, SKILL, JUDGE).spending
    without.insert(place, 0.0)
    diverted = dict(whole.answers[place].diverted)
    assert sorted(diverted) == [other for other in range(3) if other != place]
    for other, more in diverted.items():
        assert whole.spending[other] + more * whole.spending[place] == pytest.approx(without[other], rel=1e-12)
    assert [value_of_models([each], LENGTHS, SKILL, JUDGE).answers[0].diverted for each in LINE] == [()] * 5


def test_only_models_of_one_seller_are_siblings():
    answers = value_of_models(LINE, LENGTHS, SKILL, JUDGE).answers
    assert [sorted(dict(each.siblings)) for each in answers] == [[1, 2], [0, 2], [0, 1], [], []]


def test_two_equal_models_face_together_what_one_faces_alone():
    """What leaves a twin for the other is lost to it and not to the pair: a rise of both prices says so."""
    rival = replace(ALONE[0], maker=8, seller=8)
    alone, one, hosted = (
        value_of_models([*ALONE, *more, rival], LENGTHS, SKILL, JUDGE).answers[0]
        for more in ([], ALONE, [replace(ALONE[0], seller=9)])
    )
    ((twin, gained),) = one.siblings
    assert (twin, hosted.siblings, alone.siblings) == (1, (), ())
    assert one.price - gained == pytest.approx(alone.price, rel=1e-9)
    assert alone.price < one.price == pytest.approx(hosted.price)


def test_where_nothing_is_on_sale_nothing_answers():
    assert value_of_models([], LENGTHS, SKILL, JUDGE).answers == []


@pytest.mark.parametrize("cost", [1e-3, 1e-2, 5e-2])
def test_the_best_price_of_a_lone_seller_is_finite(cost):
    """The price at rest has the largest profit of those near it, and dear enough tokens sell for next to nothing.

    Where tokens cost little there is a second peak, with fewer and longer tasks, that steps of a month do not reach.
    """

    def profit(price):
        value = value_of_models([replace(ALONE[0], least_cost=price)], LENGTHS, SKILL, JUDGE)
        return value.spending[0] / price * (price - cost), value.answers[0].price

    price = 2 * cost
    for _ in range(400):
        price = max(0.8 * price, min(1.25 * price, cost + price / profit(price)[1]))
    most, felt = profit(price)
    assert felt == pytest.approx(price / (price - cost), rel=1e-6)
    assert most >= max(profit(price * exp(step / 100))[0] for step in range(-40, 41))
    assert profit(1.0)[0] < most / 2  # as dear as the wage
