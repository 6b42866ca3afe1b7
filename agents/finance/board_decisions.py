"""Board decisions: boards of labs and apps see how long the cash will last, and carry on, pivot or close.

Chip vendors decide by their capacity: one that has given up all of it leaves.
"""

from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.decision_bounds import Course
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.failures.insolvency import Insolvency
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.labs.lab import Lab
from watersellers.agents.strategies.outlook import SeenByBoard
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import LIABILITIES
from watersellers.market.saved import Saved


class BoardDecisions:
    """The boards of labs and apps, which decide while their firms can still pay, and of vendors that leave."""

    SAVED: ClassVar[Saved] = {"announcements": list[tuple[str, str, str]]}

    def __init__(self, firms: list[Firm], vendors: list[ChipVendor], insolvency: Insolvency, registers: Registers):
        self.firms, self.vendors, self.insolvency, self.registers = firms, vendors, insolvency, registers
        self.announcements: list[tuple[str, str, str]] = []  # of this month: kind of event, firm, text

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the labs, the apps and the vendors of the scenario."""
        firms = [*parts.firms_of(Lab), *parts.firms_of(App)]
        return cls(firms, parts.firms_of(ChipVendor), parts[Insolvency], parts.registers)

    def wind_up(self, ledger: Ledger, chance: Chance) -> None:
        """Let each board decide; a firm that closes pays its creditors and returns the rest to its shareholders."""
        self.announcements = []
        for firm in self.firms:
            if firm.alive and not firm.pivoted:
                course = firm.decide("outlook", self._see(firm, ledger), chance)
                self._follow(course, firm, ledger, chance)
        for vendor in self.vendors:
            if vendor.alive and vendor.gave_up:
                self.insolvency.close_down(vendor, ledger, chance)
                text = f"{{{vendor.name}}} gives up its last capacity, and closes down"
                self.announcements.append(("closing", vendor.name, text))

    def _see(self, firm: Firm, ledger: Ledger) -> SeenByBoard:
        """Return a board's view of its firm."""
        account_id = firm.account
        return SeenByBoard(
            cash=int(ledger.cash[account_id]) / 100,
            burn=int(self.registers.last.drain[account_id]) / 100,
            grant=firm.owner_funds,
            debts=-int(ledger.totals[account_id, list(LIABILITIES)].sum()) / 100,
        )

    def _follow(self, course: float, firm: Firm, ledger: Ledger, chance: Chance) -> None:
        """Carry out a board's decision, and announce it."""
        if course == Course.PIVOT:
            firm.pivot()
            self.announcements.append(
                ("pivot", firm.name, f"{{{firm.name}}} gives nothing away any more and sells what pays")
            )
        elif course == Course.CLOSE:
            self.insolvency.close_down(firm, ledger, chance)
            self.announcements.append(("closing", firm.name, f"{{{firm.name}}} closes down while it can pay everybody"))
