"""Chapters 9.4 and 9.22 of the rules: reserved hours, which labs pay even if they do not use them, and their resale."""

from tests.oracle.economy.arithmetic import apportion, nano, split
from tests.oracle.economy.books import COST_OF_SALES, GOOD, OPERATING_COST, Order
from tests.oracle.economy.participants import Cloud, Lab
from tests.oracle.economy.state import Economy, alive


class Contract:
    def __init__(self, lab: Lab, cloud: Cloud, hours: int, price: int, begins: int) -> None:
        self.lab = lab
        self.cloud = cloud
        self.hours = hours
        self.price = price
        self.begins = begins
        self.ends = begins + int(lab.n["reserved_term"])


def contracts_of(e: Economy, month: int) -> list[Contract]:
    return [one for one in e.contracts if one.begins <= month < one.ends and one.lab.alive and one.cloud.alive]


def use_contracts(e: Economy, lab: Lab, serving: int, training: int) -> tuple[int, int]:
    """Use a lab's reserved hours; return the hours that it still needs for serving and training."""
    for one in contracts_of(e, e.month):
        if one.lab is not lab:
            continue
        served = min(serving, one.hours)
        trained = min(training, one.hours - served)
        serving -= served
        training -= trained
        for item, units in ((COST_OF_SALES, one.hours - trained), (OPERATING_COST, trained)):
            e.add_order("hours", lab.account, item, one.cloud.account, GOOD["hours_reserved"], units, one.price)
        idle = one.hours - served - trained
        if lab.n["resale"] > 0 and idle > 0:
            pair = one.cloud.account, lab.account
            e.idle[pair] = e.idle.get(pair, 0) + idle
    return serving, training


def sign_contracts(e: Economy) -> None:
    """Sign contracts that begin next month, within the room of each cloud."""
    e.contracts = [one for one in e.contracts if one.ends > e.month]
    given = contracts_of(e, e.month + 1)
    room = {
        cloud.name: int(cloud.n["most_reserved"] * cloud.capacity)
        - sum(one.hours for one in given if one.cloud is cloud)
        for cloud in e.clouds
    }
    signed = []
    for lab in alive(e.labs):
        if not lab.cloud_share or not lab.hour_price > 0:
            continue
        strategy = lab.strategies["contracting"]
        had = sum(one.hours for one in given if one.lab is lab)
        wanted = 0
        if type(strategy).__name__ == "ReserveShare":
            wanted = int(max(0.0, strategy.share * lab.hours_used - had))
        clouds = [cloud for cloud in e.clouds if cloud.name in lab.cloud_share]
        order = [e.hash("contracts", cloud.key) for cloud in clouds]
        parts = apportion(wanted, [lab.cloud_share[cloud.name] for cloud in clouds], order)
        for cloud, part in zip(clouds, parts, strict=True):
            hours = min(part, max(0, room[cloud.name]))
            room[cloud.name] -= hours
            if hours:
                price = max(1, nano(cloud.price * (1 - cloud.n["reserved_discount"])))
                signed.append(Contract(lab, cloud, hours, price, e.month + 1))
    e.contracts += signed


def limit_sales(e: Economy, found: dict[tuple[int, int], int]) -> None:
    """Serve contracts first, and sell the hours that they leave on the spot market."""
    for cloud in e.clouds:
        spot, reserved = (cloud.account, GOOD["hours"]), (cloud.account, GOOD["hours_reserved"])
        asked = sum(one.quantity for one in e.asked["hours"] if (one.seller, one.good) == reserved)
        there = found.get(spot, 0)
        found[reserved] = min(there, asked)
        found[spot] = there - found[reserved]
        if found[reserved] == asked:
            found[spot] += hours_returned(e, cloud)


# --- 9.22 Resale ---


def hours_returned(e: Economy, cloud: Cloud) -> int:
    return sum(hours for (account, _), hours in e.idle.items() if account == cloud.account)


def hours_resold(e: Economy, cloud: Cloud) -> int:
    """Hours that a cloud sold beyond its own: unused reserved hours."""
    sold = sum(one.quantity for one in e.deals["hours"] if one.seller == cloud.account)
    return max(0, sold - (cloud.capacity - cloud.hosting))


def pay_for_resold_hours(e: Economy) -> None:
    bills = []
    labs = {lab.account: lab for lab in e.labs}
    for cloud in e.clouds:
        offered = [(lab, hours) for (account, lab), hours in sorted(e.idle.items()) if account == cloud.account]
        parts = split(hours_resold(e, cloud), [hours for _, hours in offered], [labs[lab].key for lab, _ in offered])
        for (lab, _), hours in zip(offered, parts, strict=True):
            price = max(1, nano(cloud.price * labs[lab].n["resale"]))
            bills.append(Order(cloud.account, COST_OF_SALES, lab, GOOD["hours"], hours, price))
    e.pay(bills)
