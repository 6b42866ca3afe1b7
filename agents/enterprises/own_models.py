"""Own models of enterprises: what a region's firms spend on hours to train and serve models of their own."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.regions import EnterpriseRegions
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import RegionState
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class OwnModelsBudget:
    """A region's budget for models of its own, as a source of income of its account."""

    region: RegionState
    models: "OwnModels"

    @property
    def account(self) -> int:
        """Number of its account."""
        return self.region.account

    def income(self, month: int) -> float:
        """Dollars that the region's firms set aside this month: for hours, and for machines of their own."""
        return (1 + float(self.region.traits.capital)) * self.models.grants[self.account]


class OwnModels:
    """Models of their own: a part of the surplus that firms expect from models, within a part of their IT budgets.

    A budget is granted a month ahead. It stands beside what a path in time gives for hours of compute, where a
    scenario has one.
    """

    SAVED: ClassVar[Saved] = {"grants": dict[int, float]}

    def __init__(self, regions: EnterpriseRegions, work: HandedOverWork, registers: Registers):
        self.regions, self.work, self.registers = regions, work, registers
        self.grants = dict.fromkeys((region.account for region in regions), 0.0)  # USD of this month, by account

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the regions of enterprises, and the work that they hand over."""
        return cls(parts[EnterpriseRegions], parts[HandedOverWork], parts.registers)

    @property
    def budgets(self) -> list[OwnModelsBudget]:
        """The budgets of all regions, as sources of income; none in a world without segments of work."""
        return [OwnModelsBudget(region, self) for region in self.regions if self.work.segments]

    def compute(self, region: RegionState) -> float:
        """Dollars this month for hours of compute, rented or on machines of their own."""
        return float(region.traits.compute(self.registers.month)) + self.grants[region.account]

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Grant next month's budgets."""
        self.grant()

    def grant(self) -> None:
        """Decide next month's budgets by what is expected this month."""
        for region in self.regions:
            traits = region.traits
            self.grants[region.account] = own_models_budget(
                traits.own_models * self.work.surplus_in_sight(region), traits.own_models_most * traits.it_budget
            )


def own_models_budget(wanted: float, most: float) -> float:
    """Dollars a month for hours: what firms want to spend, and at most a part of their budgets for IT."""
    return min(wanted, most)
