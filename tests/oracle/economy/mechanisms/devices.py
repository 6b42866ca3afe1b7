"""Chapter 9.26 of the rules: devices with an assistant inside."""

import numpy as np

from tests.oracle.economy.arithmetic import exp32, nano, uniform
from tests.oracle.economy.books import CONSUMPTION, COST_OF_SALES, GOOD, WORLD, Order
from tests.oracle.economy.participants import App, Participant, User
from tests.oracle.economy.state import Economy, alive

DEVICES = GOOD["devices"]


def order(economy: Economy) -> None:
    for app in alive(economy.apps):
        number, broken = economy.apps.index(app), np.float32(1 / app.numbers["device_life"])
        for user in economy.users:
            if number in user.devices and uniform(economy.hash("broken", user.key, app.key)) < broken:
                user.devices.remove(number)
        for region in economy.regions:
            if app.numbers["device_price"] > 0 and app.offered(region.region):
                buyers = [user for user in economy.users if user.region is region and wants(economy, user, app)]
                for user in buyers:
                    user.devices.add(number)
                    user.known[number] = True
                units = sum(user.weight for user in buyers)
                economy.add_order(
                    "apps", region.account, CONSUMPTION, app.account, DEVICES, units, nano(app.numbers["device_price"])
                )


def wants(economy: Economy, user: User, app: App) -> bool:
    region: Participant = user.region
    monthly = np.float32(region.numbers["price_weight"] * app.numbers["device_price"] / app.numbers["device_life"])
    chance = np.float32(app.numbers["device_reach"]) * exp32(-(monthly / user.worth))
    return economy.apps.index(app) not in user.devices and bool(
        uniform(economy.hash("device", user.key, app.key)) < chance
    )


def count_sales(economy: Economy) -> None:
    for app in economy.apps:
        sold = [deal.quantity for deal in economy.deals["apps"] if (deal.seller, deal.good) == (app.account, DEVICES)]
        app.devices = sum(sold)


def pay_makers(economy: Economy) -> None:
    bills = [
        Order(app.account, COST_OF_SALES, WORLD, DEVICES, app.devices, nano(app.numbers["device_cost"]))
        for app in alive(economy.apps)
    ]
    economy.pay(bills)
