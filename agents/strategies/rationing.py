"""Whom a seller serves first while goods are short: the rank of a customer, the lowest first."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByRationer
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class ProRata:
    """Give every customer the same part of what it calls for. Who calls for more gets more, so orders swell."""

    def __call__(self, seen: SeenByRationer, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class OwnGroupFirst:
    """Serve the own group first, and outsiders with what is left: a lab that is short keeps its own app going."""

    def __call__(self, seen: SeenByRationer, chance: Chance) -> float:
        return 1 - seen.own


@dataclass(frozen=True, slots=True)
class TurnAndEarn:
    """Serve first who has bought most so far. Calling for more moves nobody up, and large customers grow larger."""

    def __call__(self, seen: SeenByRationer, chance: Chance) -> float:
        return 1 - seen.held_share
