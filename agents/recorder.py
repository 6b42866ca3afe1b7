"""Monthly rows of the tables beside the books: prices and quantities of firms, use of apps, and events."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import polars as pl

from watersellers.agents.apps.advertisers import Advertisers
from watersellers.agents.apps.app import App
from watersellers.agents.apps.month import Apps
from watersellers.agents.apps.trust import Trust
from watersellers.agents.chips.month import Chips
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.cloud.fleet_loans import Lenders
from watersellers.agents.cloud.month import Clouds
from watersellers.agents.cloud.open_weight_hosts import OpenWeightHosts
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.board_decisions import BoardDecisions
from watersellers.agents.finance.failures.insolvency import Insolvency
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.outside_incomes import OutsideIncomes
from watersellers.agents.finance.owner_hurdles import OwnerHurdles
from watersellers.agents.firm import Firm
from watersellers.agents.labs.lab import Lab
from watersellers.agents.labs.month import Labs
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.agents.records.chain_rows import ProducedMachines, adoption_rows, chain_row
from watersellers.agents.records.contract_rows import contract_rows
from watersellers.agents.records.market_rows import market_rows
from watersellers.agents.records.pool_rows import pool_rows
from watersellers.agents.records.shock_rows import shock_row
from watersellers.agents.scenario_events import ScenarioEvents
from watersellers.agents.shadows.shadow_payments import ShadowPayments
from watersellers.agents.shocks.breakthroughs import Breakthroughs
from watersellers.agents.users.month import Users
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.goods import ALL_TOKENS, MILLION
from watersellers.market.saved import Saved

MILESTONES = tuple(step * MILLION for step in (10, 100, 200, 500, 1000))  # users, reported when an app first has them

# Columns of the tables beside the books, in order; firms are account numbers.
OPERATIONS = {
    "month": pl.Int64,
    "firm": pl.Int64,
    "alive": pl.Boolean,
    "price": pl.Float64,
    "quantity": pl.Int64,
    "capacity": pl.Int64,
    "used_share": pl.Float64,
    "customers": pl.Int64,
    "quality": pl.Float64,
    "backlog": pl.Int64,
    "overridden": pl.String,
}
APPS = {
    "month": pl.Int64,
    "app": pl.Int64,
    "region": pl.String,
    "tier": pl.String,
    "users": pl.Int64,
    "queries": pl.Int64,
    "tokens": pl.Int64,
    "ads": pl.Int64,
    "ad_load": pl.Float64,
    "trust": pl.Float64,
}
USERS = {
    "month": pl.Int64,
    "region": pl.String,
    "people": pl.Int64,
    "free": pl.Int64,
    "paid": pl.Int64,
    "several": pl.Int64,
    "left": pl.Int64,
    "spent": pl.Int64,
    "trust": pl.Float64,
}
EVENTS = {"month": pl.Int64, "what": pl.String, "who": pl.String, "text": pl.String}
ANNOUNCERS: tuple[type[Any], ...] = (  # in turn
    *(OutsideIncomes, Breakthroughs, Lenders, Trust),
    *(OwnerHurdles, BoardDecisions, Insolvency),
)


@dataclass
class Record:
    """Rows of the run's tables, month by month, with the columns that are listed above and in ``agents/records``.

    The text of an event names firms and exact amounts in braces; the reader of the table adds titles and rounds.
    """

    operations: list[tuple] = field(default_factory=list)
    apps: list[tuple] = field(default_factory=list)
    users: list[tuple] = field(default_factory=list)
    events: list[tuple] = field(default_factory=list)
    markets: list[tuple] = field(default_factory=list)
    adoption: list[tuple] = field(default_factory=list)
    chain: list[tuple] = field(default_factory=list)
    contracts: list[tuple] = field(default_factory=list)
    shocks: list[tuple] = field(default_factory=list)
    pools: list[tuple] = field(default_factory=list)
    shadows: list[tuple] = field(default_factory=list)


class Recorder:
    """Writes the month's rows when it closes."""

    SAVED: ClassVar[Saved] = {"reached": dict[int, int]}

    def __init__(self, parts: Parts):
        self.parts = parts
        self.record = Record()
        self.reached: dict[int, int] = {}  # highest milestone of users passed, by app

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Record all parts, from what the machines of the opening have cost on."""
        parts[ProducedMachines]
        return cls(parts)

    def close(self, ledger: Ledger, month: int) -> None:
        """Write the month's rows."""
        rows, backlogs, sold_ahead = self.record, self.parts[ReservedHours].backlogs(), Counter[int]()
        for (cloud, _), cents in backlogs.items():
            sold_ahead[cloud] += cents
        for firm in (firm for group in self.parts.firms.values() for firm in group):
            if firm.alive or firm.enters <= month:
                changed = ", ".join(sorted(firm.overridden)) or None
                quality = firm.quality if firm.alive and isinstance(firm, Lab | App) else None
                backlog = sold_ahead[firm.account] if isinstance(firm, Cloud) else None
                activity = (*self._activity(firm), quality, backlog, changed)
                rows.operations.append((month, firm.account, firm.alive, firm.price, *activity))
            firm.end_month()
        rows.apps.extend(self._app_rows(month))
        rows.users.extend(self._user_rows(month))
        for name, pool, pay in self.parts[Investors].raised:
            rows.events.append((month, "round", name, f"{{{name}}} raises {{{pay} cents}} from {{{pool}}}"))
        announcers: list[Any] = [self.parts[each] for each in ANNOUNCERS]
        rows.events.extend((month, *item) for each in announcers for item in each.announcements)
        today = self.parts[ScenarioEvents].today
        rows.events.extend((month, event.what, event.who or event.path, event.text) for event in today)
        rows.events.extend(self._milestones(month))
        rows.markets.extend(market_rows(self.parts, month))
        rows.adoption.extend(adoption_rows(self.parts, month))
        rows.chain.append(chain_row(self.parts, month))
        rows.contracts.extend(contract_rows(self.parts, month, backlogs))
        rows.shocks.append(shock_row(self.parts, month))
        rows.pools.extend(pool_rows(self.parts, month))
        rows.shadows.extend((month, *row) for row in self.parts[ShadowPayments].rows)

    def _milestones(self, month: int) -> list[tuple]:
        """Announce the apps whose users pass a round number for the first time."""
        milestones = []
        for firm in self.parts[Apps].alive:
            people, before = self._people(firm.account), self.reached.get(firm.account, 0)
            steps = [step for step in MILESTONES if before < step <= people]
            if steps:
                self.reached[firm.account] = steps[-1]
                text = f"{{{firm.name}}} passes {steps[-1] // MILLION} million users"
                milestones.append((month, "milestone", firm.name, text))
        return milestones

    def _activity(self, firm: Firm) -> tuple[int, int, float | None, int]:
        """Quantity sold, capacity, share of it that was used, and number of customers of a firm."""
        if isinstance(firm, ChipVendor):
            shipped, capacity = self.parts[Chips].delivered.get(firm.account, 0), int(firm.capacity)
            return (
                shipped,
                capacity,
                shipped / capacity if capacity else None,
                len(self.parts.registers.backlog.on_order_from(firm.account)),
            )
        if isinstance(firm, Cloud):
            sold = int(self.parts[Clouds].sold_hours[firm.account])
            used = sold + self.parts[OpenWeightHosts].hours_of(firm)
            return (
                sold,
                firm.capacity,
                used / firm.capacity if firm.capacity else None,
                len(self.parts[Clouds].buyers.get(firm.account, [])),
            )
        if isinstance(firm, Lab):
            asked = sum(self.parts[Labs].asked.get((firm.account, good), 0) for good in ALL_TOKENS)
            return (
                int(firm.served * asked),
                asked,
                firm.served if asked else None,
                self.parts[Labs].paying.get(firm.account, 0),
            )
        assert isinstance(firm, App)
        share = firm.answered / firm.asked if firm.asked else None
        return firm.answered, firm.asked, share, self._people(firm.account)

    def _people(self, account_id: int) -> int:
        """Number of people who use an app, in all regions."""
        row = self.parts[Users].row_of[account_id]
        return int(self.parts[Users].totals.people[row].sum())

    def _app_rows(self, month: int) -> list[tuple]:
        """Users, queries, tokens and ads of each app, region and tier."""
        users, sold = self.parts[Users], self.parts[Advertisers].slots
        totals, regions = users.totals, [*zip(users.members, users.accounts, strict=True)]
        free, paid = (
            (totals.free.tolist(), totals.queries_free.tolist()),
            (totals.paid.tolist(), totals.queries_paid.tolist()),
        )
        rows = []
        for firm in self.parts[Apps].alive:
            row, tokens, trust = users.row_of[firm.account], sum(firm.tokens), self.parts[Trust].of(firm)
            for number, (member, region) in enumerate(regions):
                tiers = (
                    ("free", free, sold.get((firm.account, region), 0), firm.ad_load),
                    ("paid", paid, 0, 0.0),
                )
                for tier, (people, queries), ads, load in tiers:
                    used, asked = people[row][number], queries[row][number]
                    rows.append((month, firm.account, member.name, tier, used, asked, asked * tokens, ads, load, trust))
        return rows

    def _user_rows(self, month: int) -> list[tuple]:
        """Adoption, use of several apps, churn, spending and trust of each region."""
        users, rows = self.parts[Users], []
        trust = np.array([self.parts[Trust].of(firm) if firm.alive else 0.0 for firm in self.parts[Apps].apps])
        for number, member in enumerate(users.members):
            people, summary = int(users.traits[number].people), users.summary
            used = users.totals.people[:, number]
            mean = float((used * trust).sum() / used.sum()) if used.any() else None
            columns = summary.free, summary.paid, summary.several, summary.left, users.spent
            rows.append((month, member.name, people, *(int(column[number]) for column in columns), mean))
        return rows
