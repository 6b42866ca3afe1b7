"""Prices of staff seats: per head, or by use."""

from dataclasses import dataclass

from watersellers.agents.information import SeenByStaffSeatSeller
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class Listed:
    """Ask the list price, whatever use costs: sells well, and loses money on seats with heavy use."""

    def __call__(self, seen: SeenByStaffSeatSeller, chance: Chance) -> float:
        return seen.list_price


@dataclass(frozen=True, slots=True)
class ByUse:
    """Ask the cost of the seat's use and a mark-up: never sells at a loss, and follows the price of tokens down.

    Use that costs nothing works out no price; it asks the list price then.
    """

    markup: float = 0.5  # share of unit cost

    def __call__(self, seen: SeenByStaffSeatSeller, chance: Chance) -> float:
        price = seen.unit_cost * (1 + self.markup)
        return min(price, seen.dearest) if price >= seen.cheapest else seen.list_price
