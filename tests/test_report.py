"""The report is one file that is complete in itself, says what the tables say, and runs nobody else's code.

What a browser does with it is seen in a real Chromium where there is one.
"""

import json
import os
import re
import select
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from urllib.parse import unquote

import polars as pl
import pytest

from tests.test_charts import CHAIN_FIRMS, EVIL, EVIL_RUN, RUNS, M, SmallRun
from watersellers import run
from watersellers.experiments.saving.places import PAGE
from watersellers.viz.bookshelf import inert_json
from watersellers.viz.charts.books import STATEMENTS, WHOLE, books_table
from watersellers.viz.happenings import KINDS, events
from watersellers.viz.pieces import JOINER
from watersellers.viz.report import PARTS, report_html, write_report
from watersellers.viz.tables import final_spending, months_of
from watersellers.viz.trade import PARTED, is_final, parts_of, sold_outside
from watersellers.viz.words import ENGLISH

VOID = {"meta", "link", "input", "br", "col"}
SVG_ALONE = {"circle", "line", "path", "rect", "polygon"}
OUTSIDE = re.compile(
    r"""(?:src|href|action|data|poster|srcset)\s*=\s*["']?\s*(?:[a-z]+:)?//|@import|url\(""", re.IGNORECASE
)
MEGABYTE = 1_000_000
PATIENCE = 60  # seconds that Chromium may take for an answer
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)


@dataclass
class Page(HTMLParser):
    """A page as its elements: which there are, what they hold, and which are still open."""

    elements: list = field(default_factory=list)
    open: list = field(default_factory=list)
    scripts: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        assert tag in VOID | SVG_ALONE, f"<{tag}/> is not closed for a browser"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data

    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def page_of(run):
    page = Page()
    page.feed(report_html(run))
    page.close()
    return page


