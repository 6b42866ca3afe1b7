"""The foundry of a region: what speed costs, and how its vendors share the packaging that it can add in a month."""

from collections.abc import Sequence
from dataclasses import dataclass

from watersellers.market.exact import split


@dataclass(frozen=True, slots=True)
class SpeedPrice:
    """The price of new capacity, which is convex: the faster a vendor grows, the dearer each unit.

    ``units`` cost ``prepayment x units`` as a deposit. Those beyond the foundry's idle lines cost ``premium x units /
    committed`` of their prepayment besides, as an expense; a vendor without capacity pays no premium.
    """

    prepayment: float  # USD per accelerator a month
    premium: float  # share of the prepayment for each share by which capacity grows
    committed: float  # accelerators per month that the vendor has or has ordered
    idle: int = 0  # accelerators per month of the idle lines at the foundry on which it counts

    def premium_of(self, units: int) -> float:
        """Dollars that so many units cost beyond their prepayment."""
        new = max(0, units - self.idle)
        if not self.committed:
            return 0.0
        return self.premium * self.prepayment * new * new / self.committed

    def payable(self, cash: float) -> float:
        """Units that so many dollars pay for, premium included: the root of prepayment and premium less the cash.

        The vendor has to prepay something: ``prepayment`` is above 0.
        """
        steepness = self.premium / self.committed if self.committed else 0.0
        affordable = max(0.0, cash) / self.prepayment
        beyond = affordable - self.idle
        if not steepness or beyond <= 0:
            return affordable
        return float(self.idle + 2 * beyond / (1 + (1 + 4 * steepness * beyond) ** 0.5))  # no difference of near ones


@dataclass(frozen=True, slots=True)
class FoundryLines:
    """The lines of a region's foundry, in accelerators per month: ordered ones, and ones that vendors gave up."""

    committed: float
    idle: int = 0


def share_growth(
    asked: Sequence[int], lines: FoundryLines, pace: float, fastest: float, ties: Sequence[int]
) -> list[int]:
    """Share the capacity that a foundry gives: its idle lines, and what it adds in a month.

    It adds a part of what is asked beyond idle lines, and at most so much of the lines that it has. Every vendor gets
    the same share of what it has asked for and can prepay; what it has already is its own. A foundry without any line
    builds all that is asked.

    Parameters
    ----------
    asked : sequence of int
        Accelerators per month that each vendor asks for and can prepay.
    lines : FoundryLines
        Of all its vendors, with what is ordered and not open yet, and idle ones.
    pace, fastest : float
        Part of what is asked that it builds, and its largest growth a month, as a share.
    ties : sequence of int
        Tie-breaking number of each vendor.
    """
    total = sum(asked)
    if not lines.committed and not lines.idle:
        return split(total, asked, ties)
    again = min(total, lines.idle)
    new = int(min(pace * (total - again), fastest * (lines.committed + lines.idle)))
    return split(again + new, asked, ties)
