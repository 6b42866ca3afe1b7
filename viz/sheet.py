"""A page of its own: one HTML file, complete in itself, that opens offline and asks nobody for anything."""

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from watersellers.experiments.saving.places import PAGE, write_file
from watersellers.viz.charts.svg import Markup, element
from watersellers.viz.pieces import paragraph
from watersellers.viz.theme import chart_css
from watersellers.viz.words import Words


def sheet_html(title: str, asked: str, parts: Mapping[str, Markup], say: Words) -> str:
    """Make a page.

    Parameters
    ----------
    title, asked : str
        What stands at its head: a title, and the question that it answers.
    parts : mapping
        The parts by their keys, which are also the keys of their headings; the first has the answer.
    say : Words
        The language.
    """
    links = [element("li", {}, element("a", {"href": f"#{key}"}, say(key))) for key in parts]
    contents = element("nav", {"aria-label": say("page.contents")}, element("ul", {}, *links))
    skip = element("a", {"class": "skip", "href": f"#{next(iter(parts))}"}, say("page.skip"))
    header = element("header", {}, element("h1", {}, title), paragraph(asked, "question"))
    body = element("body", {}, skip, header, contents, element("main", {}, *parts.values()), _script())
    return f"<!DOCTYPE html>\n{element('html', {'lang': say.language}, _head(title), body)}\n"


def write_sheet(page: str, path: str | Path) -> Path:
    """Write a page whole or not at all; nothing but a page of ours is replaced (``BadInput``)."""
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
    """Name an inline style or script to the browser by its content; whatever else stands in the page stays inert."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
