"""What would come to nothing in a world: promises that nobody can keep, found before the first month."""

from collections.abc import Iterator, Mapping

from agents.setting import Event, Member
from agents.strategies.borrowing import AgainstFleet

LENT = ("lenders_cash", "lenders_inflow")


def unsound(
    members: Mapping[str, tuple[Member, ...]], numbers: Mapping[str, float], events: tuple[Event, ...]
) -> Iterator[str]:
    """Find loans that nobody can give, at the start or after an event."""
    lent = any(numbers.get(name) for name in LENT) or any(event.path.removeprefix("world.") in LENT for event in events)
    for cloud in members["cloud"]:
        if isinstance(cloud.strategies.get("borrowing"), AgainstFleet) and not lent:
            yield (
                f"cloud.{cloud.name}.borrowing: found 'against_fleet', but lenders have no money (world.lenders_cash"
                " and world.lenders_inflow are 0); write world.lenders_cash = 10_000_000_000, or borrowing = 'no_loans'"
            )
