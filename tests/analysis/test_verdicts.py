"""Verdicts: of one seed by a rule, of many by how often the claim held; worked by hand, and each can fail."""

import pytest

from watersellers.experiments.stories.verdicts import (
    FAILS,
    HOLDS,
    RULES,
    TOO_FEW,
    UNDECIDED,
    judge_claim,
    reversed_under,
    verdict,
)


@pytest.mark.parametrize(
    ("rule", "now", "before", "bound", "figure", "held"),
    [
        ("rises", [5], [3], 0, 2, True),
        ("rises", [3], [3], 0, 0, False),
        ("falls", [3], [5], 0, -2, True),
        ("falls", [3], [3], 0, 0, False),
        ("falls_to", [4], [8], 0.5, -4, True),
        ("falls_to", [5], [8], 0.5, -3, False),
        ("falls_to", [-9], [-8], 0.5, -1, False),  # of a loss there is no half
        ("rises_to", [16], [8], 2, 8, True),
        ("rises_to", [15], [8], 2, 7, False),
        ("rises_to", [5], [-1], 2, 6, False),
        ("stays", [105], [100], 0.05, 5, True),
        ("stays", [94], [100], 0.05, -6, False),
        ("flips", [1], [-1], 0, 1, True),
        ("flips", [-1], [1], 0, -1, True),
        ("flips", [2], [1], 0, 2, False),
        ("above", [0.6], [], 0.5, 0.6, True),
        ("above", [0.5], [], 0.5, 0.5, False),
        ("below", [-1], [], 0, -1, True),
        ("below", [0], [], 0, 0, False),
        ("order", [3, 2, 0, -4], [], 0, 1, True),
        ("order", [3, 2, 0, 1], [], 0, -1, False),
        ("largest", [5, 1, 4], [], 0, 1, True),
        ("largest", [5, 1, 6], [], 0, -1, False),
    ],
)
def test_one_seed_is_judged_as_by_hand(rule, now, before, bound, figure, held):
    found = judge_claim(RULES[rule], [now], [before] if RULES[rule].paired else None, bound)
    assert found.figures[0] == pytest.approx(figure)
    assert found.held == held
    assert found.verdict == TOO_FEW
    ten = judge_claim(RULES[rule], [now] * 10, [before] * 10 if RULES[rule].paired else None, bound)
    assert ten.verdict == (HOLDS if held else FAILS)


def test_every_rule_is_worked_out_here_both_ways():
    marks = test_one_seed_is_judged_as_by_hand.pytestmark[0].args[1]
    assert {(case[0], case[-1]) for case in marks} == {(name, held) for name in RULES for held in (True, False)}


@pytest.mark.parametrize(
    ("held", "seeds", "outcome"),
    [
        (20, 20, HOLDS),
        (18, 20, HOLDS),
        (17, 20, UNDECIDED),
        (3, 20, UNDECIDED),
        (2, 20, FAILS),
        (9, 10, HOLDS),
        (1, 10, FAILS),
        (0, 9, TOO_FEW),
    ],
)
def test_a_claim_holds_where_it_held_in_nine_seeds_of_ten(held, seeds, outcome):
    assert verdict(held, seeds) == outcome


def test_a_missing_reading_counts_as_not_held_and_enters_no_band():
    found = judge_claim(RULES["above"], [[1.0], [None], [3.0]])
    assert (found.held, found.seeds, found.figures) == (2, 3, (1.0, None, 3.0))
    assert (found.low, found.middle, found.high) == (1.0, 2.0, 3.0)
    assert judge_claim(RULES["falls"], [[1.0]], [[None]]).middle is None


def test_seeds_are_paired_with_themselves():
    """Each seed falls by one, though the seeds scatter by ten; told apart from its neighbour it would not."""
    now, before = [[9.0], [-1.0], [4.0]] * 4, [[10.0], [0.0], [5.0]] * 4
    assert judge_claim(RULES["falls"], now, before).verdict == HOLDS
    assert judge_claim(RULES["falls"], now, [before[-1], *before[:-1]]).verdict == UNDECIDED


def test_a_claim_turns_around_where_the_opposite_is_found():
    others = {"plenty": FAILS, "winter": HOLDS, "rain": UNDECIDED}
    assert reversed_under(HOLDS, others) == ["plenty"]
    assert reversed_under(FAILS, others) == ["winter"]
    assert reversed_under(UNDECIDED, others) == []
