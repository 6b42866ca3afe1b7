"""How the tokens bought for work answer the price of all tokens together, by the numbers of a scenario's segments."""

from dataclasses import dataclass

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.agents.work.model_choice import ModelOffer
from watersellers.agents.work.segments import WorkTraits, value_of
from watersellers.market.elementary import log_of

STEP = 1e-3  # share by which all tokens get dearer
MILLION = 1e6


@dataclass(frozen=True)
class OneModel:
    """A model that everybody uses.

    ``horizon`` are the hours of tasks at which it does half as well as at the shortest, with the least tokens;
    ``price`` are dollars for a million tokens.
    """

    horizon: float
    price: float


# Of February 2025 (D001, with as many tokens as a model wants; a list price), and three doublings later at an assumed
# price
REFERENCES = (OneModel(1.0, 10.0), OneModel(8.0, 2.0))


def token_elasticity(spec: ScenarioSpec, model: OneModel) -> float:
    """Work out the elasticity of all tokens bought for work to their price, where there is one model: a number below 0.

    All segments of the first region together, at its wage; adoption stays as it is, so that it is the answer of the
    firms that use models. Central difference of a thousandth either way.
    """
    wage = spec.groups["enterprises"][0].numbers["wage"]
    segments = [WorkTraits.of(member.numbers) for member in spec.groups["work"]]
    dearer, cheaper = (
        sum(traits.share * _tokens(traits, model.horizon, model.price * factor, wage) for traits in segments)
        for factor in (1 + STEP, 1 - STEP)
    )
    return (log_of(dearer) - log_of(cheaper)) / (log_of(1 + STEP) - log_of(1 - STEP))


def _tokens(traits: WorkTraits, horizon: float, price: float, wage: float) -> float:
    """Count the tokens bought for an exposed hour."""
    hourly = wage * traits.wage_factor
    offer = ModelOffer(0, 0, log_of(horizon), traits.tokens_an_hour * price / MILLION / hourly)
    return value_of(traits, (offer,)).spending[0] * hourly / price
