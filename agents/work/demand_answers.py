"""How the tokens that firms buy of an offer answer its price and its model: the derivatives of the choice of models.

A dearer token is saved in four ways: firms let the model think less, move to another seller of the same maker's models
or to another maker, keep tasks for people, and make less of what has become dearer. A task's best effort is already
the best, so that the value of an offer changes by what its tokens cost, and by no more (the envelope theorem).
"""

from dataclasses import dataclass

import numpy as np

from watersellers.agents.work import task_lengths
from watersellers.agents.work.reasoning_effort import Skill
from watersellers.market.elementary import log64
from watersellers.market.exact import Column


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


@dataclass(frozen=True, slots=True)
class Choice:
    """Shares of offers in their makers' nests and of these in all; all of shape (offers, tasks)."""

    within: Column
    line: Column  # share in the nest of all that its seller offers there: its own line of models
    rises: Column  # rise of the nest's worth, per unit of the offer's value
    nest: Column

    @property
    def shares(self) -> Column:
        """Share of each task that each offer gets."""
        return self.within * self.nest


@dataclass(frozen=True, slots=True)
class Tasks:
    """What firms do with tasks of all lengths: the first four of shape (offers, tasks), the others (tasks,)."""

    effort: Column  # logarithm of the multiple of the least tokens
    success: Column
    cost: Column  # share of the wage
    spent: Column  # share of the wage that goes to the offer
    handed: Column  # share of the tasks
    inclusive: Column  # share of the wage


def answers_of_demand(tasks: Tasks, choice: Choice, skill: Skill, judgement: Judgement) -> list[Answers]:
    """Work out how each offer's tokens answer, as a mean over tasks by tokens; (0, 0) of an offer that sells none."""
    moved = _moved_by_value(tasks, choice, judgement)
    failing = 1 - tasks.success / skill.ceiling
    free = (tasks.effort > 0) & (tasks.effort < float(log64(skill.most)))  # effort is at neither of its ends
    bent = np.where(free, 1 / (1 - skill.beta * (2 * failing - 1)), 0.0)
    price = tasks.cost * moved + bent
    horizon = skill.slope * (tasks.success * failing * moved + (2 * failing - 1) * bent)
    total = task_lengths.mean(tasks.spent)
    means = [task_lengths.mean(tasks.spent * column) / np.where(total > 0, total, 1.0) for column in (price, horizon)]
    return [Answers(*both) for both in zip(*(column.tolist() for column in means), strict=True)]


def _moved_by_value(tasks: Tasks, choice: Choice, judgement: Judgement) -> Column:
    """Change of the logarithm of the hours handed over to each offer, per unit of its value.

    Those who move between models of one line stay its seller's customers, and do not count.
    """
    inside = judgement.choice * judgement.within * (1 - choice.line)
    among = judgement.choice * choice.rises * (1 - choice.nest)
    kept = np.maximum(tasks.inclusive, 0.0)
    eager = judgement.use * (1 - tasks.handed)
    saved_more = np.where(tasks.inclusive > 0, tasks.handed * (1 + kept * eager), 0.0)
    made_more = judgement.pass_on * saved_more / (1 - tasks.handed * kept)
    return inside + among + choice.rises * choice.nest * (eager + made_more)
