"""The economy equals the recorded one: payments, balances, decisions and tables."""

import os

import pytest

from tests.tools.economy_fingerprints import SEEDS, cases, fingerprints_of, scenarios, written

WRITTEN = written()


@pytest.mark.parametrize("seed", SEEDS if "EVERY_SEED" in os.environ else SEEDS[:1])
@pytest.mark.parametrize("name", scenarios())
def test_every_scenario_has_its_recorded_fingerprint(name, seed):
    assert fingerprints_of((name, seed)) == WRITTEN[f"{name} {seed}"]


def test_fingerprints_cover_every_scenario_and_all_differ():
    assert {f"{name} {seed}" for name, seed in cases()} == set(WRITTEN)
    assert len({prints["journal"] for prints in WRITTEN.values()}) > 0.9 * len(WRITTEN)
