"""Both ends of every range are values of a world: they load, they run, and each gives other tables.

An end that changes nothing in a world in which the number's mechanism is on is an error of the table or of the rule.
``make verify`` tries every number; here are those of which an end was once wrong, and one of each kind besides. Of the
others one in six is loaded.
"""

from dataclasses import replace

import pytest

from tests.mechanisms.range_ends import (
    JOINT,
    TABLE,
    TRIALS,
    Trial,
    found_idle,
    idle_ends,
    resolved,
    settings_of,
    trials,
)
from tests.tools.samples import EVERY, some
from watersellers import BadInput

ONCE_WRONG = (  # a crash, a price of nothing, a refusal, or an end that changed nothing
    *("cloud.power_cost", "labs.half_load", "apps.staff", "labs.pricing.penetration.share", "apps.list_price"),
    *("cloud.covenant", "apps.device_price"),
)
OTHERS = ("world.patience", "chips.lead", "chips.nvidia.lock_in", "enterprises.width", "investors.herding")
USUAL = (*ONCE_WRONG, *OTHERS)


@pytest.mark.parametrize("name", [name for name in TABLE.by_name if name not in JOINT] if EVERY else USUAL)
def test_both_ends_of_a_range_run_and_change_something(name: str) -> None:
    assert found_idle(name) == []


@pytest.mark.parametrize("name", sorted({*some(TABLE.by_name, one_in=6), *USUAL}))
def test_both_ends_of_a_range_load(name: str) -> None:
    """In some world that is tried: what a scenario's own check refuses everywhere is no value."""
    refused = []
    for trial in trials(name):
        try:
            for end in (TABLE.by_name[name].low, TABLE.by_name[name].high):
                resolved(trial.world, settings_of(trial, name, end))
        except BadInput as error:
            refused.append(str(error))
        else:
            return
    pytest.fail("\n".join(refused))


def test_an_end_that_changes_nothing_is_seen() -> None:
    """Nobody lends in the reference world, so a covenant moves nothing there."""
    quiet = Trial("dollar_paths", months=2, users=50)
    assert idle_ends("cloud.covenant", quiet) == [
        "cloud.covenant = 0.01 changes nothing",
        "cloud.covenant = 10 changes nothing",
        "cloud.covenant: both ends give the same",
    ]
    assert idle_ends("chips.nvidia.opening_price", replace(quiet, months=1)) == []


def test_trials_are_of_numbers_that_there_are() -> None:
    assert sorted(TRIALS.keys() - TABLE.by_name.keys()) == []
