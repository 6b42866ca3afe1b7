"""A chip vendor: its capacity with a lead time, its unit cost, and its product sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import mesa

from watersellers.agents.firm import Firm, Trend
from watersellers.agents.public_information import NO_LIMIT, Product
from watersellers.agents.scenario_spec import ParticipantSpec, Traits
from watersellers.market.exact import cents
from watersellers.market.goods import HOURS_A_MONTH
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class ChipTraits(Traits):
    """A vendor's numbers; see ``experiments/parameters.csv`` for units and sources."""

    unit_cost: float
    performance: float
    performance_growth: float
    growing_from: float
    links: float
    software: float
    lock_in: float
    sensitivity: float
    market_elasticity: float
    opening_capacity: float
    lead: float
    opening_wait: float
    opening_price: float
    opening_growth: float
    opening_lead: float
    opening_pipeline: float
    opening_cash: float
    prepaid_months: float
    research_share: float
    research_fixed: float
    staff: float
    payout: float
    exports: float
    at_home: float
    group_only: float
    owner_funds: float
    power: float
    learning: float
    learning_from: float
    take_or_pay: float
    notice: float
    longest_wait: float


class ChipVendor(Firm):
    """A vendor of accelerators."""

    TRAITS = ChipTraits
    SAVED: ClassVar[Saved] = {
        "capacity": float,
        "pipeline": list[tuple[int, float]],
        "orders": Trend,
        "made": list[int],
        "could": list[int],
        "given_up": float,
    }

    def __init__(self, model: mesa.Model, member: ParticipantSpec, account_id: int, records: Sequence[type[Traits]]):
        super().__init__(model, member, account_id, records)
        self.price = self.traits.opening_price
        self.capacity = self.traits.opening_capacity if self.alive else 0.0  # accelerators per month
        self.pipeline = self._ordered_before()  # month of opening, accelerators per month
        self.orders = Trend(self.traits.opening_capacity, self.traits.opening_growth)
        self.made: list[int] = []  # accelerators in each month in which it had capacity
        self.could: list[int] = []  # capacity of these months, in whole accelerators
        self.given_up = 0.0  # accelerators per month of capacity that it gave up this month

    @property
    def coming(self) -> float:
        """Capacity that is paid for and not open yet, accelerators per month."""
        return sum(units for _, units in self.pipeline)

    @property
    def committed(self) -> float:
        """Capacity that it has or has ordered, accelerators per month."""
        return self.capacity + self.coming

    @property
    def is_new(self) -> bool:
        """Whether it has yet to order its first capacity."""
        return not self.capacity and not self.pipeline and not self.made

    @property
    def gave_up(self) -> bool:
        """Whether it has given up all the capacity that it had."""
        return not self.capacity and not self.pipeline and bool(self.made)

    @property
    def traits(self) -> ChipTraits:
        """Those of its numbers that no mechanism owns."""
        core: ChipTraits = self.numbers.core
        return core

    def _ordered_before(self) -> list[tuple[int, float]]:
        """Capacity ordered before the first month: (month of opening, accelerators per month), over one lead time.

        That lead time is history's. The one of new orders may be another: it moves none of what was ordered before.
        """
        traits = self.traits
        if not self.alive:
            return []
        months = range(int(traits.opening_lead))
        levels = [traits.opening_capacity * (1 + traits.opening_pipeline) ** month for month in months]
        return [(month, levels[month] - levels[month - 1]) for month in range(1, len(levels))]

    def open_capacity(self, month: int) -> None:
        """Open the capacity that was ordered a lead time ago."""
        self.capacity += sum(units for opens, units in self.pipeline if opens == month)
        self.pipeline = [(opens, units) for opens, units in self.pipeline if opens > month]

    def order_capacity(self, month: int, units: int) -> None:
        """Order capacity that opens a lead time after a month."""
        self.pipeline.append((month + int(self.traits.lead), float(units)))

    def give_up(self, units: float) -> None:
        """Give up so much capacity: first what opens last, then what is open."""
        self.given_up = units
        if not units:
            return
        if units >= self.committed:  # all of it: what rounding would leave of it could neither make nor leave
            self.capacity, self.pipeline = 0.0, []
            return
        left, kept = units, []
        for opens, coming in reversed(self.pipeline):
            cut = min(coming, left)
            left -= cut
            if coming > cut:
                kept.append((opens, coming - cut))
        self.pipeline = kept[::-1]
        self.capacity -= min(self.capacity, left)

    def unused(self, made: int) -> int:
        """Accelerators that it pays for and does not make: idle ones, and those of the notice of what it gave up."""
        return max(0, int(self.capacity) - made) + int(self.given_up * int(self.traits.notice))

    def note_output(self, units: int) -> None:
        """Note the accelerators that it made this month, and could have made."""
        if self.capacity:
            self.made.append(units)
            self.could.append(int(self.capacity))

    def hours(self, month: int) -> int:
        """H100-equivalent hours per month of a machine that is sold in this month."""
        return round(HOURS_A_MONTH * self.performance(month))

    def performance(self, month: int) -> float:
        """H100-equivalents of a machine that is sold in this month."""
        traits = self.traits
        return traits.performance * (1 + traits.performance_growth) ** max(0, month - int(traits.growing_from))

    def useful_hours(self, month: int) -> float:
        """Those of these hours that its software lets users use."""
        return self.hours(month) * self.traits.software

    def unit_cost(self, made: int) -> float:
        """Dollars per accelerator once ``made`` have been made: each doubling cuts it by the same share (Wright)."""
        traits = self.traits
        return float(traits.unit_cost * (max(1, made) / traits.learning_from) ** -traits.learning)

    def product(self, month: int, backlog: int, abroad: bool) -> Product:
        """Return this month's product sheet; ``backlog`` is the vendor's, ``abroad`` says whether it sells there."""
        traits = self.traits
        return Product(
            vendor=self.account,
            region=self.region,
            owner=self.owner,
            exports=abroad,
            at_home=traits.at_home > 0,
            group_only=traits.group_only > 0,
            price=self.price,
            hours=self.hours(month),
            software=traits.software,
            lock_in=traits.lock_in,
            sensitivity=traits.sensitivity,
            capacity=self.capacity,
            wait=backlog / self.capacity,
            power=traits.power,
            takes=self._takes(backlog),
        )

    def _takes(self, backlog: int) -> int:
        """Accelerators for which it takes orders: at today's capacity nobody waits for longer than it allows."""
        longest = self.traits.longest_wait
        return max(0, int(longest * self.capacity) - backlog) if longest > 0 else NO_LIMIT


def research_bill(traits: ChipTraits, billed: int) -> int:
    """Cents of a month's research: a share of the cents billed for accelerators, and what is owed whatever is sold."""
    return round(traits.research_share * billed) + cents(traits.research_fixed)
