"""Hands what has changed on a page to whoever shows it: not more often than an eye can use or this machine can draw."""

import threading
import time
from collections.abc import Callable

from viz.live.lab import Lab, Pieces

ALONE, IN_CLASS = 10.0, 3.0  # frames a second at most: of one page, of each where there are several
SEVERAL = 3  # pages
SHARE = 0.6  # of one core, that the frames of all pages together may take
SOON = 0.005  # seconds between two looks at least
PATIENCE = 5.0  # seconds that a frame may take to its end


class Pump:
    """A thread that looks again and again what has changed, until it is stopped.

    Parameters
    ----------
    lab : Lab
        The page.
    show : callable
        Takes the pieces of the page.
    pages : callable
        Says how many pages are open.
    seen : callable
        Says whether anybody looks; the page rests while nobody does.

    Attributes
    ----------
    frames, seconds : int, float
        How many frames were handed over, and what it took to compute them.
    """

    def __init__(
        self, lab: Lab, show: Callable[[Pieces], None], pages: Callable[[], int], seen: Callable[[], bool] | None = None
    ):
        self._lab, self._show, self._pages, self._seen = lab, show, pages, seen or (lambda: True)
        self._over = threading.Event()
        self.frames, self.seconds = 0, 0.0
        self._thread = threading.Thread(target=self._go, name="water-sellers-pump", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Hand over nothing more; what is being drawn is finished first."""
        self._over.set()
        self._thread.join(PATIENCE)

    def _go(self) -> None:
        shown = None
        while not self._over.is_set():
            started = time.monotonic()
            if not self._seen():
                self._lab.rest()
            stamp = self._lab.stamp()
            if stamp != shown:
                clock = time.thread_time()
                self._show(self._lab.frame())
                self.frames, self.seconds = self.frames + 1, self.seconds + time.thread_time() - clock
                shown = stamp
            self._over.wait(max(SOON, self._pause() - (time.monotonic() - started)))

    def _pause(self) -> float:
        """Seconds from one frame to the next: longer where many pages share what this machine can draw."""
        pages = self._pages()
        fair = pages * self.seconds / self.frames / SHARE if self.frames else 0.0
        return max(1 / (ALONE if pages < SEVERAL else IN_CLASS), fair)
