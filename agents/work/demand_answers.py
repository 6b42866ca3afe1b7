"""How the tokens that firms buy of an offer answer its price and its model: the derivatives of the choice of models.

A dearer token is saved in four ways: firms let the model think less, move to another seller of the same maker's models
or to another maker, keep tasks for people, and make less of what has become dearer. A task's best effort is already
the best, so that the value of an offer changes by what its tokens cost, and by no more (the envelope theorem).
"""

from dataclasses import dataclass

import numpy as np

from watersellers.agents.work import task_lengths
from watersellers.agents.work.reasoning_effort import Skill
from watersellers.market.exact import Column

Crossed = tuple[tuple[int, float], ...]  # by the place of another offer of the same seller


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a segment's firms judge value and choose."""

    review: float  # share of the wage: review of the model's work, and what undetected errors cost
    choice: float  # kappa: sensitivity of the choice among makers, per unit of value
    within: float  # that of the choice among sellers of one maker's models, as a multiple
    use: float  # kappa0: sensitivity of handing a task over at all, at most kappa
    friction: float  # value at which half of all tasks are handed over
    pass_on: float  # eta: by how much more is made when it gets cheaper


@dataclass(frozen=True, slots=True)
class Answers:
    """How the tokens that a segment buys of an offer answer its seller."""

    price: float  # elasticity to its price, as a positive number
    horizon: float  # change of the logarithm of tokens, per unit of the logarithm of the model's horizon
    siblings: Crossed = ()  # change of the logarithm of tokens, per unit of that of the price of others of its seller
    diverted: Crossed = ()  # dollars that these would sell more without it, for each that it sells


@dataclass(frozen=True, slots=True)
class Choice:
    """Shares of offers in their makers' nests and of these in all; all of shape (offers, tasks)."""

    within: Column
    line: Column  # share in the nest of all that its seller offers there: its own line of models
    siblings: list[list[int]]  # for each offer, places of the others that its seller offers there
    rises: Column  # rise of the nest's worth, per unit of the offer's value
    nest: Column

    @property
    def shares(self) -> Column:
        """Share of each task that each offer gets."""
        return self.within * self.nest


@dataclass(frozen=True, slots=True)
class Tasks:
    """What firms do with tasks of all lengths: columns of shape (offers, tasks), unless another is named."""

    effort: Column  # logarithm of the multiple of the least tokens
    success: Column
    cost: Column  # share of the wage
    spent: Column  # share of the wage that goes to the offer
    spending: Column  # the mean of that over tasks, of shape (offers,)
    diverted: list[Crossed]  # by offer: dollars that its siblings would sell more without it, for each that it sells
    handed: Column  # share of the tasks, of shape (tasks,)
    inclusive: Column  # share of the wage, of shape (tasks,)


def answers_of_demand(tasks: Tasks, choice: Choice, skill: Skill, judgement: Judgement) -> list[Answers]:
    """Work out how each offer's tokens answer, as a mean over tasks by tokens; with 0 of an offer that sells none.

    Whoever moves to another model of a line is lost to the model's price, and not to the model's horizon: a lab
    that knows more improves all its models.
    """
    inside, drawn = judgement.choice * judgement.within, _drawn_to_maker(tasks, choice, judgement)
    moved = inside * (1 - choice.line) + drawn
    failing = 1 - tasks.success / skill.ceiling
    tilt = 2 * failing - 1
    free = (tasks.effort > 0) & (tasks.effort < skill.log_most)  # effort is at neither of its ends
    bent = np.where(free, 1 / (1 - skill.beta * tilt), 0.0)
    price = tasks.cost * (inside * (1 - choice.within) + drawn) + bent
    horizon = skill.slope * (tasks.success * failing * moved + tilt * bent)
    weights = tasks.spent / np.where(tasks.spending > 0, tasks.spending, 1.0)[:, None]
    means = [task_lengths.mean(weights * column).tolist() for column in (price, horizon)]
    crossed = _crossed(weights, tasks.cost * (inside * choice.within - drawn), choice.siblings)
    return [Answers(*each) for each in zip(*means, crossed, tasks.diverted, strict=True)]


def _crossed(weights: Column, left: Column, siblings: list[list[int]]) -> list[Crossed]:
    """For each offer, how its tokens answer the prices of its seller's others; ``left`` is what each of these loses.

    What an offer loses to one sibling in the logarithm of hours it loses to all, task by task, as in any logit.
    """
    pairs = [(place, other) for place, others in enumerate(siblings) for other in others]
    if not pairs:
        return [()] * len(siblings)
    places, others = zip(*pairs, strict=True)
    means = iter(task_lengths.mean(weights[list(places)] * left[list(others)]).tolist())
    return [tuple((other, next(means)) for other in mine) for mine in siblings]


def _drawn_to_maker(tasks: Tasks, choice: Choice, judgement: Judgement) -> Column:
    """Change of the logarithm of the hours handed over to a maker's models, per unit of the value of each of them."""
    among = judgement.choice * choice.rises * (1 - choice.nest)
    kept = np.maximum(tasks.inclusive, 0.0)
    eager = judgement.use * (1 - tasks.handed)
    saved_more = np.where(tasks.inclusive > 0, tasks.handed * (1 + kept * eager), 0.0)
    made_more = judgement.pass_on * saved_more / (1 - tasks.handed * kept)
    return among + choice.rises * choice.nest * (eager + made_more)
