"""Distillation: a lab learns from what better models answer, faster than from what becomes known of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from watersellers.agents.setting import Numbers, Traits


@dataclass(frozen=True, slots=True)
class DistillationNumbers(Traits):
    """Share of the gap to a better model that its outputs close in a month."""

    distillation: float


class Learner(Protocol):
    """A lab, as far as learning goes."""

    region: str
    knowledge: float  # effective GPU-hours
    numbers: Numbers
    traits: Any


def distills(firm: Learner) -> bool:
    """Whether a lab learns that way."""
    return firm.numbers[DistillationNumbers].distillation > 0


def taught(firm: Learner, labs: Iterable[Learner]) -> float:
    """Knowledge that a lab takes over in a month, in effective GPU-hours: all of an open model's, a part of others'.

    Weights that were given away are there to be used, wherever they come from. Of a model that is sold in the
    lab's region its outputs are, and these close a share of the gap.
    """
    labs = list(labs)
    opened = max((lab.knowledge for lab in labs if lab.traits.open_weights > 0), default=0.0)
    sold = max((lab.knowledge for lab in labs if lab.region == firm.region), default=0.0)
    return max(0.0, opened - firm.knowledge, firm.numbers[DistillationNumbers].distillation * (sold - firm.knowledge))
