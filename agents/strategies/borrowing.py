"""How much a cloud borrows against its machines: dollars."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByBorrower
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class NoLoans:
    """Borrow nothing: build out of cash and owners' money. Grows less in a boom, and loses no machines in a bust."""

    def __call__(self, seen: SeenByBorrower, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class AgainstFleet:
    """Borrow what is missing for the machines it wants, up to a share of what its fleet is worth at today's rents.

    A boom lifts rents, these the fleet's worth, and that the loans it bears; when rents fall it goes the other way.
    """

    loan_to_value: float = 0.6  # share of the fleet's worth that may be owed

    def __call__(self, seen: SeenByBorrower, chance: Chance) -> float:
        return min(seen.missing, max(0.0, self.loan_to_value * seen.fleet_worth - seen.owed))
