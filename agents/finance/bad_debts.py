"""Bad debts: sellers write off what people have owed for months, and people in default lose their seats."""

from typing import ClassVar, Self

import numpy as np

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.failures.unpaid_bills import months_owing, write_off
from watersellers.agents.users.kernel.contract import NO_APP, PAID
from watersellers.agents.users.month import Users
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column
from watersellers.market.goods import Good
from watersellers.market.saved import Saved


class BadDebts:
    """Writes off what people owe, and bars those in default from paid seats."""

    SAVED: ClassVar[Saved] = {"late": dict[int, int], "billed": dict[int, int]}

    def __init__(self, users: Users):
        self.users = users
        self.late: dict[int, int] = {}  # by region's account: months in a row with unpaid bills
        self.billed: dict[int, int] = {}  # by region's account: cents billed in them, since the last write-off

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the users of all regions."""
        return cls(parts[Users])

    def wind_up(self, ledger: Ledger, chance: Chance) -> None:
        """Write off what the people of a region owe once they have owed for ``overdue`` months in a row."""
        debts = ledger.owed(Item.PAYABLES)
        self.late = months_owing(self.late, self.users.accounts, {debtor for debtor, _, _ in debts})
        for number, account in enumerate(self.users.accounts):
            traits, spent = self.users.traits[number], int(self.users.spent[number])
            self.billed[account] = self.billed.get(account, 0) + spent if self.late[account] else 0
            if self.late[account] >= traits.overdue and traits.written_off > 0:
                lost = self._write_off([debt for debt in debts if debt[0] == account], traits.written_off, ledger)
                billed, self.billed[account] = self.billed[account], 0
                self._bar(number, min(1.0, lost / billed) if billed else 1.0, chance)

    def _write_off(self, debts: list[tuple[int, int, int]], share: float, ledger: Ledger) -> int:
        """Write off a share of some debts on both sides, an expense of the creditors; return its cents."""
        lost = 0
        for debtor, creditor, cents in debts:
            amount = round(share * cents)
            write_off((Item.RECEIVABLES, creditor, debtor, amount), Item.OPERATING_COST, Good.BAD_DEBTS, ledger)
            write_off((Item.PAYABLES, debtor, creditor, -amount), Item.INCOME, Good.BAD_DEBTS, ledger)
            lost += amount
        return lost

    def _bar(self, number: int, share: float, chance: Chance) -> None:
        """Bar a share of a region's paying people, those in default, from paid seats for some months."""
        people, rows, months = self.users.people, self.users.people.spans[number], self.users.traits[number].barred
        hit = _pays(people.app[rows], people.tier[rows], people.further[rows])
        hit &= chance.uniform("default", people.key[rows]) < np.float32(share)
        people.bar(np.flatnonzero(hit) + rows.start, chance.month + 1 + int(months))


def _pays(app: Column, tier: Column, further: Column) -> Column:
    """Whether each user has a paid seat, of its main app or a further one."""
    main = (app != NO_APP) & (tier == PAID)
    others: Column = ((further != NO_APP) & (further % 2 == PAID)).any(axis=1)
    paying: Column = main | others
    return paying
