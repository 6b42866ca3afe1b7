"""Checks of vendors' supply: a price of speed that nobody would pay."""

from collections.abc import Iterator

from watersellers.experiments.loading.checks.consistency import PlannedWorld

SPEED = "speed_price"


def supply_problems(world: PlannedWorld) -> Iterator[str]:
    """Find a price of speed in a world whose vendors never prepay capacity: it is a share of what they prepay."""
    vendors = world.members["chips"]
    later = [event for event in world.events if event.path.removeprefix("world.") == SPEED and event.value > 0]
    price = world.numbers.get(SPEED, 0.0)
    if vendors and (price > 0 or later) and not any(world.ever(vendor, "prepaid_months") for vendor in vendors):
        found = f"{price:g}" if price > 0 else f"{later[0].value:g}{world.since(later[0].month)}"
        yield (
            f"world.{SPEED}: found {found}, but prepaid_months is 0 for every vendor, and speed is paid as a share of"
            f" what is prepaid; write chips.prepaid_months = 2, or world.{SPEED} = 0"
        )
