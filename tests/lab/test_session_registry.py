"""Seats of the lab: a page that was cut off gives way to a new one, and no page waits for ever."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.tools.lab_process import Client, Server
from watersellers.viz.lab.server import session_registry
from watersellers.viz.lab.server.session_registry import (
    MAX_PAGES,
    MAX_PENDING,
    MAX_REMEMBERED,
    SessionRegistry,
    Visitor,
)

pytest.importorskip("solara", reason="solara is not installed; the extra view brings it")
client = pytest.importorskip("websockets.sync.client", reason="the extra view brings websockets")
exceptions = pytest.importorskip("websockets.exceptions")
HELD = "<h1>"  # of every page that has a seat
QUIET = "page=numbers"  # begins no world


class Person:
    """A visitor who asks for a seat, may or may not watch, and can be disconnected."""

    def __init__(self, name):
        self.looks, self.gone, self.visitor = True, False, Visitor(name, lambda: self.looks, self.go)

    def go(self):
        self.gone = True


@pytest.fixture
def served():
    """A registry of three seats, all taken, and the visitors who have them."""
    registry, inside = SessionRegistry(max_pages=3), [Person(f"page-{number}") for number in range(3)]
    assert all(registry.open_page(QUIET, each.visitor)[0] for each in inside)
    return registry, inside


def test_a_house_that_is_full_of_pages_that_are_looked_at_takes_no_other(served):
    registry, inside = served
    assert registry.is_full()
    seat, why = registry.open_page(QUIET, Person("another").visitor)
    assert seat is None
    assert "serves 3 pages at once" in why
    assert not any(each.gone for each in inside)


def test_the_page_that_nobody_has_looked_at_for_longest_gives_its_seat(served):
    registry, inside = served
    for number in (1, 0):
        inside[number].looks = False
        assert not registry.is_full()
        time.sleep(0.01)
    for number in (1, 0):
        assert registry.open_page(QUIET, Person(f"new-{number}").visitor)[0] is not None
        assert [each.gone for each in inside] == [number == 0, True, False]
        assert registry.open_count == 3
    assert registry.is_full()


def test_a_page_that_comes_back_after_it_lost_its_seat_is_told_so(served):
    registry, inside = served
    inside[2].looks = False
    other, _ = registry.open_page(QUIET, Person("another").visitor)
    assert other is not None
    assert "was away" not in other.session.message
    assert registry.open_page(QUIET, inside[2].visitor) == (None, registry.open_page(QUIET, inside[2].visitor)[1])
    registry.close_page(other)
    back, _ = registry.open_page(QUIET, inside[2].visitor)
    assert back is not None
    assert "This page was away" in back.session.frame()["status"]


def test_what_is_remembered_of_pages_that_left_is_bounded():
    registry = SessionRegistry(max_pages=1)
    for number in range(MAX_REMEMBERED + 50):
        seat, _ = registry.open_page(QUIET, Person(f"page-{number}").visitor)
        assert seat is not None
        registry.close_page(seat)
    assert len(registry._closed) == MAX_REMEMBERED


def test_only_so_many_wait_for_a_seat_and_none_for_ever(monkeypatch):
    registry = SessionRegistry(max_pages=1)
    assert all(registry.admit(f"page-{number}") for number in range(MAX_PENDING))
    assert not registry.admit("one-more")
    assert registry.disconnect("page-0")
    assert registry.admit("one-more")
    assert not registry.is_overdue("one-more")
    monkeypatch.setattr(session_registry, "PENDING_SECONDS", 0.0)
    assert registry.disconnect("page-1")
    assert registry.admit("late")
    assert registry.is_overdue("late")
    assert not registry.admit("late")


def test_a_second_connection_of_a_page_keeps_what_the_first_one_leaves():
    registry = SessionRegistry()
    assert registry.admit("page")
    assert registry.admit("page")
    assert not registry.disconnect("page")
    assert registry.disconnect("page")


@pytest.fixture(scope="module")
def server():
    started = Server()
    yield started
    assert "Traceback" not in started.remaining_output()


@pytest.fixture(autouse=True)
def leave(monkeypatch):
    """Close all pages that a test opened."""
    came, begin = [], Client.__init__

    def noted(page, *arguments):
        begin(page, *arguments)
        came.append(page)

    monkeypatch.setattr(Client, "__init__", noted)
    yield
    for page in came:
        page.close()


def fill(server):
    """Take all seats; some at a time, as there is room to wait."""
    pages = []
    for _ in range(MAX_PAGES // 10):
        some = [Client(server, QUIET).run() for _ in range(10)]
        for page in some:
            page.until(HELD)
        pages += some
    return pages


def refused(server):
    """Ask for a seat where none is free, and wait until the page says so."""
    page = Client(server, QUIET).run()
    page.until("pages at once and all are taken")
    page.close()


def test_forty_pages_that_were_cut_off_give_way_at_once(server):
    pages = fill(server)
    refused(server)
    assert server.answer("/full")[0] == 503
    for page in pages:
        page.drop()
    time.sleep(0.5)
    assert server.answer("/full")[0] == 200  # leads to the page
    came = []
    for _ in range(MAX_PAGES):
        started = time.monotonic()
        came.append(Client(server, QUIET).run())
        came[-1].until(HELD)
        assert time.monotonic() - started < 3
    assert server.answer("/full")[0] == 503


def test_a_page_that_was_cut_off_for_a_while_comes_back_to_its_month_where_there_is_room(server):
    page = Client(server, "users=100&seed=4").run()
    page.until("open")
    page.until("Who gets rich")
    page.act(do="step")
    page.until("January 2023")
    page.drop()
    time.sleep(1)
    again = Client(server, "users=100&seed=4", page.name)
    again.sheet = page.sheet
    again.act(do="step")
    again.until("February 2023")


def test_pages_that_find_no_seat_leave_nothing_behind(server):
    pages, sizes = fill(server), []
    for _ in range(4):
        with ThreadPoolExecutor(4) as many:
            list(many.map(lambda _: refused(server), range(75)))
        time.sleep(2)
        sizes.append(server.megabytes())
    threads = server.threads()
    assert sizes[-1] - sizes[0] < 6  # 225 pages that are kept are some 60 MB more
    assert len(pages) < threads < 5 * MAX_PAGES


def test_a_connection_that_asks_for_no_seat_is_closed_and_leaves_nothing(server):
    waiting = [Client(server) for _ in range(MAX_PENDING)]
    with pytest.raises(exceptions.InvalidStatus):
        Client(server)
    for page in waiting:
        page.drop()
    time.sleep(1)
    for _ in range(MAX_PENDING):
        Client(server).drop()
        time.sleep(0.05)
    Client(server, QUIET).run().until(HELD)


def test_a_page_that_never_connects_holds_no_seat(server):
    for _ in range(2 * MAX_PAGES):
        assert server.answer("/?page=numbers")[0] == 200
    fill(server)
