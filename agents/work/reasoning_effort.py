"""Reasoning effort: how many tokens a model spends on a task, and how often it then succeeds.

A task of h hours succeeds with chance ``s = c / (1 + y)``, ``y = (h / H)^b``: a logistic in the logarithm of length,
as Kwa et al. (2025, arXiv 2503.14499) fit it for each model. The horizon H grows with tokens, to the power eps. Each
multiple x of the least tokens costs the share ``m0`` of the task's wage, so the best effort spends ``x m0 = b eps s
(1 - s / c)``, within 1 and a most. With ``beta = b eps`` and ``L = ln y`` at that effort, this reads

    (1 + beta) L - 2 beta ln(1 + e^L) = ln y0 - beta ln(c beta / m0)

where ``y0`` is y at the least effort. The left side rises with L for beta below 1. So L depends on the right side
alone: one curve, which is found by halving intervals at fixed points, and read between them.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from watersellers.market.elementary import HALF, LARGEST, exp64, exp_of, log64, log_of, logistic64, softplus64
from watersellers.market.exact import Column

MOST_BETA = 0.9  # of b eps: towards 1 the best effort leaps
_REACH, _STEPS_A_UNIT = 64, 64  # the curve is tabulated for right sides from -64 to 64; beyond it is a straight line
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Skill:
    """What models do with tasks of a kind: the numbers of a segment that the best effort depends on."""

    ceiling: float  # c: chance of success at the shortest tasks, below 1
    slope: float  # b: how fast success falls with length
    power: float  # eps: by which tokens stretch the horizon
    most: float  # E: the largest multiple of the least tokens, 1 or more

    @property
    def beta(self) -> float:
        """Elasticity of the odds of success to tokens."""
        return self.slope * self.power

    @property
    def log_most(self) -> float:
        """Logarithm of the largest multiple of the least tokens."""
        return log_of(self.most)

    @property
    def half_done(self) -> float:
        """Length of tasks of which half succeed at the least tokens, over the horizon; 0 if the shortest fail more."""
        return exp_of(log_of(2 * self.ceiling - 1) / self.slope) if self.ceiling > HALF else 0.0


@lru_cache(maxsize=64)
def _curve(beta: float) -> tuple[Column, Column]:
    """Tabulate the curve between evenly spaced right sides: a cubic for each step, and both ends' slopes, per step.

    A cubic goes through two neighbours with their slopes: L at the first, the rise to the second, and by how much the
    slopes at both differ from that rise.
    """
    right = np.arange(-_REACH * _STEPS_A_UNIT, _REACH * _STEPS_A_UNIT + 1) / _STEPS_A_UNIT
    low, high = np.full_like(right, -2.0 * _REACH / (1 - beta)), np.full_like(right, 2.0 * _REACH / (1 - beta))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = (1 + beta) * middle - 2 * beta * softplus64(middle) < right
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    root = (low + high) / 2
    slope = 1 / (1 + beta - 2 * beta * logistic64(root)) / _STEPS_A_UNIT
    rise = np.diff(root)
    cubics, ends = np.array([root[:-1], rise, slope[:-1] - rise, rise - slope[1:]]), slope[[0, -1]]
    for column in (cubics, ends):
        column.setflags(write=False)
    return cubics, ends


def _read_curve(beta: float, right: Column) -> Column:
    """Read L from the curve: from the cubic between two neighbours, and from straight lines beyond the ends."""
    cubics, (low, high) = _curve(beta)
    within = np.minimum(np.maximum(right, -_REACH), _REACH)
    place = within * _STEPS_A_UNIT + _REACH * _STEPS_A_UNIT
    step = np.minimum(np.floor(place), cubics.shape[1] - 1)
    part = place - step
    start, rise, first, last = cubics.take(step.astype(np.int64), axis=1)
    inside = start + part * (rise + (1 - part) * (first * (1 - part) + last * part))
    beyond = right - within
    return inside + beyond * np.where(beyond > 0, high, low) * _STEPS_A_UNIT


def best_effort(skill: Skill, log_odds: Column, least_cost: Column) -> tuple[Column, Column]:
    """Find the best effort on tasks: the logarithm of the multiple of the least tokens, and the chance of success.

    Parameters
    ----------
    skill : Skill
        Of models at tasks of this kind; ``beta`` is below 1.
    log_odds : Column
        ``b ln(h / H)`` at the least tokens: 0 where a task is as long as the horizon.
    least_cost : Column
        Cost of the least tokens over the wage of the task, positive; broadcasts with ``log_odds``.
    """
    beta = skill.beta
    if beta <= 0:
        return np.zeros_like(log_odds), skill.ceiling * logistic64(-log_odds)
    worth = log64(skill.ceiling * beta / least_cost)
    at_best = _read_curve(beta, log_odds - beta * worth)
    effort = np.clip((log_odds - at_best) / beta, 0.0, skill.log_most)
    return effort, skill.ceiling * logistic64(beta * effort - log_odds)


def token_cost(least_cost: Column, effort: Column) -> Column:
    """Cost of tokens over the wage of the task, at a logarithm of effort."""
    return np.asarray(least_cost * exp64(np.minimum(effort, LARGEST)))
