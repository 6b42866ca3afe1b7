"""Export rules by list: machines that are too fast, and too well linked, are not sold outside the home region."""

from collections.abc import Mapping

from watersellers.agents.chips.vendor import ChipVendor
from watersellers.market.goods import HOME


def barred(vendor: ChipVendor, numbers: Mapping[str, float], month: int) -> bool:
    """Whether the home region's rule of the month bars a vendor of it from selling its machine abroad.

    The machine has to reach both limits: performance, in H100-equivalents, and the speed of its links to others, in
    gigabytes per second. A rule without a limit on links has a limit of 0.
    """
    fast = vendor.performance(month) >= numbers["barred_performance"]
    return vendor.region == HOME and fast and vendor.traits.links >= numbers["barred_links"]


def sells_abroad(vendor: ChipVendor, numbers: Mapping[str, float], month: int) -> bool:
    """Whether a vendor sells outside its own region this month."""
    return vendor.traits.exports > 0 and not barred(vendor, numbers, month)