def said(run):
    """Give what a reader reads, without the words of markup and the joiners that keep a minus at its amount."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", report_html(run), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace(JOINER, "")


@pytest.fixture(scope="module")
def report():
    return report_html(SmallRun())


@pytest.fixture(scope="module")
def real():
    return run("baseline", months=14, users=500)


# the page


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_report_of_every_run_is_whole(run):
    page = page_of(run)
    assert page.open == []
    assert len(page.ids()) == len(set(page.ids()))
    assert set(PARTS) <= set(page.ids())


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_every_part_has_a_link_and_every_link_a_place(run):
    page = page_of(run)
    links = {unquote(attributes["href"][1:]) for tag, attributes in page.elements if tag == "a"}
    assert set(PARTS) <= links <= set(page.ids())


def test_the_answer_leads_to_the_firms_and_they_to_their_books(report):
    answer, _, after = report.partition('<section id="layers"')
    layers = re.findall(r'<a href="#firms-(\w+)">[^<]+</a>', answer[answer.index('<section id="answer"') :])
    assert layers[:16] == [layer for layer in ("chips", "cloud", "labs", "apps") for _ in range(4)]  # name and figures
    assert layers[16:] == ["apps", "cloud"]  # who sold the subscriptions, and the hours
    firms = re.findall(r'<a href="#books-of-(\w+)">', after)
    assert firms == ["forge", "skies", "barn", "thinker", "chatty"]


def test_the_firms_of_a_layer_add_up_to_it():
    text = said(SmallRun(count=12))
    assert "skies $4.7 bn $3.7 bn $936 m" in text.replace("\xa0", " ")
    assert "Clouds together $7.8 bn $6.2 bn $1.6 bn" in text.replace("\xa0", " ")


def test_profit_is_defined_once(report):
    assert report.count("operating profit = revenue") == 1
    assert "AI business only" in ENGLISH("answer.profit")


@pytest.mark.parametrize("name", ["fourteen months", "names with markup"])
def test_a_link_to_a_firm_shows_its_books(browser, tmp_path, name):
    browser.open(write_report(RUNS[name], tmp_path / "report.html"))
    browser.ask("document.querySelector('#firms-labs').parentElement.querySelector('td a, th a').click()")
    browser.ask("new Promise(done => setTimeout(done, 100))")
    title = browser.ask("document.querySelector('#statements h3').textContent")
    assert title.startswith(f"Income statement of {RUNS[name].called('thinker')}")
    assert browser.ask("Math.abs(document.getElementById('books').getBoundingClientRect().top)") < 900
    assert browser.faults() == []


def test_a_run_without_a_month_is_refused_with_a_sentence():
    class Unborn(SmallRun):
        @property
        def layers(self):
            return super().layers.clear()

    with pytest.raises(ValueError, match="the run has 0 months, expected at least 1"):
        report_html(Unborn())


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_nothing_is_asked_of_anybody(run):
    assert OUTSIDE.findall(report_html(run)) == []


@pytest.mark.parametrize(
    "text",
    [
        '<img src="//x.example/a.png">',
        "<a href='https://x.example'>",
        "@import 'x'",
        "background: url(x.png)",
        "<link href=http://x.example>",
    ],
)
def test_a_request_to_somebody_is_seen(text):
    assert OUTSIDE.search(text)


def test_the_browser_is_told_to_allow_only_this_script_and_this_style(report):
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', report)
    assert "default-src &#x27;none&#x27;" in policy
    assert policy.count("sha256-") == 2
    assert "unsafe" not in policy
    assert ' style="' not in report
    assert re.search(r"\son[a-z]+=", re.sub(r"<script.*?</script>", "", report, flags=re.DOTALL)) is None


def test_names_with_markup_are_inert_in_the_page():
    page = page_of(EVIL_RUN)
    assert [tag for tag, _ in page.elements].count("script") == 2
    assert all("alert(1)" not in script or script.startswith("{") for script in page.scripts)
    assert EVIL not in report_html(EVIL_RUN)
    assert all(not key.startswith("on") for _, attributes in page.elements for key in attributes)
    names = json.loads(page.scripts[0])["names"]
    assert names[f"forge{EVIL}"] == f"forge{EVIL}"


def test_data_for_the_script_hold_no_sign_that_markup_begins_or_ends_with():
    data = {"a</script foo": "<!--<script>&amp;\u2028"}
    assert set(inert_json(data)).isdisjoint("<>&\u2028")
    assert json.loads(inert_json(data)) == data


def test_the_answer_and_the_layers_say_what_the_tables_say():
    text = said(SmallRun(count=12))
    assert "Chips and clouds made money in the 12 months to December 2024" in text
    assert "Chips $7.8 bn $4.7 bn 60 %" in text  # revenue, profit, margin
    assert "Labs $780 m \N{MINUS SIGN}$1.2 bn" in text


def test_final_spending_is_told_by_payer_and_good_and_adds_up_to_the_cent():
    text = said(SmallRun(count=12))  # 40 and 20 million, times 78
    assert "Enterprises GPU-hours $3.1 bn 67 % Clouds 3,120,000,000.00" in text
    assert "Users in the West subscriptions $1.6 bn 33 % Apps 1,560,000,000.00" in text
    assert "Final spending $4.7 bn 100 % 4,680,000,000.00" in text
    assert (
        "so many cents went: 66.7 on GPU-hours for enterprises and 33.3 on subscriptions for users in the West" in text
    )


def test_profit_is_also_compared_with_spending_without_what_the_scenario_assumes():
    text = said(SmallRun(count=12))
    assert "Chips $4.7 bn 100 % 300 %" in text  # the same profit over 4.7 bn, and over the 1.6 bn of subscriptions
    assert "leaves out $3.1 bn of machines and GPU-hours that enterprises bought" in text
    only_apps = said(SmallRun(names=("thinker", "chatty")))
    assert "machines and GPU-hours that enterprises bought" not in only_apps


def test_in_a_real_run_what_payers_bought_is_final_spending_to_the_cent(real):
    sold = sold_outside(real, months_of(real.layers))
    assert sold.filter(is_final())["cents"].sum() == final_spending(real.layers)
    kinds = set(sold.filter(is_final()).select("layer", "kind").iter_rows())
    assert {("users", "subscriptions"), ("enterprises", "machines"), ("enterprises", "tokens")} <= kinds


def test_owners_have_all_their_layers():
    text = said(SmallRun(count=12))
    assert "giant Clouds, Labs $5.5 bn" in text  # (60 + 10) x 78 million


def test_who_stands_outside_the_chain_is_explained(real):
    text = said(SmallRun())
    assert f"Enterprises {ENGLISH('outside.enterprises')}" in text
    assert ENGLISH("outside.lenders") not in text  # nobody lends here
    assert f"Older businesses {ENGLISH('outside.older_businesses')}" in said(real)
    assert f"Shareholders {ENGLISH('outside.shareholders')}" in said(real)


def test_events_are_told():
    assert "January 2024 chatty raises 7 million dollars" in said(SmallRun())


def test_an_event_without_a_text_is_told_by_its_kind():
    columns = {"month": pl.Date, "what": pl.String, "who": pl.String, "text": pl.String}

    class Terse(SmallRun):
        @property
        def events(self):
            return pl.DataFrame([(date(2024, 1, 1), "set", "chatty", None)], schema=columns, orient="row")

    assert "January 2024 chatty: set" in said(Terse())


def test_many_events_are_folded_by_year_with_the_turning_points_before_them(real):
    rounds = [(month, "round", "chatgpt", "ChatGPT raises 5 dollars") for month in months_of(real.layers)]
    told = [*rounds, (rounds[0][0], "exit", "brave", "Brave is wound up")]
    columns = {"month": pl.Date, "what": pl.String, "who": pl.String, "text": pl.String}
    page = str(events(replace(real, events=pl.DataFrame(told, schema=columns, orient="row")), ENGLISH))
    before, *years = page.split("<details>")
    assert "15 events: wound up: 1 and rounds of funding: 14." in before
    assert "Brave is wound up" in before
    assert "ChatGPT raises" not in before
    assert [year.count("ChatGPT raises 5 dollars") for year in years] == [12, 2]


def test_each_kind_of_event_is_counted_by_its_name(real):
    told = {"layer_turned": 2, "first_profit": 3, "set": 1, "comet": 4}  # the last of which nobody has a name for
    rows = [(months_of(real.layers)[0], kind, "chatgpt", "...") for kind, count in told.items() for _ in range(count)]
    columns = {"month": pl.Date, "what": pl.String, "who": pl.String, "text": pl.String}
    page = str(events(replace(real, events=pl.DataFrame(rows, schema=columns, orient="row")), ENGLISH))
    counts = (ENGLISH(f"events.{kind}", count=told.get(kind, 4)) for kind in (*[*told][:3], "other"))
    assert all(count in page for count in counts)
    assert set(real.events["what"]) <= set(KINDS)


def test_a_run_without_events_says_so():
    class Quiet(SmallRun):
        @property
        def events(self):
            return super().events.clear()

    assert ENGLISH("events.none") in said(Quiet())


def test_the_page_says_how_to_repeat_the_run_and_what_it_does_not_claim():
    text = said(SmallRun())
    for fact in ("toy world", "Who earns?", "abc123", "Seed 7", "not a forecast", "investment advice"):
        assert fact in text


def test_the_first_firms_books_are_there_without_scripts(report):
    table = books_table(
        SmallRun().income("forge"), "income", parts=parts_of(SmallRun().journal, SmallRun().months)["forge"]
    )
    for cell in table.rows[0]:
        assert f">{cell}<" in report
    assert "Income statement of forge" in report


def test_the_books_of_all_firms_are_in_the_page_to_the_cent(report):
    page = Page()
    page.feed(report)
    books = json.loads(page.scripts[0])
    assert set(books["firms"]) == set(CHAIN_FIRMS)
    thinker = books["firms"]["thinker"]["income"]
    assert thinker["months"][:2] == ["2024-01", "2024-02"]
    assert thinker["lines"]["operating_profit"][:2] == [-15 * M, -30 * M]
    assert books["firms"]["barn"]["balance_sheet"]["lines"]["payables"] == 0
    assert books["firms"]["barn"]["income"]["parts"]["revenue"] == [
        ["GPU-hours (Enterprises)", [40 * M * (number + 1) for number in range(14)]]
    ]


def test_in_a_real_run_the_parts_of_a_line_add_up_to_it_to_the_cent(real):
    parts = parts_of(real.journal, months_of(real.firms))
    for firm in real.firms["firm"].unique():
        income = real.income(firm)
        for line in PARTED:
            found = [part.cents for part in parts.get(firm, {}).get(line, [])]
            sums = [sum(cents) for cents in zip(*found, strict=True)] or [0] * len(income)
            assert sums == income[line].to_list(), (firm, line)


def test_the_books_are_shown_by_year_and_the_rest_is_to_be_chosen(browser, written):
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


def test_every_chart_has_its_data_to_open(report):
    assert report.count("<figure>") == report.count("<details>") - 1  # one more for the scenario's text
    assert report.count("<figcaption>") == report.count("<figure>")


def test_ten_years_of_a_world_stay_small():
    assert len(report_html(SmallRun(count=120)).encode()) < 5 * MEGABYTE


def test_the_same_run_gives_the_same_page(report):
    assert report_html(SmallRun()) == report


# the file


def test_the_file_is_what_the_page_is(tmp_path, report):
    assert write_report(SmallRun(), tmp_path / "report.html").read_text(encoding="utf-8") == report
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


def test_an_old_report_stays_where_the_new_one_fails(tmp_path, monkeypatch):
    target = tmp_path / "report.html"
    target.write_text(PAGE.mark, encoding="utf-8")

    def fail(*_):
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no room"):
        write_report(SmallRun(), target)
    assert target.read_text(encoding="utf-8") == PAGE.mark
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


# the browser


class Browser:
    """Chromium with one page, spoken to over two pipes: no package and no port is needed."""

    FLAGS = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        "--remote-debugging-pipe",
    )
    session = None

    def __init__(self, program, profile):
        commands, answers = os.pipe(), os.pipe()
        line = f'exec "$0" "$@" 3<&{commands[0]} 4>&{answers[1]}'
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", line, program, *self.FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(commands[0], answers[1]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands[0])
        os.close(answers[1])
        self.to, self.back = commands[1], answers[0]
        self.waiting, self.seen, self.number = b"", [], 0
        page = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        message |= {"sessionId": self.session} if self.session else {}
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]
            self.seen.append(answer)

    def read(self):
        while b"\0" not in self.waiting:
            ready, _, _ = select.select([self.back], [], [], PATIENCE)
            assert ready, "Chromium does not answer"
            some = os.read(self.back, 1 << 20)
            assert some, "Chromium has ended"
            self.waiting += some
        one, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(one)

    def open(self, path, width=1280, dark=False):
        """Open a file in a window so wide, and give all that was asked for and all that went wrong on the way."""
        self.seen = []
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        self.send("Page.navigate", url=path.as_uri())
        while not self.happened("Page.loadEventFired"):
            self.seen.append(self.read())
            assert not self.happened("Page.javascriptDialogOpening"), "the page opened an alert"
        self.ask("new Promise(done => setTimeout(done, 200))")

    def happened(self, what):
        return any(event.get("method") == what for event in self.seen)

    def ask(self, script):
        got = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in got, got
        return got["result"].get("value")

    def requests(self):
        sent = [event["params"] for event in self.seen if event.get("method") == "Network.requestWillBeSent"]
        return [each["request"]["url"] for each in sent]

    def faults(self):
        wrong = {"Runtime.exceptionThrown", "Log.entryAdded", "Network.loadingFailed", "Page.javascriptDialogOpening"}
        return [event for event in self.seen if event.get("method") in wrong]

    def dismiss(self):
        """Answer an alert, so that the page goes on."""
        self.send("Page.handleJavaScriptDialog", accept=True)

    def close(self):
        os.close(self.to)
        os.close(self.back)
        self.process.terminate()
        self.process.wait(PATIENCE)


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


def test_a_browser_would_tell_of_a_request_and_of_a_fault(browser, tmp_path):
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
def test_what_is_cut_says_that_it_scrolls_and_nothing_else_does(browser, written, width):
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


def test_by_night_the_paper_is_dark(browser, written):
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
