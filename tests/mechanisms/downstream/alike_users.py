"""Users who are alike in everything, and the terms on which apps are offered to them."""

import numpy as np

from watersellers.agents.users.kernel.contract import FREE, FURTHER, NO_APP, Rows, Terms
from watersellers.market.chance import Chance
from watersellers.market.exact import whole


def users_alike(n: int, apps: int) -> Rows:
    """People alike, who know all apps and use none."""
    one = np.ones(n, dtype=np.float32)
    return Rows(
        key=whole(range(n)), weight=whole([3] * n), use=whole([10] * n), worth=one, log_use=one,
        app=np.full(n, NO_APP, dtype=np.int16), tier=np.full(n, FREE, dtype=np.int8),
        known=np.full((n, 1), 2**apps - 1, dtype=np.uint32), further=np.full((n, FURTHER), NO_APP, dtype=np.int16),
        owned=np.zeros((n, 1), dtype=np.uint32), friends=np.empty((n, 0), dtype=np.int32),
        budget=np.empty((n, 0), dtype=np.float32), log_worth=np.empty((n, 0), dtype=np.float32),
    )  # fmt: skip


def terms(base: list[float], ready: tuple[float, float] = (0, 0), quota: tuple[int, ...] = ()) -> Terms:
    """Free seats of these utilities; a paid one is out of reach. Who may take more apps: none, or with 2 everybody."""
    f, dice, born, n = np.float32, Chance(5, 0), Chance(5, -1), len(base)
    return Terms(
        offered=np.ones(n, dtype=bool), base=np.array(base, dtype=f), price=np.full(n, 90, dtype=f),
        log_quota=np.full(n, 9, dtype=f), quota=whole(quota or [100] * n), rates=np.zeros(n, dtype=f),
        voice=np.zeros(n, dtype=f), key=np.arange(n, dtype=np.uint64), quota_weight=f(0), paid_bonus=f(0), habit=f(0),
        outside=f(0), taste=f(0), hear=dice.hashes("hear"), choose=dice.hashes("choose"), like=born.hashes("taste"),
        several=born.hashes("several"), more=dice.hashes("choose_more"), ready=np.array(ready, dtype=f), part=0.3,
        last=np.empty((0, 1 + FURTHER), dtype=np.int16), device=np.zeros(n, dtype=f),
        dollars=np.zeros(n, dtype=f), query_dollars=np.zeros(n, dtype=f), query_price=np.zeros(n, dtype=f),
        log_rate=np.full(n, -np.inf, dtype=f),
    )  # fmt: skip
