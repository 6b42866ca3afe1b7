"""A page of the lab without a browser: what was pressed, what is shown, and the address that says it again."""

import json
import re
import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest

from watersellers import run
from watersellers.experiments.steering import Change, Recipe
from watersellers.market.goods import GOODS, Good
from watersellers.viz.charts.chart import Table
from watersellers.viz.live import pump
from watersellers.viz.live.address import PAGES, Address, read
from watersellers.viz.live.doors import Seat
from watersellers.viz.live.easel import file_of
from watersellers.viz.live.lab import Lab
from watersellers.viz.live.levers import AT_THE_START, LEVERS, reachable
from watersellers.viz.live.lives import Living, Saved, months_of
from watersellers.viz.live.pace import measure
from watersellers.viz.live.pump import ALONE, FIRST, IN_CLASS, SELDOM, SEVERAL, SHARE, Pump, Rhythm
from watersellers.viz.live.runner import FASTEST
from watersellers.viz.live.telling import told
from watersellers.viz.words import ENGLISH, LANGUAGES

QUERY = "users=100&seed=4"


@pytest.fixture
def lab():
    made = Lab(QUERY)
    made.runner.wait_for(lambda view: view.setting is not None and not view.busy)
    yield made
    made.close()


def press(lab, do, value=None):
    lab.act({"do": do, "value": value})


def lived(lab, months):
    lab.runner.wait_for(lambda view: len(view.tape) >= months and not view.busy, 60)


def steps(lab, count):
    for number in range(1, count + 1):
        press(lab, "step")
        lived(lab, number)


def test_before_the_first_month_a_question_is_asked_and_one_press_sets_the_world_going(lab):
    assert "Who gets rich" in lab.frame()["guide"]
    press(lab, "guess", "labs")
    lived(lab, 2)
    press(lab, "pause")
    lab.runner.wait_for(lambda view: not view.playing)
    pieces = lab.frame()
    assert "You guessed labs" in pieces["guide"]
    assert 'data-key="openai&gt;azure"' in pieces["graph"]


def test_profits_so_far_are_those_of_the_months_tables(lab):
    steps(lab, 3)
    past = lab.scene().past
    for layer, profit in past.profits.items():
        assert profit == past.layers.filter(layer=layer)["operating_profit"].sum()
    assert set(past.profits.values()) != {0}


@pytest.mark.parametrize("awake", [pump.AWAKE, 0.2])
def test_a_page_that_is_cut_off_rests_and_comes_back_to_its_month(lab, monkeypatch, awake):
    monkeypatch.setattr(pump, "AWAKE", awake)
    page = pytest.importorskip("watersellers.viz.app", reason="solara is not installed; the extra view brings it")
    status = page.kernel_context.PageStatus
    context = SimpleNamespace(id="page", page_status={"only": status.CONNECTED})
    press(lab, "play")
    drawn = threading.Event()
    seat = Seat(page.guest_of(context), lab)
    stop = page._start_pump(seat, SimpleNamespace(set=lambda frame: drawn.set()), drawn)
    try:
        lab.runner.wait_for(lambda view: len(view.tape) >= 2, 60)
        context.page_status["only"] = status.DISCONNECTED
        lab.runner.wait_for(lambda view: not view.playing and not view.busy, 60)
        months = len(lab.view.tape)
        end = time.monotonic() + min(awake, 1.0)
        while time.monotonic() < end or (awake < 1 and lab.runner._life is not None):
            time.sleep(0.01)
        assert (lab.runner._life is None) == (awake < 1)  # who is away for long keeps months and no world
        context.page_status["only"] = status.CONNECTED
        press(lab, "step")  # the month after the last one lived, and none besides
        lived(lab, months + 1)
        assert len(lab.view.tape) == months + 1 < lab.view.setting.months
    finally:
        stop()


