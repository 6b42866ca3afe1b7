"""The foundry of a region: what speed costs, and how its vendors share the packaging that it can add in a month."""

from collections.abc import Sequence
from dataclasses import dataclass

from watersellers.market.exact import split


@dataclass(frozen=True, slots=True)
class SpeedPrice:
    """The price of new capacity, which is convex: the faster a vendor grows, the dearer each unit.

    ``units`` cost ``prepayment x units`` as a deposit, and ``premium x units / committed`` of that as an expense; a
    vendor without capacity pays no premium.
    """

    prepayment: float  # USD per accelerator a month
    premium: float  # share of the prepayment for each share by which capacity grows
    committed: float  # accelerators per month that the vendor has or has ordered

    def premium_of(self, units: int) -> float:
        """Dollars that so many units cost beyond their prepayment."""
        if not self.committed:
            return 0.0
        return self.premium * self.prepayment * units * units / self.committed

    def payable(self, cash: float) -> float:
        """Units that so many dollars pay for, premium included: the root of prepayment and premium less the cash.

        The vendor has to prepay something: ``prepayment`` is above 0.
        """
        steepness = self.premium / self.committed if self.committed else 0.0
        affordable = max(0.0, cash) / self.prepayment
        if not steepness:
            return affordable
        return float(2 * affordable / (1 + (1 + 4 * steepness * affordable) ** 0.5))  # no difference of near numbers


def share_growth(asked: Sequence[int], committed: float, pace: float, fastest: float, ties: Sequence[int]) -> list[int]:
    """Share the capacity that a foundry adds, a part of all that is asked and at most so much of what it has.

    Every vendor gets the same share of what it has asked for and can prepay; what it has already is its own. A
    foundry without any capacity builds all that is asked.

    Parameters
    ----------
    asked : sequence of int
        Accelerators per month that each vendor asks for and can prepay.
    committed : float
        Accelerators per month of all its vendors, with what is ordered and not open yet.
    pace, fastest : float
        Part of what is asked that it builds, and its largest growth a month, as a share.
    ties : sequence of int
        Tie-breaking number of each vendor.
    """
    total = sum(asked)
    added = int(min(pace * total, fastest * committed)) if committed else total
    return split(added, asked, ties)
