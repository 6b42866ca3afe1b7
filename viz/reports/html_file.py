"""Self-contained HTML pages, which open offline and load nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from watersellers.experiments.saving.output_files import PAGE, write_file
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.drawing.theme import chart_css
from watersellers.viz.reports.html_parts import paragraph
from watersellers.viz.words.catalogue import Words


def page_html(title: str, question: str, parts: Mapping[str, Markup], say: Words) -> str:
    """Make a page from its sections.

    Parameters
    ----------
    title, question : str
        The title, and the question that the page answers.
    parts : mapping
        The sections by their keys, which are also the keys of their headings; the first has the answer.
    say : Words
        The language.
    """
    links = [element("li", {}, element("a", {"href": f"#{key}"}, say(key))) for key in parts]
    contents = element("nav", {"aria-label": say("page.contents")}, element("ul", {}, *links))
    skip = element("a", {"class": "skip", "href": f"#{next(iter(parts))}"}, say("page.skip"))
    header = element("header", {}, element("h1", {}, title), paragraph(question, "question"))
    body = element("body", {}, skip, header, contents, element("main", {}, *parts.values()), _script())
    return f"<!DOCTYPE html>\n{element('html', {'lang': say.language}, _head(title), body)}\n"


def write_page(page: str, path: str | Path) -> Path:
    """Write a page completely or not at all; refuse to replace a file that is no such page (``BadInput``)."""
    return write_file(page, Path(path), PAGE)


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
        Markup(PAGE.mark),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("link", {"rel": "icon", "href": "data:,"}),
    ]
    return element("head", {}, *metas, element("title", {}, title), element("style", {}, Markup(style)))


def _script() -> Markup:
    return element("script", {}, Markup(_page_file("report.js")))


def _page_file(name: str) -> str:
    return (files("watersellers.viz") / "page" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return the hash by which the browser recognises an inline style or script; it runs no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
