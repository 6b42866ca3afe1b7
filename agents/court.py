"""Insolvency and entry: who cannot pay is wound up to the last cent, and who comes in is paid for by somebody."""

from typing import ClassVar, Self

import numpy as np

from watersellers.agents.firm import Common, Firm
from watersellers.agents.parts import Parts
from watersellers.market.dice import Chance
from watersellers.market.goods import LIABILITIES, Good, Item
from watersellers.market.ledger import Entries, Ledger
from watersellers.market.saved import Saved
from watersellers.market.units import cents, split, whole


class Court:
    """Winds up firms that have owed for too long, and opens the door to entrants."""

    SAVED: ClassVar[Saved] = {"late": dict[int, int], "news": list[tuple[str, str, str]]}

    def __init__(self, firms: list[Firm], common: Common):
        self.firms, self.common = firms, common
        self.late: dict[int, int] = {}  # months in a row with unpaid bills, by firm
        self.news: list[tuple[str, str, str]] = []  # what, who, text of this month

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take all firms of the chain."""
        return cls(parts.everybody, parts.common)

    def wind_up(self, ledger: Ledger, chance: Chance) -> None:
        """Close who has owed for ``patience`` months in a row; let in who is due."""
        self.news = []
        owing = {debtor for debtor, _, _ in ledger.owed(Item.PAYABLES)}
        for firm in self.firms:
            if firm.alive:
                self.late[firm.place] = self.late.get(firm.place, 0) + 1 if firm.place in owing else 0
                if self.late[firm.place] >= self.common.numbers["patience"]:
                    owed = self.close_down(firm, ledger, chance)
                    self.news.append(("exit", firm.name, f"{{{firm.name}}} is wound up owing {{{owed} cents}}"))
            elif firm.enters == chance.month and chance.month > 0:
                self._let_in(firm, ledger)

    def _let_in(self, firm: Firm, ledger: Ledger) -> None:
        """Found a firm with its opening cash out of its founder's account, as far as that goes."""
        founder = self.common.place(firm.founder)
        pay = min(cents(firm.traits.opening_cash), int(ledger.cash[founder]))
        if pay <= 0:
            self.news.append(("entry_failed", firm.name, f"{{{firm.founder}}} has no money to found {{{firm.name}}}"))
            return
        ledger.transfer(whole([founder]), whole([firm.place]), whole([pay]), (Item.HOLDINGS, Item.EQUITY), Good.SHARES)
        self.common.shares.issue(firm.place, founder, pay)
        self.common.last.note_capital(firm.place, pay)
        firm.enter()
        self.news.append(("entry", firm.name, f"{{{firm.name}}} enters with {{{pay} cents}} from {{{firm.founder}}}"))

    def close_down(self, firm: Firm, ledger: Ledger, chance: Chance) -> int:
        """Sell the assets, pay the creditors in proportion, and write off the rest on both sides; cents it owed."""
        firm.leave()
        self.common.backlog.cancel(firm.place)
        sold = self._sell_machines(firm.place, ledger)
        owed = _debts(firm.place, ledger)
        self._pay_secured(firm.place, sold, ledger)
        self._pay_creditors(firm.place, _debts(firm.place, ledger), (ledger, chance))
        self._write_off(firm.place, ledger)
        return sum(amount for _, _, amount in owed)

    def _sell_machines(self, place: int, ledger: Ledger) -> int:
        """Sell fleet and chips in stock to the rest of the world at a part of their book value; cents for the fleet."""
        fleets, world = self.common.fleets, self.common.world
        gone = fleets.retire(fleets.machines.owner == place), fleets.scrap(fleets.appliances.owner == place)
        units = sum(int(lots.units.sum()) for lots in gone)
        here, fleet = whole([place]), 0
        for item in (Item.FLEET, Item.CHIP_STOCK):
            book = int(ledger.totals[place, item])
            price = min(round(self.common.numbers["salvage"] * book), int(ledger.cash[world]))
            if book:
                fleet += price if item == Item.FLEET else 0
                items = (Item.OPERATING_COST, item)
                ledger.transfer(
                    whole([world]),
                    here,
                    whole([price]),
                    items,
                    Good.SALVAGE,
                    quantity=whole([max(1, units)]),
                )
                loss = whole([book - price])
                ledger.post(Entries.made((here, Item.REVALUATION), (here, item), loss, Good.WRITE_OFF))
        return fleet

    def _pay_secured(self, place: int, sold: int, ledger: Ledger) -> None:
        """Repay loans out of what the machines brought that they were lent against, before anybody else is paid."""
        for me, lender, loan in ledger.owed(Item.LOANS):
            if me == place and (pay := min(loan, sold)):
                items = (Item.LOANS, Item.RECEIVABLES)
                ledger.transfer(whole([place]), whole([lender]), whole([pay]), items, Good.ARREARS)

    def _pay_creditors(self, place: int, owed: list[tuple[Item, int, int]], at: tuple[Ledger, Chance]) -> None:
        """Pay what cash there is, in proportion to the claims."""
        ledger, chance = at
        claims = [amount for _, _, amount in owed]
        there = min(int(ledger.cash[place]), sum(claims))
        if there <= 0:
            return
        ties = chance.order("creditors", ledger.accounts.keys[[other for _, other, _ in owed]])
        mirrors = {
            Item.PAYABLES: Item.RECEIVABLES,
            Item.LOANS: Item.RECEIVABLES,
            Item.CUSTOMER_DEPOSITS: Item.PREPAYMENTS,
        }
        for (item, other, _), pay in zip(owed, split(there, claims, ties), strict=True):
            if pay:
                items = (item, mirrors[item])
                ledger.transfer(whole([place]), whole([other]), whole([pay]), items, Good.ARREARS)

    def _write_off(self, place: int, ledger: Ledger) -> None:
        """Write off all that is left on the firm's and its counterparties' books; the owners lose their stake."""
        rows = []
        for (item, account, other), amount in sorted(ledger.claims.items()):
            if amount and place in (account, other):
                rows.append((account, item, other, amount))
        for account, item, other, amount in rows:
            one, size = whole([account]), whole([abs(amount)])
            sides = ((one, Item.REVALUATION), (one, item))
            debit, credit = sides if amount > 0 else sides[::-1]
            ledger.post(Entries.made(debit, credit, size, Good.WRITE_OFF, counterparty=other))
        self._return_rest(place, ledger)

    def _return_rest(self, place: int, ledger: Ledger) -> None:
        """Hand what cash is left to the holders, and strike out the shares."""
        rest = int(ledger.cash[place])
        parts = self.common.shares.divide(place, rest) if rest > 0 else []
        if parts:
            holders, pays = whole(h for h, _ in parts), whole(p for _, p in parts)
            firm = np.full(len(parts), place, dtype=np.int64)
            ledger.transfer(firm, holders, pays, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)
        self.common.shares.strike_out(place)
        self.common.shares.pass_on(place, self.common.world)


def _debts(place: int, ledger: Ledger) -> list[tuple[Item, int, int]]:
    """What a firm owes: item, creditor, cents."""
    return [(item, other, amount) for item in LIABILITIES for me, other, amount in ledger.owed(item) if me == place]
