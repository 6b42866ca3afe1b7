"""Hands what has changed on a page to whoever shows it: not more often than an eye can use or these machines can draw.

Months come before pictures: where several pages play and their months fall behind the pace that was asked, pictures
come more seldom until they do not. What was pressed is seen at once all the same.
"""

import math
import threading
import time
from collections.abc import Callable

from watersellers.viz.live.lab import Lab, Pieces

ALONE, IN_CLASS = 10.0, 3.0  # frames a second at most: of one page, of each where there are several
SEVERAL = 3  # pages
SHARE = 0.6  # of one core, that computing the frames of all pages together may take
SELDOM = 5.0  # seconds from one frame to the next at most, for the sake of months
FIRST = 4.0  # times as long as it might be, until the months have been seen to keep up
LONGER, SHORTER = 2.0, 0.8  # what a frame makes of that: where months fell behind since the last one, where none did
SOON = 0.005  # seconds between two looks at least
AWAKE = 60.0  # seconds that nobody looks, after which a page lets go of its world
PATIENCE = 5.0  # seconds for a frame to be drawn: a page that lies behind another one draws nothing


class Rhythm:
    """How long a page waits from one frame to the next.

    Attributes
    ----------
    frames, seconds : int, float
        How many frames were computed, and what that took.
    """

    def __init__(self) -> None:
        self.frames, self.seconds = 0, 0.0
        self._stretch, self._behind = FIRST, 0.0

    def drew(self, seconds: float, behind: float) -> None:
        """Note a frame: what it took, and how many months the run had fallen behind its pace by then."""
        self.frames, self.seconds = self.frames + 1, self.seconds + seconds
        factor = LONGER if behind > self._behind else SHORTER
        self._stretch = min(max(1.0, self._stretch * factor), SELDOM * IN_CLASS)
        self._behind = behind

    def beat(self, pages: int) -> float:
        """Seconds from one look at what has changed to the next."""
        return 1 / (ALONE if pages < SEVERAL else IN_CLASS)

    def pause(self, pages: int, playing: bool) -> float:
        """Seconds from one frame to the next: longer where many pages share what these machines can draw."""
        fair = pages * self.seconds / self.frames / SHARE if self.frames else 0.0
        return max(self.beat(pages) * (self._stretch if playing and pages >= SEVERAL else 1.0), fair)


class Pump:
    """A thread that looks again and again what has changed, until it is stopped.

    Parameters
    ----------
    lab : Lab
        The page.
    show : callable
        Takes the pieces of the page, with the frame's number as ``turn``, from 1 on.
    pages : callable
        Says how many pages are open.
    seen : callable, optional
        Says whether anybody looks; the page rests while nobody does.
    drawn : threading.Event, optional
        Set by who shows the pieces once they are on the screen, before which no others follow; without it they are
        taken to be there at once.
    """

    def __init__(
        self,
        lab: Lab,
        show: Callable[[Pieces], None],
        pages: Callable[[], int],
        seen: Callable[[], bool] | None = None,
        drawn: threading.Event | None = None,
    ):
        self._lab, self._show, self._pages, self._seen = lab, show, pages, seen or (lambda: True)
        self._waits, self._drawn = drawn is not None, drawn or threading.Event()
        self._drawn.set()
        self._over = threading.Event()
        self.rhythm = Rhythm()
        self._thread = threading.Thread(target=self._go, name="water-sellers-pump", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Hand over nothing more; what is being drawn is finished first."""
        self._over.set()
        self._thread.join(PATIENCE)

    def _go(self) -> None:
        shown, begun, handed, seen = (-1, -1, -1), 0.0, 0.0, time.monotonic()
        while not self._over.is_set():
            now, stamp = time.monotonic(), self._lab.stamp()
            if self._seen():
                seen = now
            else:
                self._lab.rest()
            if now - seen > AWAKE:
                self._lab.sleep()
                seen = math.inf
            goes_by = self._lab.view.playing and stamp[0] == shown[0]  # months alone, and nothing was pressed
            due = begun + self.rhythm.pause(self._pages(), goes_by)
            if stamp != shown and now >= due and (self._drawn.is_set() or now >= handed + PATIENCE):
                self._hand_over()
                shown, begun, handed = stamp, now, time.monotonic()
            self._over.wait(max(SOON, now + self.rhythm.beat(self._pages()) - time.monotonic()))

    def _hand_over(self) -> None:
        """Compute a frame, and give it to who shows it."""
        clock = time.thread_time()
        if self._waits:
            self._drawn.clear()
        self._show(self._lab.frame() | {"turn": self.rhythm.frames + 1})
        self.rhythm.drew(time.thread_time() - clock, self._lab.view.behind)
