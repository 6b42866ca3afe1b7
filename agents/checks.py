"""What must hold of goods, people and origins of money at every month's close (I5 to I8, I10, I11, I13); I6 next door.

A check reads the journal, the deals and the registers, and not what the layer that it checks has worked out of them.
"""

from collections.abc import Callable
from typing import Self

import numpy as np

from watersellers.agents.capacity_checks import (
    hosting_fits_hours,
    no_more_than_had,
    own_models_fit_hours,
    resold_within_contracts,
    searches_made,
    slots_shown,
    tokens_fit_hours,
)
from watersellers.agents.kernel.contract import NO_APP
from watersellers.agents.parts import Parts
from watersellers.agents.stock import Stock
from watersellers.agents.users import Users
from watersellers.market.closed_month import snapshot
from watersellers.market.goods import TOKENS, Good, Item
from watersellers.market.invariants import PHASES, check_books, enforce
from watersellers.market.ledger import Journal, Ledger
from watersellers.market.month import Market
from watersellers.market.origins import Origins

TURNS: dict[int, tuple[Good, ...]] = {  # for what money may be written in which phase
    2: (Good.INCOME, Good.CONTRIBUTION, Good.BUILDING, Good.SALVAGE, Good.REPAYMENT, Good.WRITE_OFF),
    7: (Good.ATTENTION,),
    8: (
        *(Good.ACCELERATORS, Good.HOURS, *TOKENS, Good.SEATS, Good.QUERIES_PAID, Good.QUERIES_FREE),
        *(Good.FOUNDRY, Good.POWER, Good.SITE, Good.WAGES, Good.RESEARCH, Good.MEDIA, Good.INTEREST),
        *(Good.HOURS_RESERVED, Good.SEARCH_CALLS, Good.CONTENT, Good.TRANSACTIONS, Good.REVENUE_SHARE),
        *(Good.APPLIANCES, Good.SEATS_BUSINESS, Good.QUERIES_BUSINESS, Good.DEVICES),
    ),
    9: (Good.DEPOSIT, Good.FOUNDRY_CAPACITY, Good.LOAN),
    10: (Good.INCOME, Good.REPAYMENT, Good.SHARES, Good.DIVIDEND, Good.ARREARS),
    11: (Good.SHARES, Good.DIVIDEND, Good.ARREARS, Good.SALVAGE, Good.WRITE_OFF),
    12: (Good.WEAR, Good.IMPAIRMENT, Good.CLOSING),
}
_IN_TURN = np.array([[good in TURNS.get(phase, ()) for phase in range(PHASES + 1)] for good in Good])


def machines_counted(stock: Stock) -> str | None:
    """I5: machines made are in service, in stock or in transit at a cloud or a customer, in appliances, or retired."""
    fleets = stock.parts.common.fleets
    here = np.zeros_like(fleets.produced)
    for lots in (fleets.machines, fleets.appliances):
        np.add.at(here, lots.vendor, lots.units)
    gap = fleets.produced - here - fleets.retired
    wrong = np.flatnonzero(gap)
    return f"{stock.names[wrong[0]]} made {gap[wrong[0]]} machines that are nowhere" if len(wrong) else None


