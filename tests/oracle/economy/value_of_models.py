"""Chapter 7.5 of the rules, work for models: which tasks are handed over to which model, and for how much effort."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from tests.oracle.economy.elementary import exp64, log64, logistic64, softplus64

Numbers = dict[str, float]
NODES = [-6 + step / 16 for step in range(193)]
STEPS, REACH = 64, 64  # of the table of efforts: entries a unit, and how far it reaches


class Model(NamedTuple):
    """A model as a segment sees it."""

    maker: int  # account
    log_horizon: float  # of hours
    least_cost: float  # of the wage


class Use(NamedTuple):
    """What a region's segment does with models, per dollar of wage of open work."""

    hours: list[float]
    spending: list[float]
    gain: float


def running(values: Sequence[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total


BELLS = [exp64(-z * z / 2) for z in NODES]
WEIGHTS = [bell / sum(BELLS) for bell in BELLS]


def mean(values: Sequence[float]) -> float:
    return running([value * weight for value, weight in zip(values, WEIGHTS, strict=True)])


# --- effort ---


@cache
def entry(beta: float, number: int) -> tuple[float, float]:
    """Root L and its slope at an entry of the table, from 0 to 8192."""
    right = number / STEPS - REACH
    low, high = -2.0 * REACH / (1 - beta), 2.0 * REACH / (1 - beta)
    for _ in range(60):
        middle = (low + high) / 2
        if (1 + beta) * middle - 2 * beta * softplus64(middle) < right:
            low = middle
        else:
            high = middle
    root = (low + high) / 2
    return root, 1 / (1 + beta - 2 * beta * logistic64(root)) / STEPS


def root_of(beta: float, right: float) -> float:
    inside = min(max(right, -REACH), REACH)
    place = inside * STEPS + REACH * STEPS
    number = min(int(place), 2 * REACH * STEPS - 1)
    part = place - number
    (start, first), (end, last) = entry(beta, number), entry(beta, number + 1)
    rise = end - start
    read = start + part * (rise + (1 - part) * ((first - rise) * (1 - part) + (rise - last) * part))
    if inside == right:
        return read
    return read + (right - inside) * (last if right > 0 else first) * STEPS


def best_effort(numbers: Numbers, odds: float, least_cost: float) -> float:
    """Logarithm of the tokens over the least."""
    beta = numbers["slope"] * numbers["effort_power"]
    if beta == 0:
        return 0.0
    root = root_of(beta, odds - beta * log64(numbers["ceiling"] * beta / least_cost))
    return min(max((odds - root) / beta, 0.0), log64(numbers["most_effort"]))


def value_and_cost(numbers: Numbers, log_length: float, model: Model) -> tuple[float, float]:
    beta = numbers["slope"] * numbers["effort_power"]
    odds = numbers["slope"] * (log_length - model.log_horizon)
    effort = best_effort(numbers, odds, model.least_cost)
    success = numbers["ceiling"] * logistic64(beta * effort - odds)
    cost = model.least_cost * exp64(effort)
    return success - numbers["review"] - cost, cost


# --- choice and use ---


def log_sum(worths: Sequence[float], sensitivity: float) -> tuple[list[float], float]:
    """Shares of a logit, and its inclusive value for each of its number."""
    scaled = [sensitivity * worth for worth in worths]
    best = max(scaled)
    weights = [exp64(one - best) for one in scaled]
    whole = running(weights)
    return [weight / whole for weight in weights], (best + log64(whole / len(worths))) / sensitivity


def nested_shares(numbers: Numbers, models: Sequence[Model], values: Sequence[float]) -> tuple[list[float], float]:
    makers = sorted({model.maker for model in models})
    nests = [[number for number, model in enumerate(models) if model.maker == maker] for maker in makers]
    inside = numbers["choice_sensitivity"] * numbers["within_maker"]
    within = [log_sum([values[number] for number in nest], inside) for nest in nests]
    outer, inclusive = log_sum([worth for _, worth in within], numbers["choice_sensitivity"])
    shares = [0.0] * len(models)
    for nest, (parts, _), whole in zip(nests, within, outer, strict=True):
        for number, part in zip(nest, parts, strict=True):
            shares[number] = part * whole
    return shares, inclusive


def made(numbers: Numbers, handed: float, inclusive: float) -> float:
    if numbers["pass_on"] == 0:
        return 1.0
    return exp64(-numbers["pass_on"] * log64(1 - handed * max(inclusive, 0.0)))


def value_of_models(numbers: Numbers, models: Sequence[Model]) -> Use:
    if not models:
        return Use([], [], 0.0)
    hours: list[list[float]] = [[] for _ in models]
    spending: list[list[float]] = [[] for _ in models]
    gains = []
    for z in NODES:
        log_length = log64(numbers["length_median"]) + numbers["length_spread"] * z
        judged = [value_and_cost(numbers, log_length, model) for model in models]
        shares, inclusive = nested_shares(numbers, models, [value for value, _ in judged])
        eager = numbers["use_sensitivity"] * (inclusive - numbers["friction"])
        handed = logistic64(eager)
        part = handed * made(numbers, handed, inclusive)
        for number, (share, (_, cost)) in enumerate(zip(shares, judged, strict=True)):
            hours[number].append(part * share)
            spending[number].append(part * share * cost)
        gains.append(softplus64(eager) / numbers["use_sensitivity"])
    return Use([mean(one) for one in hours], [mean(one) for one in spending], mean(gains))
