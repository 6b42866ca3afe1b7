"""The bounds of every decision: beyond them an answer means nothing, and the run refuses it.

They lie far outside of what any market has seen, by two or three orders of magnitude, so that they stop slips (a cost
divided by nobody, a growth that ran away) and no bold idea. Rules of the menus keep inside them by ``asked`` and by
the field ``dearest`` of sellers' views.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from watersellers.market.goods import NANO

SMALLEST_PRICE = 1 / NANO  # USD: no lower price can be posted


@dataclass(frozen=True, slots=True)
class Bound:
    """The answers that a decision admits: their unit, the largest, why none is larger, and the smallest.

    ``seen`` names the field of the decision-maker's view that limits the answer too; a ``whole`` answer is a code.
    """

    unit: str
    most: float
    why: str
    least: float = 0.0
    seen: str = ""
    whole: bool = False

    def most_for(self, seen: object) -> float:
        """The largest answer of a decision-maker with this view."""
        return min(self.most, getattr(seen, self.seen)) if self.seen else self.most

    def admits(self, answer: float, seen: object) -> bool:
        """Whether a finite number is an answer."""
        return self.least <= answer <= self.most_for(seen) and not (self.whole and answer % 1)

    def expected(self, seen: object) -> str:
        """What was expected, in words."""
        kind = "whole" if self.whole else "finite"
        most = self.most_for(seen)
        if most == inf:
            return f"expected a {kind} number of {self.least:g} or more, {self.unit}"
        return f"expected a {kind} number from {self.least:g} to {most:g}, {self.unit}: {self.why}"

    def row(self, decision: str) -> str:
        """The bound as a row of the rules' table."""
        most = f"`{self.seen}`" if self.seen else "any" if self.most == inf else f"{self.most:g}"
        return f"| `{decision}` | {self.unit} | {self.least:g} | {most} | {self.why} |"


def _price(unit: str, most: float, why: str) -> Bound:
    """Bound a price, which is never 0: a good with a price is sold, and a gift is a number of the scenario."""
    return Bound(unit, most, f"{why}, and a price of 0 sells nothing", SMALLEST_PRICE)


MONEY = 1e15  # USD
HOURS = 1e12  # GPU-hours a month
ALL_MONEY = "there is no more money; the world earns some 1e14 in a year"
ALL_HOURS = "a billion machines, one for each eighth person, give no more"
RANK = Bound("a rank", inf, "only the order of ranks counts")
COURSE = Bound("a course (0 carry on, 1 pivot, 2 close)", 2, "there is no other course", whole=True)
SEAT = _price("USD a seat and month", 1e5, "hardly anybody earns that much in a month")

BOUNDS: Mapping[str, Bound] = {
    "chips.pricing": _price("USD an accelerator", 1e8, "the dearest one sold so far cost less than 1e5"),
    "chips.capacity": Bound("accelerators a month", 1e9, "that would be one for each eighth person every month"),
    "chips.rationing": RANK,
    "cloud.pricing": _price("USD a GPU-hour", 1e5, "an hour would cost more than the machine"),
    "cloud.capacity": Bound("GPU-hours a month", HOURS, ALL_HOURS),
    "cloud.borrowing": Bound("USD", MONEY, ALL_MONEY),
    "labs.pricing": _price("USD a million output tokens", 1e6, "a single token would cost more than a dollar"),
    "labs.research": Bound("USD a month", MONEY, ALL_MONEY),
    "labs.rationing": RANK,
    "labs.selling": Bound("a choice (0 all, 1 customers, 2 own group)", 2, "there is no other choice", whole=True),
    "labs.contracting": Bound("GPU-hours a month", HOURS, ALL_HOURS),
    "labs.outlook": COURSE,
    "apps.pricing": SEAT,
    "apps.quota": Bound("queries a user and month", 1e6, "that would be one in every three seconds"),
    "apps.marketing": Bound("USD a month", 1e12, "all advertising of the world costs that much in a year"),
    "apps.outlook": COURSE,
    "apps.effort": Bound("times the output tokens of an answer", 100, "an answer would take half an hour", least=1.0),
    "apps.answering": Bound("result pages", inf, "that many are asked for this month", seen="pages"),
    "apps.index": Bound("searches", inf, "that many are needed this month", seen="calls"),
    "apps.business": SEAT,
    "apps.appliance_pricing": _price("USD an appliance", 1e12, "that is a hundredth of what the world earns in a year"),
    "apps.hosting": Bound("share of queries", 1, "there are no more queries"),
    "apps.owning": Bound("GPU-hours a month", HOURS, ALL_HOURS),
    "investors.valuation": Bound("USD", MONEY, "all firms of the world together are worth some 1e14"),
}


def asked(amount: float, decision: str) -> float:
    """Bring an amount that a rule works out down to the largest answer of a decision, as ``cloud.capacity``."""
    return min(amount, BOUNDS[decision].most)
