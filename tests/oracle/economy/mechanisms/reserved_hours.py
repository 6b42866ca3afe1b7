"""Chapters 9.4 and 9.22 of the rules: reserved hours, which labs pay even if they do not use them, and their resale."""

from tests.oracle.economy.arithmetic import apportion, nano, split
from tests.oracle.economy.books import COST_OF_SALES, GOOD, OPERATING_COST, Order
from tests.oracle.economy.participants import Cloud, Lab, Trend
from tests.oracle.economy.state import Economy, alive


class Contract:
    """Chapters 9.4 and 9.57: hours a month from one month on until before another."""

    def __init__(self, lab: Lab, cloud: Cloud, hours: int, price: int, begins: int) -> None:
        self.lab = lab
        self.cloud = cloud
        self.hours = hours
        self.price = price
        self.begins = begins
        self.ends = begins + int(lab.numbers["reserved_term"])


def contracts_of(economy: Economy, month: int) -> list[Contract]:
    return [
        contract
        for contract in economy.contracts
        if contract.begins <= month < contract.ends and contract.lab.alive and contract.cloud.alive
    ]


def hours_under_contract(economy: Economy, cloud: Cloud, month: int) -> int:
    return sum(contract.hours for contract in contracts_of(economy, month) if contract.cloud is cloud)


def first_month(economy: Economy, cloud: Cloud) -> int:
    """The month in which hours begin that a cloud sells under a contract of today."""
    return economy.month + 1 + int(cloud.numbers["contract_lead"])


def wish(economy: Economy, lab: Lab, reserved: int) -> int:
    """Hours a month for which a lab wants to sign."""
    strategy, needs = lab.strategies["contracting"], economy.contract_needs
    trend = needs.setdefault(lab.name, Trend(float(lab.hours_used), 0.0))
    trend.update(lab.hours_used, economy.smoothing)
    match type(strategy).__name__:
        case "ReserveShare":
            return int(max(0.0, strategy.share * lab.hours_used - reserved))
        case "ReserveAhead":
            clouds = [cloud for cloud in economy.clouds if cloud.name in lab.cloud_share]
            lead = sum(lab.cloud_share[cloud.name] * (first_month(economy, cloud) - economy.month) for cloud in clouds)
            needed = lab.hours_used * (1 + min(trend.growth, strategy.fastest)) ** lead
            return int(max(0.0, strategy.share * needed - reserved))
    return 0


def use_contracts(economy: Economy, lab: Lab, serving: int, training: int) -> tuple[int, int]:
    """Use a lab's reserved hours; return the hours that it still needs for serving and training."""
    for contract in contracts_of(economy, economy.month):
        if contract.lab is not lab:
            continue
        served = min(serving, contract.hours)
        left = contract.hours - served
        trained = left if lab.numbers["resale"] == 0 and not lab.pivoted else min(training, left)
        serving -= served
        training = max(0, training - trained)
        for item, units in ((COST_OF_SALES, contract.hours - trained), (OPERATING_COST, trained)):
            economy.add_order(
                "hours", lab.account, item, contract.cloud.account, GOOD["hours_reserved"], units, contract.price
            )
        idle = left - trained
        if lab.numbers["resale"] > 0 and idle > 0:
            pair = contract.cloud.account, lab.account
            economy.idle[pair] = economy.idle.get(pair, 0) + idle
    return serving, training


