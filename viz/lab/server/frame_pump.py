"""A thread that sends a page's changes to the browser, no faster than an eye or this machine can use them.

Months come before pictures: where several pages play and their months fall behind the requested pace, frames become
rarer until the months keep up. The result of a user's own action is always shown at once.
"""

import math
import threading
import time
from collections.abc import Callable

from watersellers.viz.lab.server.session import Pieces, Session

FRAMES_ALONE, FRAMES_SHARED = 10.0, 3.0  # frames per second of a page at most: alone, and where pages share
MANY_PAGES = 3  # from which pages share
DRAWING_SHARE = 0.6  # of one core, that computing the frames of all pages together may take
LONGEST_INTERVAL = 5.0  # seconds between two frames at most, when frames give way to months
FIRST_STRETCH = 4.0  # times the normal interval, until the months are seen to keep up
STRETCH, SHRINK = 2.0, 0.8  # factors on that after a frame: months fell behind since the last one, or did not
SHORTEST_POLL = 0.005  # seconds between two looks at the session
SLEEP_AFTER = 60.0  # seconds unwatched, after which a page releases its world
DRAW_TIMEOUT = 5.0  # seconds to wait for a frame to be drawn: a hidden browser tab draws nothing


class FrameRate:
    """How long a page waits between frames.

    Attributes
    ----------
    frames, seconds : int, float
        The number of frames computed, and the seconds that took.
    """

    def __init__(self) -> None:
        self.frames, self.seconds = 0, 0.0
        self._stretch, self._behind = FIRST_STRETCH, 0.0

    def note_frame(self, seconds: float, behind: float) -> None:
        """Record a frame: the seconds it took, and by how many months the run was behind its pace by then."""
        self.frames, self.seconds = self.frames + 1, self.seconds + seconds
        factor = STRETCH if behind > self._behind else SHRINK
        self._stretch = min(max(1.0, self._stretch * factor), LONGEST_INTERVAL * FRAMES_SHARED)
        self._behind = behind

    def poll_interval(self, pages: int) -> float:
        """Return the seconds between two looks at the session."""
        return 1 / (FRAMES_ALONE if pages < MANY_PAGES else FRAMES_SHARED)

    def frame_interval(self, pages: int, playing: bool) -> float:
        """Return the seconds between two frames: longer where many pages share this machine."""
        fair = pages * self.seconds / self.frames / DRAWING_SHARE if self.frames else 0.0
        return max(self.poll_interval(pages) * (self._stretch if playing and pages >= MANY_PAGES else 1.0), fair)


class FramePump:
    """A thread that polls a session for changes until it is stopped.

    Parameters
    ----------
    session : Session
        The page's session.
    show : callable
        Takes the pieces of the page, with the frame's number as ``turn``, from 1 on.
    pages : callable
        Returns the number of open pages.
    watched : callable, optional
        Returns whether anybody watches the page; it pauses while nobody does.
    drawn : threading.Event, optional
        Set by the viewer once it has drawn the last frame; the next frame waits for it. Without it a frame counts as
        drawn at once.
    """

    def __init__(
        self,
        session: Session,
        show: Callable[[Pieces], None],
        pages: Callable[[], int],
        watched: Callable[[], bool] | None = None,
        drawn: threading.Event | None = None,
    ):
        self._session, self._show, self._pages, self._watched = session, show, pages, watched or (lambda: True)
        self._waits, self._drawn = drawn is not None, drawn or threading.Event()
        self._drawn.set()
        self._over = threading.Event()
        self.rate = FrameRate()
        self._thread = threading.Thread(target=self._run, name="water-sellers-pump", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send nothing more; a frame that is being computed is finished first."""
        self._over.set()
        self._thread.join(DRAW_TIMEOUT)

    def _run(self) -> None:
        sent, begun, handed, watched = (-1, -1, -1), 0.0, 0.0, time.monotonic()
        while not self._over.is_set():
            now, stamp = time.monotonic(), self._session.stamp()
            if self._watched():
                watched = now
            else:
                self._session.pause()
            if now - watched > SLEEP_AFTER:
                self._session.sleep()
                watched = math.inf
            months_only = self._session.view.playing and stamp[0] == sent[0]  # the user has pressed nothing
            due = begun + self.rate.frame_interval(self._pages(), months_only)
            if stamp != sent and now >= due and (self._drawn.is_set() or now >= handed + DRAW_TIMEOUT):
                self._send_frame()
                sent, begun, handed = stamp, now, time.monotonic()
            self._over.wait(max(SHORTEST_POLL, now + self.rate.poll_interval(self._pages()) - time.monotonic()))

    def _send_frame(self) -> None:
        """Compute a frame and send it to the viewer."""
        clock = time.thread_time()
        if self._waits:
            self._drawn.clear()
        self._show(self._session.frame() | {"turn": self.rate.frames + 1})
        self.rate.note_frame(time.thread_time() - clock, self._session.view.behind)
