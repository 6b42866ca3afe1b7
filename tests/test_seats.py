"""Seats of the lab: who was cut off gives way to who comes, who found none keeps nothing, and nobody waits for ever."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.served import Client, Server
from watersellers.viz.live import doors as seats
from watersellers.viz.live.doors import MOST, REMEMBERED, WAITING, Doors, Guest

pytest.importorskip("solara", reason="solara is not installed; the extra view brings it")
client = pytest.importorskip("websockets.sync.client", reason="the extra view brings websockets")
exceptions = pytest.importorskip("websockets.exceptions")
HELD = "<h1>"  # of every page that has a seat
QUIET = "page=numbers"  # begins no world


class Visitor:
    """Somebody who asks for a seat, looks or does not, and is let go of."""

    def __init__(self, name):
        self.looks, self.gone, self.guest = True, False, Guest(name, lambda: self.looks, self.go)

    def go(self):
        self.gone = True


@pytest.fixture
def house():
    """A house of three seats that all are taken, and who sits there."""
    doors, inside = Doors(most=3), [Visitor(f"page-{number}") for number in range(3)]
    assert all(doors.enter(QUIET, each.guest)[0] for each in inside)
    return doors, inside


def test_a_house_that_is_full_of_pages_that_are_looked_at_takes_no_other(house):
    doors, inside = house
    assert doors.full()
    seat, why = doors.enter(QUIET, Visitor("another").guest)
    assert seat is None
    assert "serves 3 pages at once" in why
    assert not any(each.gone for each in inside)


def test_the_page_that_nobody_has_looked_at_for_longest_gives_its_seat(house):
    doors, inside = house
    for number in (1, 0):
        inside[number].looks = False
        assert not doors.full()
        time.sleep(0.01)
    for number in (1, 0):
        assert doors.enter(QUIET, Visitor(f"new-{number}").guest)[0] is not None
        assert [each.gone for each in inside] == [number == 0, True, False]
        assert doors.open == 3
    assert doors.full()


def test_a_page_that_comes_back_after_it_lost_its_seat_is_told_so(house):
    doors, inside = house
    inside[2].looks = False
    other, _ = doors.enter(QUIET, Visitor("another").guest)
    assert other is not None
    assert "was away" not in other.lab.message
    assert doors.enter(QUIET, inside[2].guest) == (None, doors.enter(QUIET, inside[2].guest)[1])
    doors.leave(other)
    back, _ = doors.enter(QUIET, inside[2].guest)
    assert back is not None
    assert "This page was away" in back.lab.frame()["status"]


def test_what_is_remembered_of_pages_that_left_is_bounded():
    doors = Doors(most=1)
    for number in range(REMEMBERED + 50):
        seat, _ = doors.enter(QUIET, Visitor(f"page-{number}").guest)
        assert seat is not None
        doors.leave(seat)
    assert len(doors._left) == REMEMBERED


def test_only_so_many_wait_for_a_seat_and_none_for_ever(monkeypatch):
    doors = Doors(most=1)
    assert all(doors.come(f"page-{number}") for number in range(WAITING))
    assert not doors.come("one-more")
    assert doors.go("page-0")
    assert doors.come("one-more")
    assert not doors.overdue("one-more")
    monkeypatch.setattr(seats, "PATIENCE", 0.0)
    assert doors.go("page-1")
    assert doors.come("late")
    assert doors.overdue("late")
    assert not doors.come("late")


def test_a_second_connection_of_a_page_keeps_what_the_first_one_leaves():
    doors = Doors()
    assert doors.come("page")
    assert doors.come("page")
    assert not doors.go("page")
    assert doors.go("page")


@pytest.fixture(scope="module")
def server():
    started = Server()
    yield started
    assert "Traceback" not in started.last_words()


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
    for _ in range(MOST // 10):
        some = [Client(server, QUIET).run() for _ in range(10)]
        for page in some:
            page.until(HELD)
        pages += some
    return pages


def refused(server):
    """Ask for a seat where there is none, and read why."""
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
    for _ in range(MOST):
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
    assert len(pages) < threads < 5 * MOST


def test_a_connection_that_asks_for_no_seat_is_closed_and_leaves_nothing(server):
    waiting = [Client(server) for _ in range(WAITING)]
    with pytest.raises(exceptions.InvalidStatus):
        Client(server)
    for page in waiting:
        page.drop()
    time.sleep(1)
    for _ in range(WAITING):
        Client(server).drop()
        time.sleep(0.05)
    Client(server, QUIET).run().until(HELD)


def test_a_page_that_never_connects_holds_no_seat(server):
    for _ in range(2 * MOST):
        assert server.answer("/?page=numbers")[0] == 200
    fill(server)
