"""Adoption by firms: three corners of one hazard, and what they end in."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as draw

from watersellers.agents.strategies.adoption import Epidemic, Mansfield, Probit, SeenByAdopters
from watersellers.agents.work.adoption import Adoption, AdoptionTerms, worthwhile
from watersellers.market.chance import Chance

TERMS = AdoptionTerms(cost=0.05, spread=1.3, leaving=0.05, new_depth=0.1)
DICE = Chance(1, 1)
SOON = Mansfield(innovators=0.005, imitators=0.1, power=0.5)  # ends within the years that are lived here
START = Adoption(0.03, 0.1)
SHARES = draw.floats(0, 1)


def after(months, law, gain, state=START, terms=TERMS):
    for _ in range(months):
        state = state.next(law(SeenByAdopters(state.firms, state.depth, gain), DICE), gain, terms)
    return state


@given(SHARES, SHARES, draw.floats(0, 100), draw.floats(0, 10), draw.floats(0, 1))
def test_shares_stay_shares_and_nobody_beyond_those_covered_joins(firms, depth, hazard, gain, leaving):
    terms = AdoptionTerms(0.05, 1.3, leaving, 0.1)
    later = Adoption(firms, depth).next(hazard, gain, terms)
    assert 0 <= later.firms <= max(firms, worthwhile(gain, terms)) + 1e-12
    assert 0 <= later.depth <= 1 + 1e-12
    assert 0 <= later.work(1.3) <= 1 + 1e-12


@pytest.mark.parametrize("law", [Epidemic(), SOON, Probit()])
@pytest.mark.parametrize("gain", [0.01, 0.05, 1.0])
def test_every_law_ends_with_those_whose_cost_is_covered(law, gain):
    end = after(3000, law, gain)
    assert end.firms == pytest.approx(worthwhile(gain, TERMS), rel=1e-3)
    assert end.depth == pytest.approx(1, rel=1e-3)


@pytest.mark.parametrize("law", [Epidemic(), Mansfield(), Probit()])
def test_without_gain_all_leave(law):
    assert after(600, law, 0.0, Adoption(0.5, 0.5)).firms < 1e-9


def test_an_epidemic_is_an_s_that_starts_slow():
    shares = [after(months, Epidemic(0.001, 0.2), 1e6).firms for months in range(0, 80, 8)]
    steps = [later - earlier for earlier, later in pairwise(shares)]
    assert steps.index(max(steps)) not in (0, len(steps) - 1)


def test_gain_speeds_up_mansfields_adopters_and_no_others():
    def fast(law):
        return [law(SeenByAdopters(0.2, 0.2, gain), DICE) for gain in (0.01, 0.02, 0.04)]

    assert fast(Epidemic())[0] == fast(Epidemic())[2]
    assert fast(Probit())[0] == fast(Probit())[2]
    slow, usual, quick = fast(Mansfield(power=1.0))
    assert (slow * 2, quick / 2) == pytest.approx((usual, usual))
    assert fast(replace(SOON, power=0.0)) == pytest.approx(fast(Epidemic()))


def test_dearer_adoption_lowers_it_under_every_law():
    for law in (Epidemic(), Mansfield(), Probit()):
        firms = [after(60, law, 0.05, terms=AdoptionTerms(cost, 1.3, 0.05, 0.1)).firms for cost in (0.02, 0.05, 0.2, 1)]
        assert firms == sorted(firms, reverse=True), law
        assert firms[0] > firms[-1]


def test_large_firms_adopt_first():
    for firms in (0.01, 0.05, 0.3, 0.9):
        assert Adoption(firms, 1.0).work(1.3) > firms
        assert Adoption(firms, 1.0).work(0.0) == pytest.approx(firms, rel=1e-12)
