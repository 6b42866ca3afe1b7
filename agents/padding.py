"""Inflated orders: who expects to get a part of what it orders, orders more, and takes back what is over."""

from watersellers.agents.cloud import Cloud
from watersellers.agents.firm import Common
from watersellers.market.dice import Chance
from watersellers.market.units import split


def padded(firm: Cloud, wanted: float, on_order: float) -> float:
    """Hours a month to order so that the part that is expected to come is what is wanted; below 0 to be taken back.

    Parameters
    ----------
    firm : Cloud
        Whose orders; its padding is set to that of this month.
    wanted : float
        Hours a month that it would order if all of it came.
    on_order : float
        Hours a month of all that it has on order, padding and all.
    """
    traits, before = firm.traits, firm.padding
    shortage = 1 / firm.ration - 1 if firm.ration > 0 else traits.most_padding
    firm.padding = min(1 + traits.inflation * shortage, max(1.0, traits.most_padding))
    return wanted * firm.padding + on_order / before * (firm.padding - before)


def take_back(firm: Cloud, machines: int, common: Common, chance: Chance) -> None:
    """Cancel machines at all vendors alike; the deposits stay there, and count for what comes later."""
    waiting = common.backlog.on_order(firm.place)
    vendors = sorted(waiting)
    ties = chance.order("cancel", common.accounts.keys[vendors])
    over = min(machines, sum(waiting.values()))
    for vendor, units in zip(vendors, split(over, [waiting[vendor] for vendor in vendors], ties), strict=True):
        common.backlog.withdraw((firm.place, vendor), units)
