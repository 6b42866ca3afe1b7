"""Budget shares of the three routes by which enterprises use models: tokens, appliances and seats of staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, log1p

from watersellers.agents.enterprises.regions import EnterpriseTraits
from watersellers.agents.public_information import (
    ApplianceOffer,
    Card,
    PublicInformation,
    StaffSeat,
    best_of_each_seller,
)
from watersellers.agents.scenario_spec import RegionState
from watersellers.market.trade.fleet import annuity
from watersellers.market.trade.pricing_formulas import logit_shares


@dataclass(frozen=True, slots=True)
class TokenOffer:
    """The tokens that a region's enterprises would buy: their cards, shares, mean price and mean quality."""

    cards: list[Card]
    shares: list[float]
    price: float  # USD per bundle: one output token, with its cached and input tokens
    quality: float


def token_offer(region: RegionState, budget: float, public: PublicInformation) -> TokenOffer | None:
    """Spread a region's spending on tokens by a logit over sellers, at each on its best card; None without any."""
    cards = [card for card in public.cards if card.region == region.name and card.sells_to(region.account)]
    if not cards:
        return None
    utilities = [card_utility(card, region.traits, budget) for card in cards]
    best = best_of_each_seller(cards, utilities)
    cards, shares = [cards[place] for place in best], logit_shares([utilities[place] for place in best])
    price = sum(share * card.bundle_price(region.traits.mix) for card, share in zip(cards, shares, strict=True))
    return TokenOffer(
        cards, shares, price, sum(share * card.quality for card, share in zip(cards, shares, strict=True))
    )


def card_utility(card: Card, traits: EnterpriseTraits, budget: float) -> float:
    """Utility of a price card to a customer, in the logit's units: free tokens lower the price of the others."""
    given = card.free * card.price * traits.answer_customers / budget if budget > 0 else 0.0
    return traits.quality_weight * card.quality - traits.sensitivity * (log(card.price) - log1p(given))


def appliance_worth(appliance: ApplianceOffer, traits: EnterpriseTraits, price: float) -> float:
    """Dollars that an appliance is worth: the tokens that it saves over its life, less its running costs."""
    used = traits.own_use * appliance.hours
    work = sum(each * units for each, units in zip(appliance.work, traits.mix, strict=True))
    saved = used * appliance.output / work * price
    annuity_factor = annuity((1 + traits.discount) / (1 - traits.token_decline) - 1, int(traits.life))
    return annuity_factor * saved - annuity(traits.discount, int(traits.life)) * used * traits.running_cost


def route_utility(gain: float, quality: float, traits: EnterpriseTraits) -> float:
    """Utility of a route in the logit's units: its return per dollar (tokens: 1), and its lead in quality."""
    return traits.route_sensitivity * log(gain) + traits.quality_weight * quality


@dataclass(frozen=True, slots=True)
class BudgetShares:
    """Shares of a month's budget: of tokens by use, and of each appliance and seat on sale."""

    tokens: float
    appliances: list[tuple[ApplianceOffer, float]]
    seats: list[tuple[StaffSeat, float]]


def budget_shares(region: RegionState, budget: float, public: PublicInformation) -> BudgetShares:
    """Split a budget over the routes by a logit; what may not leave the house goes to appliances alone.

    An appliance that is worth nothing gets no share of what may leave. Where no tokens are on sale there is nothing to
    compare the other routes with, and they get no share either. Where no appliance is on sale, what may not leave the
    house is not spent.
    """
    tokens, traits = token_offer(region, budget, public), region.traits
    if tokens is None:
        return BudgetShares(1.0, [], [])
    boxes = [appliance for appliance in public.appliances if region.name in appliance.regions]
    worths = [appliance_worth(appliance, traits, tokens.price) for appliance in boxes]
    paying = [place for place, worth in enumerate(worths) if worth > 0]
    seats = [seat for seat in public.seats if region.name in seat.regions]
    gains = [
        *((boxes[place].quality, worths[place] / boxes[place].price) for place in paying),
        *((seat.quality, traits.seat_worth / seat.price) for seat in seats),
    ]
    utilities = [route_utility(gain, quality - tokens.quality, traits) for quality, gain in gains]
    private, may_leave = private_shares(boxes, traits), 1 - traits.private_share
    first, *shares = (may_leave * share for share in logit_shares([0.0, *utilities]))
    of_boxes = dict.fromkeys(range(len(boxes)), 0.0) | dict(zip(paying, shares, strict=False))
    appliances = [(box, of_boxes[place] + private[place]) for place, box in enumerate(boxes)]
    of_seats = list(zip(seats, shares[len(paying) :], strict=True))
    return BudgetShares(first, [(box, share) for box, share in appliances if share > 0], of_seats)


def private_shares(boxes: Sequence[ApplianceOffer], traits: EnterpriseTraits) -> list[float]:
    """Shares of a budget for each appliance out of what may not leave the house: by quality, and by dollars a token."""
    if not boxes or not traits.private_share:
        return [0.0] * len(boxes)
    utilities = [route_utility(box.hours * box.output / box.price, box.quality, traits) for box in boxes]
    return [traits.private_share * share for share in logit_shares(utilities)]
