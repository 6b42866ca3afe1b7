"""Checks of pools whose savers sign commitments: savers without any wealth have nothing to sign for."""

from collections.abc import Iterator

from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.experiments.loading.checks.consistency import PlannedWorld

CALLING, WEALTH = "call_most", "savers_wealth"


def saver_problems(world: PlannedWorld) -> Iterator[str]:
    """Find pools that call what savers have signed for, and whose savers never have any wealth."""
    for pool in world.members["investors"]:
        if not world.ever(pool, WEALTH):
            yield from _calls_in_vain(world, pool)


def _calls_in_vain(world: PlannedWorld, pool: ParticipantSpec) -> Iterator[str]:
    """Report once, at the first month that has it, that a pool calls and its savers have no wealth."""
    given = ((month, one.numbers.get(CALLING, 0.0)) for month, one in world.lives(pool))
    for month, value in [(month, value) for month, value in given if value > 0][:1]:
        path = f"investors.{pool.name}"
        yield (
            f"{path}.{CALLING}: found {value:g}{world.since(month)}, but its savers have no wealth to sign commitments"
            f" with ({path}.{WEALTH} is 0), expected some; write {path}.{WEALTH} = 100_000_000_000, or"
            f" {path}.{CALLING} = 0"
        )
