"""Totals of the people's choices: people and queries of each app, and a summary of each region, in whole numbers."""

from dataclasses import dataclass
from typing import Self

from watersellers.agents.users.kernel.contract import BESIDES, FREE, LEFT, PAID, SEVERAL
from watersellers.market.exact import Column


@dataclass(frozen=True, slots=True)
class ChoiceTotals:
    """Whole people and queries by app and region, shape (apps, regions).

    People who use two apps count with both; ``further`` are the people for whom an app is not the main one.
    """

    free: Column
    paid: Column
    queries_free: Column
    queries_paid: Column
    further: Column

    @classmethod
    def of(cls, counts: Column) -> Self:
        """Split the kernel's counts, shape (apps, regions, COUNTS)."""
        free, paid, queries_free, queries_paid = (counts[:, :, column].copy() for column in range(BESIDES))
        return cls(free, paid, queries_free, queries_paid, counts[:, :, BESIDES] + counts[:, :, BESIDES + 1])

    @property
    def people(self) -> Column:
        """People who use each app, as their main app or a further one."""
        total: Column = self.free + self.paid
        return total


@dataclass(frozen=True, slots=True)
class RegionSummary:
    """Whole people of each region: by tier of their main app, with several apps, and those who left their main app."""

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
