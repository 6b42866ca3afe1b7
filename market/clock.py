"""The clock: the one place that knows the current month and its phase."""

from dataclasses import dataclass
from typing import ClassVar

from watersellers.market.saved import EVERY_FIELD, Saved


@dataclass
class Clock:
    """The current month (the first is 0) and its phase, 1 to 12; between two months it shows phase 0 of the next."""

    SAVED: ClassVar[Saved] = EVERY_FIELD

    month: int = 0
    phase: int = 0

    def turn(self, month: int, phase: int) -> None:
        """Move to a phase of a month."""
        self.month, self.phase = month, phase
