"""Reorganisation: a lab or an app that fails, but whose sales earn more than they cost, goes on under its creditors.

What it owes becomes their shares, its contracts end, and its old shareholders lose everything. Its customers, models
and knowledge stay.
"""

from itertools import takewhile
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.failures.unpaid_bills import debts, write_off
from watersellers.agents.finance.investors import Investors
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.labs.lab import Lab
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.market.accounting.ledger import Entries, Journal, Ledger
from watersellers.market.chart_of_accounts import CLAIM_ON, Item
from watersellers.market.exact import cents, whole
from watersellers.market.goods import Good
from watersellers.market.saved import Saved


def profit_without_contracts(gross: int, signed: tuple[int, int], needed: int, hour_price: float) -> int:
    """Gross profit of a month, in cents, had the hours under contract been rented at spot as far as they were needed.

    Parameters
    ----------
    gross : int
        Cents: revenue less cost of sales, without what it sold of these hours to others.
    signed : tuple of int
        Hours under contract that were booked as a cost of sales, and their cents.
    needed : int
        Hours that its sales needed, for which contracts were used first.
    hour_price : float
        USD per hour, at spot.
    """
    hours, paid = signed
    return gross + paid - cents(min(hours, needed) * hour_price)


class Reorganisation:
    """Decides which firms are worth more alive, and turns what they owe into shares.

    ``since`` is the month in which each firm was reorganised last, by its account.
    """

    USES: ClassVar = (Investors, ReservedHours)
    SAVED: ClassVar[Saved] = {"since": dict[int, int]}

    def __init__(self, investors: Investors, reserved: ReservedHours, registers: Registers):
        self.investors, self.reserved, self.registers = investors, reserved, registers
        self.since: dict[int, int] = {}

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the investors who may lose their shares, and the contracts that may end."""
        return cls(parts[Investors], parts[ReservedHours], parts.registers)

    def saves(self, firm: Firm, ledger: Ledger) -> bool:
        """Whether a firm that cannot pay is reorganised and not wound up."""
        numbers, account_id = self.registers.numbers, firm.account
        if numbers["reorganisation"] <= 0 or not isinstance(firm, Lab | App) or ledger.totals[account_id, Item.LOANS]:
            return False
        since = self.since.get(account_id)
        if since is not None and self.registers.month - since <= numbers["reorganisation_wait"]:
            return False
        return self.earns(firm, ledger) > 0

    def earns(self, firm: Firm, ledger: Ledger) -> int:
        """Gross profit of this month in cents, without its contracts for hours; labs alone have some."""
        mine, month = firm.account, ledger.clock.month
        rows = Journal.joined([*takewhile(lambda chunk: chunk.month[0] == month, reversed(ledger.chunks))])
        sold_on = rows.where((rows.credit_account == mine) & (rows.credit_item == Item.REVENUE))
        sold_on = sold_on.where(sold_on.good == Good.HOURS)
        signed = rows.where((rows.debit_account == mine) & (rows.debit_item == Item.COST_OF_SALES))
        signed = signed.where(signed.good == Good.HOURS_RESERVED)
        gross = -int(ledger.totals[mine, [Item.REVENUE, Item.COST_OF_SALES]].sum()) - int(sold_on.cents.sum())
        if not isinstance(firm, Lab):
            return gross
        bought = int(signed.quantity.sum()), int(signed.cents.sum())
        return profit_without_contracts(gross, bought, firm.hours(firm.load, month), firm.hour_price)

    def reorganise(self, firm: Firm, ledger: Ledger) -> int:
        """Strike out the shares, give creditors new ones, end contracts and orders; return the cents it owed."""
        account_id = firm.account
        self.since[account_id] = self.registers.month
        self.registers.backlog.cancel(account_id)
        self.reserved.end(account_id)
        self._strike_out(account_id, ledger)
        owed = debts(account_id, ledger)
        for item, creditor, amount in owed:
            self._swap(account_id, item, creditor, amount, ledger)
        self.investors.lose(firm)
        firm.lose_owner()
        return sum(amount for _, _, amount in owed)

    def _strike_out(self, account_id: int, ledger: Ledger) -> None:
        """Void all shares of a firm; who held them writes them off."""
        for holder, issuer, amount in ledger.owed(Item.HOLDINGS):
            if issuer == account_id:
                write_off((Item.HOLDINGS, holder, issuer, amount), Item.REVALUATION, Good.WRITE_OFF, ledger)
        self.registers.shares.strike_out(account_id)

    def _swap(self, account_id: int, item: Item, creditor: int, amount: int, ledger: Ledger) -> None:
        """Turn a debt into shares of its creditor, one for each cent."""
        debtor, holder, owed = whole([account_id]), whole([creditor]), whole([amount])
        ledger.post(
            Entries.made((holder, Item.HOLDINGS), (debtor, Item.EQUITY), owed, Good.SHARES, quantity=owed),
            Entries.made((debtor, item), (holder, CLAIM_ON[item]), owed, Good.ARREARS),
        )
        self.registers.shares.issue(account_id, creditor, amount)

    def forget(self, firm: Firm) -> None:
        """Forget that a firm was reorganised, since it is wound up: a successor begins anew."""
        self.since.pop(firm.account, None)
