"""The choice of models: an independent quadrature, cards that are offered twice, limits and signs."""

from dataclasses import replace
from itertools import pairwise
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from tests.worlds.drawn_skills import skills
from watersellers.agents.work import task_lengths
from watersellers.agents.work.demand_answers import Judgement
from watersellers.agents.work.model_choice import ModelOffer, value_of_models
from watersellers.agents.work.reasoning_effort import Skill
from watersellers.agents.work.task_lengths import log_lengths

SKILL = Skill(ceiling=0.97, slope=1.5, power=0.25, most=60.0)
JUDGE = Judgement(review=0.15, choice=30.0, within=4.0, use=15.0, friction=0.1, pass_on=0.5)
LENGTHS = log_lengths(2.0, 1.6)
CARDS = [ModelOffer(7, 7, log(1.0), 0.03), ModelOffer(8, 8, log(0.5), 0.01), ModelOffer(9, 9, log(0.2), 0.004)]
EXACT = 1e-6  # per dollar of wage


def by_gauss(offers, skill, judge, median=2.0, spread=1.6):
    """Spending by offer and surplus, in panels of Gauss and Legendre with the machine's own functions and bisection."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    panels = np.linspace(-6, 6, 401)
    z = np.concatenate([(a + b) / 2 + (b - a) / 2 * nodes for a, b in pairwise(panels)])
    share = np.tile(weights, 400) * np.exp(-z * z / 2)
    share /= share.sum()
    lengths = log(median) + spread * z
    costs, values = [], []
    for offer in offers:
        odds = skill.slope * (lengths - offer.log_horizon)
        low, high = np.zeros_like(z), np.full_like(z, log(skill.most))
        for _ in range(60):
            effort = (low + high) / 2
            chance = skill.ceiling / (1 + np.exp(odds - skill.beta * effort))
            more = skill.beta * chance * (1 - chance / skill.ceiling) > offer.least_cost * np.exp(effort)
            low, high = np.where(more, effort, low), np.where(more, high, effort)
        costs.append(offer.least_cost * np.exp(low))
        values.append(skill.ceiling / (1 + np.exp(odds - skill.beta * low)) - judge.review - costs[-1])
    utility = judge.choice * np.array(values)  # each card has a maker of its own here
    parts = np.exp(utility - utility.max(axis=0))
    inclusive = (utility.max(axis=0) + np.log(parts.mean(axis=0))) / judge.choice
    use = judge.use * (inclusive - judge.friction)
    handed = 1 / (1 + np.exp(-use))
    made = (1 - handed * np.maximum(inclusive, 0)) ** -judge.pass_on
    spending = [
        float((share * handed * made * p * c).sum()) for p, c in zip(parts / parts.sum(axis=0), costs, strict=True)
    ]
    return spending, float((share * np.logaddexp(0, use)).sum() / judge.use)


@pytest.mark.parametrize("scale", [0.02, 0.3, 3.0, 40.0])
def test_an_independent_quadrature_agrees(scale):
    offers = [
        replace(offer, log_horizon=offer.log_horizon + log(scale), least_cost=offer.least_cost / scale)
        for offer in CARDS
    ]
    value, (spending, surplus) = value_of_models(offers, LENGTHS, SKILL, JUDGE), by_gauss(offers, SKILL, JUDGE)
    assert value.spending == pytest.approx(spending, abs=EXACT)
    assert value.surplus == pytest.approx(surplus, abs=EXACT)


def test_the_weights_of_tasks_add_up_to_all_hours():
    assert task_lengths.mean(np.ones(len(LENGTHS))) == pytest.approx(1, abs=1e-15)


@given(skills(), draw.integers(2, 4))
def test_a_card_that_is_offered_twice_changes_nothing(skill, times):
    once = value_of_models(CARDS, LENGTHS, skill, JUDGE)
    more = value_of_models([CARDS[0]] * times + CARDS[1:], LENGTHS, skill, JUDGE)
    assert sum(more.spending[:times]) == pytest.approx(once.spending[0], rel=1e-9)
    assert more.spending[times:] == pytest.approx(once.spending[1:], rel=1e-9)
    assert more.surplus == pytest.approx(once.surplus, rel=1e-9)


def test_two_makers_alike_are_worth_what_one_is():
    one = value_of_models(CARDS[:1], LENGTHS, SKILL, JUDGE)
    two = value_of_models([CARDS[0], replace(CARDS[0], maker=11)], LENGTHS, SKILL, JUDGE)
    assert two.spending == pytest.approx([one.spending[0] / 2] * 2, rel=1e-9)
    assert two.surplus == pytest.approx(one.surplus, rel=1e-9)


def test_the_order_of_cards_does_not_matter():
    there, back = value_of_models(CARDS, LENGTHS, SKILL, JUDGE), value_of_models(CARDS[::-1], LENGTHS, SKILL, JUDGE)
    assert back.spending[::-1] == pytest.approx(there.spending, rel=1e-12)


def test_without_a_model_nothing_is_handed_over():
    nothing = value_of_models([], LENGTHS, SKILL, JUDGE)
    assert (nothing.spending, nothing.used, nothing.surplus) == ([], 0, 0.0)


def test_an_endless_horizon_and_free_tokens_leave_everything_to_the_buyers():
    value = value_of_models([ModelOffer(7, 7, log(1e12), 1e-12)], LENGTHS, SKILL, replace(JUDGE, pass_on=0.0))
    worth = SKILL.ceiling - JUDGE.review - JUDGE.friction
    assert sum(value.spending) == pytest.approx(0, abs=1e-9)
    assert value.surplus == pytest.approx(worth + log(1 + exp(-JUDGE.use * worth)) / JUDGE.use, abs=1e-6)


TOKENS = [  # what rises, and whether tokens asked for rise with it
    ("review", lambda dose: (CARDS, replace(JUDGE, review=0.1 + 0.1 * dose)), False),
    ("friction", lambda dose: (CARDS, replace(JUDGE, friction=0.1 * dose)), False),
    ("price", lambda dose: ([replace(c, least_cost=c.least_cost * 2**dose) for c in CARDS], JUDGE), False),
    (
        "horizon",
        lambda dose: ([replace(c, log_horizon=c.log_horizon + log(1.5**dose / 4)) for c in CARDS], JUDGE),
        True,
    ),
]


@pytest.mark.parametrize(("_", "world", "up"), TOKENS, ids=[row[0] for row in TOKENS])
def test_tokens_follow_each_cause_over_four_doses(_, world, up):
    asked = []
    for dose in range(4):
        offers, judge = world(dose)
        value = value_of_models(offers, LENGTHS, SKILL, judge)
        asked.append(sum(dollars / offer.least_cost for dollars, offer in zip(value.spending, offers, strict=True)))
    rises = [later > earlier for earlier, later in pairwise(asked)]
    assert rises == [up] * 3


def test_more_work_is_made_where_it_gets_cheaper():
    spent = [
        sum(value_of_models(CARDS, LENGTHS, SKILL, replace(JUDGE, pass_on=eta)).spending) for eta in (0, 0.5, 1, 2)
    ]
    assert spent == sorted(spent)
    assert spent[0] < spent[-1]


def test_a_worthless_model_of_a_maker_moves_nobody_and_a_better_one_wins_customers():
    rivals = [CARDS[0], replace(CARDS[0], maker=8, seller=8)]
    alone = value_of_models(rivals, LENGTHS, SKILL, JUDGE)
    for more, won in ((-40.0, 0.0), (log(8.0), 0.1)):
        line = [*rivals, replace(CARDS[0], log_horizon=CARDS[0].log_horizon + more)]
        value = value_of_models(line, LENGTHS, SKILL, JUDGE)
        own, before = value.hours[0] + value.hours[2], alone.hours[0]
        assert own >= before * (1 + won) * (1 - 1e-3)  # they err where both models fail, as it costs them little
        assert value.surplus >= alone.surplus * (1 - 1e-3)
    useless = [*rivals, replace(CARDS[0], log_horizon=-40.0)]
    assert value_of_models(useless, LENGTHS, SKILL, JUDGE).hours[:2] == pytest.approx(alone.hours, rel=1e-3)
