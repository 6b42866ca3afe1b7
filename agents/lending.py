"""Lenders: money against clouds' machines, with interest, repayment, and a covenant that bites."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.cloud import Cloud
from watersellers.agents.firm import Common
from watersellers.agents.impairing import value_in_use
from watersellers.agents.parts import Parts
from watersellers.agents.purses import within
from watersellers.agents.setting import Traits
from watersellers.agents.views import SeenByBorrower
from watersellers.market.dice import Chance
from watersellers.market.fleet import Machines
from watersellers.market.goods import MILLION, Good, Item
from watersellers.market.ledger import Entries, Ledger
from watersellers.market.orders import Trades, due, payment
from watersellers.market.saved import Saved
from watersellers.market.units import cents, whole

BACK = (Item.LOANS, Item.RECEIVABLES)  # what a borrower and its lender write when a loan is repaid


def fleet_worth(firm: Cloud, machines: Machines, month: int) -> float:
    """Dollars that a cloud's machines in service will earn it from the end of a month on, discounted."""
    return sum(dollars for _, dollars in lots_worth(firm, machines, month, 1))


def lots_worth(firm: Cloud, machines: Machines, month: int, gone: int) -> list[tuple[int, float]]:
    """Place in the register of each of a cloud's lots in service, and dollars it is worth to the cloud.

    ``gone`` is 1 at the end of the month, when its rent is in already, and 0 before.
    """
    found = []
    for lot, (owner, _, opens, _, units, hours, *_, power, serves) in enumerate(machines.rows()):
        if owner == firm.place and opens < month + gone and opens + serves > month:
            _, hour = value_in_use(firm, opens + serves - month - gone, power / MILLION)
            found.append((lot, hour * units * hours))
    return found


@dataclass(frozen=True, slots=True)
class LoanNumbers(Traits):
    """A cloud's loan: interest and repayment per month, the part of its fleet's worth it may owe, and its grace."""

    loan_rate: float
    loan_repaid: float
    covenant: float
    loan_grace: float


