"""From whom a firm buys: shares over those it may buy from, adding up to 1."""

from dataclasses import dataclass
from math import log

from watersellers.agents.views import SeenByChooser
from watersellers.market.clearing import logit_shares
from watersellers.market.dice import Chance


def worth_of_each(seen: SeenByChooser) -> list[float]:
    """Value every offer in the logit's units: quality, plus lock-in by what one bought there, less the price."""
    rows = zip(seen.price, seen.quality, seen.last_share, seen.lock_in, strict=True)
    return [quality + bound * held - seen.sensitivity * log(price) for price, quality, held, bound in rows]


@dataclass(frozen=True, slots=True)
class Spread:
    """Split by a logit over quality, price and habit: most to the best, something to all."""

    def __call__(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        return logit_shares(worth_of_each(seen))


@dataclass(frozen=True, slots=True)
class OnlyBest:
    """Buy all from the best offer, counting what leaving the present supplier costs. One broken supplier stops it."""

    def __call__(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        worth = worth_of_each(seen)
        best = max(range(len(worth)), key=lambda place: (worth[place], -place))
        return [1.0 if place == best else 0.0 for place in range(len(worth))]


@dataclass(frozen=True, slots=True)
class OwnFirst:
    """Buy all inside the group where the group sells it; otherwise all from the best offer."""

    def __call__(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        if any(seen.own):
            own = sum(seen.own)
            return [1 / own if mine else 0.0 for mine in seen.own]
        return OnlyBest()(seen, chance)
