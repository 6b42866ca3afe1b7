"""Selling: to whom a lab sells tokens (``decision_bounds.SoldTo``), which models, and when it releases new ones."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import Offered, Release, SoldTo
from watersellers.agents.information import SeenByLab, SeenByReleaser, SeenByTokenSeller
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


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Put all that the lab knows into its model as soon as it knows it: one model that improves every month."""

    def __call__(self, seen: SeenByReleaser, chance: Chance) -> float:
        return Release.IMPROVE


@dataclass(frozen=True, slots=True)
class InGenerations:
    """Release a new generation when enough has gathered, and not sooner than some months after the last."""

    gain: float = 0.35  # quality units
    months: float = 6.0  # between releases, at least

    def __call__(self, seen: SeenByReleaser, chance: Chance) -> float:
        return Release.GENERATION if seen.gathered >= self.gain and seen.months >= self.months else Release.KEEP


@dataclass(frozen=True, slots=True)
class WholeLine:
    """Sell all models of the line, whatever they earn and however many customers they take from each other."""

    def __call__(self, seen: SeenByLab, chance: Chance) -> float:
        return Offered.ON_SALE


@dataclass(frozen=True, slots=True)
class PayingModels:
    """Sell a model only as long as it earns more than the lab's others would earn with its customers without it."""

    def __call__(self, seen: SeenByLab, chance: Chance) -> float:
        pays = max(seen.demand.quantities) > 0 and seen.last_price - seen.unit_cost > seen.diverted
        return Offered.ON_SALE if pays else Offered.WITHDRAWN
