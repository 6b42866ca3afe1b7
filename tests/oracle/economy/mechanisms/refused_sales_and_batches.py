"""Chapters 9.8 and 9.23 of the rules: labs refuse sales, move servers, and give tokens away."""

import math
from typing import Any

from tests.oracle.economy.books import OPERATING_COST
from tests.oracle.economy.participants import Enterprise, Lab
from tests.oracle.economy.state import Economy
from tests.oracle.economy.strategies import name


def admitted_buyers(economy: Economy, lab: Lab) -> set[int] | None:
    """Accounts that a lab sells to this month; None if it sells to all."""
    strategy: Any = lab.strategies["selling"]
    if name(strategy) == "SellToAll" or not lab.served < strategy.floor:
        return None
    own = {account for account in range(len(economy.keys)) if owner_of(economy, account) == lab.owner}
    if name(strategy) == "RefuseNew":
        return own | {deal.buyer for deal in economy.deals.get("tokens", []) if deal.seller == lab.account}
    return own


def owner_of(economy: Economy, account: int) -> str:
    return economy.owners.get(account, "")


def worth(enterprise: Enterprise, card: dict[str, Any], budget: float) -> float:
    numbers = enterprise.numbers
    free_value = card["free"] * card["price"] * numbers["answer_customers"] / budget if budget > 0 else 0.0
    return numbers["quality_weight"] * card["quality"] - numbers["sensitivity"] * (
        math.log(card["price"]) - math.log1p(free_value)
    )


def order_free_tokens(economy: Economy, enterprise: Enterprise, card: dict[str, Any], share: float) -> None:
    numbers = enterprise.numbers
    output = numbers["answer_customers"] * share * card["free"] * 1_000_000
    for good, mix in zip(card["goods"], (numbers["cached_mix"], numbers["input_mix"], 1.0), strict=True):
        economy.add_order("tokens", enterprise.account, OPERATING_COST, card["lab"].account, good, int(output * mix), 0)


def training_hours_that_serve(lab: Lab, needed: int, serving: int, training: int) -> int:
    """Training hours that a short lab uses for serving."""
    return min(max(0, needed - serving), int(lab.numbers["moves"] * training))
