"""Shapley values: known games, and estimates from drawn orders against those of all orders."""

from fractions import Fraction
from itertools import combinations, permutations
from statistics import mean

import pytest

from watersellers.experiments.analysis.decomposition.orders import combinations_in, drawn_pairs
from watersellers.experiments.analysis.decomposition.shapley import (
    added_in,
    combinations_of,
    sampled_shapley,
    shapley,
)

NAMES = ["a", "b", "c", "d", "e"]
OWN = {"a": 3, "b": -7, "c": 0, "d": 10**15, "e": 11}
PAIRS = {frozenset(two): 5 * number - 17 for number, two in enumerate(combinations(NAMES, 2))}


def worth_of(value):
    return {active: value(active) for active in combinations_of(NAMES)}


def alone(active):
    """What causes add whatever the others do."""
    return sum(OWN[name] for name in active)


def by_twos(active):
    """What they add, with what each two of them add together."""
    return alone(active) + sum(more for two, more in PAIRS.items() if two <= active)


def by_threes(active):
    return by_twos(active) + 100 * len([three for three in combinations(sorted(active), 3) if "c" in three])


def reversed_pairs():
    """Every order of the causes, with its reverse."""
    return [(order, order[::-1]) for order in permutations(NAMES)]


def test_shares_are_those_of_the_glove_game():
    """One left glove and two right ones: a pair is worth 6; the left glove gets 4, each right one 1 (textbook)."""
    names = ["left", "right", "other"]
    worth = {at: 6 * (("left" in at) and bool(at & {"right", "other"})) for at in combinations_of(names)}
    assert shapley(worth, names) == {"left": 4, "right": 1, "other": 1}


def test_shares_add_up_exactly_and_a_cause_that_changes_nothing_has_none():
    names = ["a", "b", "c", "d"]
    worth = {at: 7 ** len(at) + 13 * ("a" in at) + 10**17 * ("b" in at) for at in combinations_of(names)}
    worth = {at: worth[at - {"d"}] for at in worth}  # d does nothing
    shares = shapley(worth, names)
    assert sum(shares.values()) == worth[frozenset(names)] - worth[frozenset()]
    assert shares["d"] == 0
    assert shares["a"] - shares["c"] == 13
    assert all(isinstance(share, Fraction) for share in shares.values())


@pytest.mark.parametrize("value", [alone, by_twos, by_threes])
def test_over_all_orders_the_estimate_is_the_exact_share(value):
    worth = worth_of(value)
    found = sampled_shapley(worth, reversed_pairs())
    assert {name: share for name, (share, _) in found.items()} == shapley(worth, NAMES)


def test_over_many_seeds_the_estimate_is_right_in_the_mean_and_as_far_off_as_it_says():
    worth = worth_of(by_threes)
    exact, seeds = shapley(worth, NAMES), range(400)
    found = [sampled_shapley(worth, drawn_pairs(NAMES, seed, 3)) for seed in seeds]
    for name in NAMES:
        off = [float(each[name][0] - exact[name]) for each in found]
        error = mean((each[name][1] or 0.0) ** 2 for each in found) ** 0.5
        spread = mean(each**2 for each in off) ** 0.5
        assert abs(mean(off)) < 4 * error / len(seeds) ** 0.5, name
        assert spread == pytest.approx(error, rel=0.15), name


@pytest.mark.parametrize("number", [1, 2, 5])
@pytest.mark.parametrize("value", [alone, by_twos, by_threes])
def test_an_estimate_adds_up_exactly(value, number):
    worth = worth_of(value)
    found = sampled_shapley(worth, drawn_pairs(NAMES, 1, number))
    assert sum(share for share, _ in found.values()) == worth[frozenset(NAMES)] - worth[frozenset()]


@pytest.mark.parametrize("value", [alone, by_twos])
def test_a_pair_is_exact_and_without_error_where_causes_act_on_each_other_by_twos(value):
    worth = worth_of(value)
    exact = shapley(worth, NAMES)
    for pairs in ([pair] for pair in reversed_pairs()):
        assert sampled_shapley(worth, pairs) == {name: (exact[name], None) for name in NAMES}
    assert sampled_shapley(worth, drawn_pairs(NAMES, 1, 3)) == {name: (exact[name], 0.0) for name in NAMES}


def test_three_that_act_together_have_an_error():
    found = sampled_shapley(worth_of(by_threes), drawn_pairs(NAMES, 1, 3))
    assert max(error or 0.0 for _, error in found.values()) > 0


def test_what_causes_add_is_read_from_their_places_in_the_order():
    worth = worth_of(by_twos)
    assert added_in(("b", "a", "c", "d", "e"), worth)["a"] == OWN["a"] + PAIRS[frozenset("ab")]


def test_orders_depend_on_seed_pair_and_names_alone():
    first = drawn_pairs(NAMES, 1, 2)
    assert drawn_pairs(NAMES, 1, 5)[:2] == first
    assert drawn_pairs(NAMES[::-1], 1, 2) == first
    assert drawn_pairs(NAMES, 2, 2) != first
    assert first[0] != first[1]
    for order, reverse in first:
        assert reverse == order[::-1]
        assert sorted(order) == NAMES
    wider = [tuple(name for name in order if name != "z") for order, _ in drawn_pairs([*NAMES, "z"], 1, 2)]
    assert wider == [order for order, _ in first]  # a further cause leaves the others in their order


def test_each_cause_comes_as_often_in_each_place():
    orders = [order for order, _ in drawn_pairs(NAMES, 1, 4000)]
    for place in range(len(NAMES)):
        counts = [sum(order[place] == name for order in orders) for name in NAMES]
        assert max(abs(count - 800) for count in counts) < 4 * (4000 * 0.2 * 0.8) ** 0.5
    assert len(set(orders)) == 120


def test_worlds_that_orders_share_are_listed_once():
    pairs = drawn_pairs(NAMES, 1, 3)
    listed = combinations_in(pairs)
    assert len(listed) == len(set(listed)) <= 6 * 4 + 2
    assert (listed[0], listed[-1]) == (frozenset(), frozenset(NAMES))
