"""Borrowing: how many dollars a cloud borrows against its machines."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import asked
from watersellers.agents.information import SeenByBorrower
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class NoLoans:
    """Borrow nothing, and build with cash and owners' money. Grows less in a boom, and loses no machines in a bust."""

    def __call__(self, seen: SeenByBorrower, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class AgainstFleet:
    """Borrow the money missing for machines, up to a share of the fleet's value at today's rents.

    A boom raises rents, rents raise the fleet's value, and its value raises possible loans; falling rents do the
    opposite. Hours under contract may bear more than that share, but a share below 1 of all never grows beyond all.
    """

    loan_to_value: float = 0.6  # largest loan as a share of the fleet's value

    def __call__(self, seen: SeenByBorrower, chance: Chance) -> float:
        most = min(self.loan_to_value * seen.pledged, max(1.0, self.loan_to_value) * seen.worth)
        return asked(min(seen.missing, max(0.0, most - seen.owed)), "cloud.borrowing")
