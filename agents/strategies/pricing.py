"""How a seller sets its price. None of these rules knows which layer it works in, but for what it is shown."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByApp, SeenByChipmaker, SeenByCloud, SeenByLab
from watersellers.market.clearing import lerner_markup, scarcity_price
from watersellers.market.dice import Chance

SeenBySeller = SeenByApp | SeenByChipmaker | SeenByCloud | SeenByLab


@dataclass(frozen=True, slots=True)
class CostPlus:
    """Ask full cost plus a fixed mark-up, whatever demand does. Earns less than others when goods are scarce."""

    markup: float = 0.3  # share of full cost

    def __call__(self, seen: SeenBySeller, chance: Chance) -> float:
        return seen.full_cost * (1 + self.markup)


@dataclass(frozen=True, slots=True)
class Lerner:
    """Ask the mark-up that the own-price elasticity bears: (p - c) / p = 1 / e (Lerner 1934, from memory)."""

    def __call__(self, seen: SeenBySeller, chance: Chance) -> float:
        return seen.unit_cost * lerner_markup(seen.elasticity)


@dataclass(frozen=True, slots=True)
class BestResponse:
    """Ask the price at which profit against one's own demand schedule is largest, rivals taken as they stand.

    Where nobody bought last month, or nobody had to pay, there is no schedule to answer, and the Lerner price is asked.
    """

    def __call__(self, seen: SeenBySeller, chance: Chance) -> float:
        if max(seen.demand.quantities) <= 0 or max(seen.demand.prices) <= 0:
            return seen.unit_cost * lerner_markup(seen.elasticity)
        return seen.demand.best_price(seen.unit_cost, seen.capacity)


@dataclass(frozen=True, slots=True)
class ScarcityMarkup:
    """Ask the Lerner price, and the longer buyers wait the more of what the machine earns them."""

    half_wait: float = 5.54  # months of extra wait at which half the buyer's surplus is taken

    def __call__(self, seen: SeenByChipmaker, chance: Chance) -> float:
        markup = lerner_markup(seen.elasticity)
        return scarcity_price(seen.unit_cost, markup, seen.worth, seen.wait, self.half_wait)


@dataclass(frozen=True, slots=True)
class FollowUse:
    """Raise the hourly price when machines are short, by a step a month at most, and cut it when they idle."""

    target: float = 0.914  # share of hours asked at which the price stays put
    step: float = 0.134  # share of the price moved per unit of gap

    def __call__(self, seen: SeenByCloud, chance: Chance) -> float:
        gap = min(1.0, seen.used_share - self.target)
        return max(seen.unit_cost, seen.last_price * (1 + self.step * gap))


@dataclass(frozen=True, slots=True)
class Penetration:
    """Sell below cost to win use. Gains customers while somebody funds it; its own margin is negative at any scale."""

    share: float = 0.6  # of unit cost that is asked

    def __call__(self, seen: SeenByLab, chance: Chance) -> float:
        return seen.unit_cost * self.share


@dataclass(frozen=True, slots=True)
class MatchCheapest:
    """Match the cheapest rival of like quality, and never ask less than a share of unit cost: a price war.

    Without a cheaper rival it is the Lerner price. Keeps customers who would leave; where a rival has lower costs,
    or wants the market more than money, it sells at a loss that a seller by mark-up would not make.
    """

    floor: float = 0.5  # share of unit cost below which it follows nobody

    def __call__(self, seen: SeenByLab, chance: Chance) -> float:
        own = seen.unit_cost * lerner_markup(seen.elasticity)
        return max(self.floor * seen.unit_cost, min(own, seen.rival_price))


@dataclass(frozen=True, slots=True)
class FlatFee:
    """Keep the list price a seat and month, whatever use costs: revenue by head, cost by use."""

    def __call__(self, seen: SeenByApp, chance: Chance) -> float:
        return seen.list_price
