"""Warnings about trades that no month can carry out: sellers without customers, and customers without sellers."""

from collections.abc import Iterator

from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.experiments.loading.checks.consistency import PlannedWorld
from watersellers.experiments.loading.schema import calendar_month
from watersellers.experiments.loading.warnings.trade_ties import (
    first_sale,
    in_business,
    is_listed,
    may_buy,
    named,
    needs,
    sells_to,
    serves_its_group,
    stretches,
)

CUSTOMERS = {"chips": ("cloud", "apps"), "cloud": ("labs", "apps"), "labs": ("apps",)}  # firms that buy from a layer
WANTED = {"cloud": "chips", "labs": "cloud", "apps": "labs"}  # what each layer can't do without
LACKS = {"cloud": "buys no machine", "labs": "can neither train nor serve", "apps": "has no model to answer with"}
COMMON_LISTS = ("chips", "cloud")  # of sellers that are told if most customers in their region do not list them


def sellers_without_customers(world: PlannedWorld) -> Iterator[str]:
    """Find sellers that no firm may buy from, or fewer than half of those in their region."""
    for layer, groups in CUSTOMERS.items():
        for seller in in_business(world, layer):
            customers = [one for group in groups for one in in_business(world, group) if needs(world, one, layer)]
            customers = [one for one in customers if one.name != seller.name]
            buyers = [one for one in customers if may_buy(world, one, seller)]
            if customers and not buyers and _is_for_sale(world, seller):
                yield f"{layer}.{seller.name}: {_nobody(world, seller, customers)}"
            elif buyers and layer in COMMON_LISTS and _is_for_sale(world, seller):
                yield from _only_few(seller, [one for one in customers if sells_to(world, seller, one)], buyers)


def _is_for_sale(world: PlannedWorld, seller: ParticipantSpec) -> bool:
    """Say whether a seller ever sells to others than its own group, and enterprises do not buy what it sells."""
    if seller.layer == "labs" and any(one.region == seller.region for one in world.members["enterprises"]):
        return False
    if seller.layer == "chips" and serves_its_group(world, seller):
        return False
    return seller.layer != "cloud" or "sells" not in seller.numbers or world.ever(seller, "sells")


def _nobody(world: PlannedWorld, seller: ParticipantSpec, customers: list[ParticipantSpec]) -> str:
    """Say why no firm may buy from a seller, and what to write."""
    open_to = [one for one in customers if sells_to(world, seller, one)]
    if not open_to:
        why = "it sells in its region alone, where it has no customer"
        return f"no firm may buy from it, because {why}; write {seller.layer}.{seller.name}.exports = 1"
    layers = list(dict.fromkeys(one.layer for one in open_to))
    why = f"none of {named([one.name for one in open_to])} names it in its list"
    cures = " or ".join(f'{layer}.{seller.layer} = ["+{seller.name}"]' for layer in layers)
    if not any(one.partners.get(seller.layer) for one in open_to):
        why, region = f"no customer of its region {seller.region} is in business", open_to[0]
        cures = f'{region.layer}.{region.name}.{seller.layer} = ["{seller.name}"]'
    return f"no firm may buy from it, because {why}; write {cures}, or leave it out"


def _only_few(
    seller: ParticipantSpec, customers: list[ParticipantSpec], buyers: list[ParticipantSpec]
) -> Iterator[str]:
    """Tell a seller that most customers in its region leave off their lists."""
    near = [one for one in customers if one.region == seller.region]
    able = [one for one in near if one in buyers]
    if 2 * len(able) >= len(near):
        return
    path = f"{near[0].layer}.{seller.layer}"
    others = [one.name for one in near if one not in buyers]
    yield (
        f"{seller.layer}.{seller.name}: only {named([one.name for one in buyers])} may buy from it, because the lists"
        f' of {named(others)} do not name it; write {path} = ["+{seller.name}"] if all may'
    )


def customers_without_sellers(world: PlannedWorld) -> Iterator[str]:
    """Find firms that nobody supplies with what they can't do without, never or not from their entry on."""
    for group, layer in WANTED.items():
        sellers = in_business(world, layer)
        customers = in_business(world, group)
        if customers and not sellers:
            without = named([one.name for one in customers])
            yield f"{layer}: nobody is ever in business, so {without} of {group} go without; add one to {layer}"
            continue
        for customer in customers:
            yield from _unsupplied(world, customer, [one for one in sellers if sells_to(world, one, customer)])


def _unsupplied(world: PlannedWorld, customer: ParticipantSpec, sellers: list[ParticipantSpec]) -> Iterator[str]:
    """Find the first stretch of months in which no seller of a customer's list or region is in business."""
    layer = WANTED[customer.layer]
    if layer == "labs" and needs(world, customer, "cloud"):
        return  # it may serve an open model itself
    for first, after, one in stretches(world, customer):
        enter = [first_sale(seller) for seller in sellers if is_listed(seller, one)]
        there = max(first, min(enter, default=after))
        if there <= first or (layer == "chips" and customer.enters == 0 and there < after):
            continue  # a cloud that is there from the start has machines
        since = f" from {calendar_month(world.start, first)}" if first else ""
        until = f" until {calendar_month(world.start, there)}" if there < world.months else since and " on"
        yield (
            f"{customer.layer}.{customer.name}: {LACKS[customer.layer]}{since}{until}, because {_reason(one, layer)};"
            f" {_cure(customer, sellers, first)}"
        )
        return


def _reason(customer: ParticipantSpec, layer: str) -> str:
    """Say whom a customer may buy from."""
    names = customer.partners.get(layer, ())
    if names:
        return f"nobody on its list ({named(list(names))}) sells to it then"
    where = "" if layer == "chips" else f" in its region, {customer.region},"
    return f"it has no list and nobody{where} sells to it then"


def _cure(customer: ParticipantSpec, sellers: list[ParticipantSpec], month: int) -> str:
    """Say what to write for a customer that nobody supplies."""
    path = f"{customer.layer}.{customer.name}.{WANTED[customer.layer]}"
    able = sorted((one for one in sellers if first_sale(one) <= month), key=lambda one: one.region != customer.region)
    if able:
        return f'write {path} = ["{able[0].name}"]'
    return f"let one enter earlier, or {customer.name} later"
