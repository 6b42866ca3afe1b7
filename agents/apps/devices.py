"""Devices with an assistant inside: made outside the chain, sold once, and used until they break."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.apps.app import App
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import RegionState, Traits
from watersellers.agents.users.kernel.contract import WORD
from watersellers.agents.users.month import Users
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance, exp32
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, nano
from watersellers.market.goods import Good
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Offers, Orders, Row, Supply, Trades, due


@dataclass(frozen=True, slots=True)
class DeviceNumbers(Traits):
    """An app's device: price and unit cost, reach among people, life in months, and the habit that it forms."""

    device_price: float
    device_cost: float
    device_reach: float
    device_life: float
    device_habit: float


class Devices:
    """Sales of apps' devices to people, who then know the app and prefer it out of habit until the device breaks."""

    NUMBERS: ClassVar = {"apps": (DeviceNumbers,)}
    SAVED: ClassVar[Saved] = {"made": dict[int, int]}

    def __init__(self, users: Users, apps: list[App], registers: Registers):
        self.users, self.apps, self.registers = users, apps, registers
        self.made: dict[int, int] = {}  # devices sold this month, by app

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the users and apps of the scenario."""
        return cls(parts[Users], parts.firms_of(App), parts.registers)

    @property
    def alive(self) -> list[App]:
        """Apps in business."""
        return [firm for firm in self.apps if firm.alive]

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Post the price of each app's device, where it has one."""
        prices = [(firm.account, firm.numbers[DeviceNumbers].device_price) for firm in self.alive]
        return Offers.of((account_id, Good.DEVICES, nano(price)) for account_id, price in prices if price > 0)

    def supply(self, orders: Orders) -> Supply:
        """Supply all devices that are ordered, since they are made outside the chain."""
        ordered = orders.where(orders.good == Good.DEVICES).units_of("seller")
        return Supply.of((seller, Good.DEVICES, units) for seller, units in ordered.items())

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Let people without a device buy one; it counts from next month on, as this month's app is already chosen."""
        rows: list[Row] = []
        owned = self.users.people.owned.any(axis=0)  # by word of bits: whether anybody owns a device of one of its apps
        for firm in self.alive:
            if owned[self.users.row_of[firm.account] // WORD]:
                self._break(firm, chance)
            if firm.numbers[DeviceNumbers].device_price > 0:
                draws = chance.uniform("device", self.users.people.key, firm.key)
                for number, region in enumerate(self.users.regions):
                    if units := self._bought(firm, number, draws):
                        price = nano(firm.numbers[DeviceNumbers].device_price)
                        rows.append((region.account, Item.CONSUMPTION, firm.account, Good.DEVICES, units, price))
        return Orders.of(rows)

    def _break(self, firm: App, chance: Chance) -> None:
        """Let devices break with the same chance every month, so that they last for their life in the mean."""
        people, app = self.users.people, self.users.row_of[firm.account]
        owners = people.owns(app)
        if owners.any():
            draws = chance.uniform("broken", people.key, firm.key)
            people.take_device(app, owners & (draws < np.float32(1 / firm.numbers[DeviceNumbers].device_life)))

    def _bought(self, firm: App, number: int, draws: Column) -> int:
        """Let a region's people buy an app's device, who then know it; return the number of devices."""
        region, people = self.users.regions[number], self.users.people
        if region.name not in firm.regions:
            return 0
        rows, app = people.spans[number], self.users.row_of[firm.account]
        buys = np.zeros(len(people), dtype=bool)
        buys[rows] = ~people.owns(app)[rows] & (draws[rows] < self._chances(firm, region, people.worth[rows]))
        people.give_device(app, buys)
        return int(people.weight[buys].sum())

    def _chances(self, firm: App, region: RegionState, worth: Column) -> Column:
        """Chance that each user of a region buys, float32: it falls with the monthly price of the device."""
        numbers = firm.numbers[DeviceNumbers]
        monthly = np.float32(region.traits.price_weight * numbers.device_price / numbers.device_life)
        chances: Column = np.float32(numbers.device_reach) * exp32(-(monthly / worth))
        return chances

    def sold(self, trades: Trades) -> None:
        """Count the devices sold."""
        self.made = trades.where(trades.good == Good.DEVICES).units_of("seller")

    def receive(self, trades: Trades) -> None:
        """Do nothing: the buyers have their devices already."""

    def spend(self, ledger: Ledger) -> Trades:
        """Pay the makers of the devices that were sold."""
        return due(
            (
                firm.account,
                Item.COST_OF_SALES,
                self.registers.world,
                Good.DEVICES,
                self.made.get(firm.account, 0),
                nano(cost),
            )
            for firm in self.alive
            if (cost := firm.numbers[DeviceNumbers].device_cost)
        )
