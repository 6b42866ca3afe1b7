"""Cloud providers as sellers: hours of their machines, rented at a spot price."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import mesa

from watersellers.agents.firm import Firm, Trend
from watersellers.agents.news import Rental
from watersellers.agents.owning import MachineNumbers, Owning
from watersellers.agents.setting import Member, Traits
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
    older_revenue: float
    owner_funds: float
    payout: float


class Cloud(Firm):
    """A provider of GPU-hours."""

    TRAITS = CloudTraits
    SAVED: ClassVar[Saved] = {"asked": Trend, "asked_last": int, "capacity": int, "chip_share": dict[int, float]}

    def __init__(self, model: mesa.Model, member: Member, place: int, records: Sequence[type[Traits]]):
        super().__init__(model, member, place, records)
        self.price = self.traits.opening_price
        self.asked = Trend(self.traits.opening_hours, self.traits.opening_growth)
        self.asked_last = 0  # hours
        self.capacity = 0  # hours
        self.chip_share: dict[int, float] = {}  # of its last machine order, by vendor

    @property
    def traits(self) -> CloudTraits:
        """Its numbers that no mechanism owns."""
        core: CloudTraits = self.numbers.core
        return core

    @property
    def used_share(self) -> float:
        """Hours asked of it over hours it had; above 1 when it was short, 0 without machines."""
        return self.asked_last / self.capacity if self.capacity else 0.0

    def run(self, hours: int) -> None:
        """Have machines in service that give so many hours this month."""
        self.capacity = hours

    def order_from(self, shares: dict[int, float]) -> None:
        """Order machines by these shares of vendors."""
        self.chip_share = shares

    def hear(self, hours: int) -> None:
        """Be asked for so many hours this month."""
        self.asked_last = hours

    @property
    def serves(self) -> int:
        """Months that a machine is in service: never fewer than it is in the books."""
        return max(int(self.traits.service_life), int(self.numbers[MachineNumbers].book_life))

    @property
    def owning(self) -> Owning:
        """What it reckons with when it buys machines."""
        return self.numbers[MachineNumbers].owning(self.serves)

    def rental(self) -> Rental:
        """This month's public offer."""
        return Rental(self.place, self.region, self.owner, self.traits.sells > 0, self.price, self.capacity)

    def hour_worth(self, use: float) -> float:
        """Dollars that the chips for an hour a month of capacity are worth to it, at its own price of an hour.

        ``use`` is the share of hours rented that a builder without machines reckons with; one that has
        some goes by its own.
        """
        rented = self._rented(use)
        return self.owning.hour_worth(rented * self.price, self._running(rented))

    def hour_running(self, use: float) -> float:
        """Dollars that power and site take of that, for machines as hungry as the opening ones."""
        return self.owning.running_worth(self._running(self._rented(use)))

    def _rented(self, use: float) -> float:
        """Share of hours rented that it reckons with."""
        return min(1.0, self.used_share if self.capacity else use)

    def _running(self, rented: float) -> float:
        """Dollars of power and site for an hour of capacity of which this share is rented."""
        machines = self.numbers[MachineNumbers]
        return rented * machines.power_cost + machines.site_cost
