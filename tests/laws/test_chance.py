"""Draws are uniform, depend on their key alone, and keep their bits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from tests.laws.random_cases import DICE, quick
from watersellers.market.chance import Chance, exp32, normal
from watersellers.market.exact import whole

HASHES = [13569458179747080560, 12390274380548186304, 10949996030936075520]
UNIFORM_BITS = [1060917351, 1059844889, 1058534963]
EXPONENTS = np.array([-87, -1, -0.3465735, 0, 1e-20, 0.3465736, 1, 10.5, 88], dtype=np.float32)
EXP_BITS = [11744903, 1052531378, 1060439284, 1065353216, 1065353216, 1068827891, 1076754516, 1192090497, 2130215607]
MANY = whole(range(100_000))


def test_draws_are_uniform():
    counts = np.bincount((DICE.uniform("test", MANY) * 100).astype(int), minlength=100)
    chi_square = ((counts - 1000.0) ** 2 / 1000).sum()
    assert abs(chi_square - 99) < 4 * (2 * 99) ** 0.5  # mean and deviation of chi-square with 99 degrees


@pytest.mark.parametrize(
    "other",
    [
        lambda: DICE.uniform("test", MANY + 1),
        lambda: DICE.uniform("tesu", MANY),
        lambda: Chance(DICE.seed, DICE.month + 1).uniform("test", MANY),
        lambda: Chance(DICE.seed + 1, DICE.month).uniform("test", MANY),
        lambda: DICE.uniform("test", MANY, 1),
        lambda: DICE.uniform("test", 1, MANY),
    ],
    ids=["neighbour", "purpose", "month", "seed", "second key", "order of keys"],
)
def test_draws_for_different_purposes_are_independent(other):
    one, two = DICE.uniform("test", MANY).astype(float), other().astype(float)
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / len(MANY) ** 0.5  # deviation of a correlation of independents
    assert abs((one < two).mean() - 0.5) < 4 * 0.5 / len(MANY) ** 0.5


@quick
@given(draw.lists(draw.integers(0, 2**62), min_size=1, max_size=20), draw.randoms(use_true_random=False))
def test_a_draw_depends_on_its_key_and_not_on_its_place(keys, shuffle):
    places = list(range(len(keys)))
    shuffle.shuffle(places)
    together = DICE.hashes("test", whole(keys))
    assert DICE.hashes("test", whole(keys)[places]).tolist() == together[places].tolist()
    assert [int(DICE.hashes("test", key)[0]) for key in keys] == together.tolist()
    assert list(DICE.order("test", whole(keys))) == together.tolist()


def test_draws_lie_strictly_between_0_and_1_and_keep_their_bits():
    drawn = DICE.uniform("test", MANY)
    assert drawn.dtype == np.float32
    assert 0 < drawn.min() < drawn.max() < 1
    assert DICE.hashes("test", whole([0, 1, 2**40])).tolist() == HASHES
    assert DICE.uniform("test", whole([0, 1, 2**40])).view(np.uint32).tolist() == UNIFORM_BITS


def test_exponentials_are_right_to_a_few_last_bits_everywhere():
    x = np.linspace(-87, 88, 500_001, dtype=np.float32)
    error = np.abs(exp32(x).astype(float) / np.exp(x.astype(float)) - 1)
    assert error.max() < 3e-7  # Taylor's remainder of 2e-7 and two roundings of float32, 6e-8 each


def test_exponentials_keep_their_bits():
    assert exp32(EXPONENTS).view(np.uint32).tolist() == EXP_BITS


def test_normal_deviates_have_mean_0_and_deviation_1_and_the_right_tails():
    drawn = normal(DICE.uniform("test", MANY)).astype(float)
    n = len(MANY)
    assert abs(drawn.mean()) < 4 / n**0.5
    assert abs(drawn.var() - 1) < 4 * (2 / n) ** 0.5  # deviation of a variance of normals
    for bound, tail in ((1.0, 0.158655), (2.0, 0.022750)):
        assert abs((drawn > bound).mean() - tail) < 4 * (tail * (1 - tail) / n) ** 0.5
