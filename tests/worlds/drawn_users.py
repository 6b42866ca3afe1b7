"""Users, apps and their terms, drawn at random from a seed."""

import numpy as np

from watersellers.agents.users.kernel.contract import FREE, FURTHER, NO_APP, WORD, Rows, Terms
from watersellers.market.chance import Chance


def drawn(users, apps, seed=1, several=0.0, friends=0, devices=0.0, budgets=False, by_use=False):
    """Some users who know some apps, and what the month means to them: a third of the apps are not on offer."""
    dice = np.random.default_rng(seed)
    known = dice.integers(0, 2**32, (users, 1 + apps // WORD), dtype=np.uint32)
    known[:, -1] &= np.uint32(2 ** (apps % WORD) - 1)
    app = dice.integers(NO_APP, max(apps, 1), users) if apps else np.full(users, NO_APP)
    further = np.full((users, FURTHER), NO_APP)
    if several:
        further = dice.integers(NO_APP, max(2 * apps, 1), (users, FURTHER))
    use = dice.integers(1, 500, users)
    weight = dice.integers(1, 10**6, users)
    worth = column(dice.lognormal(1, 1, users))
    rows = Rows(
        key=np.arange(users) + (11 << 40),
        weight=weight,
        use=use,
        worth=worth,
        log_use=column(np.log(use)),
        app=app.astype(np.int16),
        tier=np.where(app == NO_APP, FREE, dice.integers(0, 2, users)).astype(np.int8),
        known=known,
        further=np.where(app[:, np.newaxis] == NO_APP, NO_APP, further).astype(np.int16),
        friends=dice.integers(0, users, (users, friends)).astype(np.int32),
        owned=dice.integers(0, 2**32, known.shape, dtype=np.uint32) & known,
        budget=column(dice.choice([0, 12, 25, np.inf], (users, int(budgets)))),
        log_worth=np.log(worth)[:, np.newaxis][:, : int(by_use)],
    )
    last = np.column_stack([rows.app, rows.further // 2]) if friends else np.empty((0, 1 + FURTHER), dtype=np.int16)
    quota = dice.integers(0, 500, apps)
    terms = meant(dice, quota, (seed, several, devices), last)
    return rows, asked_by_use(terms, seed) if by_use else terms


def asked_by_use(terms, seed):
    """The same terms where every second app asks a price for a query."""
    price = np.where(np.arange(len(terms.base)) % 2, np.random.default_rng(seed).lognormal(-4, 2, len(terms.base)), 0)
    with np.errstate(divide="ignore"):
        rate = column(np.log(price / 0.3))
    return terms._replace(query_dollars=column(price), query_price=column(price), log_rate=rate)


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
        dollars=column(20 * dice.random(apps)),
        query_dollars=column(np.zeros(apps)),
        query_price=column(np.zeros(apps)),
        log_rate=column(np.full(apps, -np.inf)),
    )


def column(values):
    return np.asarray(values, dtype=np.float32)
