"""The ways in which enterprises use models: tokens, machines with a model in them, or seats; each by its return."""

from dataclasses import dataclass
from math import log, log1p

from watersellers.agents.budgets import EnterpriseTraits
from watersellers.agents.news import Box, Card, News, StaffSeat
from watersellers.agents.setting import Regional
from watersellers.market.clearing import logit_shares
from watersellers.market.fleet import annuity
from watersellers.market.goods import MILLION
from watersellers.market.units import dollars


@dataclass(frozen=True, slots=True)
class Usual:
    """What a region's enterprises compare with: tokens at the labs and hosts there, as they would buy them."""

    cards: list[Card]
    shares: list[float]
    price: float  # USD a basket: one output token, and what goes with it
    quality: float


def usual(region: Regional, budget: float, news: News) -> Usual | None:
    """Spread what a region spends on tokens over the cards there; none where nobody sells to it."""
    cards = [card for card in news.cards if card.region == region.name and card.sells_to(region.place)]
    if not cards:
        return None
    shares = logit_shares([liking(card, region.traits, budget) for card in cards])
    price = sum(share * basket(card, region.traits) for card, share in zip(cards, shares, strict=True))
    return Usual(cards, shares, price, sum(share * card.quality for card, share in zip(cards, shares, strict=True)))


def liking(card: Card, traits: EnterpriseTraits, budget: float) -> float:
    """Worth of a seller to a customer, in the logit's units: free tokens make those that it pays for cheaper."""
    given = card.free * card.price * traits.answer_customers / budget if budget > 0 else 0.0
    return traits.quality_weight * card.quality - traits.sensitivity * (log(card.price) - log1p(given))


def basket(card: Card, traits: EnterpriseTraits) -> float:
    """Dollars at a seller for an output token with the cached and input tokens that go with it."""
    prices = [dollars(price) for _, _, price in card.offers()]
    return sum(price * units for price, units in zip(prices, traits.mix, strict=True)) / MILLION


def box_worth(box: Box, traits: EnterpriseTraits, price: float) -> float:
    """Dollars that an appliance is worth: the tokens that it saves over its life, less what it takes to run."""
    used = traits.own_use * box.hours
    work = sum(each * units for each, units in zip(box.work, traits.mix, strict=True))
    saved = used * box.output / work * price
    falling = annuity((1 + traits.discount) / (1 - traits.token_decline) - 1, int(traits.life))
    return falling * saved - annuity(traits.discount, int(traits.life)) * used * traits.running_cost


def appeal(gain: float, quality: float, traits: EnterpriseTraits) -> float:
    """Worth of a route in logit units: its return on a dollar, tokens returning 1, and how much better it answers."""
    return traits.route_sensitivity * log(gain) + traits.quality_weight * quality


@dataclass(frozen=True, slots=True)
class Split:
    """How a month's budget is split: the share of tokens by use, and of each appliance and seat on sale."""

    tokens: float
    boxes: list[tuple[Box, float]]
    seats: list[tuple[StaffSeat, float]]


def split(region: Regional, budget: float, news: News) -> Split:
    """Split what enterprises spend over the routes by a logit; all is tokens where nothing else pays back anything."""
    known, traits = usual(region, budget, news), region.traits
    if known is None:
        return Split(1.0, [], [])
    boxes = [box for box in news.boxes if region.name in box.regions and box_worth(box, traits, known.price) > 0]
    seats = [seat for seat in news.seats if region.name in seat.regions]
    gains = [
        *((box.quality, box_worth(box, traits, known.price) / box.price) for box in boxes),
        *((seat.quality, traits.seat_worth / seat.price) for seat in seats),
    ]
    worth = [appeal(gain, quality - known.quality, traits) for quality, gain in gains]
    first, *shares = logit_shares([0.0, *worth])
    return Split(first, list(zip(boxes, shares, strict=False)), list(zip(seats, shares[len(boxes) :], strict=True)))
