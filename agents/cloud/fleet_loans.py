"""Fleet loans: lenders lend against clouds' machines and contracts, with interest and an enforced covenant."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import fsum, inf
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.cloud.impairment import value_in_use, values_in_use
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.compute.capital_budgeting import MachineNumbers
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByBorrower
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.agents.proration import prorate
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Entries, Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, cents, dollars, whole
from watersellers.market.goods import MILLION, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.contracts import Contracts
from watersellers.market.trade.fleet import Machines, production_values
from watersellers.market.trade.orders import Trades, due, payment

BACK = (Item.LOANS, Item.RECEIVABLES)  # items of a borrower and its lender when a loan is repaid


def lots_worth(firm: Cloud, machines: Machines, month: int, gone: int) -> list[tuple[int, float]]:
    """Value of each of a cloud's lots in service, to the cloud: (row in the register, dollars).

    ``gone`` is 1 at the end of the month, when its rent has been paid already, and 0 before.
    """
    ends, opened = machines.opens + machines.serves, machines.opens < month + gone
    lots = np.flatnonzero((machines.owner == firm.account) & opened & (ends > month))
    _, values = values_in_use(firm, machines, lots, month + gone)
    return list(zip(lots.tolist(), values, strict=True))


def hours_to_come(lots: Machines, month: int) -> tuple[Column, Column]:
    """Hours in each month from ``month`` on in which lots are in service, and the power of an hour of theirs.

    Power is a multiple of the opening machines'. Both have as many months as the last of the lots has left.
    """
    left = np.maximum(0, lots.opens + lots.serves - month)
    serving = (np.arange(left.max(initial=0))[:, np.newaxis] < left) * (lots.units * lots.hours)
    hours = serving.sum(axis=1)
    return hours.astype(np.float64), (serving * (lots.power / MILLION)).sum(axis=1) / hours


@lru_cache(maxsize=256)
def powers(base: float, exponents: range) -> Column:
    """Tabulate the powers of a number."""
    table = np.array([base**exponent for exponent in exponents])
    table.setflags(write=False)
    return table


def gained_by_contracts(firm: Cloud, lots: Machines, signed: Contracts, month: int, weight: float) -> float:
    """Dollars by which a cloud's contracts make the lots that it pledges worth more to lenders.

    Lenders that look at a contract leave out what its hours would earn at spot, and count ``weight`` times what the
    contract pays for them, less power and sites: for all hours from ``month`` on that these lots can deliver when
    contracts that were signed before have theirs. Where that would be less, they do not look at it: machines that they
    seize are free of contracts. Of a cloud's hours those under contract are rented first. A cloud without capacity, or
    without lots that last, has nothing to deliver from.

    ``signed`` are the cloud's contracts, begun or not, in the order in which they were signed.
    """
    hours_left, power = hours_to_come(lots, month)
    if not firm.capacity or not len(hours_left):
        return 0.0
    free, rented = hours_left.copy(), hours_left * min(1.0, firm.asked.level / firm.capacity)
    numbers, gained, last = firm.numbers[MachineNumbers], 0.0, len(free)
    rents = firm.price * powers(1 - numbers.rent_decline, range(1, last + 1))
    present = powers(1 + numbers.discount, range(-1, -last - 1, -1))
    for _, _, hours, price, begins, ends in signed.rows():
        term = slice(max(0, begins - month), max(0, ends - month))
        taken = np.minimum(hours, free[term])
        at_spot = np.minimum(taken, rented[term])
        free[term], rented[term] = free[term] - taken, rented[term] - at_spot
        running, sites = power[term] * numbers.power_cost, taken * power[term] * numbers.site_cost
        earned, forgone = taken * (dollars(price) - running) - sites, at_spot * (rents[term] - running) - sites
        gained += max(0.0, fsum(present[term] * (weight * earned - forgone)))
    return gained


@dataclass(frozen=True, slots=True)
class LoanNumbers(Traits):
    """A cloud's loan: interest and repayment per month, largest shares of what it pledges, and months of grace.

    ``covenant`` is the share that it may owe of what its machines earn at spot, and ``contract_loans`` that of what
    its contracts earn; 0 if lenders do not look at contracts.
    """

    loan_rate: float
    loan_repaid: float
    covenant: float
    loan_grace: float
    contract_loans: float


class Lenders:
    """The lenders: finite money, lent against machines that they seize when a covenant is broken."""

    NUMBERS: ClassVar = {"cloud": (LoanNumbers,)}
    USES: ClassVar = (ReservedHours,)
    SAVED: ClassVar[Saved] = {"late": dict[int, int], "announcements": list[tuple[str, str, str]]}

    def __init__(self, clouds: list[Cloud], registers: Registers, reserved: ReservedHours):
        self.by_account = {firm.account: firm for firm in clouds}
        self.registers, self.account = registers, registers.account_id("lenders")
        self.reserved = reserved
        self.late: dict[int, int] = {}  # months in a row in which a borrower has owed interest
        self.announcements: list[tuple[str, str, str]] = []  # of this month: kind of event, firm, text

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the clouds as borrowers."""
        return cls(parts.firms_of(Cloud), parts.registers, parts[ReservedHours])

    def income(self, month: int) -> float:
        """Dollars that savers hand to the lenders this month."""
        return self.registers.numbers["lenders_inflow"]

    def loans(self, ledger: Ledger) -> list[tuple[Cloud, int]]:
        """Borrowers and the cents that they owe, in the order of their accounts."""
        return [
            (self.by_account[account_id], owed)
            for account_id, _, owed in ledger.owed(Item.LOANS)
            if account_id in self.by_account
        ]

    def able(self, ledger: Ledger) -> bool:
        """Whether the lenders have any cash."""
        return bool(ledger.totals[self.account, Item.CASH])

    def lend(self, asks: list[tuple[Cloud, float]], ledger: Ledger, chance: Chance) -> None:
        """Lend what borrowers ask for, or pro rata when cash is short; ``asks`` are the dollars that each lacks."""
        available = int(ledger.cash[self.account])
        owed = {firm.account: loan for firm, loan in self.loans(ledger)}
        machines, month = self.registers.fleets.machines, self.registers.month
        rows = []
        for firm, missing in asks:
            pledged = lots_worth(firm, machines, month, 1)
            pledge, worth = (self._pledge(firm, pledged, month + 1, most) for most in (inf, 1.0))
            seen = SeenByBorrower(missing, pledge, worth, owed.get(firm.account, 0) / 100)
            rows.append((firm.account, cents(firm.decide("borrowing", seen, chance))))
        asked = dict(rows)
        rows = [(account_id, pay) for account_id, pay in prorate(available, rows, "loans", ledger, chance) if pay > 0]
        for firm, _ in asks:
            firm.override("borrowing", dict(rows).get(firm.account, 0) < asked[firm.account])
        account_ids, pays = whole(account_id for account_id, _ in rows), whole(pay for _, pay in rows)
        lender = whole([self.account] * len(rows))
        ledger.transfer(lender, account_ids, pays, BACK[::-1], Good.LOAN)
        for account_id, pay in rows:
            self.registers.last.note_capital(account_id, pay)

    def _pledge(self, firm: Cloud, pledged: list[tuple[int, float]], month: int, most: float = inf) -> float:
        """Dollars that a cloud pledges from a month on: what lots earn at spot, and contracts as lenders count them.

        A dollar of contracts counts as many times as the covenant on them is higher, and ``most`` times at most.
        """
        numbers, worth = firm.numbers[LoanNumbers], sum(worth for _, worth in pledged)
        if not numbers.contract_loans:
            return worth
        machines, signed = self.registers.fleets.machines, self.reserved.signed_with(firm.account)
        lots = machines.where(whole(lot for lot, _ in pledged))
        weight = min(most, numbers.contract_loans / numbers.covenant)
        return worth + gained_by_contracts(firm, lots, signed, month, weight)

    def spend(self, ledger: Ledger) -> Trades:
        """Charge interest on all loans."""
        interest = [(firm, round(firm.numbers[LoanNumbers].loan_rate * owed)) for firm, owed in self.loans(ledger)]
        return due(payment(firm.account, Item.INTEREST, self.account, Good.INTEREST, pay) for firm, pay in interest)

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Collect the month's repayment of each loan, as far as cash goes."""
        for firm, owed in self.loans(ledger):
            repayment = round(firm.numbers[LoanNumbers].loan_repaid * owed)
            self._repay(firm, min(repayment, int(ledger.cash[firm.account])), ledger)

    def _repay(self, firm: Cloud, pay: int, ledger: Ledger) -> None:
        """Pay cents back to the lenders, if any."""
        if pay > 0:
            ledger.transfer(whole([firm.account]), whole([self.account]), whole([pay]), BACK, Good.REPAYMENT)
            self.registers.last.note_capital(firm.account, -pay)

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Enforce covenants: a cloud that owes too much repays the excess, or loses its machines."""
        self.announcements, won = [], Counter[int]()  # hours that each cloud wins in this month's forced sales
        owing = {debtor for debtor, creditor, _ in ledger.owed(Item.PAYABLES) if creditor == self.account}
        for firm, owed in self.loans(ledger):
            self.late[firm.account] = self.late.get(firm.account, 0) + 1 if firm.account in owing else 0
            pledged = lots_worth(firm, self.registers.fleets.machines, chance.month, 0)
            limit = cents(firm.numbers[LoanNumbers].covenant * max(0.0, self._pledge(firm, pledged, chance.month)))
            excess = owed - limit
            late = self.late[firm.account] >= firm.numbers[LoanNumbers].loan_grace
            if late or excess > int(ledger.cash[firm.account]):
                won = self._foreclose(firm, owed, sorted(pledged, key=lambda lot: (-lot[1], lot[0])), won, ledger)
            else:
                self._repay(firm, excess, ledger)

    def _foreclose(
        self, firm: Cloud, owed: int, pledged: list[tuple[int, float]], before: Counter[int], ledger: Ledger
    ) -> Counter[int]:
        """Sell machines, most valuable first, until the loan is repaid; take cash, and write off the rest.

        ``before`` are the hours that each cloud had won this month; return these with what it has won now.
        """
        unpaid, scrapped, machines, won = owed, [], self.registers.fleets.machines, Counter(before)
        for lot, _ in pledged:
            if unpaid:
                price, buyer = self._best_price(firm, lot, won, ledger)
                won[buyer] += int(machines.units[lot] * machines.hours[lot])
                self._sell(firm, lot, (price, buyer), ledger)
                scrapped += [lot] if buyer == self.registers.world else []
                self._repay(firm, min(price, unpaid), ledger)
                unpaid -= min(price, unpaid)
        retired = np.zeros(len(self.registers.fleets.machines), dtype=bool)
        retired[scrapped] = True
        self.registers.fleets.retire(retired, self.registers.month)
        swept = min(unpaid, int(ledger.cash[firm.account]))
        self._repay(firm, swept, ledger)
        unpaid -= swept
        self._write_off(firm, unpaid, ledger)
        text = f"Lenders seize machines of {{{firm.name}}} for {{{owed} cents}} that it owes"
        self.announcements.append(("seizure", firm.name, f"{text}, and lose {{{unpaid} cents}}" if unpaid else text))
        return won

    def _best_price(self, firm: Cloud, lot: int, won: Counter[int], ledger: Ledger) -> tuple[int, int]:
        """Best price for a lot in a forced sale, and its buyer: another cloud of the region, or else the world.

        What a lot is worth to a cloud falls with what it has won already: its customers fill no more hours by that.
        """
        registers, row = self.registers, self.registers.fleets.machines.rows()[lot]
        months, power = whole([row[2] + row[-1] - registers.month]), np.array([row[-2] / MILLION])
        bids = []
        for other in self.by_account.values():
            if other is not firm and other.alive and other.capacity and other.region == firm.region:
                hours = row[4] * row[5]
                worth = float(value_in_use(other, months, power, won[other.account] + hours)[1][0]) * hours
                bids.append((cents(max(0.0, registers.numbers["forced_sale"] * worth)), -other.account))
        free = ledger.free_cash - registers.last.costs
        payable = [(price, bidder) for price, bidder in bids if 0 < price <= free[-bidder]]
        if payable:
            price, bidder = max(payable)
            return price, -bidder
        return min(round(registers.numbers["salvage"] * row[7]), int(ledger.cash[registers.world])), registers.world

    def _sell(self, firm: Cloud, lot: int, deal: tuple[int, int], ledger: Ledger) -> None:
        """Sell a lot at a price, and book the gap to its book value as a loss or a gain."""
        (price, buyer), fleets, seller = deal, self.registers.fleets, whole([firm.account])
        units, book = int(fleets.machines.units[lot]), int(fleets.machines.book[lot])
        items = (Item.OPERATING_COST if buyer == self.registers.world else Item.FLEET, Item.FLEET)
        ledger.transfer(whole([buyer]), seller, whole([price]), items, Good.SALVAGE, quantity=whole([units]))
        sides = ((seller, Item.REVALUATION), (seller, Item.FLEET))
        debit, credit = sides if book > price else sides[::-1]
        ledger.post(Entries.made(debit, credit, whole([abs(book - price)]), Good.WRITE_OFF))
        opens, serves = int(fleets.machines.opens[lot]), int(fleets.machines.serves[lot])
        made = int(production_values(fleets.machines, self.registers.month - 1)[lot])
        new = {"owner": buyer, "life": serves, "cost": price, "book": price, "basis": price, "made": made}
        columns = {name: getattr(fleets.machines, name).copy() for name in (*new, "worn")}
        for name, value in (new | {"worn": self.registers.month - opens}).items():
            columns[name][lot] = value
        fleets.rewrite(**columns)

    def _write_off(self, firm: Cloud, loss: int, ledger: Ledger) -> None:
        """Write off on both sides the part of a loan that the seized fleet did not repay."""
        borrower, lender, amount = whole([firm.account]), whole([self.account]), (whole([loss]), Good.WRITE_OFF)
        gain = (borrower, Item.LOANS), (borrower, Item.REVALUATION)
        ledger.post(Entries.made(*gain, *amount, counterparty=self.account))
        ledger.post(
            Entries.made((lender, Item.REVALUATION), (lender, Item.RECEIVABLES), *amount, counterparty=firm.account)
        )
