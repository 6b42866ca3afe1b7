"""Chapters 9.53 and 9.54 of the rules: how customers answer a lab's price and quality, and what training brings it."""

from typing import Any

from tests.oracle.economy.arithmetic import progress
from tests.oracle.economy.books import COST_OF_SALES, GOOD
from tests.oracle.economy.formulas import card, purchases
from tests.oracle.economy.mechanisms.belief_and_stakes import companies
from tests.oracle.economy.mechanisms.distillation_and_revenue_sharing import shared_rate
from tests.oracle.economy.model_lines import SUFFIXES, OnSale, line, price_of
from tests.oracle.economy.participants import Enterprise, Lab
from tests.oracle.economy.state import Economy
from tests.oracle.economy.strategies import View, name

Known = tuple[float, float, float]  # share of purchases known, and how these answer price and quality
NOTHING: Known = (0.0, 0.0, 0.0)


def note(
    economy: Economy, enterprise: Enterprise, cards: list[dict[str, Any]], by_path: list[float], for_work: float
) -> None:
    """Note how what a region's enterprises buy at each card answers it; of what a path pays for nothing is known."""
    for place, offer in enumerate(cards):
        wished = enterprise.wishes[place] if enterprise.wanted > 0 else 0.0
        worked = for_work * wished / enterprise.wanted if wished else 0.0
        known = NOTHING
        if worked > 0:
            price, quality = enterprise.felt[place]
            known = worked / (by_path[place] + worked), price / wished, quality / wished
        economy.answers[offer["lab"].account, offer["goods"][-1], enterprise.account] = known
        for there, other in enumerate(cards):
            if other["lab"] is offer["lab"] and there != place:
                goods = offer["goods"][-1], other["goods"][-1]
                felt = enterprise.crossed[place][there] / wished if worked > 0 else 0.0
                economy.crossed[offer["lab"].account, *goods, enterprise.account] = known[0] * felt
                turned = enterprise.diverted[place][there] / wished if worked > 0 else 0.0
                economy.diverted[offer["lab"].account, *goods, enterprise.account] = known[0] * turned


def customers(economy: Economy, lab: Lab, model: OnSale) -> list[tuple[float, float, Known]]:
    """Units that each customer outside the lab's group bought, their share in all that it bought, and its answers."""
    good = "tokens_output" + SUFFIXES[model.place]
    bought = purchases(economy, lab, "tokens", good)
    known = {buyer: economy.answers.get((lab.account, GOOD[good], buyer), NOTHING) for buyer in bought}
    return [(units, share, known[buyer]) for buyer, (units, share) in bought.items()]


def elasticity_seen(economy: Economy, lab: Lab, model: OnSale) -> float:
    numbers, total, felt = lab.numbers, 0.0, 0.0
    for units, share, (known, price, _) in customers(economy, lab, model):
        usual = numbers["sensitivity"] * (1 - share) + numbers["market_elasticity"] * share
        total += units
        felt += units * (known * price + (1 - known) * usual)
    return felt / total if total > 0 else numbers["sensitivity"]


def siblings_gain(economy: Economy, lab: Lab, model: OnSale, margins: dict[int, float]) -> float:
    """Margin that other models of the line gain with the logarithm of one's price, for a unit of what that one sold."""
    dear, gain = GOOD["tokens_output" + SUFFIXES[model.place]], 0.0
    for other in line(lab):
        good = GOOD["tokens_output" + SUFFIXES[other.place]]
        for buyer, (units, _) in purchases(economy, lab, "tokens", "tokens_output" + SUFFIXES[other.place]).items():
            gain += margins[other.place] * units * economy.crossed.get((lab.account, good, dear, buyer), 0.0)
    sold = sum(units for units, _, _ in customers(economy, lab, model))
    return gain / sold if sold > 0 else 0.0


def is_offered(strategy: Any, view: View) -> bool:  # 9.58
    if name(strategy) == "WholeLine":
        return True
    return bool(max(view["demand"].quantities) > 0 and view["last_price"] - view["unit_cost"] > view["diverted"])


def diverted(economy: Economy, lab: Lab, model: OnSale, margins: dict[int, float], price: float) -> float:
    """Margin that others of the line would earn without a model, for a unit of what it sold."""
    gone, gain = GOOD["tokens_output" + SUFFIXES[model.place]], 0.0
    bought = customers(economy, lab, model)
    for other in line(lab):
        good, posted = GOOD["tokens_output" + SUFFIXES[other.place]], price_of(lab, other)
        for buyer, (units, _) in purchases(economy, lab, "tokens", "tokens_output" + SUFFIXES[model.place]).items():
            turned = economy.diverted.get((lab.account, gone, good, buyer), 0.0)
            gain += units * turned * price / posted * margins[other.place]
    sold = sum(units for units, _, _ in bought)
    return gain / sold if sold > 0 else 0.0


def quality_answer(economy: Economy, lab: Lab) -> tuple[float, float]:
    """Share of sales of which it is known how they answer quality, and how these do."""
    bought = [each for model in line(lab) for each in customers(economy, lab, model)]
    total = sum(units for units, _, _ in bought)
    known = sum(units * share for units, _, (share, _, _) in bought)
    if known <= 0:
        return 0.0, 0.0
    return known / total, sum(units * share * quality for units, _, (share, _, quality) in bought) / known


def expected_revenue(economy: Economy, lab: Lab) -> float:
    """Yearly revenue in dollars that its founder expects, or the mean investor where it has no other."""
    weights = {investor.name: investor.numbers["story_weight"] for investor in economy.investors}
    usual = sum(weights.values()) / len(weights) if weights else 0.0
    weight = weights.get(lab.founder, usual)
    evidence = weight + lab.months_seen
    return (weight * lab.numbers["story"] * companies(lab) + lab.revenue_seen) / evidence if evidence > 0 else 0.0


def research_view(economy: Economy, lab: Lab, unit_cost: float) -> View:
    """What a lab sees that budgets training; its unit cost is at this month's load."""
    numbers, books = lab.numbers, economy.books
    grown = progress(numbers["training_growth"], numbers["progress_fade"], economy.month, lab.ahead["training"])
    known, answer = quality_answer(economy, lab)
    return {
        "cash": books.cash(lab.account) / 100,
        "revenue": books.revenue(lab.account) / 100,
        "running_cost": books.of(lab.account, COST_OF_SALES) / 100,
        "margin": 1 - shared_rate(economy, lab) - unit_cost / card(lab, line(lab)[0])["price"],
        "expected_revenue": expected_revenue(economy, lab),
        "quality_known": known,
        "quality_answer": answer,
        "knowledge": lab.knowledge * (1 - numbers["knowledge_decay"]) + lab.trained / lab.companies * grown,
        "knowledge_unit": numbers["knowledge_unit"],
        "knowledge_decay": numbers["knowledge_decay"],
        "learned": 1.0 / lab.companies * grown / lab.hour_price if lab.hour_price > 0 else 0.0,
    }
