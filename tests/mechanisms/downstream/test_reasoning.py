"""Reasoning: longer answers take more tokens and win users; dear tokens and losses shorten the best effort."""

from math import log
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watersellers import World, run
from watersellers.agents.apps.app import App
from watersellers.agents.information import SeenByReasoner
from watersellers.agents.strategies.answering import BestEffort, FixedEffort
from watersellers.market.chance import Chance

DOSES = (1.0, 2.0, 8.0, 32.0)
CHEAP = {"labs.throughput": 1e7, "apps.opening_known": 0.8}
RICH = {**CHEAP, "apps.gemini.opening_cash": 1e12}  # the app lives, whatever tokens cost it
NOW = Chance(1, 0)
dollars = st.floats(0, 1e12)


@pytest.fixture(scope="module")
def dosed():
    return [
        run("dollar_paths", months=8, users=3_000, set=RICH, strategies={"gemini.effort": FixedEffort(multiple)})
        for multiple in DOSES
    ]


def of_gemini(result, column):
    return int(result.apps.filter(pl.col("app") == "gemini")[column].sum())


def test_longer_reasoning_takes_more_tokens_a_query(dosed):
    tokens = [of_gemini(result, "tokens") / of_gemini(result, "queries") for result in dosed]
    assert tokens == sorted(set(tokens))


def test_longer_reasoning_wins_users(dosed):
    users = [of_gemini(result, "users") for result in dosed]
    assert users == sorted(set(users)), users


def test_no_reasoning_is_the_reference_world():
    brief: dict[str, Any] = {"months": 6, "users": 300}
    usual = run("dollar_paths", **brief).manifest["digest"]
    assert run("dollar_paths", **brief, set={"apps.reasoning_gain": 3.0}).manifest["digest"] == usual
    once = {"chatgpt.effort": FixedEffort(1.0)}
    assert run("dollar_paths", **brief, strategies=once).manifest["digest"] == usual


def test_quality_gains_the_log_of_the_tokens():
    world = World("dollar_paths", rng=1, months=2, users=100, set={"apps.effort": "fixed_effort"})
    world.run_model()
    for app in world.agents_by_type[App]:
        if app.alive:
            assert app.usefulness == (app.quality + 0.327 * log(4.0)) * (1 - app.traits.walled)
            plain = int(app.traits.output_tokens * 2.718281828459045 ** (app.traits.tokens_by_quality * app.quality))
            assert app.tokens[2] in range(4 * plain, 4 * plain + 4)


@given(revenue=dollars, other=dollars, output=st.floats(1e-3, 1e12), gain=st.floats(0, 5), response=st.floats(0, 20))
def test_no_other_multiple_has_a_better_margin(revenue, other, output, gain, response):
    def margin(multiple):
        """Log of the users times what each of them leaves, where they leave anything."""
        left = revenue - other - output * multiple
        return response * gain * log(multiple) + log(left) if left > 0 else float("-inf")

    best = BestEffort(response)(SeenByReasoner(revenue, other, output, gain, 1.0), NOW)
    assert 1 <= best <= 100
    if revenue - other - output > 1e-6 * (revenue + other + output):  # where rounding does not decide
        assert all(margin(best) >= margin(at) - 1e-6 for at in (1, best * 0.9, best * 1.1, 100) if 1 <= at <= 100)
    elif revenue - other <= output:
        assert best == 1


@given(revenue=dollars, other=dollars, output=st.floats(1e-3, 1e12), more=st.floats(1, 1e3))
def test_dearer_tokens_never_lengthen_the_best_effort(revenue, other, output, more):
    cheap, dear = (
        BestEffort(1.0)(SeenByReasoner(revenue, other, each, 0.4, 1.0), NOW) for each in (output, more * output)
    )
    assert dear <= cheap


def test_nothing_is_gained_without_gain_and_all_is_without_a_cost():
    assert BestEffort(1.0)(SeenByReasoner(100.0, 0.0, 1.0, 0.0, 1.0), NOW) == 1
    assert BestEffort(1.0)(SeenByReasoner(100.0, 0.0, 0.0, 0.4, 1.0), NOW) == 100
    assert BestEffort(1.0)(SeenByReasoner(0.0, 0.0, 0.0, 0.4, 1.0), NOW) == 1


def test_cheap_tokens_lengthen_reasoning_in_a_world():
    efforts = []
    for throughput in (1e8, 1e7, 3e6, 1e5):
        settings = {**CHEAP, "labs.throughput": throughput, "apps.effort": "best_effort"}
        world = World("dollar_paths", rng=1, months=6, users=1_000, set=settings)
        world.run_model()
        alive = [app for app in world.agents_by_type[App] if app.alive]
        efforts.append(sum(app.effort for app in alive) / len(alive))
    assert efforts == sorted(efforts, reverse=True), efforts
    assert efforts[0] > efforts[-1]
