"""The report in a real Chromium, where there is one: no request, no error, and everything in sight."""

import json

import pytest

from tests.tools.chromium import CHROMIUM, Browser
from tests.worlds.small_runs import EVIL, EVIL_RUN, RUNS, SmallRun
from watersellers.viz.charts.books import STATEMENTS, WHOLE, books_table
from watersellers.viz.reports.purchases import parts_of
from watersellers.viz.reports.run_report import write_report


@pytest.mark.parametrize("name", ["fourteen months", "names with markup"])
def test_a_link_to_a_firm_shows_its_books(browser, tmp_path, name):
    browser.open(write_report(RUNS[name], tmp_path / "report.html"))
    browser.ask("document.querySelector('#firms-labs').parentElement.querySelector('td a, th a').click()")
    browser.ask("new Promise(done => setTimeout(done, 100))")
    title = browser.ask("document.querySelector('#statements h3').textContent")
    assert title.startswith(f"Income statement of {RUNS[name].called('thinker')}")
    assert browser.ask("Math.abs(document.getElementById('books').getBoundingClientRect().top)") < 900
    assert browser.faults() == []


def test_the_books_are_shown_by_year_unless_another_period_is_chosen(browser, written):
    browser.open(written)
    assert browser.ask("document.getElementById('period').value") == "years"
    assert browser.ask(TABLES)[0][0] == ["Line", "2024", "2025*"]
    assert browser.ask(TABLES)[2][0] == ["Line", "Opening", "2024", "2025*"]


@pytest.mark.parametrize("period", ["years", "months"])
def test_in_a_wide_window_no_year_of_the_books_is_cut(browser, written, period):
    browser.open(written)
    choose(browser, "period", period)
    cut = browser.ask(
        "[...document.querySelectorAll('#statements .scroll')].filter(e => e.scrollWidth > e.clientWidth).length"
    )
    assert cut == (0 if period == "years" else 3)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: what a browser does with the report is not seen")
    running = Browser(CHROMIUM, tmp_path_factory.mktemp("profile"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_report(SmallRun(), tmp_path_factory.mktemp("report") / "report.html")


@pytest.mark.parametrize("name", ["fourteen months", "one firm, one month", "no money at all", "names with markup"])
def test_a_browser_asks_for_the_file_alone_and_complains_of_nothing(browser, tmp_path, name):
    path = write_report(RUNS[name], tmp_path / "report.html")
    browser.open(path)
    assert browser.requests() == [path.as_uri()]
    assert browser.faults() == []


def test_requests_and_errors_of_a_page_are_noticed(browser, tmp_path):
    path = tmp_path / "bad.html"
    path.write_text('<img src="http://127.0.0.1:9/x.png"><script>alert(1)</script>', encoding="utf-8")
    with pytest.raises(AssertionError):
        browser.open(path)
    browser.dismiss()
    assert any("127.0.0.1" in url for url in browser.requests())
    assert browser.faults()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_no_wider_than_its_window(browser, written, width):
    browser.open(written, width=width)
    assert browser.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1280])
