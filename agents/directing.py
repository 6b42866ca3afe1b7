"""Boards of labs and apps: they look at how long the money lasts, and carry on, pivot to what pays, or close."""

from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.court import Court
from watersellers.agents.firm import Common, Firm
from watersellers.agents.lab import Lab
from watersellers.agents.parts import Parts
from watersellers.agents.views import Course, SeenByBoard
from watersellers.market.dice import Chance
from watersellers.market.goods import LIABILITIES
from watersellers.market.ledger import Ledger
from watersellers.market.saved import Saved


class Boards:
    """Those who answer for labs and apps while these can still pay."""

    SAVED: ClassVar[Saved] = {"news": list[tuple[str, str, str]]}

    def __init__(self, firms: list[Firm], court: Court, common: Common):
        self.firms, self.court, self.common = firms, court, common
        self.news: list[tuple[str, str, str]] = []  # what, who, text of this month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take labs and apps."""
        return cls([*parts.those(Lab), *parts.those(App)], parts[Court], parts.common)

    def wind_up(self, ledger: Ledger, chance: Chance) -> None:
        """Let each board decide; who closes pays everybody and returns the rest to the holders."""
        self.news = []
        for firm in self.firms:
            if firm.alive and not firm.pivoted:
                decided = firm.decide("outlook", self._see(firm, ledger), chance)
                self._follow(decided, firm, ledger, chance)

    def _see(self, firm: Firm, ledger: Ledger) -> SeenByBoard:
        """Show a board how its firm stands."""
        place = firm.place
        return SeenByBoard(
            cash=int(ledger.cash[place]) / 100,
            burn=int(self.common.last.drain[place]) / 100,
            grant=firm.owner_funds,
            debts=-int(ledger.totals[place, list(LIABILITIES)].sum()) / 100,
        )

    def _follow(self, decided: float, firm: Firm, ledger: Ledger, chance: Chance) -> None:
        """Do what was decided, and tell it."""
        if decided == Course.PIVOT:
            firm.pivot()
            self.news.append(("pivot", firm.name, f"{{{firm.name}}} gives nothing away any more and sells what pays"))
        elif decided == Course.CLOSE:
            self.court.close_down(firm, ledger, chance)
            self.news.append(("closing", firm.name, f"{{{firm.name}}} closes down while it can pay everybody"))
