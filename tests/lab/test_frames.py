"""Pictures of the lab come as fast as the machine can draw them, and a page that is cut off rests."""

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from tests.lab.lab_steps import press, wait_for_months
from watersellers.viz.lab.server import frame_pump
from watersellers.viz.lab.server.frame_pump import (
    DRAWING_SHARE,
    FIRST_STRETCH,
    FRAMES_ALONE,
    FRAMES_SHARED,
    LONGEST_INTERVAL,
    MANY_PAGES,
    FramePump,
    FrameRate,
)
from watersellers.viz.lab.server.page_benchmark import measure
from watersellers.viz.lab.server.session_registry import OpenPage
from watersellers.viz.lab.worlds.month_sources import NewWorlds
from watersellers.viz.lab.worlds.runner import FASTEST


@pytest.mark.parametrize("awake", [frame_pump.SLEEP_AFTER, 0.2])
def test_a_page_that_is_cut_off_rests_and_comes_back_to_its_month(lab, monkeypatch, awake):
    monkeypatch.setattr(frame_pump, "SLEEP_AFTER", awake)
    page = pytest.importorskip("watersellers.viz.app", reason="solara is not installed; the extra view brings it")
    status = page.kernel_context.PageStatus
    context = SimpleNamespace(id="page", page_status={"only": status.CONNECTED})
    press(lab, "play")
    drawn = threading.Event()
    seat = OpenPage(page.visitor_of(context), lab)
    stop = page._start_pump(seat, SimpleNamespace(set=lambda frame: drawn.set()), drawn)
    try:
        lab.runner.wait_for(lambda view: len(view.snapshots) >= 2, 60)
        context.page_status["only"] = status.DISCONNECTED
        lab.runner.wait_for(lambda view: not view.playing and not view.busy, 60)
        months = len(lab.view.snapshots)
        end = time.monotonic() + min(awake, 1.0)
        while time.monotonic() < end or (awake < 1 and lab.runner._source is not None):
            time.sleep(0.01)
        assert (lab.runner._source is None) == (awake < 1)  # who is away for long keeps months and no world
        context.page_status["only"] = status.CONNECTED
        press(lab, "step")  # the month after the last one lived, and none besides
        wait_for_months(lab, months + 1)
        assert len(lab.view.snapshots) == months + 1 < lab.view.spec.months
    finally:
        stop()


def test_what_this_machine_can_draw_is_shared_among_all_pages():
    rhythm = FrameRate()
    assert rhythm.frame_interval(1, playing=True) == 1 / FRAMES_ALONE  # nothing was drawn yet
    for _ in range(10):
        rhythm.note_frame(0.02, behind=0.0)
    assert rhythm.frame_interval(1, playing=True) == 1 / FRAMES_ALONE
    assert rhythm.frame_interval(MANY_PAGES, playing=True) == 1 / FRAMES_SHARED
    assert rhythm.frame_interval(30, playing=True) == pytest.approx(30 * 0.02 / DRAWING_SHARE)


def test_frames_are_rarer_while_months_fall_behind_and_frequent_again_afterwards():
    rhythm, pauses = FrameRate(), []
    assert rhythm.frame_interval(MANY_PAGES, playing=True) == FIRST_STRETCH / FRAMES_SHARED
    for behind in (1.0, 2.5, 2.6, 2.6, *[2.6] * 20):
        rhythm.note_frame(0.001, behind)
        pauses.append(rhythm.frame_interval(MANY_PAGES, playing=True))
        assert (
            rhythm.frame_interval(MANY_PAGES, playing=False) == 1 / FRAMES_SHARED
        )  # what is not months going by is seen at once
        assert rhythm.frame_interval(1, playing=True) == 1 / FRAMES_ALONE
    assert pauses[0] == 2 * FIRST_STRETCH / FRAMES_SHARED
    assert pauses[1] == pauses[2] == LONGEST_INTERVAL
    assert pauses[2:] == sorted(pauses[2:], reverse=True)
    assert pauses[3] < LONGEST_INTERVAL
    assert pauses[-1] == 1 / FRAMES_SHARED


class Idle:
    """A page of which something has changed whenever it is asked."""

    def __init__(self):
        self.asked, self.pressed, self.view = 0, 0, SimpleNamespace(playing=True, behind=0.0)

    def stamp(self):
        self.asked += 1
        return self.pressed, self.asked, -1

    def frame(self):
        return {"graph": ""}


def looks(lab, count):
    """Wait until the pump has looked at a page so many times more."""
    wanted = lab.asked + count
    while lab.asked < wanted:
        time.sleep(0.01)


def test_no_frame_follows_before_the_last_one_is_drawn():
    lab: Any = Idle()
    drawn, turns = threading.Event(), []
    hand = FramePump(lab, lambda pieces: turns.append(pieces["turn"]), lambda: 1, None, drawn)
    try:
        looks(lab, 5)
        assert turns == [1]
        drawn.set()
        looks(lab, 5)
        assert turns == [1, 2]
    finally:
        hand.stop()


def test_what_is_pressed_is_seen_at_once_though_pictures_of_months_are_waited_for():
    lab: Any = Idle()
    turns = []
    hand = FramePump(lab, lambda pieces: turns.append(pieces["turn"]), lambda: MANY_PAGES)
    try:
        looks(lab, 3)
        assert turns == [1]  # the next one is due after four beats
        lab.pressed = 1
        looks(lab, 2)
        assert turns == [1, 2]
    finally:
        hand.stop()


def test_the_pace_of_several_pages_is_measured():
    found = measure(NewWorlds(), pages=2, asked=FASTEST, users=50)
    assert 0 < found.months <= FASTEST
    assert 0 < found.frames <= FRAMES_ALONE * 2
    assert found.milliseconds > 0
