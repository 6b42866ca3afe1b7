"""Devices with an assistant inside: sold once, made outside the chain, and at their owner's side until they break."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.app import App
from watersellers.agents.firm import Common
from watersellers.agents.kernel.contract import WORD
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Regional, Traits
from watersellers.agents.users import Users
from watersellers.market.dice import Chance, exp32
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Supply, Trades, due
from watersellers.market.saved import Saved
from watersellers.market.units import Column, nano


@dataclass(frozen=True, slots=True)
class DeviceNumbers(Traits):
    """A device of an app: what it costs and is made for, who may buy it, how long it lasts, and the habit it makes."""

    device_price: float
    device_cost: float
    device_reach: float
    device_life: float
    device_habit: float


class Devices:
    """People who buy a device of an app: they know the app from then on, and ask it out of habit until it breaks."""

    NUMBERS: ClassVar = {"apps": (DeviceNumbers,)}
    SAVED: ClassVar[Saved] = {"made": dict[int, int]}

    def __init__(self, users: Users, apps: list[App], common: Common):
        self.users, self.apps, self.common = users, apps, common
        self.made: dict[int, int] = {}  # devices this month, by app

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Bring people and apps together."""
        return cls(parts[Users], parts.those(App), parts.common)

    @property
    def alive(self) -> list[App]:
        """Apps in business."""
        return [firm for firm in self.apps if firm.alive]

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of each app's device, where it has one."""
        prices = [(firm.place, firm.numbers[DeviceNumbers].device_price) for firm in self.alive]
        return Offers.of((place, Good.DEVICES, nano(price)) for place, price in prices if price > 0)

    def supply(self, orders: Orders) -> Supply:
        """Whoever orders a device gets it: they are made outside the chain."""
        ordered = orders.where(orders.good == Good.DEVICES).units_of("seller")
        return Supply.of((seller, Good.DEVICES, units) for seller, units in ordered.items())

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Let people who have none buy a device; it counts from next month on, for this month's app is chosen."""
        rows: list[Row] = []
        owned = self.users.people.owned.any(axis=0)  # whether anybody has a device of any app of a word
        for firm in self.alive:
            if owned[self.users.slot[firm.place] // WORD]:
                self._break(firm, chance)
            if firm.numbers[DeviceNumbers].device_price > 0:
                drawn = chance.uniform("device", self.users.people.key, firm.key)
                for number, region in enumerate(self.users.regions):
                    if units := self._bought(firm, number, drawn):
                        price = nano(firm.numbers[DeviceNumbers].device_price)
                        rows.append((region.place, Item.CONSUMPTION, firm.place, Good.DEVICES, units, price))
        return Orders.of(rows)

    def _break(self, firm: App, chance: Chance) -> None:
        """Let devices break, each with the same chance every month, so that they last for their life in the mean."""
        people, app = self.users.people, self.users.slot[firm.place]
        owners = people.owns(app)
        if owners.any():
            drawn = chance.uniform("broken", people.key, firm.key)
            people.take(app, owners & (drawn < np.float32(1 / firm.numbers[DeviceNumbers].device_life)))

    def _bought(self, firm: App, number: int, drawn: Column) -> int:
        """Devices that a region's people buy of an app; what each buyer knows and likes changes with it."""
        region, people = self.users.regions[number], self.users.people
        if region.name not in firm.regions:
            return 0
        rows, app = people.spans[number], self.users.slot[firm.place]
        buys = np.zeros(len(people), dtype=bool)
        buys[rows] = ~people.owns(app)[rows] & (drawn[rows] < self._chances(firm, region, people.worth[rows]))
        people.hand(app, buys)
        return int(people.weight[buys].sum())

    def _chances(self, firm: App, region: Regional, worth: Column) -> Column:
        """Chance that each user of a region buys: the dearer a month with the device, the smaller; float32."""
        numbers = firm.numbers[DeviceNumbers]
        monthly = np.float32(region.traits.price_weight * numbers.device_price / numbers.device_life)
        chances: Column = np.float32(numbers.device_reach) * exp32(-(monthly / worth))
        return chances

    def sold(self, trades: Trades) -> None:
        """Count what was sold."""
        self.made = trades.where(trades.good == Good.DEVICES).units_of("seller")

    def receive(self, trades: Trades) -> None:
        """Its owners know it from next month on."""

    def spend(self, ledger: Ledger) -> Trades:
        """Pay the makers of the devices that were sold."""
        return due(
            (firm.place, Item.COST_OF_SALES, self.common.world, Good.DEVICES, self.made.get(firm.place, 0), nano(cost))
            for firm in self.alive
            if (cost := firm.numbers[DeviceNumbers].device_cost)
        )
