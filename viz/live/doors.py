"""Who is in: the open pages of this server, no more at once than it can serve well.

A page whose connection dropped keeps its seat, and comes back to its month; where all seats are taken, the page that
nobody has looked at for longest gives its own to one that comes. Who found no seat is sent away and keeps nothing.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from watersellers.viz.live.address import read
from watersellers.viz.live.lab import Lab
from watersellers.viz.words import LANGUAGES, Words

MOST = 40  # pages at once
WAITING = 20  # connections at once that have no seat yet
PATIENCE, PARTING = 30.0, 3.0  # seconds that one may go without asking for a seat; that one stays which was refused
REMEMBERED = 1000  # pages that lost their seat and may come back


@dataclass(frozen=True)
class Guest:
    """Who asks for a seat: a name that no other page has, whether somebody looks at it, and how it is let go of."""

    name: str = ""
    looks: Callable[[], bool] = lambda: True
    let_go: Callable[[], None] = lambda: None


@dataclass(eq=False)
class Seat:
    """A page with its lab; ``away`` is since when nobody looks at it, ``sheet`` what takes what is pressed on it."""

    guest: Guest
    lab: Lab
    away: float | None = None
    sheet: str = ""

    def looked_at(self) -> bool:
        """Say whether somebody looks, and note since when nobody does."""
        looks = self.guest.looks()
        self.away = None if looks else self.away or time.monotonic()
        return looks


@dataclass
class Waiting:
    """Connections of a page that has no seat yet, and until when that may be."""

    until: float
    count: int = 1


class Doors:
    """Lets pages in and out, and makes each its lab."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.make: Callable[[str], Lab] = Lab
        self._inside: dict[Lab, Seat] = {}
        self._waiting: dict[str, Waiting] = {}
        self._left: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def open(self) -> int:
        """How many pages are open."""
        return len(self._inside)

    def seat(self, name: str) -> Seat | None:
        """Find the seat of a page."""
        return next((seat for seat in tuple(self._inside.values()) if seat.guest.name == name), None)

    def full(self) -> bool:
        """Whether all seats are taken by pages that somebody looks at."""
        seats = tuple(self._inside.values())
        return len(seats) >= self.most and all(seat.looked_at() for seat in seats)

    def enter(self, query: str, guest: Guest | None = None) -> tuple[Seat | None, str]:
        """Make a lab for a page, or say why there is none."""
        guest = guest or Guest()
        with self._lock:
            say = _words(query)
            gone = self._longest_away() if len(self._inside) >= self.most else None
            if len(self._inside) >= self.most and gone is None:
                self._refuse(guest)
                return None, say("lab.full", most=self.most)
            if gone is not None:
                self._forget(gone)
            seat = self._seated(query, guest, say)
        if gone is not None:  # it closes its own page, in its own time
            threading.Thread(target=gone.guest.let_go, name="water-sellers-parting", daemon=True).start()
        return seat, ""

    def leave(self, seat: Seat) -> None:
        """Let go of a page that has closed."""
        with self._lock:
            self._forget(seat)
        seat.lab.close()

    def come(self, name: str) -> bool:
        """Say whether a connection of a page may come in, to where it can ask for a seat if it has none."""
        with self._lock:
            if self.seat(name) is not None:
                return True
            waits = self._waiting.get(name)
            if waits is not None:
                waits.count += 1
            elif len(self._waiting) < WAITING:
                self._waiting[name] = Waiting(time.monotonic() + PATIENCE)
            return name in self._waiting and (waits is None or waits.until > time.monotonic())

    def overdue(self, name: str) -> bool:
        """Say whether a page has waited long enough without a seat."""
        waits = self._waiting.get(name)
        return waits is not None and waits.until < time.monotonic()

    def go(self, name: str) -> bool:
        """Note that a connection of a page is gone; say whether nothing is left of the page."""
        with self._lock:
            waits = self._waiting.get(name)
            if waits is not None:
                waits.count -= 1
                if waits.count <= 0:
                    del self._waiting[name]
            return name not in self._waiting and self.seat(name) is None

    def _longest_away(self) -> Seat | None:
        """Find the page that nobody has looked at for longest."""
        away = {seat: seat.away for seat in self._inside.values() if not seat.looked_at() and seat.away is not None}
        return min(away, key=lambda seat: away[seat], default=None)

    def _seated(self, query: str, guest: Guest, say: Words) -> Seat:
        seat = Seat(guest, self.make(query))
        self._inside[seat.lab] = seat
        self._waiting.pop(guest.name, None)
        if guest.name in self._left:
            seat.lab.tell(say("lab.back"))
        return seat

    def _refuse(self, guest: Guest) -> None:
        if guest.name in self._waiting:
            self._waiting[guest.name].until = time.monotonic() + PARTING

    def _forget(self, seat: Seat) -> None:
        """Take a page's seat from it, and remember that it had one."""
        self._inside.pop(seat.lab, None)
        if seat.guest.name:
            self._left[seat.guest.name] = None
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)


def _words(query: str) -> Words:
    return LANGUAGES[read(query, tuple(LANGUAGES))[0].language]


DOORS = Doors()
