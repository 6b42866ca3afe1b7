"""Make or buy of tokens: what share of its queries an app serves itself, and the machines that it owns for that."""

from dataclasses import dataclass

from watersellers.agents.views import SeenByHost, SeenByOwner
from watersellers.market.dice import Chance


@dataclass(frozen=True, slots=True)
class ApiOnly:
    """Buy every token. Pays for what is used and no more; at large volume it pays the seller's margin on all of it."""

    def __call__(self, seen: SeenByHost, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class OwnModel:
    """Serve all queries by an open model, whatever it costs: ruinous for the small, safe from whoever sells tokens."""

    def __call__(self, seen: SeenByHost, chance: Chance) -> float:
        return 1.0


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Move queries to an open model from the volume on at which hours and team cost less than the API, and back below.

    A small app stays with the API, for half-empty batches and a team are dear to it.
    """

    step: float = 0.5  # share of its queries that it moves in a month

    def __call__(self, seen: SeenByHost, chance: Chance) -> float:
        if seen.hours_bill + seen.team < seen.api_bill:
            return min(1.0, seen.hosted + self.step)
        return max(0.0, seen.hosted - self.step)


@dataclass(frozen=True, slots=True)
class RentHours:
    """Own no machine and rent the hours that a model takes: dear while rents are high, nothing once use has gone."""

    def __call__(self, seen: SeenByOwner, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class OwnMachines:
    """Buy the machines that are missing where the rent that one saves is worth more than it costs.

    Cheap while rents stay high; when rents or use fall, the machines are there and the money is gone.
    """

    def __call__(self, seen: SeenByOwner, chance: Chance) -> float:
        missing = seen.hours - seen.capacity - seen.coming
        return max(0.0, missing) if seen.return_on_cost > 1 else 0.0
