"""The economy equals the recorded one: payments, balances, decisions and tables.

Here are the scenarios that ship. Blocks live with the same users and seed in tests/mechanisms/test_blocks.py and are
compared there, on the run that is there anyway; with ``EVERY_SEED``, as in ``make verify``, they are lived here too.
"""

import os

import pytest

from tests.tools.economy_fingerprints import SEEDS, cases, fingerprints_of, scenarios, written
from watersellers import scenario_names

WRITTEN = written()


EVERY = "EVERY_SEED" in os.environ


@pytest.mark.parametrize("seed", SEEDS if EVERY else SEEDS[:1])
@pytest.mark.parametrize("name", scenarios() if EVERY else scenario_names())
def test_every_scenario_has_its_recorded_fingerprint(name, seed):
    assert fingerprints_of((name, seed)) == WRITTEN[f"{name} {seed}"]


def test_fingerprints_cover_every_scenario_and_all_differ():
    assert {f"{name} {seed}" for name, seed in cases()} == set(WRITTEN)
    assert len({prints["journal"] for prints in WRITTEN.values()}) > 0.9 * len(WRITTEN)
