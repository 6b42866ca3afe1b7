"""The oracle agrees with the model where investors herd, savers redeem, and sellers buy stakes in their customers."""

import pytest

from tests.oracle.comparison import changed, compare, goods_in, numbered, small

CATCHING = {"return_pull": 4.0, "herding": 0.4, "redemption": 3.0, "sticky": 0.2, "fear": 0.5, "runway": 60.0}


@pytest.mark.parametrize("seed", [2, 7, 11])
def test_belief_that_is_catching_and_stakes_in_customers(seed):
    spec = changed(small(seed=seed, months=14), numbered(payout=0.4), ("chips", "cloud", "labs", "apps"))
    spec = changed(spec, numbered(opening_cash=30_000_000.0, owner_funds=0.0), ("labs", "apps"))
    spec = changed(spec, numbered(stake_share=0.5), ("chips", "cloud"))
    rows = compare(changed(spec, numbered(**CATCHING), ("investors",)), 50, seed, 14)
    assert {"shares", "dividend"} <= goods_in(rows)
    assert any(row[8] == 17 and row[1] == 10 for row in rows)  # income in the tenth phase: savers took money out


def test_stakes_of_a_seller_that_is_wound_up_pass_to_the_world():
    spec = changed(small(seed=3, months=12), numbered(stake_share=0.9, opening_cash=5_000_000.0), ("chips", "cloud"))
    spec = changed(spec, numbered(opening_cash=2_000_000.0, owner_funds=0.0), ("labs", "apps"))
    compare(changed(spec, numbered(runway=60.0), ("investors",)), 50, 3, 12)
