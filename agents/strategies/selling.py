"""Whom a lab sells tokens to: 0 everybody, 1 its own group and the customers it has, 2 its own group alone."""

from dataclasses import dataclass

from agents.views import SeenByShort
from market.dice import Chance


@dataclass(frozen=True, slots=True)
class SellToAll:
    """Sell to whoever asks: all are served in part when hours are short, one's own app with them."""

    def __call__(self, seen: SeenByShort, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class RefuseNew:
    """Take no new customers after a month in which some were not served: those one has are kept, growth is not."""

    floor: float = 0.95  # share of the tokens asked below which it was short

    def __call__(self, seen: SeenByShort, chance: Chance) -> float:
        return 1.0 if seen.served < self.floor else 0.0


@dataclass(frozen=True, slots=True)
class RefuseOutsiders:
    """Sell nothing outside one's group for a month after one in which some were not served; customers go elsewhere."""

    floor: float = 0.95  # share of the tokens asked below which it was short

    def __call__(self, seen: SeenByShort, chance: Chance) -> float:
        return 2.0 if seen.served < self.floor else 0.0
