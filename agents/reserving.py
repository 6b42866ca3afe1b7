"""Reserved hours: labs sign for hours of a term at a fixed price, and pay for them whether they use them or not."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.cloud import Cloud
from watersellers.agents.firm import Common, zeros
from watersellers.agents.lab import Lab
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.agents.views import SeenByReserver
from watersellers.market.clearing import apportion
from watersellers.market.contracts import Contracts
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Row, Trades, due
from watersellers.market.saved import Saved
from watersellers.market.units import posted, split


@dataclass(frozen=True, slots=True)
class ReservingNumbers(Traits):
    """For how many months a lab signs, and the part of the spot price at which it offers back what it does not use."""

    reserved_term: float
    resale: float


@dataclass(frozen=True, slots=True)
class ReservedNumbers(Traits):
    """What a cloud takes off its price for a contract, and the share of its hours that it lets be under contract."""

    reserved_discount: float
    most_reserved: float


class Reservations:
    """The contracts between labs and clouds."""

    NUMBERS: ClassVar = {"labs": (ReservingNumbers,), "cloud": (ReservedNumbers,)}
    SAVED: ClassVar[Saved] = {
        "contracts": Contracts,
        "idle": dict[tuple[int, int], int],
        **dict.fromkeys(("returned", "resold", "used"), dict[int, int]),
    }

    def __init__(self, labs: list[Lab], clouds: list[Cloud], common: Common):
        self.labs, self.common = labs, common
        self.clouds = {firm.place: firm for firm in clouds}
        self.contracts = Contracts.of([])
        self.idle: dict[tuple[int, int], int] = {}  # hours this month that are offered back, by (cloud, lab)
        self.returned: dict[int, int] = {}  # the same, by cloud
        self.resold: dict[int, int] = {}  # those of them that somebody else rented
        self.used: dict[int, int] = {}  # hours that a lab asked for this month, reserved or not

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Bring labs and clouds together."""
        return cls(parts.those(Lab), parts.those(Cloud), parts.common)

    def running(self, month: int) -> Contracts:
        """Contracts of a month; who is out of business is bound by none."""
        if not len(self.contracts):
            return self.contracts
        firms = [*self.labs, *self.clouds.values()]
        alive = np.array([firm.place for firm in firms if firm.alive], dtype=np.int64)
        bound = self.contracts.running(month)
        return bound.where(np.isin(bound.buyer, alive) & np.isin(bound.seller, alive))

    def call(self, firm: Lab, serving: int, training: int) -> tuple[list[Row], int, int]:
        """Call a lab's reserved hours: for serving first, then for training; the rest runs idle or is offered back.

        Gives the orders, and the hours of serving and of training that are still to be rented.
        """
        self.used[firm.place] = serving + training
        bound = self.running(self.common.month)
        rows: list[Row] = []
        mine = bound.where(bound.buyer == firm.place)
        for _, cloud, hours, price, _, _ in mine.rows():
            served = min(serving, hours)
            trained = min(training, hours - served)
            serving, training = serving - served, training - trained
            for item, units in ((Item.COST_OF_SALES, hours - trained), (Item.OPERATING_COST, trained)):
                rows += [(firm.place, item, cloud, Good.HOURS_RESERVED, units, price)] if units else []
            if firm.numbers[ReservingNumbers].resale > 0 and (idle := hours - served - trained):
                self.idle[cloud, firm.place] = self.idle.get((cloud, firm.place), 0) + idle
                self.returned[cloud] = self.returned.get(cloud, 0) + idle
        return rows, serving, training

    def offered_to(self, firm: Cloud) -> int:
        """Hours under contract that labs do not use and offer back to a cloud this month."""
        return self.returned.get(firm.place, 0)

    def resell(self, firm: Cloud, beyond: int) -> int:
        """Rent out as many of them as a cloud sold beyond its own hours; how many these are."""
        resold = self.resold[firm.place] = min(self.offered_to(firm), beyond)
        return resold

    def spend(self, ledger: Ledger) -> Trades:
        """Let clouds pay for the hours that they rented out for labs, at the labs' part of the spot price."""
        labs, rows = {firm.place: firm for firm in self.labs}, list[Row]()
        idle, self.idle = sorted(self.idle.items()), {}
        for place, cloud in self.clouds.items():
            offered = [(lab, hours) for (seller, lab), hours in idle if seller == place]
            ties = [labs[lab].key for lab, _ in offered]
            for (lab, _), units in zip(
                offered, split(self.resold.get(place, 0), [hours for _, hours in offered], ties), strict=True
            ):
                price = posted(cloud.price * labs[lab].numbers[ReservingNumbers].resale)
                rows.append((place, Item.COST_OF_SALES, lab, Good.HOURS, units, price))
        self.returned = {}
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Sign contracts that begin next month, as far as the clouds that a lab rents from let it."""
        month = self.common.month
        self.contracts = self.contracts.where(self.contracts.ends > month)
        given, asked = self.running(month + 1), zeros(self.common)
        np.add.at(asked, given.seller, given.units)
        room = {
            place: int(f.numbers[ReservedNumbers].most_reserved * f.capacity) - int(asked[place])
            for place, f in self.clouds.items()
        }
        rows = []
        for firm in self.labs:
            if firm.alive and firm.cloud_share and firm.hour_price > 0:
                had = int(given.units[given.buyer == firm.place].sum())
                seen = SeenByReserver(self.used.get(firm.place, 0), had, firm.hour_price)
                signed = self._sign(firm, int(firm.decide("contracting", seen, chance)), room, chance)
                room = room | {cloud: room[cloud] - hours for _, cloud, hours, *_ in signed}
                rows += signed
        self.contracts = Contracts.joined([self.contracts, Contracts.of(rows)])

    def _sign(self, firm: Lab, hours: int, room: dict[int, int], chance: Chance) -> list[tuple[int, ...]]:
        """Split what a lab wants over its clouds, each up to the room that it has left."""
        clouds, shares = zip(*sorted(firm.cloud_share.items()), strict=True)
        ties = chance.order("contracts", self.common.accounts.keys[list(clouds)])
        begins = self.common.month + 1
        rows: list[tuple[int, ...]] = []
        for cloud, part in zip(clouds, apportion(hours, list(shares), ties).tolist(), strict=True):
            signed, seller = min(part, max(0, room[cloud])), self.clouds[cloud]
            price = posted(seller.price * (1 - seller.numbers[ReservedNumbers].reserved_discount))
            ends = begins + int(firm.numbers[ReservingNumbers].reserved_term)
            rows += [(firm.place, cloud, signed, price, begins, ends)] if signed else []
        return rows
