"""The scenario of the reference world, and errors of it with a table laid over it."""

from pathlib import Path

import pytest

from watersellers import BadInput, experiments
from watersellers.experiments.loading.loader import load_scenario

REFERENCE = Path(experiments.__file__).with_name("scenarios") / "plain.toml"
NAN = float("nan")


def refused(doc, settings=None):
    """What is said of the reference world with a table laid over it."""
    with pytest.raises(BadInput) as refused:
        load_scenario({"extends": "plain", "name": "mine", "question": "Mine?"} | doc, settings)
    return refused.value.problems
