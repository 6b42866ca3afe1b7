"""Chapter 8.2 of the rules: how much chip vendors order and give up, whether they enter, and how much clouds order."""

import math
from typing import Any

from tests.oracle.economy.strategies import View, name


def follow_orders(strategy: Any, view: View) -> float:
    expected = view["orders"] * (1 + min(view["growth"], strategy.fastest)) ** view["lead"]
    overdue = max(0.0, view["backlog"] - view["capacity"]) / strategy.clear_in
    have = view["capacity"] + view["coming"]
    return min(max(0.0, expected + overdue - have), view["idle_lines"] + strategy.fastest * have)


def prepay(strategy: Any, view: View) -> float:
    expected = view["orders"] * (1 + min(view["growth"], strategy.fastest)) ** view["lead"]
    have = view["capacity"] + view["coming"]
    missing = max(0.0, expected + max(0.0, view["backlog"] - view["capacity"]) / strategy.clear_in - have)
    slope = 2 * view["speed_price"] * view["prepayment"]
    if slope <= 0:
        return missing
    paid_for = strategy.hurry * max(0.0, view["last_price"] - view["unit_cost"]) / slope * have
    return min(missing, view["idle_lines"] + paid_for)


def cutting(strategy: Any, view: View) -> float:  # 9.47
    if name(strategy) == "HoldCapacity":
        return 0.0
    made, months, longer = view["made"], int(strategy.months), int(strategy.leave_after)
    if len(made) >= longer and max(made[-longer:]) <= strategy.least * max(made):
        return view["committed"]
    if len(made) < months or sum(made[-months:]) >= strategy.idle * sum(view["could"][-months:]):
        return 0.0
    busy = max((1 + strategy.spare) * sum(made[-months:]), view["backlog"]) / months
    return max(0.0, view["committed"] - max(busy, int(strategy.least * max(made)) + 1))


def entering(strategy: Any, view: View) -> float:  # 9.52
    if name(strategy) == "EnterIfItPays":
        return float(view["worth"] > view["cost"])
    times = view["worth"] / view["cost"] - 1
    return -math.expm1(-strategy.rate * times) if times > 0 else 0.0


def extrapolate(strategy: Any, view: View) -> float:
    believed_growth = (1 - strategy.imitation) * view["growth"] + strategy.imitation * view["trend"]
    expected = view["outlook"] * view["asked"] * (1 + min(believed_growth, strategy.fastest)) ** view["horizon"]
    attraction = max(1.0, view["return_on_cost"]) ** strategy.answer
    have = view["capacity"] + view["coming"] - view["leaving"]
    belief = min(1.0, max(0.0, (view["return_on_cost"] - 1) / strategy.eager))
    return max(
        max(0.0, expected * attraction / strategy.target - have) * belief / strategy.pace, view["contracted"] - have
    )


def capacity(strategy: Any, view: View) -> float:
    match name(strategy):
        case "FollowOrders":
            return follow_orders(strategy, view)
        case "Prepay":
            return prepay(strategy, view)
        case "MakeOrBuy":
            bought = min(view["rival_price"] * view["hours"], view["dearest"])
            return 0.0 if view["full_cost"] >= bought else prepay(strategy, {**view, "last_price": bought})
        case "KeepCapacity":
            return 0.0
        case "ExtrapolateGrowth":
            return extrapolate(strategy, view)
        case "BuildToBacklog":
            have = view["capacity"] + view["coming"] - view["leaving"]
            return max(0.0, (1 + strategy.spare) * view["contracted"] - have)
        case "ReplaceOnly":
            return max(0.0, view["leaving"] - view["coming"]) if view["return_on_cost"] > 1 else 0.0
    raise ValueError(name(strategy))
