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
    seller: int
    log_horizon: float  # of hours
    least_cost: float  # of the wage


class Use(NamedTuple):
    """What a region's segment does with models, per dollar of wage of open work."""

    hours: list[float]
    spending: list[float]
    gain: float
    answers: list[tuple[float, float]]  # of each model's tokens, to the logarithms of its price and of its horizon
    crossed: list[list[float]]  # of each model's tokens, to the logarithm of each price; 0 but inside a line
    diverted: list[list[float]]  # dollars more for each other of the line without it, for one that it sells


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


class Judged(NamedTuple):
    """A model at a task."""

    value: float
    cost: float
    falls: float  # the elasticity of effort to price
    worth: float  # value of a longer horizon, per unit of its logarithm
    thinks: float  # more effort with a longer horizon, in logarithms of both


def judge(numbers: Numbers, log_length: float, model: Model) -> Judged:
    beta = numbers["slope"] * numbers["effort_power"]
    odds = numbers["slope"] * (log_length - model.log_horizon)
    effort = best_effort(numbers, odds, model.least_cost)
    success = numbers["ceiling"] * logistic64(beta * effort - odds)
    cost = model.least_cost * exp64(effort)
    failing = 1 - success / numbers["ceiling"]
    falls = 1 / (1 + beta - 2 * beta * failing) if 0 < effort < log64(numbers["most_effort"]) else 0.0
    return Judged(
        success - numbers["review"] - cost,
        cost,
        falls,
        numbers["slope"] * success * failing,
        numbers["slope"] * (2 * failing - 1) * falls,
    )


# --- choice and use ---


def log_sum(worths: Sequence[float], sensitivity: float) -> tuple[list[float], float]:
    """Shares of a logit, and its inclusive value for each of its number."""
    scaled = [sensitivity * worth for worth in worths]
    best = max(scaled)
    weights = [exp64(one - best) for one in scaled]
    whole = running(weights)
    return [weight / whole for weight in weights], (best + log64(whole / len(worths))) / sensitivity


class Chosen(NamedTuple):
    """A model among others at a task."""

    share: float
    part: float  # of its maker's share
    line: float  # the same, with all its seller's models
    pulls: float  # change of the logarithm of its maker's share, by the model's value
    lifts: float  # change of the inclusive value, by the model's value


def nested_shares(numbers: Numbers, models: Sequence[Model], values: Sequence[float]) -> tuple[list[Chosen], float]:
    """How each model is chosen, and the inclusive value."""
    makers = sorted({model.maker for model in models})
    nests = [[number for number, model in enumerate(models) if model.maker == maker] for maker in makers]
    inside = numbers["choice_sensitivity"] * numbers["within_maker"]
    within = [log_sum([values[number] for number in nest], inside) for nest in nests]
    worths = [
        running([part * (inside * values[number]) for part, number in zip(parts, nest, strict=True)])
        for nest, (parts, _) in zip(nests, within, strict=True)
    ]
    outer, inclusive = log_sum([worth / inside for worth in worths], numbers["choice_sensitivity"])
    chosen: dict[int, Chosen] = {}
    for nest, (parts, _), scaled_worth, whole in zip(nests, within, worths, outer, strict=True):
        for number, part in zip(nest, parts, strict=True):
            own = running([p for n, p in zip(nest, parts, strict=True) if models[n].seller == models[number].seller])
            rise = part * (1 + inside * values[number] - scaled_worth)
            pulls = numbers["choice_sensitivity"] * rise * (1 - whole)
            chosen[number] = Chosen(part * whole, part, own, pulls, rise * whole)
    return [chosen[number] for number in range(len(models))], inclusive


def made(numbers: Numbers, handed: float, inclusive: float) -> float:
    if numbers["pass_on"] == 0:
        return 1.0
    return exp64(-numbers["pass_on"] * log64(1 - handed * max(inclusive, 0.0)))


