"""Adoption of models by firms: the hazard, a month, with which a firm whose cost is covered adopts."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import asked
from watersellers.market.chance import Chance
from watersellers.market.elementary import exp_of, log_of


@dataclass(frozen=True, slots=True)
class SeenByAdopters:
    """The view of a segment's firms in a region that have not adopted models yet."""

    firms: float  # share of firms that use models
    depth: float  # share of their exposed work that these have opened to models
    gain: float  # USD that models save per dollar of wage of exposed work, by last month's cards


@dataclass(frozen=True, slots=True)
class Epidemic:
    """Learn of models from everywhere, and from firms that use them; what they bring does not matter."""

    innovators: float = 0.005  # hazard a month
    imitators: float = 0.1  # hazard a month, if all firms used them

    def __call__(self, seen: SeenByAdopters, chance: Chance) -> float:
        return asked(self.innovators + self.imitators * seen.firms, "work.adoption")


@dataclass(frozen=True, slots=True)
class Mansfield:
    """Learn as in an epidemic, the faster the more models save."""

    innovators: float = 0.00183  # hazard a month, at the usual gain
    imitators: float = 0.02  # hazard a month, at the usual gain, if all firms used them
    power: float = 0.962  # elasticity of the hazard to the gain
    usual: float = 0.02  # USD per dollar of wage of exposed work

    def __call__(self, seen: SeenByAdopters, chance: Chance) -> float:
        if seen.gain <= 0:
            return 0.0
        pull = exp_of(self.power * (log_of(seen.gain) - log_of(self.usual)))
        return asked((self.innovators + self.imitators * seen.firms) * pull, "work.adoption")


@dataclass(frozen=True, slots=True)
class Probit:
    """Know of models, and adopt some months after they begin to pay, whatever others do and however much that is."""

    innovators: float = 0.2  # hazard a month

    def __call__(self, seen: SeenByAdopters, chance: Chance) -> float:
        return self.innovators
