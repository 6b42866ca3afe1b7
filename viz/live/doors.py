"""Who is in: the open pages of this server, no more at once than it can serve well."""

import threading
from collections.abc import Callable

from viz.live.address import read
from viz.live.lab import Lab
from viz.words import LANGUAGES

MOST = 40  # pages at once


class Doors:
    """Lets pages in and out, and makes each its lab."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.make: Callable[[str], Lab] = Lab
        self._inside: set[Lab] = set()
        self._lock = threading.Lock()

    @property
    def open(self) -> int:
        """How many pages are open."""
        return len(self._inside)

    def enter(self, query: str) -> tuple[Lab | None, str]:
        """Make a lab for a page, or say why there is none."""
        with self._lock:
            if len(self._inside) >= self.most:
                return None, LANGUAGES[read(query, tuple(LANGUAGES))[0].language]("lab.full", most=self.most)
            lab = self.make(query)
            self._inside.add(lab)
            return lab, ""

    def leave(self, lab: Lab) -> None:
        """Let go of a page that has closed."""
        with self._lock:
            self._inside.discard(lab)
        lab.close()


DOORS = Doors()