def test_what_this_machine_can_draw_is_shared_among_all_pages():
    rhythm = Rhythm()
    assert rhythm.pause(1, playing=True) == 1 / ALONE  # nothing was drawn yet
    for _ in range(10):
        rhythm.drew(0.02, behind=0.0)
    assert rhythm.pause(1, playing=True) == 1 / ALONE
    assert rhythm.pause(SEVERAL, playing=True) == 1 / IN_CLASS
    assert rhythm.pause(30, playing=True) == pytest.approx(30 * 0.02 / SHARE)


def test_pictures_come_more_seldom_where_months_fall_behind_and_more_often_again_where_they_do_not():
    rhythm, pauses = Rhythm(), []
    assert rhythm.pause(SEVERAL, playing=True) == FIRST / IN_CLASS
    for behind in (1.0, 2.5, 2.6, 2.6, *[2.6] * 20):
        rhythm.drew(0.001, behind)
        pauses.append(rhythm.pause(SEVERAL, playing=True))
        assert rhythm.pause(SEVERAL, playing=False) == 1 / IN_CLASS  # what is not months going by is seen at once
        assert rhythm.pause(1, playing=True) == 1 / ALONE
    assert pauses[0] == 2 * FIRST / IN_CLASS
    assert pauses[1] == pauses[2] == SELDOM
    assert pauses[2:] == sorted(pauses[2:], reverse=True)
    assert pauses[3] < SELDOM
    assert pauses[-1] == 1 / IN_CLASS


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
    hand = Pump(lab, lambda pieces: turns.append(pieces["turn"]), lambda: 1, None, drawn)
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
    hand = Pump(lab, lambda pieces: turns.append(pieces["turn"]), lambda: SEVERAL)
    try:
        looks(lab, 3)
        assert turns == [1]  # the next one is due after four beats
        lab.pressed = 1
        looks(lab, 2)
        assert turns == [1, 2]
    finally:
        hand.stop()


def test_the_pace_of_several_pages_is_measured():
    found = measure(Living(), pages=2, asked=FASTEST, users=50)
    assert 0 < found.months <= FASTEST
    assert 0 < found.frames <= ALONE * 2
    assert found.milliseconds > 0


def test_back_and_forward_look_at_months_that_are_lived_and_live_no_others(lab):
    steps(lab, 3)
    press(lab, "back")
    press(lab, "back")
    assert "January 2023" in lab.frame()["transport"]
    press(lab, "step")
    assert "February 2023" in lab.frame()["transport"]
    assert len(lab.view.tape) == 3


def test_a_knob_turned_in_the_past_begins_a_new_future_there(lab):
    steps(lab, 4)
    lab.act({"do": "set", "key": "month", "value": "1"})
    lab.act({"do": "set", "key": "lever:apps.list_price", "value": "5"})
    view = lab.runner.wait_for(lambda view: view.recipe.changes and not view.busy)
    assert view.recipe.changes == (Change("2023-03", "apps.list_price", 5.0),)
    assert len(view.tape) == 2
    assert "at=2023-03%3Aapps.list_price%3D5.0" in lab.frame()["address"]


def test_the_address_brings_the_same_screen_back(lab):
    steps(lab, 3)
    lab.act({"do": "set", "key": "lever:chips.nvidia.lock_in", "value": "1"})
    lab.runner.wait_for(lambda view: view.recipe.changes)
    press(lab, "step")
    lived(lab, 4)
    press(lab, "look", "nvidia")
    first = lab.frame()
    again = Lab(first["address"])
    again.runner.wait_for(lambda view: len(view.tape) == 4 and not view.busy)
    second = again.frame()
    again.close()
    assert {key: first[key] for key in ("graph", "lines", "news", "drawer", "side")} == {
        key: second[key] for key in ("graph", "lines", "news", "drawer", "side")
    }


def test_every_page_can_be_shown_in_every_language(lab):
    steps(lab, 2)
    for language in LANGUAGES:
        for page in PAGES:
            lab.act({"do": "go", "value": f"/?{QUERY}&page={page}&language={language}"})
            pieces = lab.frame()
            assert lab.message == ""
            assert pieces["said"]["language"] == language
            assert len(pieces["main"] or pieces["graph"]) > 100


