"""The choice of models for tasks: who gets the work that firms hand over, what that costs, and what it is worth.

Everything is counted per dollar of the wage that a task would cost. The price of a model stands in its value and
nowhere else. Models of one maker, whoever serves them, are one nest of a nested logit. Above nests the log-sum is an
average, so that more makers of the same make no value (Ackerberg and Rysman 2005, and Small and Rosen 1981 on the
log-sum, from memory); inside a nest what counts is the mean value of what is chosen.
"""

from dataclasses import dataclass

import numpy as np

from watersellers.agents.work import task_lengths
from watersellers.agents.work.demand_answers import Answers, Choice, Crossed, Judgement, Tasks, answers_of_demand
from watersellers.agents.work.maker_nests import Groups, nests_of
from watersellers.agents.work.reasoning_effort import Skill, best_effort, token_cost
from watersellers.market.elementary import exp64, log64, logistic64, softplus64
from watersellers.market.exact import Column


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model on sale to a segment: who made it, its horizon, and the cost of the least tokens."""

    maker: int  # the lab's account, whoever serves the model
    seller: int  # the account of who serves it
    log_horizon: float  # of hours: at the least tokens half of what short tasks would give succeeds there
    least_cost: float  # share of the wage
    judged: bool = True  # its seller asks what its other models would sell without it


@dataclass(frozen=True, slots=True)
class WorkValue:
    """What models are worth to a segment, per dollar of the wage of all its exposed work; means over tasks by hours."""

    spending: list[float]  # dollars for tokens, by offer
    hours: list[float]  # share of all hours that is handed over to each offer
    effort: float  # multiple of the least tokens, mean over the hours handed over; 1 without any
    surplus: float  # dollars kept by the firms: the log-sum of use
    answers: list[Answers]  # of the tokens bought of each offer, to its price and to its model

    @property
    def used(self) -> float:
        """Share of all hours that is handed over."""
        return sum(self.hours)


def value_of_models(offers: list[ModelOffer], lengths: Column, skill: Skill, judgement: Judgement) -> WorkValue:
    """Let the firms of a segment choose models for tasks of all lengths.

    Parameters
    ----------
    offers : list of ModelOffer
        Of the models on sale; without any nothing is handed over.
    lengths : Column
        Logarithms of the lengths of tasks in hours, shape (tasks,).
    """
    if not offers:
        return WorkValue([], [], 1.0, 0.0, [])
    horizons = np.array([offer.log_horizon for offer in offers])[:, None]
    least = np.array([offer.least_cost for offer in offers])[:, None]
    effort, success = best_effort(skill, skill.slope * (lengths - horizons), np.broadcast_to(least, (len(offers), 1)))
    cost = token_cost(least, effort)
    values = success - judgement.review - cost
    choice, inclusive = _choose(values, offers, judgement)
    handed, hours = _handed_over(choice, inclusive, judgement)
    surplus = float(task_lengths.mean(softplus64(judgement.use * (inclusive - judgement.friction)) / judgement.use))
    spent = hours * cost
    spent_on = task_lengths.mean(spent)
    mean_hours, spending = task_lengths.mean(hours).tolist(), spent_on.tolist()
    least_spending = sum(hour * offer.least_cost for hour, offer in zip(mean_hours, offers, strict=True))
    diverted = [
        _diverted(place, others, (values, cost, spending), offers, judgement)
        for place, others in enumerate(choice.siblings)
    ]
    tasks = Tasks(effort, success, cost, spent, spent_on, diverted, handed, inclusive)
    answers = answers_of_demand(tasks, choice, skill, judgement)
    mean_effort = sum(spending) / least_spending if least_spending > 0 else 1.0
    return WorkValue(spending, mean_hours, mean_effort, surplus, answers)


def _handed_over(choice: Choice, inclusive: Column, judgement: Judgement) -> tuple[Column, Column]:
    """Share of each task that is handed over, and by offer the hours of it, when more is made as it gets cheaper."""
    handed = logistic64(judgement.use * (inclusive - judgement.friction))
    made = _answer_of_demand(handed * np.maximum(inclusive, 0.0), judgement.pass_on)
    return handed, handed * made * choice.shares


def _diverted(
    place: int,
    siblings: list[int],
    sales: tuple[Column, Column, list[float]],
    offers: list[ModelOffer],
    judgement: Judgement,
) -> Crossed:
    """What a seller's other offers would sell more without one, for each dollar that this one sells; 0 if nobody asks.

    The choice is made again without it; of ``sales`` values and costs are by offer and task, and spending by offer.
    """
    values, cost, spending = sales
    if not siblings or not offers[place].judged or spending[place] <= 0:
        return tuple((other, 0.0) for other in siblings)
    rest = [other for other in range(len(offers)) if other != place]
    choice, inclusive = _choose(values[rest], [offers[other] for other in rest], judgement)
    _, hours = _handed_over(choice, inclusive, judgement)
    without = dict(zip(rest, task_lengths.mean(hours * cost[rest]).tolist(), strict=True))
    return tuple((other, (without[other] - spending[other]) / spending[place]) for other in siblings)


def _answer_of_demand(saved: Column, pass_on: float) -> Column:
    """Work that is there when its cost has fallen by the saved share, of which ``pass_on`` sets the elasticity."""
    return np.asarray(exp64(-pass_on * log64(1 - saved))) if pass_on else np.ones_like(saved)


def _choose(values: Column, offers: list[ModelOffer], judgement: Judgement) -> tuple[Choice, Column]:
    """Share the tasks out: shares by offer, shape (offers, tasks), and the inclusive value, shape (tasks,).

    Inside a maker's nest the choice is a logit of value, in which firms err: what they get of the maker is the mean
    value by shares. So an offer twice makes no value, and a worthless one takes none away.
    """
    nests = nests_of(tuple([(offer.maker, offer.seller) for offer in offers]))
    makers, lines = nests.makers, nests.lines
    inside = judgement.choice * judgement.within
    utilities = inside * values
    within, *_ = _logits(utilities, makers)
    worth = makers.sums(within * utilities)
    rises = within * (1 + utilities - worth[makers.of_row])
    top, best, total = _logits(judgement.choice * (worth / inside), nests.among)
    log_sum = best[0] + log64(total[0] / len(worth))
    choice = Choice(within, lines.sums(within)[lines.of_row], nests.siblings, rises, top[makers.of_row])
    return choice, log_sum / judgement.choice


def _logits(utilities: Column, nests: Groups) -> tuple[Column, Column, Column]:
    """Shares of the rows of each nest, its highest utility, and the sum of its exponentials of what is below that."""
    best = nests.largest(utilities)
    weights = exp64(utilities - best[nests.of_row])
    total = nests.sums(weights)
    return weights / total[nests.of_row], best, total
