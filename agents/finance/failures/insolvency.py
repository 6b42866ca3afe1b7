"""Insolvency and entry: firms that cannot pay are reorganised or wound up, and founders pay for entrants."""

from typing import ClassVar, Self

import numpy as np

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.failures.reorganisation import Reorganisation
from watersellers.agents.finance.failures.unpaid_bills import debts, months_owing, write_off
from watersellers.agents.finance.free_entry import FreeEntry
from watersellers.agents.firm import Firm, Registers
from watersellers.market.accounting.ledger import Entries, Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import CLAIM_ON, Item
from watersellers.market.exact import cents, split, whole
from watersellers.market.goods import Good
from watersellers.market.saved import Saved


class Insolvency:
    """Reorganises or winds up firms that have owed for too long, and lets entrants in."""

    USES: ClassVar = (FreeEntry, Reorganisation)
    SAVED: ClassVar[Saved] = {"late": dict[int, int], "announcements": list[tuple[str, str, str]]}

    def __init__(self, firms: list[Firm], registers: Registers, free_entry: FreeEntry, reorganisation: Reorganisation):
        self.firms, self.registers, self.free_entry = firms, registers, free_entry
        self.reorganisation = reorganisation
        self.late: dict[int, int] = {}  # by firm: months in a row with unpaid bills
        self.announcements: list[tuple[str, str, str]] = []  # of this month: kind of event, firm, text

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take all firms of the chain."""
        return cls(parts.all_firms, parts.registers, parts[FreeEntry], parts[Reorganisation])

    def wind_up(self, ledger: Ledger, chance: Chance) -> None:
        """Settle with firms that have owed for ``patience`` months in a row; let in the entrants of this month."""
        self.announcements = []
        owing = {debtor for debtor, _, _ in ledger.owed(Item.PAYABLES)}
        self.late |= months_owing(self.late, (firm.account for firm in self.firms if firm.alive), owing)
        for firm in self.firms:
            if firm.alive:
                if self.late[firm.account] >= self.registers.numbers["patience"]:
                    self._fail(firm, ledger, chance)
            elif cost := self.free_entry.cost(firm):
                if self.free_entry.worth_it(firm, ledger, chance):
                    self.free_entry.start(firm)
                    self._let_in(firm, cost, ledger)
            elif firm.enters == chance.month and chance.month > 0:
                self._let_in(firm, cents(firm.traits.opening_cash), ledger)

    def _fail(self, firm: Firm, ledger: Ledger, chance: Chance) -> None:
        """Reorganise a firm that cannot pay, if that is worth it, or wind it up; announce it."""
        if self.reorganisation.saves(firm, ledger):
            owed, self.late[firm.account] = self.reorganisation.reorganise(firm, ledger), 0
            text = f"{{{firm.name}}} goes on under its creditors, who were owed {{{owed} cents}}"
            self.announcements.append(("reorganised", firm.name, text))
            return
        owed = self.close_down(firm, ledger, chance)
        self.announcements.append(("exit", firm.name, f"{{{firm.name}}} is wound up owing {{{owed} cents}}"))

    def _let_in(self, firm: Firm, money: int, ledger: Ledger) -> None:
        """Found a firm: its founder pays so many cents, as far as the founder's cash goes."""
        founder = self.free_entry.payer(firm)
        pay, payer = min(money, int(ledger.cash[founder])), firm.founder or firm.owner
        if pay <= 0:
            self.announcements.append(("entry_failed", firm.name, f"{{{payer}}} has no money to found {{{firm.name}}}"))
            return
        paid = whole([pay])  # a share for each cent
        items = (Item.HOLDINGS, Item.EQUITY)
        ledger.transfer(whole([founder]), whole([firm.account]), paid, items, Good.SHARES, quantity=paid)
        self.registers.shares.issue(firm.account, founder, pay)
        self.registers.last.note_capital(firm.account, pay)
        firm.enter()
        self.announcements.append(("entry", firm.name, f"{{{firm.name}}} enters with {{{pay} cents}} from {{{payer}}}"))

    def close_down(self, firm: Firm, ledger: Ledger, chance: Chance) -> int:
        """Sell the assets, pay creditors pro rata, write off the rest on both sides; return the cents that it owed."""
        firm.leave()
        self.free_entry.note_exit(firm)
        self.reorganisation.forget(firm)
        self.registers.backlog.cancel(firm.account)
        proceeds = self._sell_machines(firm.account, ledger)
        owed = debts(firm.account, ledger)
        self._pay_secured(firm.account, proceeds, ledger)
        self._pay_creditors(firm.account, debts(firm.account, ledger), (ledger, chance))
        self._write_off(firm.account, ledger)
        return sum(amount for _, _, amount in owed)

    def _sell_machines(self, account_id: int, ledger: Ledger) -> int:
        """Sell fleet and stock to the rest of the world at a part of book value; return the cents for the fleet."""
        fleets, world = self.registers.fleets, self.registers.world
        retired = fleets.retire(fleets.machines.owner == account_id, ledger.clock.month)
        scrapped = fleets.scrap(fleets.appliances.owner == account_id)
        units = int(retired.units.sum()) + int(scrapped.units.sum())
        seller, proceeds = whole([account_id]), 0
        for item in (Item.FLEET, Item.CHIP_STOCK):
            book = int(ledger.totals[account_id, item])
            price = min(round(self.registers.numbers["salvage"] * book), int(ledger.cash[world]))
            if book:
                proceeds += price if item == Item.FLEET else 0
                items = (Item.OPERATING_COST, item)
                ledger.transfer(
                    whole([world]),
                    seller,
                    whole([price]),
                    items,
                    Good.SALVAGE,
                    quantity=whole([max(1, units)]),
                )
                loss = whole([book - price])
                ledger.post(Entries.made((seller, Item.REVALUATION), (seller, item), loss, Good.WRITE_OFF))
        return proceeds

    def _pay_secured(self, account_id: int, proceeds: int, ledger: Ledger) -> None:
        """Repay loans from the proceeds of the machines that secure them, before other creditors are paid."""
        for debtor, lender, loan in ledger.owed(Item.LOANS):
            if debtor == account_id and (pay := min(loan, proceeds)):
                items = (Item.LOANS, Item.RECEIVABLES)
                ledger.transfer(whole([account_id]), whole([lender]), whole([pay]), items, Good.ARREARS)

    def _pay_creditors(self, account_id: int, owed: list[tuple[Item, int, int]], at: tuple[Ledger, Chance]) -> None:
        """Pay creditors pro rata from the cash that is left."""
        ledger, chance = at
        claims = [amount for _, _, amount in owed]
        available = min(int(ledger.cash[account_id]), sum(claims))
        if available <= 0:
            return
        ties = chance.order("creditors", ledger.accounts.keys[[other for _, other, _ in owed]])
        for (item, other, _), pay in zip(owed, split(available, claims, ties), strict=True):
            if pay:
                items = (item, CLAIM_ON[item])
                ledger.transfer(whole([account_id]), whole([other]), whole([pay]), items, Good.ARREARS)

    def _write_off(self, account_id: int, ledger: Ledger) -> None:
        """Write off, on both sides, all claims that are left between the firm and others; owners lose their stakes."""
        standing = sorted(ledger.claims.items())
        claims = [(*claim, amount) for claim, amount in standing if amount and account_id in claim[1:]]
        for claim in claims:
            write_off(claim, Item.REVALUATION, Good.WRITE_OFF, ledger)
        self._return_rest(account_id, ledger)

    def _return_rest(self, account_id: int, ledger: Ledger) -> None:
        """Pay the cash that is left to the shareholders, and strike out the shares."""
        cash = int(ledger.cash[account_id])
        parts = self.registers.shares.divide(account_id, cash) if cash > 0 else []
        if parts:
            holders, pays = whole(holder for holder, _ in parts), whole(part for _, part in parts)
            firm = np.full(len(parts), account_id, dtype=np.int64)
            ledger.transfer(firm, holders, pays, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)
            self.free_entry.investors.return_rest(parts)
        self.registers.shares.strike_out(account_id)
        self.registers.shares.pass_on(account_id, self.registers.world)
