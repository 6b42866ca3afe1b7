"""Chapter 8 of the rules: the menus, by the names of their records."""

import math
from collections.abc import Sequence
from typing import Any

from tests.oracle.economy.arithmetic import logit

View = dict[str, Any]


def name(strategy: Any) -> str:
    return type(strategy).__name__


# --- 7.4 A straight demand line ---


class Tangent:
    def __init__(self, price: float, quantity: float, elasticity: float) -> None:
        self.prices = (0.0, price * (1 + 1 / elasticity))
        self.quantities = (quantity * (1 + elasticity), 0.0)

    def q(self, price: float) -> float:
        (p0, p1), (q0, q1) = self.prices, self.quantities
        if price > p1:
            return 0.0
        if price == p1:
            return q1
        return q0 + (q1 - q0) * (price - p0) / (p1 - p0)

    def candidates(self, unit_cost: float, capacity: float) -> list[float]:
        (p0, p1), (q0, q1) = self.prices, self.quantities
        found = [p0, p1]
        if q1 < q0:
            slope = (q1 - q0) / (p1 - p0)
            tops = (unit_cost + p0 - q0 / slope) / 2, p0 + (capacity - q0) / slope
            found += [top for top in tops if p0 < top < p1]
        return found

    def best_price(self, unit_cost: float, capacity: float) -> float:
        best, most = 0.0, -math.inf
        for price in self.candidates(unit_cost, capacity):
            gain = (price - unit_cost) * min(self.q(price), capacity)
            if gain > most:
                best, most = price, gain
        return best


# --- 8.1 Pricing ---


def lerner(view: View) -> float:
    elasticity = view["elasticity"]
    if elasticity <= 1:
        raise ValueError("an elasticity of 1 or less")
    return view["unit_cost"] * (elasticity / (elasticity - 1))


def best_response(view: View) -> float:
    demand = view["demand"]
    if max(demand.quantities) <= 0 or max(demand.prices) <= 0:
        return lerner(view)
    return demand.best_price(view["unit_cost"], view["capacity"])


def scarcity_markup(strategy: Any, view: View) -> float:
    elasticity, wait = view["elasticity"], view["wait"]
    base = view["unit_cost"] * (elasticity / (elasticity - 1))
    return base + max(0.0, view["worth"] - base) * wait / (wait + strategy.half_wait)


def scarcity_and_slack(strategy: Any, view: View) -> float:
    elasticity = view["elasticity"]
    moved = view["last_price"] * (1 + strategy.step * (min(1.0, view["wait"]) - view["idle"]))
    cost = view["unit_cost"] - view["idle"] * (view["unit_cost"] - view["marginal_cost"])
    least = min(elasticity / (elasticity - 1) * cost, (cost + max(cost, view["worth"])) / 2)
    return max(least, min(scarcity_markup(strategy, view), moved))


def follow_use(strategy: Any, view: View) -> float:
    wanted = view["last_price"] * (1 + strategy.step * min(1.0, view["used_share"] - strategy.target))
    return max(view["unit_cost"], wanted)


def by_elasticity_seen(strategy: Any, view: View) -> float:  # 9.53
    if name(strategy) != "ElasticitySeen":
        raise ValueError(name(strategy))
    last, felt = view["last_price"], view["elasticity_seen"]
    most = min(last * (1 + strategy.step), max(view["unit_cost"], view["rival_price"] * (1 + strategy.step)))
    paying = min(most, view["unit_cost"] + (last + view["siblings_gain"]) / felt) if felt > 0 else most
    return max(paying, last * (1 - strategy.step))


def price(strategy: Any, view: View) -> float:
    worked_out = price_worked_out(strategy, view)
    return min(worked_out, view["dearest"]) if worked_out >= view["cheapest"] else view["last_price"]


def tariff(strategy: Any, view: View) -> tuple[float, float]:  # 9.71
    """What users pay an app for a seat, and for a query."""
    match name(strategy):
        case "ByQuery":
            return 0.0, min(strategy.price, view["dearest"])
        case "ByToken" if view["token_cost"] * (1 + strategy.markup) > 0:
            return 0.0, min(view["token_cost"] * (1 + strategy.markup), view["dearest"])
        case "ByToken":
            return view["list_price"], 0.0
    return price(strategy, view), 0.0


def price_worked_out(strategy: Any, view: View) -> float:
    match name(strategy):
        case "CostPlus":
            return view["full_cost"] * (1 + strategy.markup)
        case "Lerner":
            return lerner(view)
        case "BestResponse":
            return best_response(view)
        case "ScarcityMarkup":
            return scarcity_markup(strategy, view)
        case "ScarcityAndSlack":
            return scarcity_and_slack(strategy, view)
        case "FollowUse":
            return follow_use(strategy, view)
        case "Penetration":
            return view["unit_cost"] * strategy.share
        case "MatchCheapest":
            return max(strategy.floor * view["unit_cost"], min(lerner(view), view["rival_price"]))
        case "FlatFee":
            return view["list_price"]
    return by_elasticity_seen(strategy, view)


# --- 8.3 Research ---


def research(strategy: Any, view: View) -> float:
    match name(strategy):
        case "Race":
            return view["cash"] / strategy.months + strategy.share * view["revenue"]
        case "WithinRevenue":
            return strategy.share * view["revenue"]
        case "Invest":
            return training_that_pays(strategy, view)
    raise ValueError(name(strategy))


