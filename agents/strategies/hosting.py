"""Hosting: the share of queries that an app serves with its own model, and the machines that it buys for that."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import asked
from watersellers.agents.information import SeenByMachineBuyer, SeenBySelfHost
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class ApiOnly:
    """Buy every token: the app pays only for use, but at large volume it pays the seller's margin on all of it."""

    def __call__(self, seen: SeenBySelfHost, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class OwnModel:
    """Serve all queries with an open model, whatever it costs: ruinous for small apps, independent of token sellers."""

    def __call__(self, seen: SeenBySelfHost, chance: Chance) -> float:
        return 1.0


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Move queries to an open model while its hours and team cost less than the API, and back otherwise.

    A small app stays with the API, since half-empty batches and a team cost too much for it.
    """

    step: float = 0.5  # share of queries moved per month

    def __call__(self, seen: SeenBySelfHost, chance: Chance) -> float:
        if seen.hours_bill + seen.team < seen.api_bill:
            return min(1.0, seen.hosted + self.step)
        return max(0.0, seen.hosted - self.step)


@dataclass(frozen=True, slots=True)
class RentHours:
    """Own no machines, and rent the hours that the model needs: dear while rents are high, free once use ends."""

    def __call__(self, seen: SeenByMachineBuyer, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class OwnMachines:
    """Buy the missing machines if the rent that a machine saves is worth more than its cost.

    Cheap while rents stay high; when rents or use fall, the money is lost in machines.
    """

    def __call__(self, seen: SeenByMachineBuyer, chance: Chance) -> float:
        missing = seen.hours - seen.capacity - seen.coming
        return asked(max(0.0, missing), "apps.owning") if seen.return_on_cost > 1 else 0.0
