"""The lab in a real browser: what a class sees and does, offline, by mouse, by keyboard, on a phone, in the dark.

The page fixture fails a test on any request to elsewhere, any answer of 400 or more, and any error of the page.
"""

import os
import shutil
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.served import Client, Server
from watersellers import Sweep, run
from watersellers.experiments.result import Result
from watersellers.experiments.steering import Change, Recipe, setting_of
from watersellers.experiments.world import World
from watersellers.viz.live.address import PAGES
from watersellers.viz.live.doors import MOST
from watersellers.viz.report import write_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine; with one, these tests open the lab in it", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; the extra dev brings it")
pytest.importorskip("solara", reason="solara is not installed; the extra view brings it")

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PATIENCE = 60_000  # milliseconds: this is about what happens, not how fast a busy machine is
SMALL = "users=100&seed=4"
WIDE, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}


class Wire:
    """A cable between a browser and a lab that can be pulled out and put back."""

    def __init__(self, port: int):
        self.far = port
        self.plugged = True
        self.ends: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.place = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self.let_in, daemon=True).start()

    def let_in(self) -> None:
        while True:
            near = self.door.accept()[0]
            if not self.plugged:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.far))
            except ConnectionRefusedError:
                near.close()
                continue
            self.ends += [near, far]
            threading.Thread(target=self.carry, args=(near, far), daemon=True).start()
            threading.Thread(target=self.carry, args=(far, near), daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def pull(self) -> None:
        self.plugged = False
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()


@pytest.fixture(scope="module")
def server():
    started = Server()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """Opens pages and writes down what they do wrong; what is in ``forgiven`` belongs to a test."""

    def __init__(self, browser: Any):
        self.browser = browser
        self.contexts: list[Any] = []
        self.wrong: list[str] = []
        self.forgiven: list[str] = []

    def __call__(self, place: str, size: Any = WIDE, **more: Any) -> Any:
        context = self.browser.new_context(viewport=size, **more)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", self.asked)
        page.on("response", self.answered)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.goto(place)
        page.wait_for_selector(".lab header nav")
        return page

    def asked(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "blob:", "data:")):
            self.wrong.append(f"asked elsewhere: {request.url}")

    def answered(self, answer: Any) -> None:
        if answer.status >= 400:
            self.wrong.append(f"{answer.status}: {answer.url}")


@pytest.fixture
def opened(chromium):
    """Open pages that are watched; what they did wrong fails the test."""
    watched = Watched(chromium)
    yield watched
    for context in watched.contexts:
        context.close()
    assert [each for each in watched.wrong if not any(word in each for word in watched.forgiven)] == []


def on_month(page, words):
    page.wait_for_function("words => document.querySelector('.now')?.textContent.includes(words)", arg=words)


def stepped(page, times):
    for _ in range(times):
        before = page.inner_text(".now")
        page.click("[data-do=step]")
        page.wait_for_function("old => document.querySelector('.now').textContent !== old", arg=before)


def test_a_question_one_press_and_the_money_flows_upstream(server, opened):
    page = opened(f"{server.place}/?{SMALL}")
    assert page.inner_text("h1") == "Who gets rich in artificial intelligence?"
    page.click("button.guess >> text=Labs")
    page.wait_for_selector(".running svg.streams .moving", state="attached")
    on_month(page, "2023")
    page.wait_for_selector("svg.streams [data-key='openai>azure']", state="attached")
    start, end = page.eval_on_selector(
        "svg.streams [data-key='openai>azure']",
        "path => [0, path.getTotalLength()].map(at => path.getPointAtLength(at).x)",
    )
    assert end < start  # from the lab on the right to the cloud on the left: upstream
    page.click("#play[data-do=pause]")
    page.wait_for_selector("#play[data-do=play]")
    assert "You guessed labs" in page.inner_text(".ask")


