"""Reserved hours: labs sign for hours at a fixed price over a term, and pay whether they use them or not.

The hours may begin some months after the signature, so that the cloud can build for them: its backlog.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Firm, Registers, Trend, zeros
from watersellers.agents.information import SeenByReserver
from watersellers.agents.labs.lab import Lab
from watersellers.agents.proration import prorated
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import invoice, posted, split
from watersellers.market.goods import Good
from watersellers.market.saved import Saved
from watersellers.market.trade.clearing import apportion
from watersellers.market.trade.contracts import Contracts
from watersellers.market.trade.orders import Row, Trades, due


@dataclass(frozen=True, slots=True)
class LabReservationNumbers(Traits):
    """A lab's contracts: their term in months, and the share of the spot price that it asks for unused hours."""

    reserved_term: float
    resale: float


@dataclass(frozen=True, slots=True)
class CloudReservationNumbers(Traits):
    """A cloud's contracts: the discount on its price, the most hours under contract, and months until they begin.

    ``most_reserved`` is a multiple of the hours that it has when it signs: above 1 it sells hours that it has yet to
    build. ``contract_lead`` are the months that it takes for that, beyond the next one.
    """

    reserved_discount: float
    most_reserved: float
    contract_lead: float


class ReservedHours:
    """The contracts between labs and clouds."""

    NUMBERS: ClassVar = {"labs": (LabReservationNumbers,), "cloud": (CloudReservationNumbers,)}
    SAVED: ClassVar[Saved] = {
        "contracts": Contracts,
        "idle": dict[tuple[int, int], int],
        "needs": dict[int, Trend],
        "signed": Contracts,
        "delivered": dict[tuple[int, int], int],
        **dict.fromkeys(("returned", "resold", "used"), dict[int, int]),
    }

    def __init__(self, labs: list[Lab], clouds: list[Firm], registers: Registers):
        self.labs, self.registers = labs, registers
        self.clouds = {firm.account: firm for firm in clouds}
        self.contracts = Contracts.of([])
        self.signed = Contracts.of([])  # this month
        self.delivered: dict[tuple[int, int], int] = {}  # hours under contract this month, by (cloud, lab)
        self.needs: dict[int, Trend] = {}  # hours that a lab needs a month, smoothed, from its first month on
        self.idle: dict[tuple[int, int], int] = {}  # hours offered back this month, by (cloud, lab)
        self.returned: dict[int, int] = {}  # the same, by cloud
        self.resold: dict[int, int] = {}  # hours of these that other customers rented, by cloud
        self.used: dict[int, int] = {}  # hours that a lab needed this month, reserved or not

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the labs and clouds of the scenario."""
        return cls(parts.firms_of(Lab), parts.firms["cloud"], parts.registers)

    def running(self, month: int) -> Contracts:
        """Contracts that run in a month, between firms in business."""
        return self._between_firms_in_business(self.contracts.running(month)) if len(self.contracts) else self.contracts

    def _between_firms_in_business(self, contracts: Contracts) -> Contracts:
        """Keep the contracts of which both sides are in business."""
        firms = [*self.labs, *self.clouds.values()]
        alive = np.zeros(1 + max(firm.account for firm in firms), dtype=bool)
        alive[[firm.account for firm in firms if firm.alive]] = True
        return contracts.where(alive[contracts.buyer] & alive[contracts.seller])

    def hours_under_contract(self, cloud: int, month: int) -> int:
        """Hours a month that a cloud has signed for, and that run in a month."""
        running = self.running(month)
        return int(running.units[running.seller == cloud].sum())

    def signed_with(self, cloud: int) -> Contracts:
        """Contracts of a cloud with customers in business, begun or not, in the order in which they were signed."""
        mine = self.contracts.where(self.contracts.seller == cloud)
        return self._between_firms_in_business(mine) if len(mine) else mine

    def end(self, lab: int) -> None:
        """End all contracts of a lab."""
        self.contracts = self.contracts.where(self.contracts.buyer != lab)

    def backlogs(self) -> dict[tuple[int, int], int]:
        """Cents that are still to be paid for hours under contract, from next month on, by (cloud, lab)."""
        standing = self._between_firms_in_business(self.contracts) if len(self.contracts) else self.contracts
        left = np.maximum(0, standing.ends - np.maximum(standing.begins, self.registers.month + 1))
        good = np.full(len(standing), Good.HOURS_RESERVED, dtype=np.int64)
        bills = (invoice(good, standing.units, standing.price) * left).tolist()
        found: dict[tuple[int, int], int] = {}
        for cloud, lab, cents in zip(standing.seller.tolist(), standing.buyer.tolist(), bills, strict=True):
            found[cloud, lab] = found.get((cloud, lab), 0) + cents
        return found

    def note_delivered(self, trades: Trades) -> None:
        """Note the hours under contract that each cloud delivered to each lab this month."""
        self.delivered = trades.where(trades.good == Good.HOURS_RESERVED).units_by("seller", "buyer")

    def call_off(self, firm: Lab, serving: int, training: int) -> tuple[list[Row], int, int]:
        """Call off a lab's reserved hours: first for serving, then for training.

        What neither takes is paid for anyhow, and trains; a lab that trains no more lets it run idle, and one that asks
        for resale offers it back. Return the orders, and the hours for serving and for training still to be rented.
        """
        self.used[firm.account] = serving + training
        resale = firm.numbers[LabReservationNumbers].resale
        running = self.running(self.registers.month)
        rows: list[Row] = []
        for _, cloud, hours, price, _, _ in running.where(running.buyer == firm.account).rows():
            served = min(serving, hours)
            trained = min(training, hours - served) if firm.pivoted or resale > 0 else hours - served
            serving, training = serving - served, max(0, training - trained)
            for item, units in ((Item.COST_OF_SALES, hours - trained), (Item.OPERATING_COST, trained)):
                rows += [(firm.account, item, cloud, Good.HOURS_RESERVED, units, price)] if units else []
            if resale > 0 and (idle := hours - served - trained):
                self.idle[cloud, firm.account] = self.idle.get((cloud, firm.account), 0) + idle
                self.returned[cloud] = self.returned.get(cloud, 0) + idle
        return rows, serving, training

    def offered_to(self, firm: Firm) -> int:
        """Unused hours under contract that labs offer back to a cloud this month."""
        return self.returned.get(firm.account, 0)

    def resell(self, firm: Firm, beyond: int) -> int:
        """Count the hours offered back that a cloud resold, given its sales beyond its own hours; return them."""
        resold = self.resold[firm.account] = min(self.offered_to(firm), beyond)
        return resold

    def spend(self, ledger: Ledger) -> Trades:
        """Pay labs for the hours that clouds resold, at the labs' share of the spot price."""
        labs, rows = {firm.account: firm for firm in self.labs}, list[Row]()
        idle, self.idle = sorted(self.idle.items()), {}
        for account_id, cloud in self.clouds.items():
            offered = [(lab, hours) for (seller, lab), hours in idle if seller == account_id]
            ties = [labs[lab].key for lab, _ in offered]
            for (lab, _), units in zip(
                offered, split(self.resold.get(account_id, 0), [hours for _, hours in offered], ties), strict=True
            ):
                price = posted(cloud.price * labs[lab].numbers[LabReservationNumbers].resale)
                rows.append((account_id, Item.COST_OF_SALES, lab, Good.HOURS, units, price))
        self.returned = {}
        return due(rows)

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Sign contracts for the months to come, up to the largest multiple of its hours that each cloud allows."""
        month = self.registers.month
        kept = self.contracts.where(self.contracts.ends > month)
        self.contracts = self._between_firms_in_business(kept) if len(kept) else kept  # a successor inherits none
        later, taken = self._still_running_when_new_ones_begin(), zeros(self.registers)
        np.add.at(taken, later.seller, later.units)
        room = {
            account: int(cloud.numbers[CloudReservationNumbers].most_reserved * cloud.capacity) - int(taken[account])
            for account, cloud in self.clouds.items()
        }
        wishes: dict[int, int] = {}
        for firm in self.labs:
            if firm.alive and firm.cloud_share and firm.hour_price > 0:
                seen = self._see(firm, int(later.units[later.buyer == firm.account].sum()))
                wishes[firm.account] = int(firm.decide("contracting", seen, chance))
        self.signed = Contracts.of(self._sign(wishes, room, chance))
        hours = self.signed.units_of("buyer", "units")
        for firm in self.labs:
            firm.override("contracting", hours.get(firm.account, 0) < wishes.get(firm.account, 0))
        self.contracts = Contracts.joined([self.contracts, self.signed])

    def _begin(self, cloud: int) -> int:
        """Month in which hours begin for which a cloud signs now."""
        return self.registers.month + 1 + int(self.clouds[cloud].numbers[CloudReservationNumbers].contract_lead)

    def _still_running_when_new_ones_begin(self) -> Contracts:
        """Contracts that will run when one begins that the same cloud signs now."""
        begins = np.array([self._begin(cloud) for cloud in self.contracts.seller.tolist()], dtype=np.int64)
        return self.contracts.where(self.contracts.ends > begins)

    def _see(self, firm: Lab, reserved: int) -> SeenByReserver:
        """Return a lab's view when it decides for how many hours to sign; note what it needed this month."""
        used, smoothing = self.used.get(firm.account, 0), self.registers.smoothing
        need = self.needs.setdefault(firm.account, Trend(float(used)))
        need.update(used, smoothing)
        leads = [share * (self._begin(cloud) - self.registers.month) for cloud, share in firm.cloud_share.items()]
        return SeenByReserver(
            used=used,
            growth=need.growth,
            lead=sum(leads),
            reserved=reserved,
            price=firm.hour_price,
        )

    def _sign(self, wishes: dict[int, int], room: dict[int, int], chance: Chance) -> list[tuple[int, ...]]:
        """Divide the hours that labs want over clouds with room for contracts; return the contracts.

        Each lab asks its clouds by its shares of them. A cloud with less room than is asked of it gives each lab its
        part, and what it has no room for is asked of the lab's other clouds.
        """
        firms, left = {firm.account: firm for firm in self.labs}, dict(wishes)
        room, signed = dict(room), dict[tuple[int, int], int]()
        while asks := self._asks([(firms[lab], hours) for lab, hours in left.items() if hours], room, chance):
            for cloud, rows in sorted(asks.items()):
                given = prorated(room[cloud], [(firms[lab].key, hours) for lab, hours in rows], "contracts", chance)
                for (lab, _), hours in zip(rows, given, strict=True):
                    signed[lab, cloud] = signed.get((lab, cloud), 0) + hours
                    left[lab], room[cloud] = left[lab] - hours, room[cloud] - hours
        return [self._contract(firms[lab], cloud, hours) for (lab, cloud), hours in sorted(signed.items()) if hours]

    def _asks(
        self, wishes: list[tuple[Lab, int]], room: dict[int, int], chance: Chance
    ) -> dict[int, list[tuple[int, int]]]:
        """List the hours that labs ask of each cloud with room left, by their shares of these: (lab, hours)."""
        asks: dict[int, list[tuple[int, int]]] = {}
        for firm, hours in wishes:
            clouds = [cloud for cloud in sorted(firm.cloud_share) if room[cloud] > 0]
            ties = chance.order("contracts", self.registers.accounts.keys[clouds])
            parts = apportion(hours, [firm.cloud_share[cloud] for cloud in clouds], ties).tolist()
            for cloud, part in zip(clouds, parts, strict=True):
                if part:
                    asks.setdefault(cloud, []).append((firm.account, part))
        return asks

    def _contract(self, firm: Lab, cloud: int, hours: int) -> tuple[int, ...]:
        """Write a contract of a lab with a cloud, at the cloud's price of today less its discount."""
        seller, begins = self.clouds[cloud], self._begin(cloud)
        price = posted(seller.price * (1 - seller.numbers[CloudReservationNumbers].reserved_discount))
        ends = begins + int(firm.numbers[LabReservationNumbers].reserved_term)
        return firm.account, cloud, hours, price, begins, ends
