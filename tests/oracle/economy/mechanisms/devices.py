"""Chapter 9.26 of the rules: devices with an assistant inside."""

import numpy as np

from tests.oracle.economy.arithmetic import exp32, nano, uniform
from tests.oracle.economy.books import CONSUMPTION, COST_OF_SALES, GOOD, WORLD, Order
from tests.oracle.economy.participants import App, Participant, User
from tests.oracle.economy.state import Economy, alive

DEVICES = GOOD["devices"]


def order(e: Economy) -> None:
    for app in alive(e.apps):
        number, broken = e.apps.index(app), np.float32(1 / app.n["device_life"])
        for user in e.users:
            if number in user.devices and uniform(e.hash("broken", user.key, app.key)) < broken:
                user.devices.remove(number)
        for region in e.regions:
            if app.n["device_price"] > 0 and app.offered(region.region):
                buyers = [user for user in e.users if user.region is region and wants(e, user, app)]
                for user in buyers:
                    user.devices.add(number)
                    user.known[number] = True
                units = sum(user.weight for user in buyers)
                e.add_order(
                    "apps", region.account, CONSUMPTION, app.account, DEVICES, units, nano(app.n["device_price"])
                )


def wants(e: Economy, user: User, app: App) -> bool:
    region: Participant = user.region
    monthly = np.float32(region.n["price_weight"] * app.n["device_price"] / app.n["device_life"])
    chance = np.float32(app.n["device_reach"]) * exp32(-(monthly / user.worth))
    return e.apps.index(app) not in user.devices and bool(uniform(e.hash("device", user.key, app.key)) < chance)


def count_sales(e: Economy) -> None:
    for app in e.apps:
        sold = [one.quantity for one in e.deals["apps"] if (one.seller, one.good) == (app.account, DEVICES)]
        app.devices = sum(sold)


def pay_makers(e: Economy) -> None:
    bills = [
        Order(app.account, COST_OF_SALES, WORLD, DEVICES, app.devices, nano(app.n["device_cost"]))
        for app in alive(e.apps)
    ]
    e.pay(bills)
