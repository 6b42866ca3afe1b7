"""Chapters 9.48 and 9.49 of the rules: lines of models, and releases."""

import math
from typing import Any, NamedTuple

from tests.oracle.economy.arithmetic import logit, normal, uniform
from tests.oracle.economy.elementary import exp64
from tests.oracle.economy.participants import Lab
from tests.oracle.economy.state import Economy
from tests.oracle.economy.strategies import name

SUFFIXES = ("", "_older", "_small")  # of the names of goods, by place in a line


class OnSale(NamedTuple):
    """A model on sale."""

    place: int
    quality: float
    weight: float  # hours of a token, over those of a model without knowledge
    hours: float  # the same, over those of the flagship


def line(lab: Lab) -> list[OnSale]:
    """Models that a lab sells."""
    numbers = lab.numbers
    chosen = [(place, known, luck, exp64(speed)) for place, (known, luck, speed) in enumerate(lab.released)]
    chosen = chosen[: 2 if numbers["line"] >= 2 else 1]
    if int(numbers["line"]) == 3 and numbers["small_opened"] > 0:
        _, known, luck, speed = chosen[0]
        chosen.append((2, numbers["small_share"] * known, luck, speed * numbers["small_speed"]))
    models: list[OnSale] = []
    first = 0.0
    for place, knowledge, luck, speed in chosen:
        size = knowledge / numbers["knowledge_unit"]
        weight = (1 + size) ** numbers["size_penalty"] / speed
        serves = weight / lab.faster.get(place, 1.0)
        first = first or serves
        models.append(OnSale(place, math.log1p(size) + luck, weight, serves / first))
    return [model for model in models if model.place not in lab.withdrawn]


def price_of(lab: Lab, model: OnSale) -> float:
    """Last price of a model; a new one has the flagship's, by the hours that its tokens take."""
    return lab.price if model.place == 0 else lab.other_prices.get(model.place, lab.price * model.hours)


def load(lab: Lab) -> float:
    """What was ordered of all models, in tokens of the flagship."""
    return sum(lab.loads.get(model.place, 0.0) * model.hours for model in line(lab))


def running(lab: Lab) -> float:
    """Load of half-empty batches of all models, in tokens of the flagship."""
    return lab.half_load * sum(model.hours for model in line(lab))


def shares_of_best(cards: list[dict[str, Any]], worths: list[float]) -> list[float]:
    """Logit shares of cards: a customer chooses among sellers, at each of them the card that is worth most to it."""
    best: dict[str, int] = {}
    for place, card in enumerate(cards):
        chosen = best.get(card["lab"].name)
        if chosen is None or worths[place] > worths[chosen]:
            best[card["lab"].name] = place
    shares = dict(zip(best.values(), logit([worths[place] for place in best.values()]), strict=True))
    return [shares.get(place, 0.0) for place in range(len(cards))]


def release(economy: Economy, lab: Lab) -> None:
    """Put what a lab knows into its flagship, if it is dated or the lab decides so (9.49)."""
    dated, last, knows = lab.numbers["release"], lab.last_release, lab.knowledge
    lab.last_release = dated
    strategy = lab.strategies["releasing"]
    if dated > 0:
        new = dated != last
    elif name(strategy) == "AtOnce":
        lab.released[0] = (knows, *lab.released[0][1:])
        return
    else:
        unit = lab.numbers["knowledge_unit"]
        learned = math.log1p(knows / unit) - math.log1p(lab.in_model / unit)
        new = learned >= strategy.gain and lab.months_on_sale >= strategy.months
    if new:
        drawn = [
            lab.numbers[purpose] * float(normal(uniform(economy.hash(purpose, lab.key))))
            for purpose in ("luck_quality", "luck_speed")
        ]
        lab.released = [(knows, drawn[0], drawn[1]), lab.released[0]]
        lab.loads[1], lab.other_prices[1] = lab.loads[0], lab.price
        lab.months_on_sale, lab.withdrawn = 0, []
