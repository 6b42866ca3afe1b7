"""The clock: the month that is being lived, known in this one place."""

from dataclasses import dataclass
from typing import ClassVar

from watersellers.market.saved import EVERY_FIELD, Saved


@dataclass
class Clock:
    """The month, 0 the first, and the phase of it, 1 to 12; between two months the next one in phase 0."""

    SAVED: ClassVar[Saved] = EVERY_FIELD

    month: int = 0
    phase: int = 0

    def turn(self, month: int, phase: int) -> None:
        """Move to a phase of a month."""
        self.month, self.phase = month, phase
