"""Selling: to whom a lab sells tokens (``information.SoldTo``): all, present customers, or its own group only."""

from dataclasses import dataclass

from watersellers.agents.information import SeenByTokenSeller, SoldTo
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class SellToAll:
    """Sell to all customers: when hours are short, all get a part of their orders, its own app included."""

    def __call__(self, seen: SeenByTokenSeller, chance: Chance) -> float:
        return SoldTo.ALL


@dataclass(frozen=True, slots=True)
class RefuseNew:
    """Refuse new customers after a month in which tokens were short: present customers are kept, growth stops."""

    floor: float = 0.95  # delivered share of ordered tokens below which it was short

    def __call__(self, seen: SeenByTokenSeller, chance: Chance) -> float:
        return SoldTo.CUSTOMERS if seen.served < self.floor else SoldTo.ALL


@dataclass(frozen=True, slots=True)
class RefuseOutsiders:
    """Sell only to its own group after a month in which tokens were short; other customers go elsewhere."""

    floor: float = 0.95  # delivered share of ordered tokens below which it was short

    def __call__(self, seen: SeenByTokenSeller, chance: Chance) -> float:
        return SoldTo.GROUP if seen.served < self.floor else SoldTo.ALL