def draws_in(numbers: Numbers, handed: float, inclusive: float) -> float:
    """Change of the logarithm of all hours handed over, per unit of the inclusive value."""
    more = numbers["use_sensitivity"] * (1 - handed)
    if inclusive <= 0:
        return more
    return more + numbers["pass_on"] * handed * (1 + inclusive * more) / (1 - handed * inclusive)


def value_of_models(numbers: Numbers, models: Sequence[Model], whole: bool = True) -> Use:
    """What models on sale are worth; without ``whole`` nobody asks what would be sold without one of them."""
    if not models:
        return Use([], [], 0.0, [], [], [])
    hours: list[list[float]] = [[] for _ in models]
    spending: list[list[float]] = [[] for _ in models]
    answers: list[list[tuple[float, float]]] = [[] for _ in models]
    taken: list[list[float]] = [[] for _ in models]  # what each loses to a sibling when it gets dearer
    gains, inside = [], numbers["choice_sensitivity"] * numbers["within_maker"]
    for z in NODES:
        log_length = log64(numbers["length_median"]) + numbers["length_spread"] * z
        judged = [judge(numbers, log_length, model) for model in models]
        chosen, inclusive = nested_shares(numbers, models, [one.value for one in judged])
        eager = numbers["use_sensitivity"] * (inclusive - numbers["friction"])
        handed = logistic64(eager)
        part = handed * made(numbers, handed, inclusive)
        draws = draws_in(numbers, handed, inclusive)
        for number, (each, one) in enumerate(zip(chosen, judged, strict=True)):
            hours[number].append(part * each.share)
            spending[number].append(part * each.share * one.cost)
            drawn = each.pulls + each.lifts * draws
            price = one.cost * (inside * (1 - each.part) + drawn) + one.falls
            answers[number].append((price, one.worth * (inside * (1 - each.line) + drawn) + one.thinks))
            taken[number].append(one.cost * (inside * each.part - drawn))
        gains.append(softplus64(eager) / numbers["use_sensitivity"])
    spent = [mean(one) for one in spending]
    felt = [by_tokens(*both) for both in zip(answers, spending, strict=True)]
    crossed = crossings(models, spending, taken)
    lost = diversions(numbers, models, spent) if whole else []
    return Use([mean(one) for one in hours], spent, mean(gains), felt, crossed, lost)


def diversions(numbers: Numbers, models: Sequence[Model], spent: Sequence[float]) -> list[list[float]]:
    """What others of a line would sell more without a model."""
    found = [[0.0 for _ in models] for _ in models]
    for here, model in enumerate(models):
        of_line = [n for n, other in enumerate(models) if (model.maker, model.seller) == (other.maker, other.seller)]
        if len(of_line) > 1 and spent[here] > 0:
            left = [number for number in range(len(models)) if number != here]
            without = value_of_models(numbers, [models[number] for number in left], whole=False).spending
            for number, dollars in zip(left, without, strict=True):
                if number in of_line:
                    found[here][number] = (dollars - spent[number]) / spent[here]
    return found


def crossings(
    models: Sequence[Model], tokens: Sequence[Sequence[float]], taken: Sequence[Sequence[float]]
) -> list[list[float]]:
    """How each model's tokens answer the price of each other of its line, as a mean over tasks by tokens."""
    found = [[0.0 for _ in models] for _ in models]
    for here, model in enumerate(models):
        for there, other in enumerate(models):
            if here != there and (model.maker, model.seller) == (other.maker, other.seller):
                total = mean(tokens[here])
                one = mean([bought * lost for bought, lost in zip(tokens[here], taken[there], strict=True)])
                found[here][there] = one / total if total > 0 else 0.0
    return found


def by_tokens(answers: Sequence[tuple[float, float]], tokens: Sequence[float]) -> tuple[float, float]:
    """Mean answers over tasks, weighted by the tokens bought for each."""
    total = mean(tokens)
    if total <= 0:
        return 0.0, 0.0
    first, second = (
        mean([one * token for one, token in zip(each, tokens, strict=True)]) for each in zip(*answers, strict=True)
    )
    return first / total, second / total
