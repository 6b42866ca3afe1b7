"""What a seat of enterprises' staff costs: so much a head, or so much for what it uses."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByStaffer
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class Listed:
    """Ask the list price, whatever use costs: sells well and loses on each seat where staff uses it much."""

    def __call__(self, seen: SeenByStaffer, chance: Chance) -> float:
        return seen.list_price


@dataclass(frozen=True, slots=True)
class ByUse:
    """Ask what the seat's use costs, and a mark-up: never sells at a loss, and follows tokens as they get cheaper."""

    markup: float = 0.5  # share of unit cost

    def __call__(self, seen: SeenByStaffer, chance: Chance) -> float:
        return seen.unit_cost * (1 + self.markup)
