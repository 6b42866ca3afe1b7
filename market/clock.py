"""The clock: the one place that knows the current month and its phase."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from watersellers.market.saved import Saved


@dataclass
class Clock:
    """The current month (the first is 0) and its phase, 1 to 12; between two months it shows phase 0 of the next.

    A world that is built seals its clock: between two months (phase 0) nothing may be written by hand any more.
    """

    SAVED: ClassVar[Saved] = {"month": int, "phase": int}

    month: int = 0
    phase: int = 0
    sealed: bool = False

    def turn(self, month: int, phase: int) -> None:
        """Move to a phase of a month."""
        self.month, self.phase = month, phase

    def seal(self) -> None:
        """Let nothing be written between two months from now on."""
        self.sealed = True

    @contextmanager
    def unsealed(self) -> Iterator[None]:
        """Let the program itself write between two months, as when it restores a saved world."""
        before, self.sealed = self.sealed, False
        try:
            yield
        finally:
            self.sealed = before