def everybody_somewhere(stock: Stock) -> str | None:
    """I7: every person is with one main app and tier or with none, and nobody is lost or with one app twice."""
    people, counted = stock.parts[Users].people, stock.parts[Users].counted
    for number, region in enumerate(stock.parts[Users].regions):
        using = int((counted.people - counted.further)[:, number].sum())
        rows = people.spans[number]
        idle = int(people.weight[rows][people.app[rows] < 0].sum())
        if using + idle != int(region.traits.people):
            return f"{using} people of {region.name} use an app and {idle} none, of {region.traits.people:.0f}"
    if people.further.max(initial=NO_APP) == NO_APP:
        return None
    more = np.flatnonzero((people.further >= 0).any(axis=1))  # who has further apps
    places = np.sort(np.column_stack([people.app[more], people.further[more] // 2]), axis=1)  # of none, -1
    twice = ((places[:, 1:] == places[:, :-1]) & (places[:, 1:] >= 0)).any(axis=1)
    astray = more[twice | (people.app[more] < 0)]
    if len(astray):
        return f"user {astray[0]} has an app twice, or further apps and no main one"
    return None


def machines_valued(stock: Stock) -> str | None:
    """I8: a lot's value is its basis less equal monthly wear, 0 at the end; the books' machines are their lots."""
    machines, month = stock.parts.common.fleets.machines, stock.parts.common.month
    live = machines.opens <= month
    age, monthly = month + 1 - machines.opens, machines.basis // (machines.life - machines.worn)
    due = np.where(age < machines.life, machines.basis - monthly * (age - machines.worn), 0)
    wrong = np.flatnonzero(live & (machines.book != due))
    if len(wrong):
        lot = wrong[0]
        owner, found, wanted = stock.names[machines.owner[lot]], machines.book[lot], due[lot]
        return f"{owner}: a lot of {machines.units[lot]} machines is worth {found} cents, less wear it is {wanted}"
    for item, kept, value in ((Item.FLEET, live, machines.book), (Item.CHIP_STOCK, ~live, machines.cost)):
        gap = -stock.parts.ledger.totals[:, item]
        np.add.at(gap, machines.owner[kept], value[kept])
        if item == Item.CHIP_STOCK:
            boxed = stock.parts.common.fleets.appliances
            np.add.at(gap, boxed.owner, boxed.cost)
        wrong = np.flatnonzero(gap)
        if len(wrong):
            booked = stock.parts.ledger.totals[wrong[0], item]
            lots = f"lots are worth {booked + gap[wrong[0]]} cents, its books say {booked}"
            return f"{stock.names[wrong[0]]}, {item.name.lower()}: {lots}"
    return None


def rationed_once(stock: Stock) -> str | None:
    """I11: what a seller delivers of a good in all is no more than it could deliver."""
    for market in stock.markets:
        supply = {(s, g): units for s, g, units in market.supply.rows()}
        for pair, units in market.trades.units_by("seller", "good").items():
            if units > supply.get(pair, 0):
                return f"{stock.names[pair[0]]} delivered {units} of {supply.get(pair, 0)} {market.name}"
    return None


def origins_add_up(stock: Stock) -> str | None:
    """I10: what an account holds of each origin is not below 0 and adds up to its cash."""
    held, cash = stock.origins.held, stock.parts.ledger.totals[:, Item.CASH]
    found = held.sum(axis=1)
    wrong = np.flatnonzero(found != cash)
    if len(wrong):
        who = wrong[0]
        return f"origins of {stock.names[who]} add up to {found[who]} cents, its cash is {cash[who]}"
    short = np.argwhere(held < 0)
    if len(short):
        who, source = short[0]
        name = stock.origins.sources.names[source]
        return f"{stock.names[who]} has paid out {-held[who, source]} cents of {name} that it had not got"
    return None


def in_turn(stock: Stock) -> str | None:
    """I13: money moves for each reason in the phase whose turn it is."""
    rows = stock.rows
    wrong = np.flatnonzero(~_IN_TURN[rows.good, rows.phase] & (rows.good != Good.OPENING))
    return f"{Good(rows.good[wrong[0]]).name.lower()} in phase {rows.phase[wrong[0]]}" if len(wrong) else None


CHECKS: tuple[tuple[str, Callable[[Stock], str | None]], ...] = (
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
)


class Auditor:
    """Checks everything once the month is closed; a broken invariant stops the run.

    ``before`` and ``origins`` are what it remembers; both follow from the journal (``Origins.follow``).
    """

    def __init__(self, parts: Parts, markets: tuple[Market, ...]):
        self.parts, self.markets = parts, markets
        self.before = snapshot(parts.ledger)
        self.origins = Origins(parts.ledger.accounts)
        self.origins.follow(parts.ledger)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Look at all parts and markets."""
        return cls(parts, parts.markets)

    def close(self, ledger: Ledger, month: int) -> None:
        """Check the books, then the origins of money and the goods."""
        n = len(ledger.accounts)
        register = self.parts.common.shares
        issued, held = np.zeros(n, dtype=np.int64), np.zeros((n, n), dtype=np.int64)
        for firm, shares in register.issued.items():
            issued[firm] = shares
        for (holder, firm), shares in register.held.items():
            held[holder, firm] = shares
        rows = Journal.joined(ledger.chunks[self.before.chunks :])
        self.before = check_books(ledger, self.before, shares=(issued, held))
        self.origins.follow(ledger)
        enforce(CHECKS, Stock(self.parts, self.markets, rows, self.origins), month, None)