@pytest.mark.parametrize("statement", ["income", "cash_flow", "balance_sheet"])
def test_the_books_of_a_firm_are_those_of_the_run(lab, statement):
    steps(lab, 3)
    press(lab, "look", "openai")
    lab.act({"do": "set", "key": "statement", "value": statement})
    lab.act({"do": "set", "key": "period", "value": "months"})
    lab.frame()
    press(lab, "file", "books.json")
    rows = json.loads(lab.file["text"])
    assert len(rows) >= 3
    own = run("baseline", seed=4, months=3, users=100)
    frame = {"income": own.income, "cash_flow": own.cash_flow, "balance_sheet": own.balance_sheet}[statement]("openai")
    shown = {row["Line"]: row for row in rows}
    line = {"income": "Operating cost", "cash_flow": "Cash", "balance_sheet": "Assets"}[statement]
    column = line.lower().replace(" ", "_")
    assert shown[line]["2023-03"].replace(",", "") == f"{frame[column][-1] / 10**8:.0f}"


def test_a_user_is_seen_with_its_month(lab):
    steps(lab, 2)
    press(lab, "look", "users_west")
    lab.act({"do": "set", "key": "user", "value": "7"})
    text = lab.frame()["drawer"]
    assert "User number 7" in text
    assert re.search(r"Stands for [\d,]+ people", text)


@pytest.mark.parametrize("kind", ["csv", "json", "svg"])
def test_a_picture_can_be_taken_away(lab, kind):
    steps(lab, 2)
    lab.frame()
    press(lab, "file", f"streams.{kind}")
    assert lab.file["name"] == f"watersellers-streams.{kind}"
    assert {"csv": "Payer,", "json": "[", "svg": "<svg"}[kind] in lab.file["text"][:40]


def test_a_table_is_written_as_what_it_says():
    table = Table(["a", "b"], [["x, y", "1"]])
    assert file_of(table, "csv") == 'a,b\n"x, y",1\n'
    assert json.loads(file_of(table, "json")) == [{"a": "x, y", "b": "1"}]


@pytest.mark.parametrize(
    "asked",
    [
        *(None, 7, {}, {"do": 5}, {"do": "nothing"}, {"do": "set"}, {"do": "month", "value": "zz"}),
        *({"do": "set", "key": "speed", "value": "x"}, {"do": "set", "key": "x", "value": "y"}),
        *({"do": "set", "key": "lever:apps.nothing", "value": "1"}, {"do": "guess", "value": "<b>"}),
        {"do": "file", "value": "../../x.csv"},
    ],
)
def test_what_no_page_asks_is_told_and_breaks_nothing(lab, asked):
    lab.act(asked)
    lab.runner.wait_for(lambda view: bool(view.failed or lab.message))
    assert "trouble" in lab.frame()["status"]
    steps(lab, 1)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("page=nowhere", "page: found 'nowhere'"),
        ("scenario=basline", "scenario: unknown scenario 'basline'. Did you mean 'baseline'?"),
        ("b.scenario=nowhere", "b.scenario: unknown scenario 'nowhere'"),
        ("seed=-3", "seed: found '-3'"),
        ("users=1e9", "users: found '1e9'"),
        ("users=3", "users: found 3"),
        ("users=99999999", "users: found"),
        ("month=x", "month: found 'x'"),
        ("at=garbage", "at: found 'garbage'"),
        ("set=garbage", "set: found 'garbage'"),
        ("language=xx", "language: found 'xx'"),
        ("theme=%3Cscript%3E", "theme: found '<script>'"),
        ("x=" + "y" * 9000, "address: found"),
    ],
)
def test_an_address_that_says_what_cannot_be_is_told_and_the_page_is_there(query, said):
    address, wrong = read(query, ("en",))
    assert said in wrong[0]
    assert address.page in PAGES


