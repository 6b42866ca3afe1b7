"""The economy is the one that was written down before the house was rebuilt: payments, balances, decisions, tables."""

import os

import pytest

from tests.same_economy import SEEDS, cases, lived, scenarios, written

WRITTEN = written()


@pytest.mark.parametrize("seed", SEEDS if "EVERY_SEED" in os.environ else SEEDS[:1])
@pytest.mark.parametrize("name", scenarios())
def test_every_scenario_is_the_economy_that_it_was(name, seed):
    assert lived((name, seed)) == WRITTEN[f"{name} {seed}"]


def test_no_scenario_is_left_out_and_no_two_are_one():
    assert {f"{name} {seed}" for name, seed in cases()} == set(WRITTEN)
    assert len({prints["journal"] for prints in WRITTEN.values()}) > 0.9 * len(WRITTEN)
