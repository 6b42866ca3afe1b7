"""The best reasoning effort: what a search over all efforts finds, and its limits."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from tests.worlds.drawn_skills import skills
from watersellers.agents.work.reasoning_effort import Skill, best_effort, token_cost


def success(skill, odds, effort):
    return skill.ceiling / (1 + exp(odds - skill.beta * effort))


def by_search(skill, odds, least_cost):
    """Largest success less cost over efforts, in a golden-section search; the gain is unimodal from where it rises."""
    efforts = np.linspace(0, log(skill.most), 20_001)
    gains = skill.ceiling / (1 + np.exp(odds - skill.beta * efforts)) - least_cost * np.exp(efforts)
    return float(efforts[np.argmax(gains)]), float(gains.max())


@given(skills(), draw.floats(-20, 20), draw.floats(-14, 2))
def test_no_other_effort_is_better(skill, odds, log_cost):
    least = exp(log_cost)
    effort, chance = (float(each[0]) for each in best_effort(skill, np.array([odds]), np.array([least])))
    assert 0 <= effort <= log(skill.most)
    assert chance == pytest.approx(success(skill, odds, effort), rel=1e-12)
    _, best = by_search(skill, odds, least)
    assert chance - float(token_cost(np.array([least]), np.array([effort]))[0]) >= best - 1e-9


@given(skills(), draw.floats(-10, 10), draw.floats(-10, 0))
def test_spending_inside_is_what_the_first_order_condition_says(skill, odds, log_cost):
    least = exp(log_cost)
    effort, chance = (float(each[0]) for each in best_effort(skill, np.array([odds]), np.array([least])))
    if 1e-6 < effort < log(skill.most) - 1e-6:
        spent = least * exp(effort)
        assert spent == pytest.approx(skill.beta * chance * (1 - chance / skill.ceiling), rel=1e-6, abs=1e-12)
        assert spent <= skill.ceiling * skill.beta / 4 + 1e-9


def test_without_use_for_tokens_the_least_are_spent():
    effort, chance = best_effort(Skill(0.9, 1.5, 0.0, 60.0), np.array([-30.0, 0.0]), np.array([1e-9, 1e-9]))
    assert effort.tolist() == [0.0, 0.0]
    assert chance == pytest.approx([0.9, 0.45])


def test_tokens_for_nothing_are_all_spent():
    effort, _ = best_effort(Skill(0.9, 1.5, 0.3, 60.0), np.array([0.0]), np.array([1e-30]))
    assert float(effort[0]) == pytest.approx(log(60.0))


def test_an_easy_task_and_an_impossible_one_take_the_least():
    effort, chance = best_effort(Skill(0.9, 1.5, 0.3, 60.0), np.array([-50.0, 50.0]), np.array([0.01, 0.01]))
    assert effort.tolist() == [0.0, 0.0]
    assert chance == pytest.approx([0.9, 0.0], abs=1e-12)
