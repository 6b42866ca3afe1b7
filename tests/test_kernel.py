"""One users' month, however it is computed: both backends, on any number of threads, in any parts, to the last bit."""

import numpy as np
import pytest

from tests import oracle
from tests.test_oracle import SMALL_WORLDS, journal, small
from watersellers import load_scenario
from watersellers.agents.kernel import with_numpy
from watersellers.agents.kernel.contract import FREE, FURTHER, NO_APP, PAID, WORD, Rows, Terms
from watersellers.agents.kernel.threads import kernel
from watersellers.market.dice import Chance, exp32

pytest.importorskip("numba")

THREADS = (1, 2, 4)
WAYS = [("numpy", 1), ("numpy", 4), *(("numba", threads) for threads in THREADS)]


def drawn(users, apps, seed=1, several=0.0, friends=0, devices=0.0):
    """Some users who know some apps, and what the month means to them: a third of the apps are not on offer."""
    dice = np.random.default_rng(seed)
    known = dice.integers(0, 2**32, (users, 1 + apps // WORD), dtype=np.uint32)
    known[:, -1] &= np.uint32(2 ** (apps % WORD) - 1)
    app = dice.integers(NO_APP, max(apps, 1), users) if apps else np.full(users, NO_APP)
    further = np.full((users, FURTHER), NO_APP)
    if several:
        further = dice.integers(NO_APP, max(2 * apps, 1), (users, FURTHER))
    use = dice.integers(1, 500, users)
    rows = Rows(
        key=np.arange(users) + (11 << 40),
        weight=dice.integers(1, 10**6, users),
        use=use,
        worth=column(dice.lognormal(1, 1, users)),
        log_use=column(np.log(use)),
        app=app.astype(np.int16),
        tier=np.where(app == NO_APP, FREE, dice.integers(0, 2, users)).astype(np.int8),
        known=known,
        further=np.where(app[:, np.newaxis] == NO_APP, NO_APP, further).astype(np.int16),
        friends=dice.integers(0, users, (users, friends)).astype(np.int32),
        owned=dice.integers(0, 2**32, known.shape, dtype=np.uint32) & known,
    )
    last = np.column_stack([rows.app, rows.further // 2]) if friends else np.empty((0, 1 + FURTHER), dtype=np.int16)
    quota = dice.integers(0, 500, apps)
    return rows, meant(dice, quota, (seed, several, devices), last)


def meant(dice, quota, drawing, last):
    """What plans with these quotas mean; ``drawing`` is the seed, openness to several apps, and a device's habit."""
    (seed, several, devices), apps = drawing, len(quota)
    return Terms(
        dice.random(apps) < 2 / 3,
        column(-3 * dice.random(apps)),
        column(20 * dice.random(apps)),
        column(np.log(np.maximum(quota, 1))),
        quota,
        column(dice.random(apps) / max(apps, 1)),
        column(dice.random(apps) / (10 * max(apps, 1))),
        np.arange(400, 400 + apps, dtype=np.uint64),
        quota_weight=np.float32(0.3),
        paid_bonus=np.float32(0.3),
        habit=np.float32(2),
        outside=np.float32(-0.5),
        taste=np.float32(0.7),
        hear=Chance(seed, 3).hashes("hear"),
        choose=Chance(seed, 3).hashes("choose"),
        like=Chance(seed, -1).hashes("taste"),
        several=Chance(seed, -1).hashes("several"),
        more=Chance(seed, 3).hashes("choose_more"),
        ready=column([several**step for step in range(1, 1 + FURTHER)]),
        part=0.01,
        last=last,
        device=column(devices * dice.random(apps)),
    )


def column(values):
    return np.asarray(values, dtype=np.float32)


def copied(rows):
    return Rows(*(each.copy() for each in rows))


def same(one, other):
    return all((ours == theirs).all() for ours, theirs in zip(one, other, strict=True))


@pytest.mark.parametrize(("several", "friends"), [(0.0, 0), (0.7, 0), (0.7, 5)])
@pytest.mark.parametrize(
    ("users", "apps"), [(1, 1), (3, 0), (1_500, 20), (5_000, 31), (2_100, 32), (2_100, 33), (700, 300)]
)
def test_backends_threads_and_parts_agree_to_the_bit(users, apps, several, friends):
    rows, terms = drawn(users, apps, several=several, friends=friends, devices=2.0)
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


def test_numpy_lives_in_blocks_of_any_length(monkeypatch):
    rows, terms = drawn(1_000, 20)
    whole = copied(rows)
    counted = with_numpy.live(whole, terms)
    monkeypatch.setattr(with_numpy, "BLOCK", 7)
    assert (with_numpy.live(rows, terms) == counted).all()
    assert same(rows, whole)


def test_compiled_exponentials_round_as_those_in_columns():
    from watersellers.agents.kernel import with_numba

    bits = np.arange(0, 2**32, 1_009, dtype=np.uint32)
    x = bits.view(np.float32)
    x = np.concatenate([x[np.isfinite(x) & (x < 88)], column([-104, -103.97, -87.4, -0.0, 87.9])])
    ours = x.copy()
    with_numba._exponential(ours)
    assert (ours.view(np.uint32) == exp32(x).view(np.uint32)).all()
    assert (ours[x > -103] > 0).all()  # also those too small for a normal float32


@pytest.mark.parametrize("number", [0, 4, 8, 11])
def test_small_worlds_are_those_of_the_oracle_on_any_backend_and_threads(number):
    size, users, months = SMALL_WORLDS[number]
    setting = small(size, seed=100 + number, months=months)
    expected = oracle.run(setting, users, number + 1, months)
    for name, threads in WAYS:
        assert journal(setting, users, number + 1, months, backend=name, threads=threads) == expected


def test_the_reference_world_is_the_same_on_all_of_them():
    setting = load_scenario("baseline")
    expected = journal(setting, 3_000, 1, 24, backend="numpy")
    for name, threads in WAYS[1:]:
        assert journal(setting, 3_000, 1, 24, backend=name, threads=threads) == expected
