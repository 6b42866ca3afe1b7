"""One month of users is the same to the last bit on both backends, on any number of threads, and in any blocks."""

import numpy as np
import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import SMALL_WORLDS, journal, small
from tests.worlds.drawn_users import column, drawn
from watersellers import load_scenario
from watersellers.agents.users.kernel import with_numpy
from watersellers.agents.users.kernel.backends import kernel
from watersellers.agents.users.kernel.contract import FREE, NO_APP, PAID, Rows
from watersellers.market.chance import exp32

pytest.importorskip("numba")
THREADS = (1, 2, 4)
WAYS = [("numpy", 1), ("numpy", 4), *(("numba", threads) for threads in THREADS)]


def copied(rows):
    return Rows(*(each.copy() for each in rows))


def same(one, other):
    return all((ours == theirs).all() for ours, theirs in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("several", "friends", "budgets", "by_use"),
    [
        *((0.0, 0, False, False), (0.7, 0, False, False), (0.7, 5, False, False), (0.0, 0, True, False)),
        *((0.7, 5, True, False), (0.0, 0, False, True), (0.7, 5, True, True)),
    ],
)
@pytest.mark.parametrize(
    ("users", "apps"), [(1, 1), (3, 0), (1_500, 20), (5_000, 31), (2_100, 32), (2_100, 33), (700, 300)]
)
def test_backends_threads_and_parts_agree_to_the_bit(users, apps, several, friends, budgets, by_use):
    ways = {"several": several, "friends": friends, "budgets": budgets, "by_use": by_use}
    rows, terms = drawn(users, apps, devices=2.0, **ways)
    lived = {}
    for name, threads in WAYS:
        mine = copied(rows)
        lived[name, threads] = (mine, kernel(name, threads)(mine, terms))
    (expected, counted), *others = lived.values()
    if apps > 1:
        assert {FREE, PAID} == set(expected.tier.tolist())
        assert (expected.known != rows.known).any()
        assert (expected.further != NO_APP).any(axis=0).all() == (several > 0)
        assert 0 < (expected.app == NO_APP).sum() < users
    for mine, counts in others:
        assert same(mine, expected)
        assert (counts == counted).all()


def test_the_numpy_backend_gives_the_same_in_blocks_of_any_length(monkeypatch):
    rows, terms = drawn(1_000, 20)
    whole = copied(rows)
    counted = with_numpy.live(whole, terms)
    monkeypatch.setattr(with_numpy, "BLOCK", 7)
    assert (with_numpy.live(rows, terms) == counted).all()
    assert same(rows, whole)


def test_compiled_exponentials_round_as_those_in_columns():
    from numba import njit

    from watersellers.agents.users.kernel import with_numba

    exponential = with_numba._exp

    @njit(error_model="numpy")
    def take_exponentials(column):
        for entry in range(len(column)):
            column[entry] = exponential(column[entry])

    bits = np.arange(0, 2**32, 1_009, dtype=np.uint32)
    x = bits.view(np.float32)
    x = np.concatenate([x[np.isfinite(x) & (x < 88)], column([-104, -103.97, -87.4, -0.0, 87.9])])
    ours = x.copy()
    take_exponentials(ours)
    assert (ours.view(np.uint32) == exp32(x).view(np.uint32)).all()
    assert (ours[x > -103] > 0).all()  # also those too small for a normal float32


@pytest.mark.parametrize("number", [0, 4, 8, 11])
def test_small_worlds_match_the_oracle_on_every_backend_and_number_of_threads(number):
    size, users, months = SMALL_WORLDS[number]
    spec = small(size, seed=100 + number, months=months)
    expected = oracle.run(spec, users, number + 1, months)
    for name, threads in WAYS:
        assert journal(spec, users, number + 1, months, backend=name, threads=threads) == expected


def test_the_reference_world_is_the_same_on_every_backend():
    spec = load_scenario("plain")
    expected = journal(spec, 3_000, 1, 24, backend="numpy")
    for name, threads in WAYS[1:]:
        assert journal(spec, 3_000, 1, 24, backend=name, threads=threads) == expected
