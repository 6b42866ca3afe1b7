"""Section 9.4 of the decision log: hours that labs have signed for, to be taken or paid."""

from tests.oracle.arithmetic import apportion, nano, split
from tests.oracle.books import COST_OF_SALES, GOOD, OPERATING_COST, Order, deal
from tests.oracle.world import Cloud, Economy, Lab, alive


class Contract:
    def __init__(self, lab: Lab, cloud: Cloud, hours: int, price: int, begins: int) -> None:
        self.lab = lab
        self.cloud = cloud
        self.hours = hours
        self.price = price
        self.begins = begins
        self.ends = begins + int(lab.n["reserved_term"])


def running(e: Economy, month: int) -> list[Contract]:
    return [one for one in e.contracts if one.begins <= month < one.ends and one.lab.alive and one.cloud.alive]


def call(e: Economy, lab: Lab, serving: int, training: int) -> tuple[int, int]:
    for one in running(e, e.month):
        if one.lab is not lab:
            continue
        served = min(serving, one.hours)
        trained = min(training, one.hours - served)
        serving -= served
        training -= trained
        for item, units in ((COST_OF_SALES, one.hours - trained), (OPERATING_COST, trained)):
            if units:
                good = GOOD["hours_reserved"]
                e.asked["hours"].append(Order(lab.place, item, one.cloud.place, good, units, one.price))
        idle = one.hours - served - trained
        if lab.n["resale"] > 0 and idle > 0:
            pair = one.cloud.place, lab.place
            e.idle[pair] = e.idle.get(pair, 0) + idle
    return serving, training


def sign(e: Economy) -> None:
    e.contracts = [one for one in e.contracts if one.ends > e.month]
    given = running(e, e.month + 1)
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


def limits(e: Economy, found: dict[tuple[int, int], int]) -> None:
    """Contracts come first, and what they leave of a cloud's hours is for spot."""
    for cloud in e.clouds:
        spot, reserved = (cloud.place, GOOD["hours"]), (cloud.place, GOOD["hours_reserved"])
        asked = sum(one.quantity for one in e.asked["hours"] if (one.seller, one.good) == reserved)
        there = found.get(spot, 0)
        found[reserved] = min(there, asked)
        found[spot] = there - found[reserved]
        if found[reserved] == asked:
            found[spot] += returned(e, cloud)


# --- 9.22 Resale ---


def returned(e: Economy, cloud: Cloud) -> int:
    return sum(hours for (place, _), hours in e.idle.items() if place == cloud.place)


def resold(e: Economy, cloud: Cloud) -> int:
    """Hours that a cloud rented out beyond its own."""
    sold = sum(one.quantity for one in e.deals["hours"] if one.seller == cloud.place)
    return max(0, sold - (cloud.capacity - cloud.hosting))


def pay_back(e: Economy) -> None:
    deals = []
    labs = {lab.place: lab for lab in e.labs}
    for cloud in e.clouds:
        offered = [(lab, hours) for (place, lab), hours in sorted(e.idle.items()) if place == cloud.place]
        parts = split(resold(e, cloud), [hours for _, hours in offered], [labs[lab].key for lab, _ in offered])
        for (lab, _), hours in zip(offered, parts, strict=True):
            price = max(1, nano(cloud.price * labs[lab].n["resale"]))
            if hours:
                deals.append(deal(Order(cloud.place, COST_OF_SALES, lab, GOOD["hours"], hours, price), hours))
    e.books.settle(deals, e.settle_order)
