"""What is written down each month beside the books: prices and quantities of firms, use of apps, and the events."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.advertisers import Advertisers
from watersellers.agents.app import App
from watersellers.agents.apps import Apps
from watersellers.agents.chipmaker import Chipmaker, Chips
from watersellers.agents.cloud import Cloud
from watersellers.agents.clouds import Clouds
from watersellers.agents.court import Court
from watersellers.agents.directing import Boards
from watersellers.agents.firm import Firm
from watersellers.agents.happenings import Happenings
from watersellers.agents.hosting import Hosts
from watersellers.agents.investors import Investors
from watersellers.agents.lab import Lab
from watersellers.agents.labs import Labs
from watersellers.agents.lending import Lenders
from watersellers.agents.parts import Parts
from watersellers.agents.trust import Trust
from watersellers.agents.users import Users
from watersellers.market.goods import MILLION, TOKENS
from watersellers.market.ledger import Ledger
from watersellers.market.saved import Saved

MILESTONES = tuple(step * MILLION for step in (10, 100, 200, 500, 1000))  # users worth telling of


@dataclass
class Record:
    """Rows of the run's tables, month by month; columns are named in ``experiments/result.py``.

    A text of an event names firms and amounts in braces, exactly: who tells it chooses titles and rounds.
    """

    operations: list[tuple] = field(default_factory=list)
    apps: list[tuple] = field(default_factory=list)
    users: list[tuple] = field(default_factory=list)
    events: list[tuple] = field(default_factory=list)


class Recorder:
    """Writes the month's rows when it closes."""

    SAVED: ClassVar[Saved] = {"reached": dict[int, int]}

    def __init__(self, parts: Parts):
        self.parts = parts
        self.record = Record()
        self.reached: dict[int, int] = {}  # highest milestone of users passed, by app

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Look at all parts."""
        return cls(parts)

    def close(self, ledger: Ledger, month: int) -> None:
        """Write the month's rows."""
        rows = self.record
        for firm in (firm for group in self.parts.firms.values() for firm in group):
            if firm.alive or firm.enters <= month:
                rows.operations.append((month, firm.place, firm.alive, firm.price, *self._done(firm)))
        rows.apps.extend(self._app_rows(month))
        rows.users.extend(self._user_rows(month))
        for name, pool, pay in self.parts[Investors].raised:
            rows.events.append((month, "round", name, f"{{{name}}} raises {{{pay} cents}} from {{{pool}}}"))
        offices = (self.parts[Lenders], self.parts[Trust], self.parts[Boards], self.parts[Court])
        rows.events.extend((month, *item) for office in offices for item in office.news)
        today = self.parts[Happenings].today
        rows.events.extend((month, event.what, event.who or event.path, event.text) for event in today)
        rows.events.extend(self._milestones(month))

    def _milestones(self, month: int) -> list[tuple]:
        """Apps whose users pass a round number for the first time."""
        passed = []
        for firm in self.parts[Apps].alive:
            people, before = self._people(firm.place), self.reached.get(firm.place, 0)
            steps = [step for step in MILESTONES if before < step <= people]
            if steps:
                self.reached[firm.place] = steps[-1]
                text = f"{{{firm.name}}} passes {steps[-1] // MILLION} million users"
                passed.append((month, "milestone", firm.name, text))
        return passed

    def _done(self, firm: Firm) -> tuple[int, int, float | None, int]:
        """Quantity sold, capacity, share of it used, and customers."""
        if isinstance(firm, Chipmaker):
            made, able = self.parts[Chips].delivered.get(firm.place, 0), int(firm.capacity)
            return made, able, made / able if able else None, len(self.parts.common.backlog.on_order_from(firm.place))
        if isinstance(firm, Cloud):
            sold = int(self.parts[Clouds].sold_hours[firm.place])
            used = sold + self.parts[Hosts].hours_of(firm)
            return (
                sold,
                firm.capacity,
                used / firm.capacity if firm.capacity else None,
                len(self.parts[Clouds].buyers.get(firm.place, [])),
            )
        if isinstance(firm, Lab):
            asked = sum(self.parts[Labs].asked.get((firm.place, good), 0) for good in TOKENS)
            return (
                int(firm.served * asked),
                asked,
                firm.served if asked else None,
                len(self.parts[Labs].buyers.get(firm.place, [])),
            )
        assert isinstance(firm, App)
        share = firm.answered / firm.asked if firm.asked else None
        return firm.answered, firm.asked, share, self._people(firm.place)

    def _people(self, place: int) -> int:
        row = self.parts[Users].slot[place]
        return int(self.parts[Users].counted.people[row].sum())

    def _app_rows(self, month: int) -> list[tuple]:
        """Users, queries, tokens and ads of each app, region and tier."""
        counted, rows = self.parts[Users].counted, []
        for firm in self.parts[Apps].alive:
            row = self.parts[Users].slot[firm.place]
            for number, member in enumerate(self.parts[Users].members):
                slots = self.parts[Advertisers].slots.get((firm.place, self.parts[Users].accounts[number]), 0)
                kinds = (
                    ("free", counted.free, counted.queries_free, slots),
                    ("paid", counted.paid, counted.queries_paid, 0),
                )
                for tier, people, queries, ads in kinds:
                    asked = int(queries[row, number])
                    tokens = asked * sum(firm.tokens)
                    rows.append(
                        (
                            month,
                            firm.place,
                            member.name,
                            tier,
                            int(people[row, number]),
                            asked,
                            tokens,
                            ads,
                            self.parts[Trust].of(firm),
                        )
                    )
        return rows

    def _user_rows(self, month: int) -> list[tuple]:
        """Adoption, use of several apps, churn, spending and trust of each region."""
        users, rows = self.parts[Users], []
        trust = np.array([self.parts[Trust].of(firm) if firm.alive else 0.0 for firm in self.parts[Apps].apps])
        for number, member in enumerate(users.members):
            people, told = int(users.traits[number].people), users.summary
            used = users.counted.people[:, number]
            mean = float((used * trust).sum() / used.sum()) if used.any() else None
            counts = (column[number] for column in (told.free, told.paid, told.several, told.left, users.spent))
            rows.append((month, member.name, people, *map(int, counts), mean))
        return rows
