"""The bounds of every decision, and the codes of whole answers: beyond them an answer means nothing and is refused.

They lie far outside of what any market has seen, by two or three orders of magnitude, so that they stop slips (a cost
divided by nobody, a growth that ran away) and no bold idea. The least price of a good that is bought with a budget also
keeps what the budget buys within the ledger's 64 bits. Rules of the menus keep inside the bounds by ``asked`` and by
the fields ``dearest`` and ``cheapest`` of sellers' views.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from math import inf

from watersellers.market.goods import NANO


class SoldTo(IntEnum):
    """The customers to whom a lab sells tokens; its own group may always buy. The answer of a ``selling`` strategy."""

    ALL = 0
    CUSTOMERS = 1  # present customers, and no new ones
    GROUP = 2  # only its own group


class Release(IntEnum):
    """What a lab does with its flagship this month. The answer of a ``releasing`` strategy."""

    KEEP = 0  # sell it as it is
    IMPROVE = 1  # put all that it knows into it
    GENERATION = 2  # release a new one, with luck of its own


class Offered(IntEnum):
    """What a lab does with a model beside its flagship this month. The answer of an ``offering`` strategy."""

    WITHDRAWN = 0  # until its next release
    ON_SALE = 1


class Course(IntEnum):
    """The course that a board sets for its firm: the answer of an ``outlook`` strategy."""

    CARRY_ON = 0
    PIVOT = 1  # stop free use, marketing and training
    CLOSE = 2


@dataclass(frozen=True, slots=True)
class Bound:
    """The answers that a decision admits: their unit, the largest, why none is larger or smaller, and the smallest.

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


def _price(unit: str, least: float, why_no_less: str, most: float, why: str) -> Bound:
    """Bound a price, which is never 0: a good with a price is sold, and a gift is a number of the scenario."""
    return Bound(unit, most, f"for more, {why}; for less, {why_no_less}", least)


MONEY = 1e15  # USD
HOURS = 1e12  # GPU-hours a month
ALL_MONEY = "there is no more money; the world earns some 1e14 in a year"
ALL_HOURS = "a billion machines, one for each eighth person, give no more"
RANK = Bound("a rank", inf, "only the order of ranks counts")
COURSE = Bound("a course (0 carry on, 1 pivot, 2 close)", 2, "there is no other course", whole=True)
A_MONTHS_PAY = "hardly anybody earns that much in a month"

BOUNDS: Mapping[str, Bound] = {
    "chips.pricing": _price(
        "USD an accelerator", 1.0, "its package alone costs more", 1e8, "the dearest so far cost under 1e5"
    ),
    "chips.capacity": Bound("accelerators a month", 1e9, "that would be one for each eighth person every month"),
    "chips.cutting": Bound("accelerators a month", inf, "it has no more", seen="committed"),
    "chips.entering": Bound("a chance a month", 1, "nothing is surer"),
    "chips.rationing": RANK,
    "cloud.pricing": _price(
        "USD a GPU-hour", 1e-3, "its power alone costs more", 1e5, "it would cost more than the machine"
    ),
    "cloud.capacity": Bound("GPU-hours a month", HOURS, ALL_HOURS),
    "cloud.borrowing": Bound("USD", MONEY, ALL_MONEY),
    "labs.pricing": _price(
        "USD a million output tokens",
        1e-3,
        "a budget of 1e10 USD orders more tokens than 64 bits count",
        1e6,
        "a single token would cost more than a dollar",
    ),
    "labs.research": Bound("USD a month", MONEY, ALL_MONEY),
    "labs.rationing": RANK,
    "labs.releasing": Bound(
        "a choice (0 keep, 1 improve, 2 a new generation)", 2, "there is no other choice", whole=True
    ),
    "labs.offering": Bound("a choice (0 withdraw it, 1 sell it)", 1, "there is no other choice", whole=True),
    "labs.selling": Bound("a choice (0 all, 1 customers, 2 own group)", 2, "there is no other choice", whole=True),
    "labs.contracting": Bound("GPU-hours a month", HOURS, ALL_HOURS),
    "labs.outlook": COURSE,
    "apps.pricing": _price(
        "USD a seat and month",
        1 / NANO,
        "it is no price that the ledger can post (people buy a seat each, so none is too low to count)",
        1e5,
        A_MONTHS_PAY,
    ),
    "apps.quota": Bound("queries a user and month", 1e6, "that would be one in every three seconds"),
    "apps.marketing": Bound("USD a month", 1e11, "all advertising of the world costs less in a month"),
    "apps.advertising": Bound("ad slots a free answer", 100, "no list of results has as many"),
    "apps.outlook": COURSE,
    "apps.effort": Bound("times the output tokens of an answer", 100, "an answer would take half an hour", least=1.0),
    "apps.answering": Bound("result pages", inf, "that many are asked for this month", seen="pages"),
    "apps.index": Bound("searches", inf, "that many are needed this month", seen="calls"),
    "apps.business": _price(
        "USD a seat and month", 1e-3, "a budget of 1e10 USD seats everybody a thousand times over", 1e5, A_MONTHS_PAY
    ),
    "apps.appliance_pricing": _price(
        "USD an appliance", 1.0, "its machines alone cost more", 1e9, "the dearest computer so far cost less"
    ),
    "apps.hosting": Bound("share of queries", 1, "there are no more queries"),
    "apps.owning": Bound("GPU-hours a month", HOURS, ALL_HOURS),
    "work.adoption": Bound("a hazard a month", 100, "all that will adopt have then adopted within days"),
    "investors.valuation": Bound("USD", MONEY, "all firms of the world together are worth some 1e14"),
}


def asked(amount: float, decision: str) -> float:
    """Bring an amount that a rule works out down to the largest answer of a decision, as ``cloud.capacity``."""
    return min(amount, BOUNDS[decision].most)


def sellable(price: float, decision: str) -> float:
    """Bring a price that no strategy answered, as a host's, up to the smallest answer of a decision."""
    return max(price, BOUNDS[decision].least)