@pytest.mark.parametrize("query", ["set=chips.nothing=3", "at=2023-05:chips.lock_in=99", "at=1:a=1"])
def test_a_world_that_cannot_be_made_is_told_on_the_page(query):
    lab = Lab(query)
    lab.runner.wait_for(lambda view: bool(view.failed))
    assert "trouble" in lab.frame()["status"]
    lab.close()


def test_an_address_read_back_is_the_address():
    recipe = Recipe(
        "baseline", 7, 300, {"chips.lock_in": 0.5, "labs.research": "race"}, (Change("2024-01", "a.b", 1.5),)
    )
    for page in PAGES:
        address = Address(page, recipe, 5, "nvidia", 3, Recipe("baseline", 7, 300), "fifo", "lock", "en", "dark")
        assert read(address.query(), ("en",)) == (address, [])


def test_every_knob_says_whether_it_acts_now(lab):
    setting = lab.view.setting
    assert len(reachable(setting, LEVERS)) == len(LEVERS)
    assert all(lever.now for lever in LEVERS)
    assert not any(lever.now for lever in AT_THE_START)
    for lever in LEVERS + AT_THE_START:
        assert lever.low <= lever.value_in(setting, 0) <= lever.high
    side = lab.frame()["side"]
    assert "Acts from the month after the one shown." in side
    assert "Acts when you start again." in side


def test_a_saved_run_is_looked_at_and_not_changed(tmp_path):
    result = run("baseline", seed=4, months=4, users=100)
    lab = Lab("", Saved(result))
    lab.runner.wait_for(lambda view: view.setting is not None)
    steps(lab, 4)
    own, saved = Lab(QUERY), lab.frame()
    own.runner.wait_for(lambda view: view.setting is not None and not view.busy)
    steps(own, 4)
    assert own.frame()["graph"] == saved["graph"]
    assert own.frame()["lines"] == saved["lines"]
    lab.act({"do": "set", "key": "lever:apps.list_price", "value": "5"})
    assert "saved run" in lab.runner.wait_for(lambda view: bool(view.failed)).failed
    own.close()
    lab.close()


def test_the_months_of_a_saved_run_hold_the_stocks_of_its_books():
    result = run("baseline", seed=4, months=5, users=100)
    cash = result.balances.filter(item="cash")
    for month in months_of(result):
        held = dict(cash.filter(month=month.day).select("account", "cents").iter_rows())
        assert held == dict(zip(month.accounts.names, month.cash.tolist(), strict=True))


def test_pages_that_need_no_world_begin_none():
    lab = Lab("page=numbers&word=lock_in")
    assert "lock_in" in lab.frame()["main"]
    assert lab.view.version == 0
    assert lab._runner is None
    lab.close()


def test_recorded_events_are_told_in_the_words_of_the_page():
    assert told("{openai} raises {32166015300 cents} from {venture_west}", ENGLISH, {}) == (
        "openai raises $322\N{NO-BREAK SPACE}m from venture west"
    )
    assert told("apps.list_price becomes 5", ENGLISH, {}) == "Price of an app's seat becomes 5"
    assert told("Alibaba gives the weights of Qwen away", ENGLISH, {}) == "Alibaba gives the weights of Qwen away"


@pytest.mark.parametrize("say", [each for each in LANGUAGES.values() if each is not ENGLISH])
def test_another_language_names_every_good_and_every_line_of_the_books(say):
    """English falls back on the ids, which are English words."""
    seen = {good.name for good in GOODS.values()} - {GOODS[Good.OPENING].name}  # the opening is no month's payment
    assert {name for name in seen if not {name, f"kind.{name}"} & {*say.table, *say.firms}} == set()
    result = run("baseline", months=1, users=50)
    books = (result.income("nvidia"), result.cash_flow("nvidia"), result.balance_sheet("nvidia"))
    lines = {line for frame in books for line in frame.columns} - {"month"}
    assert {line for line in lines if f"line.{line}" not in say.table} == set()
