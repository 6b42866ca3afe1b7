"""How many hours a month a lab signs for: take or pay."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByReserver
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class SpotOnly:
    """Sign nothing and rent from month to month. Pays more while rents rise, and less once they fall."""

    def __call__(self, seen: SeenByReserver, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class ReserveShare:
    """Keep a share of the hours that it uses under contract: cheaper today, and dear once rents have fallen."""

    share: float = 0.6  # of the hours used, which are to be reserved

    def __call__(self, seen: SeenByReserver, chance: Chance) -> float:
        return max(0.0, self.share * seen.used - seen.reserved)
