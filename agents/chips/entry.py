"""Entry of chip vendors: into the open market where margins pay for it, and of owners who have machines made."""

from dataclasses import dataclass
from math import inf
from typing import ClassVar, Self

from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.compute.capital_budgeting import machines_sold_to
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByEntrant
from watersellers.agents.public_information import Product
from watersellers.agents.scenario_spec import Traits
from watersellers.market.chance import Chance
from watersellers.market.exact import among, cents
from watersellers.market.saved import Saved
from watersellers.market.trade.fleet import annuity

YEAR = 12  # months


@dataclass(frozen=True, slots=True)
class VendorEntryNumbers(Traits):
    """What it takes to develop a first machine (0: a vendor enters by date), and what an entrant expects of it."""

    entry_cost: float  # USD, spent evenly over the months of development
    development: float  # months before it orders its first capacity
    entry_share: float  # of the machines that it could sell today
    entry_horizon: float  # months over which it counts on its margins
    entry_discount: float  # share per month


class VendorEntry:
    """Chip vendors that enter where the present value of their margins, or of what owners save, pays for it."""

    NUMBERS: ClassVar = {"chips": (VendorEntryNumbers,)}
    SAVED: ClassVar[Saved] = {"entered": dict[int, int]}

    def __init__(self, vendors: list[ChipVendor], registers: Registers):
        self.vendors, self.registers = vendors, registers
        self.entered: dict[int, int] = {}  # by vendor that entered freely: month in which it did

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the vendors of the scenario."""
        return cls(parts.firms_of(ChipVendor), parts.registers)

    def cost(self, firm: ChipVendor) -> int:
        """Cents that its founder pays; 0 where it enters by date, was there from the start, or has entered before."""
        numbers = firm.numbers[VendorEntryNumbers]
        if not numbers.entry_cost or not firm.enters or firm.account in self.entered:
            return 0
        return cents(numbers.entry_cost + firm.traits.opening_cash)

    def enters(self, firm: ChipVendor, chance: Chance) -> bool:
        """Whether a vendor enters this month, by a keyed chance that its strategy gives."""
        seen = SeenByEntrant(worth=self.worth(firm), cost=firm.numbers[VendorEntryNumbers].entry_cost)
        drawn = float(chance.uniform("entry", firm.key)[0])
        return firm.enters <= chance.month and drawn < firm.decide("entering", seen, chance)

    def start(self, firm: ChipVendor) -> None:
        """Note that a vendor has entered, and begins to develop its first machine."""
        self.entered[firm.account] = self.registers.month

    def developing(self, firm: ChipVendor) -> bool:
        """Whether it is too early for a vendor's first order of capacity."""
        since = self.entered.get(firm.account)
        return since is not None and self.registers.month - since < int(firm.numbers[VendorEntryNumbers].development)

    def development_bill(self, firm: ChipVendor) -> int:
        """Cents of this month's development of a first machine."""
        since, numbers = self.entered.get(firm.account), firm.numbers[VendorEntryNumbers]
        months = int(numbers.development)
        if since is None or self.registers.month - since > months:
            return 0
        return cents(numbers.entry_cost / months)

    def worth(self, firm: ChipVendor) -> float:
        """Dollars, today, of the margins or savings that its machines would bring once its first capacity is open."""
        numbers = firm.numbers[VendorEntryNumbers]
        wait = int(numbers.development) + int(firm.traits.lead)
        value = annuity(numbers.entry_discount, int(numbers.entry_horizon)) * self.margin(firm)
        return float(value * (1 + numbers.entry_discount) ** -wait)

    def margin(self, firm: ChipVendor) -> float:
        """Dollars per month that it would earn at today's prices and sales, or save its owner on what that buys."""
        traits = firm.traits
        unit_cost = firm.unit_cost(int(self.registers.fleets.produced[firm.account]))
        full_cost = unit_cost / (1 - traits.research_share) / firm.useful_hours(self.registers.month)
        hours, price = self._bought_by_group(firm) if traits.group_only else self._sold_by_rivals(firm)
        sold = firm.numbers[VendorEntryNumbers].entry_share * hours
        return sold * (price - full_cost) - traits.staff - traits.research_fixed

    def _rivals(self, firm: ChipVendor) -> list[Product]:
        """Other vendors' machines on sale in its region, by the last product sheets."""
        offered = machines_sold_to(firm.region, self.registers.public)
        return [product for product in offered if product.vendor != firm.account]

    def cheapest(self, firm: ChipVendor) -> float:
        """Dollars for a useful hour per month on the cheapest machine of others; infinite where there is none."""
        hours = ((product.price, product.hours * product.software) for product in self._rivals(firm))
        return min((price / useful for price, useful in hours), default=inf)

    def _sold_by_rivals(self, firm: ChipVendor) -> tuple[float, float]:
        """Useful hours per month on the machines that rivals delivered, and dollars for one at their prices."""
        made = {vendor.account: vendor.made[-1] if vendor.made else 0 for vendor in self.vendors}
        hours, billed = 0.0, 0.0
        for product in self._rivals(firm):
            hours += made[product.vendor] * product.hours * product.software
            billed += made[product.vendor] * product.price
        return (hours, billed / hours) if hours else (0.0, 0.0)

    def _bought_by_group(self, firm: ChipVendor) -> tuple[float, float]:
        """Hours of machines that its owner's clouds put into service per month of a year, and the cheapest price."""
        price = self.cheapest(firm)
        if price == inf:
            return 0.0, 0.0
        rows = enumerate(self.registers.accounts.rows)
        group = [place for place, row in rows if row.layer == "cloud" and row.owner == firm.owner]
        lots = self.registers.fleets.machines
        month = self.registers.month
        recent = among(lots.owner, group) & (lots.opens > month - YEAR) & (lots.opens <= month)
        return float((lots.units[recent] * lots.hours[recent]).sum()) / YEAR, price
