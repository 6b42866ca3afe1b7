"""Rationing: the rank of a customer while goods are scarce; a seller serves the lowest rank first."""

from dataclasses import dataclass

from watersellers.agents.information import SeenByRationer
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class ProRata:
    """Give every customer the same share of its order. Larger orders get more, so customers inflate their orders."""

    def __call__(self, seen: SeenByRationer, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class OwnGroupFirst:
    """Serve its own group first, and outsiders from what is left: a lab that is short keeps its own app running."""

    def __call__(self, seen: SeenByRationer, chance: Chance) -> float:
        return 1 - seen.own


@dataclass(frozen=True, slots=True)
class TurnAndEarn:
    """Serve first the customers with the most machines. A larger order moves nobody up; large customers grow larger."""

    def __call__(self, seen: SeenByRationer, chance: Chance) -> float:
        return 1 - seen.held_share
