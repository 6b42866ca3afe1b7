"""What the people's choices come to: people and queries of each app, and a summary of each region, in whole numbers."""

from dataclasses import dataclass
from typing import Self

from watersellers.agents.kernel.contract import BESIDES, FREE, LEFT, PAID, SEVERAL
from watersellers.market.units import Column


@dataclass(frozen=True, slots=True)
class Counted:
    """Whole people and queries by app and region, shape (apps, regions).

    Who uses two apps is counted with both; ``further`` are those people for whom an app is not the main one.
    """

    free: Column
    paid: Column
    queries_free: Column
    queries_paid: Column
    further: Column

    @classmethod
    def of(cls, counts: Column) -> Self:
        """Take the kernel's counts apart, shape (apps, regions, COUNTS)."""
        free, paid, queries_free, queries_paid = (counts[:, :, place].copy() for place in range(BESIDES))
        return cls(free, paid, queries_free, queries_paid, counts[:, :, BESIDES] + counts[:, :, BESIDES + 1])

    @property
    def people(self) -> Column:
        """People who use each app, whatever else they use."""
        total: Column = self.free + self.paid
        return total


@dataclass(frozen=True, slots=True)
class Summary:
    """Whole people of each region: by the tier of their main app, those with more apps, and those who left theirs."""

    free: Column
    paid: Column
    several: Column
    left: Column

    @classmethod
    def of(cls, counts: Column) -> Self:
        """Add up the kernel's counts over the apps."""
        total = counts.sum(axis=0)
        free, paid = (total[:, tier] - total[:, BESIDES + tier] for tier in (FREE, PAID))
        return cls(free, paid, total[:, SEVERAL].copy(), total[:, LEFT].copy())
