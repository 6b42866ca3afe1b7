"""Steps between two small worlds, compared once for all tests of this folder."""

import pytest

from watersellers.experiments.analysis.comparison.steps import compare_steps


@pytest.fixture(scope="session")
def stepped():
    return compare_steps("plain", "all_systems", seeds=2, months=12, users=60, workers=1)
