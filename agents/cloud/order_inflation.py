"""Order inflation: a cloud that expects to receive only part of an order orders more, and cancels the excess."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import Traits
from watersellers.market.chance import Chance
from watersellers.market.exact import split
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class InflationNumbers(Traits):
    """How strongly a cloud inflates its orders in a shortage, and the largest ratio of orders to wanted machines."""

    inflation: float
    most_padding: float


class OrderInflation:
    """The share of its orders that each cloud expects to receive, and its ratio of orders to wanted machines."""

    NUMBERS: ClassVar = {"cloud": (InflationNumbers,)}
    SAVED: ClassVar[Saved] = {"factors": dict[int, float], "came": dict[int, float]}

    def __init__(self, clouds: list[Cloud], registers: Registers):
        self.registers = registers
        self.factors = {firm.account: 1.0 for firm in clouds}  # machines on order over wanted machines
        self.came = {firm.account: 1.0 for firm in clouds}  # share of the machines last called off that were delivered

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the clouds of the scenario."""
        return cls(parts.firms_of(Cloud), parts.registers)

    def factor(self, firm: Cloud) -> float:
        """Machines that a cloud has on order over those that it wants."""
        return self.factors[firm.account]

    def receive(self, firm: Cloud, called_off: int, came: int) -> None:
        """Note the share of the machines called off by a cloud that were delivered."""
        self.came[firm.account] = came / called_off if called_off else 1.0

    def inflate(self, firm: Cloud, wanted: float, on_order: float) -> float:
        """Hours per month to order so that the expected delivery is what the cloud wants; below 0 to cancel.

        Parameters
        ----------
        firm : Cloud
            The buyer; its factor is set to that of this month.
        wanted : float
            Hours per month that it would order if all of them were delivered.
        on_order : float
            Hours per month of all that it has on order, inflation included.
        """
        numbers = firm.numbers[InflationNumbers]
        before, came = self.factors[firm.account], self.came[firm.account]
        shortage = 1 / came - 1 if came > 0 else numbers.most_padding
        factor = min(1 + numbers.inflation * shortage, max(1.0, numbers.most_padding))
        self.factors[firm.account] = factor
        return wanted * factor + on_order / before * (factor - before)

    def cancel(self, firm: Cloud, machines: int, chance: Chance) -> None:
        """Cancel machines at all vendors in proportion; deposits stay there and count towards later deliveries."""
        backlog = self.registers.backlog
        waiting = backlog.on_order(firm.account)
        vendors = sorted(waiting)
        ties = chance.order("cancel", self.registers.accounts.keys[vendors])
        over = min(machines, sum(waiting.values()))
        for vendor, units in zip(vendors, split(over, [waiting[vendor] for vendor in vendors], ties), strict=True):
            backlog.withdraw((firm.account, vendor), units)
