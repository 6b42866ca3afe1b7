"""A cloud provider: its machines, its spot price, and the value of an hour of capacity to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import mesa

from watersellers.agents.compute.capital_budgeting import MachineNumbers, OwnershipTerms
from watersellers.agents.firm import Firm, Trend
from watersellers.agents.public_information import Rental
from watersellers.agents.scenario_spec import ParticipantSpec, Traits
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class CloudTraits(Traits):
    """A cloud's numbers; see ``experiments/parameters.csv`` for units and sources."""

    opening_hours: float
    opening_age: float
    opening_cash: float
    opening_price: float
    opening_growth: float
    machine_price: float
    staff_share: float
    service_life: float
    horizon: float
    deposit: float
    sensitivity: float
    market_elasticity: float
    sells: float
    owner_funds: float
    payout: float


class Cloud(Firm):
    """A provider of GPU-hours."""

    TRAITS = CloudTraits
    SAVED: ClassVar[Saved] = {
        "asked": Trend,
        "asked_last": int,
        "called_last": int,
        "capacity": int,
        "chip_share": dict[int, float],
    }

    def __init__(self, model: mesa.Model, member: ParticipantSpec, account_id: int, records: Sequence[type[Traits]]):
        super().__init__(model, member, account_id, records)
        self.price = self.traits.opening_price
        self.asked = Trend(self.traits.opening_hours, self.traits.opening_growth)
        self.asked_last = 0  # hours
        self.called_last = 0  # of these, hours called under contracts
        self.capacity = 0  # hours
        self.chip_share: dict[int, float] = {}  # of its last machine order, by vendor

    @property
    def traits(self) -> CloudTraits:
        """Those of its numbers that no mechanism owns."""
        core: CloudTraits = self.numbers.core
        return core

    @property
    def used_share(self) -> float:
        """Hours ordered from it over its capacity: above 1 when it was short, 0 without machines."""
        return self.asked_last / self.capacity if self.capacity else 0.0

    def run(self, hours: int) -> None:
        """Set this month's capacity in hours."""
        self.capacity = hours

    def order_from(self, shares: dict[int, float]) -> None:
        """Note its shares of vendors in an order of machines."""
        self.chip_share = shares

    def note_demand(self, hours: int, called: int) -> None:
        """Note the hours ordered from it this month, and how many of these were called under contracts."""
        self.asked_last, self.called_last = hours, called

    @property
    def serves(self) -> int:
        """Months that a machine is in service: never fewer than its book life."""
        return max(int(self.traits.service_life), int(self.numbers[MachineNumbers].book_life))

    @property
    def ownership(self) -> OwnershipTerms:
        """Its assumptions when it buys machines."""
        return self.numbers[MachineNumbers].ownership(self.serves)

    def rental(self) -> Rental:
        """Return this month's public offer."""
        return Rental(self.account, self.region, self.owner, self.traits.sells > 0, self.price, self.capacity)

    def hour_worth(self, use: float) -> float:
        """Dollars that the chips for one hour per month of capacity are worth to it, at its own price of an hour.

        ``use`` is the share of hours rented that a cloud without machines assumes; any other takes its own share.
        """
        rented = self._rented(use)
        return self.ownership.hour_worth(rented * self.price, self._running(rented))

    def hour_running(self, use: float) -> float:
        """Dollars by which power and site reduce that value, for machines with the power of the opening ones."""
        return self.ownership.running_worth(self._running(self._rented(use)))

    def _rented(self, use: float) -> float:
        """Share of hours rented that it assumes."""
        return min(1.0, self.used_share if self.capacity else use)

    def _running(self, rented: float) -> float:
        """Dollars of power and site per hour of capacity, if this share of the hours is rented."""
        machines = self.numbers[MachineNumbers]
        return rented * machines.power_cost + machines.site_cost