class Lenders:
    """The lenders' account: finite money, lent against machines that are seized where the covenant is broken."""

    NUMBERS: ClassVar = {"cloud": (LoanNumbers,)}
    SAVED: ClassVar[Saved] = {"late": dict[int, int], "news": list[tuple[str, str, str]]}

    def __init__(self, clouds: list[Cloud], common: Common):
        self.by_place = {firm.place: firm for firm in clouds}
        self.common, self.place = common, common.place("lenders")
        self.late: dict[int, int] = {}  # months in a row that a borrower owes interest
        self.news: list[tuple[str, str, str]] = []  # what, who, text of this month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Lend to the clouds."""
        return cls(parts.those(Cloud), parts.common)

    def income(self, month: int) -> float:
        """Dollars that savers hand to the lenders this month."""
        return self.common.numbers["lenders_inflow"]

    def loans(self, ledger: Ledger) -> list[tuple[Cloud, int]]:
        """Who owes how many cents, in the order of their places."""
        return [(self.by_place[place], owed) for place, _, owed in ledger.owed(Item.LOANS) if place in self.by_place]

    def able(self, ledger: Ledger) -> bool:
        """Whether there is anything to lend."""
        return bool(ledger.totals[self.place, Item.CASH])

    def lend(self, asks: list[tuple[Cloud, float]], ledger: Ledger, chance: Chance) -> None:
        """Lend what borrowers ask for, or its part of what there is; ``asks`` are dollars that each misses."""
        there = int(ledger.cash[self.place])
        owed = {firm.place: loan for firm, loan in self.loans(ledger)}
        machines, month = self.common.fleets.machines, self.common.month
        rows = []
        for firm, missing in asks:
            seen = SeenByBorrower(missing, fleet_worth(firm, machines, month), owed.get(firm.place, 0) / 100)
            rows.append((firm.place, cents(firm.decide("borrowing", seen, chance))))
        rows = [(place, pay) for place, pay in within(there, rows, "loans", ledger, chance) if pay > 0]
        places, pays = whole(place for place, _ in rows), whole(pay for _, pay in rows)
        me = whole([self.place] * len(rows))
        ledger.transfer(me, places, pays, BACK[::-1], Good.LOAN)
        for place, pay in rows:
            self.common.last.note_capital(place, pay)

    def spend(self, ledger: Ledger) -> Trades:
        """Charge interest on what is owed."""
        return due(
            payment(
                firm.place, Item.INTEREST, self.place, Good.INTEREST, round(firm.numbers[LoanNumbers].loan_rate * owed)
            )
            for firm, owed in self.loans(ledger)
        )

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Take back the month's part of each loan, as far as cash goes."""
        for firm, owed in self.loans(ledger):
            self._repay(
                firm, min(round(firm.numbers[LoanNumbers].loan_repaid * owed), int(ledger.cash[firm.place])), ledger
            )

    def _repay(self, firm: Cloud, pay: int, ledger: Ledger) -> None:
        """Move a repayment."""
        if pay > 0:
            ledger.transfer(whole([firm.place]), whole([self.place]), whole([pay]), BACK, Good.REPAYMENT)
            self.common.last.note_capital(firm.place, -pay)

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Hold borrowers to their covenants: who owes too much pays the excess, or loses its machines."""
        self.news = []
        owing = {debtor for debtor, creditor, _ in ledger.owed(Item.PAYABLES) if creditor == self.place}
        for firm, owed in self.loans(ledger):
            self.late[firm.place] = self.late.get(firm.place, 0) + 1 if firm.place in owing else 0
            pledged = lots_worth(firm, self.common.fleets.machines, chance.month, 0)
            bears = cents(firm.numbers[LoanNumbers].covenant * max(0.0, sum(worth for _, worth in pledged)))
            excess = owed - bears
            if excess > int(ledger.cash[firm.place]) or self.late[firm.place] >= firm.numbers[LoanNumbers].loan_grace:
                self._foreclose(firm, owed, sorted(pledged, key=lambda lot: (-lot[1], lot[0])), ledger)
            else:
                self._repay(firm, excess, ledger)

    def _foreclose(self, firm: Cloud, owed: int, pledged: list[tuple[int, float]], ledger: Ledger) -> None:
        """Sell machines, the most valuable first, until the loan is repaid; then cash goes, and the rest is lost."""
        left, world = owed, []
        for lot, _ in pledged:
            if left:
                price, buyer = self._best_price(firm, lot, ledger)
                self._sell(firm, lot, (price, buyer), ledger)
                world += [lot] if buyer == self.common.world else []
                self._repay(firm, min(price, left), ledger)
                left -= min(price, left)
        gone = np.zeros(len(self.common.fleets.machines), dtype=bool)
        gone[world] = True
        self.common.fleets.retire(gone)
        swept = min(left, int(ledger.cash[firm.place]))
        self._repay(firm, swept, ledger)
        left -= swept
        self._write_off(firm, left, ledger)
        text = f"Lenders seize machines of {{{firm.name}}} for {{{owed} cents}} that it owes"
        self.news.append(("seizure", firm.name, f"{text}, and lose {{{left} cents}}" if left else text))

    def _best_price(self, firm: Cloud, lot: int, ledger: Ledger) -> tuple[int, int]:
        """Cents that somebody pays for a lot at once, and who: another cloud of the region, or else the world."""
        common, row = self.common, self.common.fleets.machines.rows()[lot]
        months, power, hours = row[2] + row[-1] - common.month, row[-2] / MILLION, row[4] * row[5]
        bids = []
        for other in self.by_place.values():
            if other is not firm and other.alive and other.capacity and other.region == firm.region:
                worth = value_in_use(other, months, power)[1] * hours
                bids.append((cents(max(0.0, common.numbers["forced_sale"] * worth)), -other.place))
        free = ledger.cash - common.last.costs
        payable = [(price, who) for price, who in bids if 0 < price <= free[-who]]
        if payable:
            price, who = max(payable)
            return price, -who
        return min(round(common.numbers["salvage"] * row[7]), int(ledger.cash[common.world])), common.world

    def _sell(self, firm: Cloud, lot: int, deal: tuple[int, int], ledger: Ledger) -> None:
        """Hand a lot over: cash for machines at the price, and the gap to the book value as a loss or a gain."""
        (price, buyer), fleets, here = deal, self.common.fleets, whole([firm.place])
        units, book = int(fleets.machines.units[lot]), int(fleets.machines.book[lot])
        items = (Item.OPERATING_COST if buyer == self.common.world else Item.FLEET, Item.FLEET)
        ledger.transfer(whole([buyer]), here, whole([price]), items, Good.SALVAGE, quantity=whole([units]))
        sides = ((here, Item.REVALUATION), (here, Item.FLEET))
        debit, credit = sides if book > price else sides[::-1]
        ledger.post(Entries.made(debit, credit, whole([abs(book - price)]), Good.WRITE_OFF))
        opens, serves = int(fleets.machines.opens[lot]), int(fleets.machines.serves[lot])
        now = {"owner": buyer, "life": serves, "cost": price, "book": price, "basis": price}
        columns = {name: getattr(fleets.machines, name).copy() for name in (*now, "worn")}
        for name, value in (now | {"worn": self.common.month - opens}).items():
            columns[name][lot] = value
        fleets.rewrite(**columns)

    def _write_off(self, firm: Cloud, left: int, ledger: Ledger) -> None:
        """Write off on both sides what a seized fleet did not bring."""
        one, me, size, why = whole([firm.place]), whole([self.place]), whole([left]), Good.WRITE_OFF
        ledger.post(Entries.made((one, Item.LOANS), (one, Item.REVALUATION), size, why, counterparty=self.place))
        ledger.post(Entries.made((me, Item.REVALUATION), (me, Item.RECEIVABLES), size, why, counterparty=firm.place))
