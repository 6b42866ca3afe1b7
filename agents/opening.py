"""The opening books: what everybody has on the first morning, written as entries like all others."""

from watersellers.agents.cloud import Cloud
from watersellers.agents.firm import Common, Firm
from watersellers.agents.investors import Investors
from watersellers.agents.owning import MachineNumbers
from watersellers.agents.parts import Parts
from watersellers.market.fleet import Machines, straight_line
from watersellers.market.goods import HOURS_A_MONTH, MILLION, Item
from watersellers.market.ledger import Ledger, opening
from watersellers.market.shares import FOUNDING_SHARES
from watersellers.market.units import cents, nano, split, whole


def open_books(parts: Parts) -> None:
    """Write opening cash, machines, orders and shares."""
    ledger, common, firms = parts.ledger, parts.common, parts.firms
    opening(ledger, common.world, Item.CASH, cents(common.numbers["world_cash"]))
    opening(ledger, common.place("lenders"), Item.CASH, cents(common.numbers["lenders_cash"]))
    for pool in parts[Investors].pools:
        opening(ledger, pool.place, Item.CASH, cents(pool.traits.opening_cash))
    for group in firms.values():
        for firm in group:
            if firm.alive:
                _found(ledger, common, firm)
    for firm in parts.those(Cloud):
        if firm.alive:
            _give_machines(ledger, common, firm, firms["chips"][0].place if firms["chips"] else common.world)
    for vendor in firms["chips"]:
        if vendor.alive:
            _give_orders(common, vendor, firms["cloud"])
    common.last.open(ledger.cash)


def _found(ledger: Ledger, common: Common, firm: Firm) -> None:
    """Give a firm its opening cash, and its shares to whoever stands behind it."""
    if firm.traits.opening_cash:
        opening(ledger, firm.place, Item.CASH, cents(firm.traits.opening_cash))
    holder = "older_businesses" if firm.owner_funds > 0 else firm.founder or "world"
    common.shares.issue(firm.place, common.place(holder), FOUNDING_SHARES)


def _give_machines(ledger: Ledger, common: Common, firm: Cloud, vendor: int) -> None:
    """Give a cloud machines of even age, worn accordingly, and write their book value.

    They are counted as made by the first vendor, or by the rest of the world where there is none.
    """
    traits, numbers = firm.traits, firm.numbers[MachineNumbers]
    hours = int(common.numbers["opening_machine_hours"])
    ages, life = int(traits.opening_age), int(numbers.book_life)
    units = split(round(traits.opening_hours / hours), [1] * ages, list(range(ages)))
    each = traits.machine_price * (1 + numbers.building_share) * hours / HOURS_A_MONTH
    cost = whole(cents(each * count) for count in units)
    age = whole(range(1, ages + 1))
    book = straight_line(cost, whole([life] * ages), age)
    rows = zip(age.tolist(), units, cost.tolist(), book.tolist(), strict=True)
    lots = [(firm.place, vendor, -a, life, n, hours, c, b, c, 0, MILLION, firm.serves) for a, n, c, b in rows if n]
    common.fleets.add(Machines.of(lots))
    common.fleets.make(vendor, sum(units))
    value = sum(lot[7] for lot in lots)
    if value:
        opening(ledger, firm.place, Item.FLEET, value)


def _give_orders(common: Common, vendor: Firm, clouds: list[Firm]) -> None:
    """Put the orders that stand when the story begins on the vendor's book, by the size of the buyers."""
    traits = vendor.traits
    buyers = [c for c in clouds if c.alive and (not c.partners.get("chips") or vendor.name in c.partners["chips"])]
    total = int(traits.opening_wait * traits.opening_capacity)
    sizes = [round(c.traits.opening_hours) for c in buyers]
    if not total or not sum(sizes):
        return
    for cloud, units in zip(buyers, split(total, sizes, [c.key for c in buyers]), strict=True):
        if units:
            common.backlog.place((cloud.place, vendor.place), Item.CHIP_STOCK, units, nano(traits.opening_price))
    common.backlog.new_month()
