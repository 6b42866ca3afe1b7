"""Section 9.26 of the decision log: devices with an assistant inside."""

import numpy as np

from tests.oracle.arithmetic import exp32, nano, uniform
from tests.oracle.books import CONSUMPTION, COST_OF_SALES, GOOD, WORLD, Order, deal
from tests.oracle.calls import Put
from tests.oracle.world import App, Economy, Party, User, alive

DEVICES = GOOD["devices"]


def buy(e: Economy, put: Put) -> None:
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
                put(e, "apps", region.place, CONSUMPTION, app.place, DEVICES, units, nano(app.n["device_price"]))


def wants(e: Economy, user: User, app: App) -> bool:
    region: Party = user.region
    monthly = np.float32(region.n["price_weight"] * app.n["device_price"] / app.n["device_life"])
    chance = np.float32(app.n["device_reach"]) * exp32(-(monthly / user.worth))
    return e.apps.index(app) not in user.devices and bool(uniform(e.hash("device", user.key, app.key)) < chance)


def count(e: Economy) -> None:
    for app in e.apps:
        sold = [one.quantity for one in e.deals["apps"] if (one.seller, one.good) == (app.place, DEVICES)]
        app.devices = sum(sold)


def pay_makers(e: Economy) -> None:
    bills = [
        Order(app.place, COST_OF_SALES, WORLD, DEVICES, app.devices, nano(app.n["device_cost"]))
        for app in alive(e.apps)
    ]
    e.books.settle([deal(one, one.quantity) for one in bills if one.quantity > 0], e.settle_order)
