"""Whom a lab sells tokens to (``views.SoldTo``): everybody, the customers it has, or its own group alone."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByShort, SoldTo
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class SellToAll:
    """Sell to whoever asks: all are served in part when hours are short, one's own app with them."""

    def __call__(self, seen: SeenByShort, chance: Chance) -> float:
        return SoldTo.ALL


@dataclass(frozen=True, slots=True)
class RefuseNew:
    """Take no new customers after a month in which some were not served: those one has are kept, growth is not."""

    floor: float = 0.95  # share of the tokens asked below which it was short

    def __call__(self, seen: SeenByShort, chance: Chance) -> float:
        return SoldTo.CUSTOMERS if seen.served < self.floor else SoldTo.ALL


@dataclass(frozen=True, slots=True)
class RefuseOutsiders:
    """Sell nothing outside one's group for a month after one in which some were not served; customers go elsewhere."""

    floor: float = 0.95  # share of the tokens asked below which it was short

    def __call__(self, seen: SeenByShort, chance: Chance) -> float:
        return SoldTo.GROUP if seen.served < self.floor else SoldTo.ALL