def training_that_pays(strategy: Any, view: View) -> float:  # 9.54
    if view["learned"] == 0:
        return 0.0
    discount = (1 + strategy.required) ** (-1 / 12)
    faded = discount * (1 - view["knowledge_decay"])
    months = strategy.horizon if faded == 1 else discount * (1 - faded**strategy.horizon) / (1 - faded)
    margin = max(view["revenue"] - view["running_cost"], view["expected_revenue"] / 12 * max(0.0, view["margin"]))
    known = view["quality_known"]
    slope = max(0.0, known * view["quality_answer"] + (1 - known) * strategy.slope)
    lacking = margin * slope * months - (view["knowledge_unit"] + view["knowledge"]) / view["learned"]
    return float(max(0.0, min(view["cash"], lacking / strategy.months)))


# --- 8.4 Sourcing ---


def worths(view: View) -> list[float]:  # 7.5
    return [
        quality + lock_in * last_share - view["sensitivity"] * math.log(price)
        for quality, lock_in, last_share, price in zip(
            view["quality"], view["lock_in"], view["last_share"], view["price"], strict=True
        )
    ]


def only_best(utilities: Sequence[float]) -> list[float]:
    best = utilities.index(max(utilities))
    return [1.0 if row == best else 0.0 for row in range(len(utilities))]


def best_evenly(utilities: Sequence[float]) -> list[float]:
    best = [row for row, each in enumerate(utilities) if each == max(utilities)]
    return [1 / len(best) if row in best else 0.0 for row in range(len(utilities))]


def sourcing(strategy: Any, view: View) -> list[float]:
    match name(strategy):
        case "Spread":
            return logit(worths(view))
        case "OnlyBest":
            return only_best(worths(view))
        case "BestEvenly":
            return best_evenly(worths(view))
        case "OwnFirst":
            if not any(view["own"]):
                return only_best(worths(view))
            return [1 / sum(view["own"]) if own else 0.0 for own in view["own"]]
    raise ValueError(name(strategy))


# --- 8.5 Apps ---


def affordable_quota(strategy: Any, view: View) -> float:
    budget = strategy.share * view["revenue"] + max(0.0, view["cash"]) / strategy.months
    bill = view["query_cost"] * view["free_queries"]
    bearable = view["quota"] * budget / bill if bill > 0 else view["list_quota"]
    return min(view["list_quota"], max(strategy.least * view["list_quota"], bearable))


def quota(strategy: Any, view: View) -> float:
    kinds = {"ListQuota": lambda: view["list_quota"], "QuotaByPurse": lambda: affordable_quota(strategy, view)}
    return kinds[name(strategy)]()


def marketing(strategy: Any, view: View) -> float:
    match name(strategy):
        case "GrowthFirst":
            return min(view["list_marketing"], max(0.0, view["cash"] - strategy.reserve * view["last_costs"]))
        case "ProfitFirst":
            return min(view["list_marketing"], strategy.share * view["revenue"])
        case "FollowRivals":
            return min(view["rivals_marketing"], max(0.0, view["cash"] - strategy.reserve * view["last_costs"]))
        case "ByTheHead":
            return min(
                budget_by_the_head(strategy, view), max(0.0, view["cash"] - strategy.reserve * view["last_costs"])
            )
    raise ValueError(name(strategy))


def budget_by_the_head(strategy: Any, view: View) -> float:  # 9.68
    profit = view["gross_profit"] / view["users"] if view["users"] > 0 else 0.0
    worth = max(0.0, strategy.head + strategy.months * profit)
    if view["marketing"] <= 0 or view["known"] <= 0:
        return view["list_marketing"] if worth > 0 else 0.0
    pays = worth * view["heads"] * view["heads_answer"]
    times = min(1 + strategy.step, max(1 - strategy.step, pays / view["marketing"]))
    return view["marketing"] * times


def business(strategy: Any, view: View) -> float:  # 9.25
    match name(strategy):
        case "Listed":
            return view["list_price"]
        case "ByUse":
            by_use = view["unit_cost"] * (1 + strategy.markup)
            return min(by_use, 1e5) if by_use >= 1e-3 else view["list_price"]
    raise ValueError(name(strategy))


def appliance_pricing(strategy: Any, view: View) -> float:  # 9.24
    cost = view["full_cost"]
    if name(strategy) == "FixedMarkup":
        return min(1e12, cost * (1 + strategy.markup))
    return min(1e12, cost + strategy.share * max(0.0, view["worth"] - cost))


# --- 8.6 Valuation ---


def valuation(strategy: Any, view: View) -> float:
    match name(strategy):
        case "RevenueMultiple":
            grown = strategy.multiple * (1 + strategy.per_growth * max(0.0, view["growth"])) * view["revenue"]
            return view["hype"] * max(view["floor"], grown - strategy.patience * view["burn"])
        case "StoryAndEvidence":
            grown = strategy.multiple * (1 + strategy.per_growth * max(0.0, view["growth"])) * view["expected"]
            return view["hype"] * max(0.0, grown - strategy.patience * view["burn"])
        case "ExpectedGrossProfit":  # 9.62
            growth = 1 + strategy.per_growth * max(0.0, view["gross_growth"])
            evidence = growth * (1 - view["story_share"]) * (strategy.multiple * view["gross_profit"])
            said = view["story_share"] * (strategy.story_years * view["story"])
            return view["hype"] * max(0.0, said + evidence - strategy.patience * view["burn"])
        case "CashBack":
            return strategy.multiple * view["revenue"]
    raise ValueError(name(strategy))
