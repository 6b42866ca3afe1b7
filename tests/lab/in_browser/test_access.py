"""Access to the lab in a real browser: tokens, seats, and the loss of the server or the network."""

import time

import pytest

from tests.tools.lab_browser import PATIENCE, SMALL, WIDE, Wire, on_month, stepped
from tests.tools.lab_process import Client, Server
from watersellers.viz.lab.server.session_registry import MAX_PAGES


def test_a_stopped_server_is_noticed_within_ten_seconds(opened):
    server = Server()
    page = opened(f"{server.address}/?page=stories")
    opened.forgiven.append("readyz")
    page.wait_for_selector("article h1")
    server.stop()
    page.wait_for_selector(".gone", state="visible", timeout=10_000)
    assert "server does not answer" in page.inner_text(".gone")


def test_a_page_whose_network_dropped_comes_back_and_has_not_run_on(server, opened):
    """The run rests while nobody can see it, and goes on where it was as soon as the network is there again."""
    wire = Wire(server.port)
    page = opened(f"{wire.address}/?{SMALL}&month=5")
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
def test_a_bad_address_is_explained_on_a_page_that_works(server, opened, query):
    page = opened(f"{server.address}/?{query}")
    page.wait_for_selector(".failure p")
    assert page.inner_text(".failure p")
    assert server.answer("/readyz")[0] == 200


def test_unknown_paths_hosts_and_origins_are_refused_with_a_sentence(server):
    assert server.answer("/nowhere") == (
        404,
        "There is no page at '/nowhere'. The lab is at / and links to all its pages.",
    )
    assert server.answer("/../../etc/passwd")[0] == 404
    assert server.answer("/", Host="evil.example")[0] == 403
    assert server.answer("/", Origin="http://evil.example")[0] == 403
    assert server.answer("/_solara/cdn/../../../etc/passwd")[0] in (404, 403)


def test_a_shared_lab_opens_with_its_token_alone(opened):
    server = Server("--share")
    try:
        place = next(line for line in server.output() if "token=" in line).split()[-1]
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
    frames = f'<iframe name="own" src="own.html"></iframe><iframe name="lab" src="{server.address}/?{SMALL}"></iframe>'
    (tmp_path / "foreign.html").write_text(frames, encoding="utf-8")
    page = opened.browser.new_context(viewport=WIDE).new_page()
    refusals = []
    page.on("console", lambda message: refusals.append(message.text))
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
        others = [Client(server).run() for _ in range(MAX_PAGES // 2)]
        for each in others:
            each.until("<h1>")
        others += [Client(server).run() for _ in range(MAX_PAGES - MAX_PAGES // 2)]
        for each in others[MAX_PAGES // 2 :]:
            each.until("<h1>")
        opened.forgiven.append("503")
        page = opened.browser.new_context(viewport=WIDE).new_page()
        opened.contexts.append(page.context)
        page.goto(f"{server.address}/?page=stories&language=fr")
        page.wait_for_selector("text=toutes sont prises", timeout=PATIENCE)
        assert page.url == f"{server.address}/full?page=stories&language=fr"
        others[0].drop()
        page.wait_for_selector("article h1", timeout=PATIENCE)
        assert page.url == f"{server.address}/?page=stories&language=fr"
    finally:
        server.stop()


def test_a_page_that_lost_its_seat_while_away_is_told_so_and_shows_its_month(opened):
    pytest.importorskip("websockets.sync.client", reason="the extra view brings websockets")
    server = Server()
    try:
        wire = Wire(server.port)
        page = opened(f"{wire.address}/?{SMALL}&month=5")
        opened.forgiven.append("readyz")
        on_month(page, "June 2023")
        shown = page.inner_text(".ask .lead")
        wire.pull()
        page.wait_for_selector(".gone", state="visible")
        others = []
        for _ in range(MAX_PAGES):
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


def test_a_closed_page_frees_its_threads_and_its_memory(chromium):
    server = Server()
    try:
        sizes, threads = [], []
        for _ in range(6):
            context = chromium.new_context(viewport=WIDE)
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(f"{server.address}/?{SMALL}&month=11")
            on_month(page, "December 2023")
            assert server.worlds() == 1
            page.close(run_before_unload=True)
            context.close()
            end = time.monotonic() + PATIENCE / 1000
            while server.worlds() and time.monotonic() < end:
                time.sleep(0.1)
            assert server.worlds() == 0
            time.sleep(1)  # for what ends after the world: its threads
            sizes.append(server.megabytes())
            threads.append(server.threads())
        assert threads[-1] < threads[1] + len(threads) // 2  # a thread that each page left would be more
        assert sizes[-1] - sizes[1] < 50
    finally:
        server.stop()


def test_ten_pages_at_once_each_keep_their_own_run(server, opened):
    pages = [opened(f"{server.address}/?users=50&seed={seed}&month=11") for seed in range(10)]
    leads = []
    for page in pages:
        on_month(page, "December 2023")
        leads.append(page.inner_text(".ask .lead"))
    assert len(set(leads)) == 10


def test_an_address_holds_what_json_and_markup_cannot_break(server, opened):
    page = opened(f"{server.address}/?{SMALL}&page=numbers&word=" + "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    page.wait_for_selector("article h1")
    assert page.query_selector("article img") is None
    page.wait_for_function("document.title.startsWith('Numbers')")
