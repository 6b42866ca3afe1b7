"""Open models: what a model that a lab gives away does to the prices, and to the costs, of the other labs."""

from collections.abc import Sequence
from math import inf

from watersellers.agents.decision_bounds import sellable
from watersellers.agents.firm import Registers
from watersellers.agents.labs.lab import Lab
from watersellers.market.goods import MILLION


def given_away(labs: Sequence[Lab]) -> list[Lab]:
    """Labs of any region that give away their models."""
    return [lab for lab in labs if lab.traits.open_weights > 0]


def as_good(quality: float, opened: Sequence[Lab]) -> list[Lab]:
    """Of labs that give away their models, those whose model has at least some quality."""
    return [lab for lab in opened if lab.quality >= quality]


def throughput(opened: Sequence[Lab], month: int) -> float:
    """Output tokens per hour of the fastest of the models that labs gave away; 0 where there is none."""
    return max((lab.own_throughput(month, lab.flagship) for lab in opened), default=0.0)


def faster(firm: Lab, opened: Sequence[Lab], month: int) -> dict[int, float]:
    """How many times as fast as a lab's own models the open ones run that are as good, by place in its line.

    The lab serves these in place of its own, and its customers notice no difference but the price. Models that no open
    one beats are left out.
    """
    gains = {
        model.place: throughput(as_good(firm.quality_of(model), opened), month) / firm.own_throughput(month, model)
        for model in firm.models
    }
    return {place: gain for place, gain in gains.items() if gain > 1}


def hosts_price(firm: Lab, quality: float, labs: Sequence[Lab], registers: Registers) -> float:
    """Dollars per million output tokens at which anybody can host an open model as good as one of a lab's own.

    Such a host rents hours at the cheapest cloud of the lab's region, uses them fully, and adds its margin.
    Infinite where no open model is as good, and where clouds of the region host, since these post their own prices.
    """
    public, sellers = registers.public, {lab.account for lab in labs}
    if any(card.region == firm.region and card.lab not in sellers for card in public.cards):
        return inf
    hours = [
        rental.price for rental in public.rentals if rental.sells and rental.capacity and rental.region == firm.region
    ]
    opened = as_good(quality, given_away(labs))
    if not hours or not opened:
        return inf
    dollars = min(hours) / throughput(opened, registers.month) * MILLION
    return sellable(dollars * (1 + firm.traits.host_margin), "labs.pricing")
