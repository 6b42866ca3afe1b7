"""Free entry: a firm is founded when investors would value it at more than entry costs, also after it failed.

Chip vendors enter by a rule of their own, by what they would earn or save.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.chips.entry import VendorEntry
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.venture.track_records import companies
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.labs.lab import Lab
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.exact import cents
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class EntryNumbers(Traits):
    """Dollars that it takes to found a company (0: it enters by date alone), and months of waiting after a failure."""

    entry_cost: float
    entry_wait: float


class FreeEntry:
    """Decides whether firms that may enter freely are worth their cost this month."""

    NUMBERS: ClassVar = {"labs": (EntryNumbers,), "apps": (EntryNumbers,)}
    SAVED: ClassVar[Saved] = {"left": dict[int, int]}

    def __init__(self, investors: Investors, registers: Registers, vendors: VendorEntry):
        self.investors, self.registers, self.vendors = investors, registers, vendors
        self.left: dict[int, int] = {}  # by firm: month in which it was wound up

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the investors who would pay for entrants."""
        return cls(parts[Investors], parts.registers, parts[VendorEntry])

    def cost(self, firm: Firm) -> int:
        """Cents that it takes to found a firm, all its companies together; 0 where it enters by date alone."""
        if isinstance(firm, ChipVendor):
            return self.vendors.cost(firm)
        if not isinstance(firm, Lab | App) or not firm.founder:
            return 0
        return cents(firm.numbers[EntryNumbers].entry_cost * companies(firm))

    def payer(self, firm: Firm) -> int:
        """Account of who pays for a firm: its founder, or its owner's older businesses."""
        return self.registers.account_id(firm.founder or "older_businesses")

    def note_exit(self, firm: Firm) -> None:
        """Note that a firm is wound up this month: investors keep what it taught them on revenue, and nothing else."""
        self.left[firm.account] = self.registers.month
        self.investors.forget(firm)

    def worth_it(self, firm: Firm, ledger: Ledger, chance: Chance) -> bool:
        """Whether a firm enters now: its founder can pay, and values it at more than that once it has the money.

        Chip vendors enter by their own decision.
        """
        return int(ledger.cash[self.payer(firm)]) >= self.cost(firm) and self.wanted(firm, chance)

    def wanted(self, firm: Firm, chance: Chance) -> bool:
        """Whether a firm would enter if its founder had the money."""
        if isinstance(firm, ChipVendor):
            return self.vendors.enters(firm, chance)
        cost, month, left = self.cost(firm), self.registers.month, self.left.get(firm.account)
        early = month < max(1, firm.enters)
        if early or (left is not None and month - left <= firm.numbers[EntryNumbers].entry_wait):
            return False
        pool = next(each for each in self.investors.pools if each.name == firm.founder)
        return self.investors.value(firm, pool, cost / 100, chance) > cost / 100

    def start(self, firm: Firm) -> None:
        """Let a firm begin with what its companies begin with, and nothing of its predecessors."""
        if isinstance(firm, Lab | App):
            firm.begin()
        elif isinstance(firm, ChipVendor):
            self.vendors.start(firm)
