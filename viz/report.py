"""The report of a run: one HTML file, complete in itself, that opens offline and asks nobody for anything."""

import base64
import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from viz import sections
from viz.bookshelf import books
from viz.charts.svg import Markup, element
from viz.firms import by_firm
from viz.happenings import events
from viz.pieces import paragraph
from viz.provenance import question, scenario_of, sources
from viz.tables import Run
from viz.theme import chart_css
from viz.words import ENGLISH, Words

PARTS = {
    "answer": sections.answer,
    "layers": sections.by_layer,
    "firms": by_firm,
    "over_time": sections.over_time,
    "graph": sections.supply_graph,
    "money": sections.years_money,
    "owners": sections.by_owner,
    "events": events,
    "books": books,
    "sources": sources,
}


def report_html(run: Run, say: Words = ENGLISH) -> str:
    """Make the whole page.

    Parameters
    ----------
    run : Run
        A finished run with at least one month.
    say : Words
        The language.

    Raises
    ------
    ValueError
        If the run has no month yet.
    """
    if run.layers.is_empty():
        raise ValueError("report: the run has 0 months, expected at least 1; let it live a month first")
    say = replace(say, firms={**say.firms, **run.manifest.get("titles", {})})
    parts = {key: make(run, say) for key, make in PARTS.items()}
    return page_html(_title(run, say), question(run) or say("page.kicker"), parts, say)


def page_html(title: str, kicker: str, parts: Mapping[str, Markup], say: Words) -> str:
    """Put parts under their headings into a page with a list of contents, complete in itself."""
    links = [element("li", {}, element("a", {"href": f"#{key}"}, say(key))) for key in parts]
    contents = element("nav", {"aria-label": say("page.contents")}, element("ul", {}, *links))
    skip = element("a", {"class": "skip", "href": f"#{next(iter(parts))}"}, say("page.skip"))
    header = element("header", {}, element("h1", {}, title), paragraph(kicker, "question"))
    body = element("body", {}, skip, header, contents, element("main", {}, *parts.values()), _script())
    return f"<!DOCTYPE html>\n{element('html', {'lang': say.language}, _head(title), body)}\n"


def write_report(run: Run, path: str | Path, say: Words = ENGLISH) -> Path:
    """Write the report whole or not at all: beside its place under another name, then moved there."""
    return write_page(report_html(run, say), path)


def write_page(page: str, path: str | Path) -> Path:
    """Write a page whole or not at all: beside its place under another name, then moved there."""
    target = Path(path)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(page)
        Path(draft).chmod(0o644)
        os.replace(draft, target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return target


def _title(run: Run, say: Words) -> str:
    return say("page.title", scenario=scenario_of(run)[0], seed=run.manifest.get("seed"))


def _head(title: str) -> Markup:
    style = chart_css() + _page_file("report.css")
    allowed = {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": f"'{_digest(style)}'",
        "script-src": f"'{_digest(_page_file('report.js'))}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    policy = "; ".join(f"{key} {value}" for key, value in allowed.items())
    metas = [
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("link", {"rel": "icon", "href": "data:,"}),
    ]
    return element("head", {}, *metas, element("title", {}, title), element("style", {}, Markup(style)))


def _script() -> Markup:
    return element("script", {}, Markup(_page_file("report.js")))


def _page_file(name: str) -> str:
    return (files("viz") / "page" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Name an inline style or script to the browser by its content; whatever else stands in the page stays inert."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
