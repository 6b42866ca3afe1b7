"""Users of two equal apps stay with the probability that the logit of their habit gives."""

from math import exp

import numpy as np
import pytest

from watersellers.agents.users.kernel.contract import FREE, FURTHER, NO_APP, PAID, Rows, Terms
from watersellers.agents.users.kernel.with_numpy import choose
from watersellers.market.chance import Chance
from watersellers.market.exact import whole


def users_alike(count):
    """Users of two apps, alike in everything, half with each."""
    ones = np.ones(count, dtype=np.float32)
    return Rows(
        key=whole(range(count)),
        weight=whole([1] * count),
        use=whole([1] * count),
        worth=ones,
        log_use=np.zeros(count, dtype=np.float32),
        app=(np.arange(count) % 2).astype(np.int16),
        tier=np.full(count, FREE, dtype=np.int8),
        known=np.full((count, 1), 0b11, dtype=np.uint32),
        further=np.full((count, FURTHER), NO_APP, dtype=np.int16),
        owned=np.zeros((count, 1), dtype=np.uint32),
        friends=np.empty((count, 0), dtype=np.int32),
        budget=np.empty((count, 0), dtype=np.float32),
        log_worth=np.empty((count, 0), dtype=np.float32),
    )


@pytest.mark.parametrize("habit", [0.0, 0.5, 1.0, 3.0])
def test_users_of_two_equal_apps_stay_with_the_logit_of_their_habit(habit):
    count, never, nothing = 200_000, np.float32(-80), np.zeros(2, dtype=np.float32)
    people = users_alike(count)
    before = people.app.copy()
    terms = Terms(
        offered=np.ones(2, dtype=bool),
        base=nothing,
        price=nothing,
        log_quota=nothing,
        quota=whole([1, 1]),
        rates=nothing,
        voice=nothing,
        key=np.array([401, 402], dtype=np.uint64),
        quota_weight=np.float32(0),
        paid_bonus=never,
        habit=np.float32(habit),
        outside=never,
        taste=np.float32(0),
        hear=Chance(7, 3).hashes("hear"),
        choose=Chance(7, 3).hashes("choose"),
        like=Chance(7, -1).hashes("taste"),
        several=Chance(7, -1).hashes("several"),
        more=Chance(7, 3).hashes("choose_more"),
        ready=nothing,
        part=0.25,
        last=np.empty((0, 1 + FURTHER), dtype=np.int16),
        device=nothing,
        dollars=nothing,
        query_dollars=nothing,
        query_price=nothing,
        log_rate=nothing,
    )
    choose(people, terms)
    assert not (people.app == NO_APP).any()
    assert not (people.tier == PAID).any()
    stay = exp(habit) / (1 + exp(habit))
    deviation = (stay * (1 - stay) / count) ** 0.5
    assert abs((people.app == before).mean() - stay) < 4 * deviation  # binomial: one seed in 16,000 is further off
