"""Stock-flow checks at every month's close: goods, people and origins of money (I5, I7, I8, I10, I11, I13).

I6 is in ``capacity_checks``, I14 in ``pool_checks``. A check reads the journal, the deals and the registers, but no
figure that the audited layer has computed from them.
"""

from collections.abc import Callable
from typing import Self

import numpy as np

from watersellers.agents.audit.audit_context import AuditContext
from watersellers.agents.audit.capacity_checks import (
    accelerators_fit_capacity,
    hosting_fits_hours,
    no_more_than_had,
    own_models_fit_hours,
    resold_within_contracts,
    searches_made,
    slots_shown,
    tokens_fit_hours,
)
from watersellers.agents.audit.pool_checks import PaidToPools, promises_kept
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.users.kernel.contract import NO_APP
from watersellers.agents.users.month import Users
from watersellers.market.accounting.ledger import Journal, Ledger
from watersellers.market.audit.invariants import PHASES, check_books, enforce
from watersellers.market.audit.month_under_audit import snapshot
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import ALL_TOKENS, Good
from watersellers.market.money_origin.origins import Origins
from watersellers.market.month import Market

TURNS: dict[int, tuple[Good, ...]] = {  # by phase: the goods for which entries may be written in it
    2: (Good.INCOME, Good.CONTRIBUTION, Good.BUILDING, Good.SALVAGE, Good.REPAYMENT, Good.WRITE_OFF),
    7: (Good.ATTENTION,),
    8: (
        *(Good.ACCELERATORS, Good.HOURS, *ALL_TOKENS, Good.SEATS, Good.QUERIES_PAID, Good.QUERIES_FREE),
        *(Good.FOUNDRY, Good.FOUNDRY_UNUSED, Good.POWER, Good.SITE),
        *(Good.WAGES, Good.RESEARCH, Good.MEDIA, Good.INTEREST),
        *(Good.HOURS_RESERVED, Good.SEARCH_CALLS, Good.CONTENT, Good.TRANSACTIONS, Good.REVENUE_SHARE),
        *(Good.APPLIANCES, Good.SEATS_BUSINESS, Good.QUERIES_BUSINESS, Good.DEVICES, Good.SEARCH_INDEX),
    ),
    9: (Good.DEPOSIT, Good.FOUNDRY_CAPACITY, Good.LOAN),
    10: (Good.INCOME, Good.REPAYMENT, Good.SHARES, Good.DIVIDEND, Good.ARREARS),
    11: (Good.SHARES, Good.DIVIDEND, Good.ARREARS, Good.SALVAGE, Good.WRITE_OFF, Good.BAD_DEBTS),
    12: (Good.WEAR, Good.IMPAIRMENT, Good.CLOSING),
}
_IN_TURN = np.array([[good in TURNS.get(phase, ()) for phase in range(PHASES + 1)] for good in Good])


def machines_counted(context: AuditContext) -> str | None:
    """I5: every machine made is in service, in stock or in transit at a buyer, in an appliance, or retired."""
    fleets = context.parts.registers.fleets
    existing = np.zeros_like(fleets.produced)
    for lots in (fleets.machines, fleets.appliances):
        np.add.at(existing, lots.vendor, lots.units)
    gap = fleets.produced - existing - fleets.retired
    wrong = np.flatnonzero(gap)
    return f"{context.names[wrong[0]]} made {gap[wrong[0]]} machines that nobody has" if len(wrong) else None


