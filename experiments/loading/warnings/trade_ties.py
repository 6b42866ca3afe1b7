"""Who may ever buy from whom in a planned world, by lists, regions and dates of entry."""

from collections.abc import Iterator
from itertools import pairwise

from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.agents.strategies.hosting import ApiOnly, RentHours
from watersellers.experiments.loading.checks.consistency import PlannedWorld

FEW = 6  # names that a sentence lists


def in_business(world: PlannedWorld, layer: str) -> list[ParticipantSpec]:
    """List the firms of a layer that are ever in business."""
    return [firm for firm in world.members[layer] if firm.enters < world.months]


def first_sale(seller: ParticipantSpec) -> int:
    """Return the first month in which a seller can have anything to sell.

    A vendor that enters orders its first capacity in the month after, or when it has developed its machine where it
    enters freely, and the capacity opens after the lead time. A cloud that
    enters orders machines in the month after, gets them a month later, and they open when they are built in.
    """
    if seller.enters and seller.layer == "chips" and "lead" in seller.numbers:
        developed = int(seller.numbers["development"]) if seller.numbers.get("entry_cost") else 1
        return seller.enters + developed + int(seller.numbers["lead"])
    if seller.enters and seller.layer == "cloud" and "build_lag" in seller.numbers:
        return seller.enters + 2 + int(seller.numbers["build_lag"])
    return seller.enters


def ever_other(world: PlannedWorld, firm: ParticipantSpec, decision: str, plain: type) -> bool:
    """Say whether a firm ever decides by another strategy than the plain one."""
    chosen = [one.strategies.get(decision) for _, one in world.lives(firm)]
    return any(strategy is not None and not isinstance(strategy, plain) for strategy in chosen)


def needs(world: PlannedWorld, firm: ParticipantSpec, layer: str) -> bool:
    """Say whether a firm ever wants to buy from a layer."""
    wanted = {("cloud", "chips"), ("labs", "cloud"), ("apps", "labs")}
    if (firm.layer, layer) in wanted:
        return True
    if firm.layer != "apps" or layer not in ("chips", "cloud"):
        return False
    hosts = ever_other(world, firm, "hosting", ApiOnly)
    if layer == "cloud":
        return hosts
    return world.ever(firm, "sells_appliances") or (hosts and ever_other(world, firm, "owning", RentHours))


def serves_its_group(world: PlannedWorld, vendor: ParticipantSpec) -> bool:
    """Say whether a vendor sells to its owner's group alone in every month, whatever events set."""
    return all(one.numbers.get("group_only", 0) > 0 for _, one in world.lives(vendor))


def sells_to(world: PlannedWorld, seller: ParticipantSpec, customer: ParticipantSpec) -> bool:
    """Say whether a seller ever deals with a customer, whatever the customer's list says."""
    if seller.layer == "chips":
        if serves_its_group(world, seller) and seller.owner != customer.owner:
            return False
        where = "at_home" if seller.region == customer.region else "exports"
        return where not in seller.numbers or world.ever(seller, where)
    return seller.layer != "cloud" or world.rents(seller, customer)


def is_listed(seller: ParticipantSpec, customer: ParticipantSpec) -> bool:
    """Say whether a customer's list names a seller, or the customer has no list and the seller is in its region."""
    names = customer.partners.get(seller.layer, ())
    return seller.name in names if names else seller.layer == "chips" or seller.region == customer.region


def may_buy(world: PlannedWorld, customer: ParticipantSpec, seller: ParticipantSpec) -> bool:
    """Say whether a customer may ever buy from a seller."""
    return sells_to(world, seller, customer) and any(is_listed(seller, one) for _, one in world.lives(customer))


def stretches(world: PlannedWorld, firm: ParticipantSpec) -> Iterator[tuple[int, int, ParticipantSpec]]:
    """Yield the stretches of months in which a firm is in business and unchanged, each with the firm as it is then."""
    lives = [*world.lives(firm), (world.months, firm)]
    for (first, one), (after, _) in pairwise(lives):
        if max(first, firm.enters) < after:
            yield max(first, firm.enters), after, one


def named(names: list[str]) -> str:
    """Write names, of many only the first."""
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f"{', '.join(names[:FEW])}{more}"