def sign_contracts(economy: Economy) -> None:
    """Sign contracts for the months to come, within the room of each cloud."""
    economy.contracts = [
        contract
        for contract in economy.contracts
        if contract.ends > economy.month and contract.lab.alive and contract.cloud.alive
    ]
    later = [contract for contract in economy.contracts if contract.ends > first_month(economy, contract.cloud)]
    room = {
        cloud.name: int(cloud.numbers["most_reserved"] * cloud.capacity)
        - sum(contract.hours for contract in later if contract.cloud is cloud)
        for cloud in economy.clouds
    }
    wishes = {
        lab.name: wish(economy, lab, sum(contract.hours for contract in later if contract.lab is lab))
        for lab in alive(economy.labs)
        if lab.cloud_share and lab.hour_price > 0
    }
    signed: dict[tuple[str, str], int] = {}
    while asks := asked_of_clouds(economy, wishes, room):
        for cloud in economy.clouds:
            rows = asks.get(cloud.name, [])
            parts = [hours for _, hours in rows]
            if sum(parts) > room[cloud.name]:
                parts = split(room[cloud.name], parts, [economy.hash("contracts", lab.key) for lab, _ in rows])
            for (lab, _), hours in zip(rows, parts, strict=True):
                signed[lab.name, cloud.name] = signed.get((lab.name, cloud.name), 0) + hours
                wishes[lab.name] -= hours
                room[cloud.name] -= hours
    for lab in economy.labs:
        for cloud in economy.clouds:
            if hours := signed.get((lab.name, cloud.name), 0):
                price = max(1, nano(cloud.price * (1 - cloud.numbers["reserved_discount"])))
                economy.contracts.append(Contract(lab, cloud, hours, price, first_month(economy, cloud)))


def asked_of_clouds(economy: Economy, wishes: dict[str, int], room: dict[str, int]) -> dict[str, list[tuple[Lab, int]]]:
    """Hours that labs ask of each cloud that has room."""
    asks: dict[str, list[tuple[Lab, int]]] = {}
    for lab in economy.labs:
        if not wishes.get(lab.name):
            continue
        clouds = [cloud for cloud in economy.clouds if cloud.name in lab.cloud_share and room[cloud.name] > 0]
        order = [economy.hash("contracts", cloud.key) for cloud in clouds]
        parts = apportion(wishes[lab.name], [lab.cloud_share[cloud.name] for cloud in clouds], order)
        for cloud, hours in zip(clouds, parts, strict=True):
            if hours:
                asks.setdefault(cloud.name, []).append((lab, hours))
    return asks


def limit_sales(economy: Economy, limits: dict[tuple[int, int], int]) -> None:
    """Serve contracts first, and sell the hours that they leave on the spot market."""
    for cloud in economy.clouds:
        spot, reserved = (cloud.account, GOOD["hours"]), (cloud.account, GOOD["hours_reserved"])
        asked = sum(order.quantity for order in economy.asked["hours"] if (order.seller, order.good) == reserved)
        own_hours = limits.get(spot, 0)
        limits[reserved] = min(own_hours, asked)
        limits[spot] = own_hours - limits[reserved]
        if limits[reserved] == asked:
            limits[spot] += hours_returned(economy, cloud)


# --- 9.22 Resale ---


def hours_returned(economy: Economy, cloud: Cloud) -> int:
    return sum(hours for (account, _), hours in economy.idle.items() if account == cloud.account)


def hours_resold(economy: Economy, cloud: Cloud) -> int:
    """Hours that a cloud sold beyond its own: unused reserved hours."""
    sold = sum(deal.quantity for deal in economy.deals["hours"] if deal.seller == cloud.account)
    return max(0, sold - (cloud.capacity - cloud.hosting))


def pay_for_resold_hours(economy: Economy) -> None:
    bills = []
    labs = {lab.account: lab for lab in economy.labs}
    for cloud in economy.clouds:
        offered = [(lab, hours) for (account, lab), hours in sorted(economy.idle.items()) if account == cloud.account]
        parts = split(
            hours_resold(economy, cloud), [hours for _, hours in offered], [labs[lab].key for lab, _ in offered]
        )
        for (lab, _), hours in zip(offered, parts, strict=True):
            price = max(1, nano(cloud.price * labs[lab].numbers["resale"]))
            bills.append(Order(cloud.account, COST_OF_SALES, lab, GOOD["hours"], hours, price))
    economy.pay(bills)
