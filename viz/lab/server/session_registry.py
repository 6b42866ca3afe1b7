"""The registry of the pages that are open: at most as many at once as the server can serve well.

A page whose connection drops stays open, and shows its month again when it reconnects. When all places are taken, the
page that has been unwatched for longest is closed to admit a new one. A page that is refused leaves nothing behind.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from watersellers.viz.lab.server.session import Session
from watersellers.viz.lab.view.address import read
from watersellers.viz.words.catalogue import LANGUAGES, Words

MAX_PAGES = 40  # open at once
MAX_PENDING = 20  # connected pages that have no session yet
PENDING_SECONDS = 30.0  # that a page may stay connected without asking for a session
REFUSED_SECONDS = 3.0  # that a refused page may stay connected
MAX_REMEMBERED = 1000  # closed pages that may reconnect


@dataclass(frozen=True)
class Visitor:
    """A browser that asks for a page: its unique name, whether anybody watches it, and how to disconnect it."""

    name: str = ""
    is_watching: Callable[[], bool] = lambda: True
    disconnect: Callable[[], None] = lambda: None


@dataclass(eq=False)
class OpenPage:
    """An open page with its session.

    ``unwatched_since`` is a monotonic time, None while somebody watches; ``widget`` names the widget that receives
    what the user presses.
    """

    visitor: Visitor
    session: Session
    unwatched_since: float | None = None
    widget: str = ""

    def is_watched(self) -> bool:
        """Return whether somebody watches the page, and note since when nobody does."""
        watched = self.visitor.is_watching()
        self.unwatched_since = None if watched else self.unwatched_since or time.monotonic()
        return watched


@dataclass
class PendingPage:
    """The connections of a page that has no session yet, and the monotonic time until which it may stay so."""

    until: float
    count: int = 1


class SessionRegistry:
    """Opens and closes pages, and makes a session for each."""

    def __init__(self, max_pages: int = MAX_PAGES) -> None:
        self.max_pages = max_pages
        self.make_session: Callable[[str], Session] = Session
        self._open: dict[Session, OpenPage] = {}
        self._pending: dict[str, PendingPage] = {}
        self._closed: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def open_count(self) -> int:
        """The number of open pages."""
        return len(self._open)

    def find(self, name: str) -> OpenPage | None:
        """Find an open page by its visitor's name."""
        return next((page for page in tuple(self._open.values()) if page.visitor.name == name), None)

    def is_full(self) -> bool:
        """Return whether the limit is reached and somebody watches every open page."""
        pages = tuple(self._open.values())
        return len(pages) >= self.max_pages and all(page.is_watched() for page in pages)

    def open_page(self, query: str, visitor: Visitor | None = None) -> tuple[OpenPage | None, str]:
        """Open a page with a new session, or return None and the reason."""
        visitor = visitor or Visitor()
        with self._lock:
            say = _words(query)
            evicted = self._longest_unwatched() if len(self._open) >= self.max_pages else None
            if len(self._open) >= self.max_pages and evicted is None:
                self._refuse(visitor)
                return None, say("lab.full", most=self.max_pages)
            if evicted is not None:
                self._forget(evicted)
            page = self._add(query, visitor, say)
        if evicted is not None:  # closing may take a while, and nobody waits for it
            threading.Thread(target=evicted.visitor.disconnect, name="water-sellers-eviction", daemon=True).start()
        return page, ""

    def close_page(self, page: OpenPage) -> None:
        """Remove a page and close its session."""
        with self._lock:
            self._forget(page)
        page.session.close()

    def admit(self, name: str) -> bool:
        """Return whether a connection may be accepted; a page without a session then asks for one over it."""
        with self._lock:
            if self.find(name) is not None:
                return True
            pending = self._pending.get(name)
            if pending is not None:
                pending.count += 1
            elif len(self._pending) < MAX_PENDING:
                self._pending[name] = PendingPage(time.monotonic() + PENDING_SECONDS)
            return name in self._pending and (pending is None or pending.until > time.monotonic())

    def is_overdue(self, name: str) -> bool:
        """Return whether a page has stayed connected without a session for too long."""
        pending = self._pending.get(name)
        return pending is not None and pending.until < time.monotonic()

    def disconnect(self, name: str) -> bool:
        """Note that a connection of a page has ended; return whether nothing is left of the page."""
        with self._lock:
            pending = self._pending.get(name)
            if pending is not None:
                pending.count -= 1
                if pending.count <= 0:
                    del self._pending[name]
            return name not in self._pending and self.find(name) is None

    def _longest_unwatched(self) -> OpenPage | None:
        """Find the page that has been unwatched for longest."""
        since = {
            page: page.unwatched_since
            for page in self._open.values()
            if not page.is_watched() and page.unwatched_since is not None
        }
        return min(since, key=lambda page: since[page], default=None)

    def _add(self, query: str, visitor: Visitor, say: Words) -> OpenPage:
        page = OpenPage(visitor, self.make_session(query))
        self._open[page.session] = page
        self._pending.pop(visitor.name, None)
        if visitor.name in self._closed:
            page.session.notify(say("lab.back"))
        return page

    def _refuse(self, visitor: Visitor) -> None:
        if visitor.name in self._pending:
            self._pending[visitor.name].until = time.monotonic() + REFUSED_SECONDS

    def _forget(self, page: OpenPage) -> None:
        """Remove a page, and remember that it was open."""
        self._open.pop(page.session, None)
        if page.visitor.name:
            self._closed[page.visitor.name] = None
        while len(self._closed) > MAX_REMEMBERED:
            self._closed.popitem(last=False)


def _words(query: str) -> Words:
    return LANGUAGES[read(query, tuple(LANGUAGES))[0].language]


REGISTRY = SessionRegistry()
