"""Contracting: for how many hours per month a lab signs, take-or-pay."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import asked
from watersellers.agents.information import SeenByReserver
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class SpotOnly:
    """Sign no contract, and rent from month to month. Pays more while rents rise, and less once they fall."""

    def __call__(self, seen: SeenByReserver, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class ReserveShare:
    """Keep a share of used hours under contract: cheaper today, and dear once rents have fallen."""

    share: float = 0.6  # of used hours that are reserved

    def __call__(self, seen: SeenByReserver, chance: Chance) -> float:
        return asked(max(0.0, self.share * seen.used - seen.reserved), "labs.contracting")


@dataclass(frozen=True, slots=True)
class ReserveAhead:
    """Sign for a share of the hours that it will need when they begin, if its needs grow as they did.

    A cloud that builds for it has hours when others have none; if growth ends, the lab pays for what it does not need.
    """

    share: float = 0.6  # of the hours needed then
    fastest: float = 0.1  # largest growth that it believes, share per month

    def __call__(self, seen: SeenByReserver, chance: Chance) -> float:
        needed = seen.used * (1 + min(seen.growth, self.fastest)) ** seen.lead
        return asked(max(0.0, self.share * needed - seen.reserved), "labs.contracting")
