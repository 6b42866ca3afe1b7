"""Opening balances: cash, machines, orders and shares before the first month, written as ordinary entries."""

from watersellers.agents.chips.export_rules import barred
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.compute.capital_budgeting import MachineNumbers
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.firm import Firm, Registers
from watersellers.market.accounting.ledger import Ledger, opening
from watersellers.market.accounting.share_register import FOUNDING_SHARES
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, nano, split, whole
from watersellers.market.goods import HOURS_A_MONTH, MILLION
from watersellers.market.trade.fleet import Machines, straight_line


def open_books(parts: Parts) -> None:
    """Write opening cash, machines, orders and shares."""
    ledger, registers, firms = parts.ledger, parts.registers, parts.firms
    opening(ledger, registers.world, Item.CASH, cents(registers.numbers["world_cash"]))
    opening(ledger, registers.account_id("lenders"), Item.CASH, cents(registers.numbers["lenders_cash"]))
    for pool in parts[Investors].pools:
        opening(ledger, pool.account, Item.CASH, cents(pool.traits.opening_cash))
    for group in firms.values():
        for firm in group:
            if firm.alive:
                _fund_firm(ledger, registers, firm)
    maker = next(iter(parts.firms_of(ChipVendor)), None)
    for firm in parts.firms_of(Cloud):
        if firm.alive:
            _give_machines(ledger, registers, firm, maker)
    for vendor in parts.firms_of(ChipVendor):
        if vendor.alive:
            _give_orders(registers, vendor, firms["cloud"])
    registers.last.open(ledger.cash)


def _fund_firm(ledger: Ledger, registers: Registers, firm: Firm) -> None:
    """Give a firm its opening cash, and its shares to its owner, its founder or the rest of the world."""
    if firm.traits.opening_cash:
        opening(ledger, firm.account, Item.CASH, cents(firm.traits.opening_cash))
    holder = "older_businesses" if firm.owner_funds > 0 else firm.founder or "world"
    registers.shares.issue(firm.account, registers.account_id(holder), FOUNDING_SHARES)


def _give_machines(ledger: Ledger, registers: Registers, firm: Cloud, maker: ChipVendor | None) -> None:
    """Give a cloud machines spread evenly over ages, depreciated accordingly, and write their book value.

    They count as made by the first vendor, at its cost of an hour's chips, or by the rest of the world where there is
    none, at their price.
    """
    traits, numbers = firm.traits, firm.numbers[MachineNumbers]
    hours = int(registers.numbers["opening_machine_hours"])
    ages, life = int(traits.opening_age), int(numbers.book_life)
    units = split(round(traits.opening_hours / hours), [1] * ages, list(range(ages)))
    unit_cost = traits.machine_price * (1 + numbers.building_share) * hours / HOURS_A_MONTH
    cost = whole(cents(unit_cost * count) for count in units)
    age = whole(range(1, ages + 1))
    book = straight_line(cost, whole([life] * ages), age)
    made = [_production_cost(lot, firm, maker) for lot in cost.tolist()]
    vendor, serves = maker.account if maker else registers.world, firm.serves
    rows = zip(age.tolist(), units, cost.tolist(), book.tolist(), made, strict=True)
    lots = [(firm.account, vendor, -a, life, n, hours, c, b, c, 0, m, MILLION, serves) for a, n, c, b, m in rows if n]
    registers.fleets.add(Machines.of(lots))
    registers.fleets.make(vendor, sum(units))
    value = sum(lot[7] for lot in lots)
    if value:
        opening(ledger, firm.account, Item.FLEET, value)


def _production_cost(cost: int, firm: Cloud, maker: ChipVendor | None) -> int:
    """Cents that a lot of opening machines cost the chain: its building, and its chips at most at what they cost."""
    if not maker or firm.traits.machine_price <= 0:
        return cost
    building = firm.numbers[MachineNumbers].building_share
    chips = maker.traits.unit_cost / maker.traits.performance / firm.traits.machine_price  # of their price
    return round(cost * (min(1.0, chips) + building) / (1 + building))


def _give_orders(registers: Registers, vendor: ChipVendor, clouds: list[Firm]) -> None:
    """Put a vendor's opening orders on its order book, in proportion to the size of the buyers."""
    traits = vendor.traits
    buyers = [c for c in clouds if c.alive and (not c.partners.get("chips") or vendor.name in c.partners["chips"])]
    buyers = [cloud for cloud in buyers if not traits.group_only or cloud.owner == vendor.owner]
    if barred(vendor, registers.numbers, 0):
        buyers = [cloud for cloud in buyers if cloud.region == vendor.region]
    total = int(traits.opening_wait * traits.opening_capacity)
    sizes = [round(c.traits.opening_hours) for c in buyers]
    if not total or not sum(sizes):
        return
    for cloud, units in zip(buyers, split(total, sizes, [c.key for c in buyers]), strict=True):
        if units:
            registers.backlog.add((cloud.account, vendor.account), Item.CHIP_STOCK, units, nano(traits.opening_price))
    registers.backlog.new_month()
