"""Sourcing: from whom a firm buys, as shares of its offers that add up to 1."""

from dataclasses import dataclass
from math import log

from watersellers.agents.information import SeenByChooser
from watersellers.market.chance import Chance
from watersellers.market.trade.pricing_formulas import logit_shares


def utilities(seen: SeenByChooser) -> list[float]:
    """Utility of each offer in the logit's units: quality, plus lock-in by last month's share, less the price."""
    rows = zip(seen.price, seen.quality, seen.last_share, seen.lock_in, strict=True)
    return [quality + lock_in * share - seen.sensitivity * log(price) for price, quality, share, lock_in in rows]


@dataclass(frozen=True, slots=True)
class Spread:
    """Split by a logit over quality, price and lock-in: most to the best offer, something to all."""

    def __call__(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        return logit_shares(utilities(seen))


@dataclass(frozen=True, slots=True)
class OnlyBest:
    """Buy all from the best offer, lock-in included. Loses all supply if that supplier fails."""

    def __call__(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        utility = utilities(seen)
        best = max(range(len(utility)), key=lambda offer: (utility[offer], -offer))
        return [1.0 if offer == best else 0.0 for offer in range(len(utility))]


@dataclass(frozen=True, slots=True)
class BestEvenly:
    """Buy all from the best offer, lock-in included, in even parts from several that are equally good."""

    def __call__(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        utility = utilities(seen)
        best = max(utility)
        return [1 / utility.count(best) if each == best else 0.0 for each in utility]


@dataclass(frozen=True, slots=True)
class OwnFirst:
    """Buy all inside its own group if the group sells the good; otherwise all from the best offer."""

    def __call__(self, seen: SeenByChooser, chance: Chance) -> list[float]:
        if any(seen.own):
            own = sum(seen.own)
            return [1 / own if mine else 0.0 for mine in seen.own]
        return OnlyBest()(seen, chance)
