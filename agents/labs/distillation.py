"""Distillation: a lab learns from the outputs of better models, faster than from general spill-over."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from watersellers.agents.scenario_spec import Numbers, Traits


@dataclass(frozen=True, slots=True)
class DistillationNumbers(Traits):
    """Share of the gap to a better model that learning from its outputs closes in a month."""

    distillation: float


class Learner(Protocol):
    """A lab, as far as distillation needs it."""

    region: str
    knowledge: float  # effective GPU-hours
    in_model: float  # the same, in the model that it sells and may give away
    numbers: Numbers
    traits: Any


def distills(firm: Learner) -> bool:
    """Whether a lab learns by distillation."""
    return firm.numbers[DistillationNumbers].distillation > 0


def knowledge_gained(firm: Learner, labs: Iterable[Learner]) -> float:
    """Knowledge that a lab gains in a month, in effective GPU-hours.

    It gains the whole gap to the best open-weight model of any region, since its weights can be used. Of a model that
    is sold in the lab's region it sees the outputs, which close a share of the gap.
    """
    labs = list(labs)
    opened = max((lab.in_model for lab in labs if lab.traits.open_weights > 0), default=0.0)
    sold = max((lab.in_model for lab in labs if lab.region == firm.region), default=0.0)
    return max(0.0, opened - firm.knowledge, firm.numbers[DistillationNumbers].distillation * (sold - firm.knowledge))
