"""Pricing: how a seller sets its price. A rule that all sellers share knows nothing of the layer that it works in."""

from dataclasses import dataclass

from watersellers.agents.information import SeenByApp, SeenByChipVendor, SeenByCloud, SeenByLab
from watersellers.market.chance import Chance
from watersellers.market.trade.pricing_formulas import lerner_markup, scarcity_price

SeenBySeller = SeenByApp | SeenByChipVendor | SeenByCloud | SeenByLab


def askable(price: float, seen: SeenBySeller) -> float:
    """Return a price that a rule works out, but none that nobody could pay; the last price where it works out none.

    A mark-up on a cost of nothing works out no price, and a good that is sold has one.
    """
    return min(price, seen.dearest) if price >= seen.cheapest else seen.last_price


@dataclass(frozen=True, slots=True)
class CostPlus:
    """Ask full cost plus a fixed mark-up, whatever demand is. Earns less than other rules when goods are scarce."""

    markup: float = 0.3  # share of full cost

    def __call__(self, seen: SeenBySeller, chance: Chance) -> float:
        return askable(seen.full_cost * (1 + self.markup), seen)


@dataclass(frozen=True, slots=True)
class Lerner:
    """Ask the mark-up that the own-price elasticity allows: (p - c) / p = 1 / e (Lerner 1934, from memory)."""

    def __call__(self, seen: SeenBySeller, chance: Chance) -> float:
        return askable(seen.unit_cost * lerner_markup(seen.elasticity), seen)


@dataclass(frozen=True, slots=True)
class BestResponse:
    """Ask the price with the largest profit on its own demand schedule, given its rivals' prices.

    Where nobody bought last month, or nobody had to pay, there is no such schedule, and it asks the Lerner price.
    """

    def __call__(self, seen: SeenBySeller, chance: Chance) -> float:
        if max(seen.demand.quantities) <= 0 or max(seen.demand.prices) <= 0:
            return askable(seen.unit_cost * lerner_markup(seen.elasticity), seen)
        return askable(seen.demand.best_price(seen.unit_cost, seen.capacity), seen)


@dataclass(frozen=True, slots=True)
class ScarcityMarkup:
    """Ask the Lerner price, plus a share of the buyers' surplus that grows with their wait."""

    half_wait: float = 8.0  # months of extra wait at which it takes half the buyer's surplus

    def __call__(self, seen: SeenByChipVendor, chance: Chance) -> float:
        markup = lerner_markup(seen.elasticity)
        return askable(scarcity_price(seen.unit_cost, markup, seen.worth, seen.wait, self.half_wait), seen)


@dataclass(frozen=True, slots=True)
class ScarcityAndSlack:
    """Raise the price while buyers wait, up to the scarcity price; cut it while capacity idles, month after month.

    Idle capacity that is paid for in any case makes an accelerator for less than unit cost. The mark-up on what one
    more costs is the least that is worth asking: that cost itself where rivals are many. Buyers to whom a machine is
    worth less would order none: of them it asks the mean of cost and worth, the monopolist's price along a straight
    line of demand that ends there (Cournot, from memory).
    """

    half_wait: float = 8.0  # months of extra wait at which it takes half the buyer's surplus
    step: float = 0.15  # change of the price, as a share, with all capacity idle or a month of extra wait

    def __call__(self, seen: SeenByChipVendor, chance: Chance) -> float:
        markup = lerner_markup(seen.elasticity)
        most = scarcity_price(seen.unit_cost, markup, seen.worth, seen.wait, self.half_wait)
        moved = seen.last_price * (1 + self.step * (min(1.0, seen.wait) - seen.idle))
        cost = seen.unit_cost - seen.idle * (seen.unit_cost - seen.marginal_cost)
        least = min(markup * cost, (cost + max(cost, seen.worth)) / 2)
        return askable(max(least, min(most, moved)), seen)


@dataclass(frozen=True, slots=True)
class FollowUse:
    """Raise the hourly price when machines are short, at most by one step per month, and cut it when they idle."""

    target: float = 0.958  # share of hours ordered at which the price does not change
    step: float = 0.145  # change of the price, as a share, per unit of gap

    def __call__(self, seen: SeenByCloud, chance: Chance) -> float:
        gap = min(1.0, seen.used_share - self.target)
        return askable(max(seen.unit_cost, seen.last_price * (1 + self.step * gap)), seen)


@dataclass(frozen=True, slots=True)
class Penetration:
    """Sell below cost to win customers, as long as somebody funds it; its margin is negative at any scale."""

    share: float = 0.6  # of unit cost that it asks

    def __call__(self, seen: SeenByLab, chance: Chance) -> float:
        return askable(seen.unit_cost * self.share, seen)


@dataclass(frozen=True, slots=True)
class MatchCheapest:
    """Match the cheapest rival of similar quality, but never below a share of unit cost: a price war.

    Without a cheaper rival it asks the Lerner price. It keeps customers who would leave; against a rival with lower
    costs, or one that accepts losses for market share, it makes losses that a mark-up would avoid.
    """

    floor: float = 0.5  # share of unit cost below which it never goes

    def __call__(self, seen: SeenByLab, chance: Chance) -> float:
        own = seen.unit_cost * lerner_markup(seen.elasticity)
        return askable(max(self.floor * seen.unit_cost, min(own, seen.rival_price)), seen)


@dataclass(frozen=True, slots=True)
class ElasticitySeen:
    """Ask the mark-up that last month's customers allow, step by step, and hardly more than a rival that is as good.

    The margin that pays is price over elasticity (Lerner 1934, from memory), both of last month: p - c = p / e. A lab
    with several models adds to the price in it what the others' margins gain from customers that this one loses
    (the multiproduct Lerner rule, from memory). Where e is small the price rises by as much as a step allows.
    """

    step: float = 0.25  # largest change per month, as a share of the price

    def __call__(self, seen: SeenByLab, chance: Chance) -> float:
        most = max(seen.unit_cost, seen.rival_price * (1 + self.step))
        wanted = seen.last_price * (1 + self.step)
        if seen.elasticity_seen > 0:
            wanted = min(wanted, seen.unit_cost + (seen.last_price + seen.siblings_gain) / seen.elasticity_seen)
        return askable(max(seen.last_price * (1 - self.step), min(wanted, most)), seen)


@dataclass(frozen=True, slots=True)
class FlatFee:
    """Keep the list price per seat and month, whatever use costs: revenue per head, cost by use."""

    def __call__(self, seen: SeenByApp, chance: Chance) -> float:
        return seen.list_price


@dataclass(frozen=True, slots=True)
class ByQuery:
    """Ask a list price for each query and nothing for a seat: revenue by use, at a risk of what a query costs."""

    price: float = 0.01  # USD per query

    def __call__(self, seen: SeenByApp, chance: Chance) -> tuple[float, float]:
        return 0.0, min(self.price, seen.dearest)


@dataclass(frozen=True, slots=True)
class ByToken:
    """Ask for the tokens of each query what they cost and a mark-up, and nothing for a seat: users bear what they cost.

    Searches and content are the app's own. An app whose tokens cost nothing keeps its list price per seat.
    """

    markup: float = 0.5  # share of what its tokens cost

    def __call__(self, seen: SeenByApp, chance: Chance) -> float | tuple[float, float]:
        asked = min(seen.token_cost * (1 + self.markup), seen.dearest)
        return (0.0, asked) if asked > 0 else seen.list_price