def test_a_picture_keeps_its_streams_while_others_come_and_go(server, opened):
    page = opened(f"{server.place}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 2)
    streams = "new Map([...document.querySelectorAll('svg.streams .flow')].map(path => [path.dataset.key, path]))"
    came_between = False
    for _ in range(6):
        page.evaluate(f"window.last = {streams}")
        stepped(page, 1)
        kept, new, twice = page.evaluate(
            f"""() => {{
                const now = {streams}, both = [...last.keys()].filter(key => now.has(key));
                return [both.every(key => last.get(key) === now.get(key)), [...now.keys()].map(key => !last.has(key)),
                        document.querySelectorAll('svg.streams .flow').length - now.size];
            }}"""
        )
        assert kept  # each is the same element as in the month before
        assert twice == 0  # and none is there twice
        came_between |= True in new and False in new[new.index(True) :]
    assert came_between


def test_dashes_run_where_pictures_are_drawn_quickly_and_rest_where_they_are_not(server, opened):
    page = opened(f"{server.place}/?{SMALL}&month=0")
    page.wait_for_selector("#play:not([disabled])")
    page.select_option("#speed", "2")
    page.click("#play")
    page.wait_for_selector(".running svg.streams .moving", state="attached")
    dashes = "getComputedStyle(document.querySelector('.running svg.streams .moving')).animationName"
    for _ in range(4):  # a machine that has much else to do may need more than one play
        with suppress(sync_api.TimeoutError):
            page.wait_for_function(f"{dashes} === 'stream'", timeout=4000)
            break
        page.click("#play[data-do=pause]")
        page.click("#play[data-do=play]")
    assert page.evaluate(dashes) == "stream"
    page.evaluate(
        """() => new MutationObserver(() => { const end = performance.now() + 300; while (performance.now() < end); })
            .observe(document.querySelector('svg.streams'), { childList: true, subtree: true, attributes: true })"""
    )
    page.wait_for_function(f"{dashes} === 'none'")


def test_step_back_scrub_branch_and_reload_come_to_the_same_month(server, opened):
    page = opened(f"{server.place}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 3)
    page.click("[data-do=back]")
    on_month(page, "February 2023")
    page.fill("#month", "0")
    on_month(page, "January 2023")
    page.wait_for_function("location.search.includes('month=0')")
    page.reload()
    on_month(page, "January 2023")
    stepped(page, 2)
    page.click("[data-do=back]")
    page.click("[data-do=branch]")
    page.wait_for_selector("[data-do=branch]", state="detached")
    on_month(page, "February 2023")


def test_a_knob_acts_from_the_next_month_and_the_link_is_the_run_with_that_change(server, opened):
    page = opened(f"{server.place}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 2)
    page.fill("[id='lever:apps.list_price']", "5")
    page.wait_for_selector(".turned li")
    assert "March 2023" in page.inner_text(".turned li") or "2023-03" in page.inner_text(".turned li")
    stepped(page, 2)
    page.wait_for_function("location.search.includes('month=3')")
    shown = page.inner_text(".ask .lead")
    again = opened(page.url)
    on_month(again, "April 2023")
    assert again.inner_text(".ask .lead") == shown
    recipe = Recipe(users=100, seed=4, changes=(Change("2023-03", "apps.list_price", 5.0),))
    world = World(setting_of(recipe), rng=4, months=4, users=100)
    while world.running:
        world.step()
    layers = world.result().layers
    profit = int(layers.filter(layer="chips")["operating_profit"].sum()) / 100
    assert f"Chips ${profit / 1e9:.1f}" in shown or f"Chips ${profit / 1e6:.0f}" in shown


def test_the_whole_lab_can_be_used_by_keyboard_alone(server, opened):
    page = opened(f"{server.place}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 1)
    page.keyboard.press("Escape")
    page.focus("#stage")
    page.keyboard.press("Space")
    page.wait_for_selector("#play[data-do=pause]")
    page.keyboard.press("Space")
    page.wait_for_selector("#play[data-do=play]")
    page.focus("svg.streams [data-value=nvidia]")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.value") in ("amd", "ascend")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.at").startswith("206")
    page.keyboard.press("Enter")
    page.wait_for_selector(".drawer h2")
    assert page.eval_on_selector_all("svg.streams [tabindex='0']", "nodes => nodes.length") == 1


def test_a_firm_shows_its_books_and_a_user_its_month(server, opened):
    page = opened(f"{server.place}/?{SMALL}")
    page.wait_for_selector("#play:not([disabled])")
    stepped(page, 3)
    page.focus("svg.streams [data-value=openai]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".drawer [data-key=books]")
    page.select_option("#statement", "balance_sheet")
    page.wait_for_selector(".drawer caption >> text=Balance sheet")
    page.focus("svg.streams [data-value=users_west]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=User number 1")
    page.fill("#user", "12")
    page.press("#user", "Enter")
    page.wait_for_selector("text=User number 12")


def test_a_picture_is_taken_away_as_a_file_of_every_kind(server, opened):
    page = opened(f"{server.place}/?{SMALL}&month=1")
    on_month(page, "February 2023")
    page.click("[data-key=data-streams] summary")
    for kind, begins in {"csv": b"Payer,", "json": b"[", "svg": b"<svg", "png": b"\x89PNG"}.items():
        with page.expect_download() as waited:
            page.click(f"[data-value='streams.{kind}']")
        data = Path(waited.value.path()).read_bytes()
        assert data.startswith(begins)
        assert len(data) > 500


def test_two_worlds_are_compared_and_the_money_is_followed(server, opened):
    page = opened(f"{server.place}/?{SMALL}&month=5")
    on_month(page, "June 2023")
    page.click("nav >> text=Compare")
    page.select_option("#with", "cheap_seats")
    page.wait_for_selector(".pairs figure:nth-of-type(2)")
    assert "Difference" in page.inner_text("article table")
    page.click("nav >> text=Follow the dollar")
    page.wait_for_selector("[data-key=dollar_ends]")
    page.select_option("#source", "enterprises")
    page.wait_for_selector("text=Where the money of Enterprises is now")
    page.go_back()
    page.wait_for_selector("h1 >> text=Two worlds")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_is_wider_than_a_phone(server, opened, language):
    page = opened(f"{server.place}/?{SMALL}&month=2&language={language}", PHONE)
    page.wait_for_selector("svg.streams.narrow .flow", state="attached")
    assert page.evaluate("document.documentElement.lang") == language
    for name in PAGES:
        to_page(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


def to_page(page, name):
    """Go to a page by its link in the bar."""
    page.click(f"nav a[href*='page={name}']" if name != "live" else "nav li:first-child a")
    page.wait_for_selector(
        "nav li:first-child a[aria-current]" if name == "live" else f"nav a[href*='page={name}'][aria-current]"
    )
    page.wait_for_selector("svg.streams" if name == "live" else "article h1")
    page.wait_for_timeout(300)


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_dark_is_dark_and_the_light_is_light_whatever_the_system_says(server, opened, system):
    page = opened(f"{server.place}/?page=stories", color_scheme=system)
    paper = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 27)"}
    for theme in ("auto", "dark", "light"):
        page.select_option("#theme", theme)
        page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        shown = page.eval_on_selector(".lab", "node => getComputedStyle(node).backgroundColor")
        assert shown == paper[system if theme == "auto" else theme]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_automatic_checker_finds_nothing_serious(server, opened, theme):
    script = os.environ.get("AXE_CORE")
    if not script:
        pytest.skip("AXE_CORE does not name the file axe.min.js of the package axe-core; the project's own checks do")
    page = opened(f"{server.place}/?{SMALL}&month=3&look=openai&theme={theme}")
    page.wait_for_selector(".drawer [data-key=books]")
    page.evaluate(Path(script).read_text(encoding="utf-8"))
    found = {}
    for name in PAGES:
        to_page(page, name)
        page.wait_for_timeout(1000)
        for rule in page.evaluate("axe.run()")["violations"]:
            if rule["impact"] in ("serious", "critical"):
                found[name, rule["id"]] = [node["html"][:120] for node in rule["nodes"][:3]]
    assert found == {}


def test_a_stopped_server_is_told_within_ten_seconds(opened):
    server = Server()
    page = opened(f"{server.place}/?page=stories")
    opened.forgiven.append("readyz")
    page.wait_for_selector("article h1")
    server.stop()
    page.wait_for_selector(".gone", state="visible", timeout=10_000)
    assert "server is gone" in page.inner_text(".gone")


def test_a_network_that_drops_is_come_back_to_without_having_run_on(server, opened):
    """The run rests while nobody can see it, and goes on where it was as soon as the network is there again."""
    wire = Wire(server.port)
    page = opened(f"{wire.place}/?{SMALL}&month=5")
    opened.forgiven.append("readyz")
    on_month(page, "June 2023")
    page.click("[data-do=play]")
    on_month(page, "August 2023")
    wire.pull()
    page.wait_for_selector(".gone", state="visible")
    before = int(page.input_value("[data-set=month]"))
    time.sleep(6)  # twelve months at the pace of this page
    wire.plugged = True
    page.wait_for_selector(".gone", state="hidden")
    page.wait_for_selector("[data-do=play]")  # it rests
    assert int(page.input_value("[data-set=month]")) <= before + 2
    stepped(page, 1)


@pytest.mark.parametrize("query", ["page=%3Cb%3E&seed=x&month=-1", "scenario=../../etc/passwd&at=2023-01:a.b=1"])
def test_a_bad_address_is_told_on_a_page_that_works(server, opened, query):
    page = opened(f"{server.place}/?{query}")
    page.wait_for_selector(".trouble p")
    assert page.inner_text(".trouble p")
    assert server.answer("/readyz")[0] == 200


def test_strange_places_hosts_and_origins_are_turned_away_with_a_sentence(server):
    assert server.answer("/nowhere") == (
        404,
        "There is no page at '/nowhere'. The lab is at / and its pages are reached from there.",
    )
    assert server.answer("/../../etc/passwd")[0] == 404
    assert server.answer("/", Host="evil.example")[0] == 403
    assert server.answer("/", Origin="http://evil.example")[0] == 403
    assert server.answer("/_solara/cdn/../../../etc/passwd")[0] in (404, 403)


def test_a_shared_lab_opens_with_its_token_alone(opened):
    server = Server("--share")
    try:
        place = next(line for line in server.said() if "token=" in line).split()[-1]
        assert server.answer("/")[0] == 403
        assert server.answer("/?token=wrong")[0] == 403
        assert server.answer("/jupyter/api/kernels/x/y")[0] == 403
        page = opened(place)
        page.wait_for_selector(".guess")
    finally:
        server.stop()


def test_a_page_of_another_site_that_frames_the_lab_shows_nothing(server, opened, tmp_path):
    """The same file frames a file of its own, to see that a frame would show something."""
    (tmp_path / "own.html").write_text("<p>seen</p>", encoding="utf-8")
    frames = f'<iframe name="own" src="own.html"></iframe><iframe name="lab" src="{server.place}/?{SMALL}"></iframe>'
    (tmp_path / "foreign.html").write_text(frames, encoding="utf-8")
    page = opened.browser.new_context(viewport=WIDE).new_page()
    refusals = []
    page.on("console", lambda said: refusals.append(said.text))
    page.goto((tmp_path / "foreign.html").as_uri())
    page.frame("own").wait_for_selector("text=seen")
    page.wait_for_timeout(3000)
    assert page.frame("lab").query_selector(".lab") is None
    assert "Water Sellers" not in page.frame("lab").content()
    assert any("frame-ancestors" in text or "X-Frame-Options" in text for text in refusals)
    page.context.close()


def test_a_page_that_finds_no_seat_says_so_and_opens_once_there_is_one(opened):
    pytest.importorskip("websockets.sync.client", reason="the extra view brings websockets")
    server = Server()
    try:
        others = [Client(server).run() for _ in range(MOST // 2)]
        for each in others:
            each.until("<h1>")
        others += [Client(server).run() for _ in range(MOST - MOST // 2)]
        for each in others[MOST // 2 :]:
            each.until("<h1>")
        opened.forgiven.append("503")
        page = opened.browser.new_context(viewport=WIDE).new_page()
        opened.contexts.append(page.context)
        page.goto(f"{server.place}/?page=stories&language=fr")
        page.wait_for_selector("text=toutes sont prises", timeout=PATIENCE)
        assert page.url == f"{server.place}/full?page=stories&language=fr"
        others[0].drop()
        page.wait_for_selector("article h1", timeout=PATIENCE)
        assert page.url == f"{server.place}/?page=stories&language=fr"
    finally:
        server.stop()


def test_a_page_that_lost_its_seat_while_it_was_away_is_told_so_and_stands_at_its_month(opened):
    pytest.importorskip("websockets.sync.client", reason="the extra view brings websockets")
    server = Server()
    try:
        wire = Wire(server.port)
        page = opened(f"{wire.place}/?{SMALL}&month=5")
        opened.forgiven.append("readyz")
        on_month(page, "June 2023")
        shown = page.inner_text(".ask .lead")
        wire.pull()
        page.wait_for_selector(".gone", state="visible")
        others = []
        for _ in range(MOST):
            others.append(Client(server).run())
            others[-1].until("<h1>")
        others[0].drop()
        wire.plugged = True
        page.wait_for_selector("text=This page was away")
        on_month(page, "June 2023")
        assert page.inner_text(".ask .lead") == shown
        stepped(page, 1)
    finally:
        server.stop()


CHINESE = "\u963f\u91cc\u4e91\u82af\u7247"  # Alibaba Cloud, chip
BOXES = """() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const drawn = (letter, font) => {
        canvas.canvas.width = canvas.canvas.height = 64;
        canvas.font = `32px ${font}`;
        canvas.fillText(letter, 8, 44);
        return canvas.getImageData(0, 0, 64, 64).data.join();
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), letters = new Map();
    while (walk.nextNode()) {
        const font = getComputedStyle(walk.currentNode.parentElement).fontFamily;
        if (walk.currentNode.parentElement.closest('script, style')) continue;
        for (const letter of walk.currentNode.data) if (letter > '~') letters.set(letter + font, [letter, font]);
    }
    const found = [...letters.values()];
    const boxes = found.filter(([letter, font]) => drawn(letter, font) === drawn('\u0378', font));
    return [boxes, found].map((some) => some.map(([letter]) => letter).join(''));
}"""


def test_no_letter_is_shown_as_a_box_where_a_scenario_has_chinese_titles(opened, tmp_path):
    """Which fonts there are is the machine's own: one that can't show Chinese would show boxes on every picture."""
    scenario = {"extends": "baseline", "cloud": {"alibaba_cloud": {"title": CHINESE}}, "name": "titled"}
    folder = run(scenario, seed=4, months=3, users=100).save(tmp_path / "one")
    write_report(Result.open(folder), tmp_path / "report.html")
    server = Server(str(folder))
    try:
        page = opened(f"{server.place}/?month=2")
        on_month(page, "March 2023")
        page.wait_for_selector("svg.streams .flow", state="attached")
        seen = {"page": page.evaluate(BOXES)}
        report = page.context.browser.new_context().new_page()
        report.goto((tmp_path / "report.html").as_uri())
        seen["report"] = report.evaluate(BOXES)
        report.context.close()
    finally:
        server.stop()
    assert all(set(CHINESE) <= set(letters) for _, letters in seen.values())
    assert {where: boxes for where, (boxes, _) in seen.items()} == {"page": "", "report": ""}


def test_a_saved_run_is_replayed(tmp_path, opened):
    folder = run("baseline", seed=4, months=5, users=100).save(tmp_path / "one")
    server = Server(str(folder))
    try:
        page = opened(f"{server.place}/?month=3")
        on_month(page, "April 2023")
        page.fill("[id='lever:apps.list_price']", "5")
        page.wait_for_selector(".trouble >> text=saved run")
    finally:
        server.stop()


def test_a_closed_page_frees_its_threads_and_its_memory(chromium):
    server = Server()
    try:
        sizes, threads = [], []
        for _ in range(6):
            context = chromium.new_context(viewport=WIDE)
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(f"{server.place}/?{SMALL}&month=11")
            on_month(page, "December 2023")
            assert server.worlds() == 1
            page.close(run_before_unload=True)
            context.close()
            time.sleep(2)
            sizes.append(server.megabytes())
            threads.append(server.threads())
            assert server.worlds() == 0
        assert threads[-1] < threads[1] + len(threads) // 2  # a thread that each page left would be more
        assert sizes[-1] - sizes[1] < 50
    finally:
        server.stop()


def test_a_sweep_is_opened_with_its_pictures(opened, tmp_path):
    """The map says which layer profits most, and each picture can be taken away."""
    varied: dict[str, Any] = {"chips.nvidia.lock_in": [0, 5], "users.taste": [0.1, 3]}
    Sweep("baseline", varied, months=13, users=50, measures=("year.profit_over_final_spending",)).run(
        tmp_path / "sweep"
    )
    server = Server(str(tmp_path / "sweep"))
    try:
        page = opened(server.place)
        page.wait_for_selector("section.sweep figure svg")
        assert page.inner_text("section.sweep h2") == "sweep: 4 runs"
        assert "year.profit_over_final_spending over" in page.inner_text("section.sweep h3 >> nth=0")
        assert page.query_selector("section.sweep figure [data-value$='.png']")
    finally:
        server.stop()


def test_ten_pages_at_once_each_keep_their_own_run(server, opened):
    pages = [opened(f"{server.place}/?users=50&seed={seed}&month=11") for seed in range(10)]
    told = []
    for page in pages:
        on_month(page, "December 2023")
        told.append(page.inner_text(".ask .lead"))
    assert len(set(told)) == 10


def test_an_address_holds_what_json_and_markup_cannot_break(server, opened):
    page = opened(f"{server.place}/?{SMALL}&page=numbers&word=" + "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    page.wait_for_selector("article h1")
    assert page.query_selector("article img") is None
    page.wait_for_function("document.title.startsWith('Numbers')")
