"""Sections 9.8 and 9.23 of the decision log: labs that refuse sales, move servers, and give tokens away."""

import math
from collections.abc import Callable
from typing import Any

from tests.oracle.books import GOOD, OPERATING_COST
from tests.oracle.strategies import name
from tests.oracle.world import Economy, Enterprise, Lab

Put = Callable[..., None]
TOKENS = ("tokens_cached", "tokens_input", "tokens_output")


def admits(e: Economy, lab: Lab) -> set[int] | None:
    """Whom a lab sells to this month, by their places; None: everybody."""
    strategy: Any = lab.strategies["selling"]
    if name(strategy) == "SellToAll" or not lab.served < strategy.floor:
        return None
    own = {place for place in range(len(e.keys)) if owner_of(e, place) == lab.owner}
    if name(strategy) == "RefuseNew":
        return own | {one.buyer for one in e.deals.get("tokens", []) if one.seller == lab.place}
    return own


def owner_of(e: Economy, place: int) -> str:
    return e.owners.get(place, "")


def sells_to(card: dict[str, Any], place: int) -> bool:
    return card["admits"] is None or place in card["admits"]


def worth(enterprise: Enterprise, card: dict[str, Any], budget: float) -> float:
    n = enterprise.n
    given = card["free"] * card["price"] * n["answer_customers"] / budget if budget > 0 else 0.0
    return n["quality_weight"] * card["quality"] - n["sensitivity"] * (math.log(card["price"]) - math.log1p(given))


def give(e: Economy, enterprise: Enterprise, card: dict[str, Any], share: float, put: Put) -> None:
    n = enterprise.n
    output = n["answer_customers"] * share * card["free"] * 1_000_000
    for good, mix in zip(TOKENS, (n["cached_mix"], n["input_mix"], 1.0), strict=True):
        put(e, "tokens", enterprise.place, OPERATING_COST, card["lab"].place, GOOD[good], int(output * mix), 0)


def moved(lab: Lab, needed: int, serving: int, training: int) -> int:
    """Hours of training that serve instead."""
    return min(max(0, needed - serving), int(lab.n["moves"] * training))