def everybody_somewhere(context: AuditContext) -> str | None:
    """I7: every person has one main app and tier or none, and nobody is missing or has an app twice."""
    people, totals = context.parts[Users].people, context.parts[Users].totals
    for number, region in enumerate(context.parts[Users].regions):
        using = int((totals.people - totals.further)[:, number].sum())
        rows = people.spans[number]
        others = int(people.weight[rows][people.app[rows] < 0].sum())
        if using + others != int(region.traits.people):
            return f"{using} people of {region.name} use an app and {others} none, of {region.traits.people:.0f}"
    if people.further.max(initial=NO_APP) == NO_APP:
        return None
    more = np.flatnonzero((people.further >= 0).any(axis=1))  # users with further apps
    chosen = np.sort(np.column_stack([people.app[more], people.further[more] // 2]), axis=1)  # -1 for none
    twice = ((chosen[:, 1:] == chosen[:, :-1]) & (chosen[:, 1:] >= 0)).any(axis=1)
    misplaced = more[twice | (people.app[more] < 0)]
    if len(misplaced):
        return f"user {misplaced[0]} has an app twice, or further apps and no main one"
    return None


def machines_valued(context: AuditContext) -> str | None:
    """I8: a lot's value is its basis less equal monthly depreciation, 0 at the end; the books hold their sum."""
    machines, month = context.parts.registers.fleets.machines, context.parts.registers.month
    in_service = machines.opens <= month
    age, monthly = month + 1 - machines.opens, machines.basis // (machines.life - machines.worn)
    due = np.where(age < machines.life, machines.basis - monthly * (age - machines.worn), 0)
    wrong = np.flatnonzero(in_service & (machines.book != due))
    if len(wrong):
        lot = wrong[0]
        owner, found, expected = context.names[machines.owner[lot]], machines.book[lot], due[lot]
        units = machines.units[lot]
        return f"{owner}: a lot of {units} machines is worth {found} cents, less depreciation it is {expected}"
    stocks = ((Item.FLEET, in_service, machines.book), (Item.CHIP_STOCK, ~in_service, machines.cost))
    for item, counted, value in stocks:
        gap = -context.parts.ledger.totals[:, item]
        np.add.at(gap, machines.owner[counted], value[counted])
        if item == Item.CHIP_STOCK:
            appliances = context.parts.registers.fleets.appliances
            np.add.at(gap, appliances.owner, appliances.cost)
        wrong = np.flatnonzero(gap)
        if len(wrong):
            booked = context.parts.ledger.totals[wrong[0], item]
            lots = f"lots are worth {booked + gap[wrong[0]]} cents, its books say {booked}"
            return f"{context.names[wrong[0]]}, {item.name.lower()}: {lots}"
    return None


def rationed_once(context: AuditContext) -> str | None:
    """I11: a seller delivers no more of a good than it has supplied to the market."""
    for market in context.markets:
        supply = {(s, g): units for s, g, units in market.supply.rows()}
        for pair, units in market.trades.units_by("seller", "good").items():
            if units > supply.get(pair, 0):
                return f"{context.names[pair[0]]} delivered {units} of {supply.get(pair, 0)} {market.name}"
    return None


def origins_add_up(context: AuditContext) -> str | None:
    """I10: an account's holdings by origin are not below 0 and add up to its cash."""
    held, cash = context.origins.held, context.parts.ledger.totals[:, Item.CASH]
    total = held.sum(axis=1)
    wrong = np.flatnonzero(total != cash)
    if len(wrong):
        account = wrong[0]
        return f"origins of {context.names[account]} add up to {total[account]} cents, its cash is {cash[account]}"
    short = np.argwhere(held < 0)
    if len(short):
        account, source = short[0]
        name = context.origins.sources.names[source]
        return f"{context.names[account]} has paid out {-held[account, source]} cents of {name} that it did not have"
    return None


def in_turn(context: AuditContext) -> str | None:
    """I13: entries for each good are written in the phases that allow it."""
    rows = context.rows
    wrong = np.flatnonzero(~_IN_TURN[rows.good, rows.phase] & (rows.good != Good.OPENING))
    return f"{Good(rows.good[wrong[0]]).name.lower()} in phase {rows.phase[wrong[0]]}" if len(wrong) else None


CHECKS: tuple[tuple[str, Callable[[AuditContext], str | None]], ...] = (
    ("I13", in_turn),
    ("I10", origins_add_up),
    ("I5", machines_counted),
    ("I6", no_more_than_had),
    ("I6", tokens_fit_hours),
    ("I6", hosting_fits_hours),
    ("I6", own_models_fit_hours),
    ("I6", resold_within_contracts),
    ("I6", slots_shown),
    ("I6", searches_made),
    ("I7", everybody_somewhere),
    ("I8", machines_valued),
    ("I11", rationed_once),
    ("I14", promises_kept),
    ("I6", accelerators_fit_capacity),  # of what the market was offered: what it gave beyond that is I11's
)


class Auditor:
    """Checks all invariants once the month is closed; a broken one stops the run.

    It remembers ``before``, ``origins`` and ``paid``; all follow from the journal.
    """

    def __init__(self, parts: Parts, markets: tuple[Market, ...]):
        self.parts, self.markets = parts, markets
        self.before = snapshot(parts.ledger)
        self.origins = Origins(parts.ledger.accounts)
        self.origins.follow(parts.ledger)
        pools = [pool.account for pool in parts[Investors].pools]
        self.paid = PaidToPools(len(parts.ledger.accounts), pools, parts.registers.world)
        self.paid.feed(Journal.joined(parts.ledger.chunks))

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Check all parts and markets."""
        return cls(parts, parts.markets)

    def close(self, ledger: Ledger, month: int) -> None:
        """Check the books, then the origins of money and the goods."""
        n = len(ledger.accounts)
        register = self.parts.registers.shares
        issued, held = np.zeros(n, dtype=np.int64), np.zeros((n, n), dtype=np.int64)
        for firm, shares in register.issued.items():
            issued[firm] = shares
        for (holder, firm), shares in register.held.items():
            held[holder, firm] = shares
        rows = Journal.joined(ledger.chunks[self.before.chunks :])
        self.before = check_books(ledger, self.before, shares=(issued, held))
        self.origins.follow(ledger)
        self.paid.feed(rows)
        enforce(CHECKS, AuditContext(self.parts, self.markets, rows, self.origins, self.paid), month, None)