def test_only_boxes_that_are_cut_off_say_that_they_scroll(browser, written, width):
    browser.open(written, width=width)
    browser.ask("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    browser.ask("new Promise(done => setTimeout(done, 100))")
    boxes = """[...document.querySelectorAll('.scroll')].filter(e => e.checkVisibility())
        .map(e => [e.scrollWidth > e.clientWidth + 1, e.previousElementSibling.checkVisibility()])"""
    found = browser.ask(boxes)
    assert all(cut == hinted for cut, hinted in found)
    assert any(cut for cut, _ in found) == (width == 390)


@pytest.mark.parametrize(("width", "shown"), [(390, "tight"), (1280, "roomy")])
def test_narrow_and_wide_windows_have_their_own_lines(browser, written, width, shown):
    browser.open(written, width=width)
    drawn = browser.ask(
        """[...document.querySelectorAll('#over_time svg.chart')].filter(e => e.getClientRects().length)
        .map(e => e.parentElement.className)"""
    )
    assert drawn == [shown] * 3


@pytest.mark.parametrize("width", [390, 1280])
def test_captions_stay_in_sight_and_nothing_wide_leaves_its_box(browser, real_page, width):
    browser.open(real_page, width=width)
    script = """[...document.querySelectorAll('main *')].filter(e => e.checkVisibility())
        .filter(e => !e.closest('.scroll') || e.matches('caption span')).filter(e => !e.closest('svg'))
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"""
    assert browser.ask(script) == []


@pytest.mark.parametrize("name", ["fourteen months", "names with markup"])
def test_a_tap_on_a_picture_tells_its_figures(browser, tmp_path, name):
    browser.open(write_report(RUNS[name], tmp_path / "report.html"), width=390)
    tap = """(() => { const path = document.querySelector('#money path.flow:has(title)');
        path.dispatchEvent(new MouseEvent('click', {bubbles: true})); return path.textContent; })()"""
    text = browser.ask(tap)
    assert text
    assert browser.ask("document.querySelector('#money .tapped').textContent") == text
    assert browser.ask("document.querySelector('#money .tapped').children.length") == 0


def test_text_is_16_pixels_or_more(browser, written):
    browser.open(written)
    script = """[...document.querySelectorAll('p, td, th, li, dt, dd, label, select, summary, output, caption')]
        .map(e => parseFloat(getComputedStyle(e).fontSize)).reduce((a, b) => Math.min(a, b))"""
    assert browser.ask(script) >= 16


@pytest.fixture(scope="module")
def real_page(tmp_path_factory, real):
    return write_report(real, tmp_path_factory.mktemp("real") / "report.html")


@pytest.mark.parametrize("page", ["written", "real_page"])
@pytest.mark.parametrize("part", ["over_time", "graph", "money"])
def test_texts_of_a_picture_neither_overlap_nor_leave_it(browser, request, page, part):
    browser.open(request.getfixturevalue(page))
    script = f"""(() => {{
        const found = [];
        for (const svg of document.querySelectorAll('#{part} svg.chart')) {{
            const boxes = [...svg.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()]);
            boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {{
                const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
                const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
                if (p.width && q.width && wide > 1 && high > 4) found.push([a, b, high]);
            }}));
            const edge = svg.getBoundingClientRect();
            boxes.forEach(([a, p]) => {{ if (p.left < edge.left - 1 || p.right > edge.right + 1) found.push(a); }});
        }}
        return found;
    }})()"""
    assert browser.ask(script) == []


def test_the_page_is_dark_in_dark_mode(browser, written):
    colours = []
    for dark in (False, True):
        browser.open(written, dark=dark)
        colours.append(browser.ask("getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(255, 255, 255)", "rgb(20, 23, 27)"]


def test_the_slider_shows_one_month_at_a_time(browser, written):
    browser.open(written)
    shown = "[...document.querySelectorAll('#graph .month')].filter(e => !e.hidden).map(e => e.dataset.month)"
    assert browser.ask(shown) == ["February 2025"]
    choose(browser, "month", 0, "input")
    assert browser.ask(shown) == ["January 2024"]
    assert browser.ask("document.querySelector('#graph output').textContent") == "January 2024"


TABLES = """[...document.querySelectorAll('#statements table')]
    .map(t => [...t.rows].map(r => [...r.cells].map(c => c.textContent)))"""


def choose(browser, key, value, event="change"):
    script = "(() => {{ const s = document.getElementById('{}'); s.value = {}; s.dispatchEvent(new Event('{}')); }})()"
    browser.ask(script.format(key, json.dumps(value), event))


@pytest.mark.parametrize("period", ["months", "quarters", "years"])
@pytest.mark.parametrize("firm", ["forge", "thinker"])
def test_the_script_shows_the_books_that_python_shows(browser, written, firm, period):
    browser.open(written)
    choose(browser, "firm", firm)
    choose(browser, "period", period)
    run = SmallRun()
    sheet = run.balance_sheet(firm).select("month", "cash", "assets", "payables", "equity")
    frames = (run.income(firm), run.cash_flow(firm), sheet)
    split = (parts_of(run.journal, run.months)[firm], WHOLE, WHOLE)
    tables = [
        books_table(frame, key, period, parts=parts)
        for key, frame, parts in zip(STATEMENTS, frames, split, strict=True)
    ]
    assert browser.ask(TABLES) == [[list(table.head), *(list(row) for row in table.rows)] for table in tables]
    assert f"of {firm}" in browser.ask("document.querySelector('#statements h3').textContent")


def test_a_firm_whose_name_is_markup_is_shown_as_a_name(browser, tmp_path):
    browser.open(write_report(EVIL_RUN, tmp_path / "report.html"))
    choose(browser, "firm", "thinker" + EVIL)
    assert EVIL in browser.ask("document.querySelector('#statements h3').textContent")
    assert browser.ask("document.querySelectorAll('script').length") == 2
    assert browser.faults() == []


def test_the_keyboard_reaches_everything(browser, written):
    browser.open(written)
    wanted = "#firm, #period, #month, a, summary, .month:not([hidden]) .scroll.wide, #statements .scroll"
    script = f"""[...document.querySelectorAll('{wanted}')].filter(e => e.checkVisibility())
        .filter(e => {{ e.focus(); return document.activeElement !== e || e.tabIndex < 0; }}).map(e => e.outerHTML)"""
    assert browser.ask(script) == []
