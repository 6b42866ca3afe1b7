"""The report of a run as its elements, and as the text that a reader sees."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from watersellers.viz.reports.html_parts import JOINER
from watersellers.viz.reports.run_report import report_html

VOID = {"meta", "link", "input", "br", "col"}
SVG_ALONE = {"circle", "line", "path", "rect", "polygon"}


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


def visible_text(run):
    """Return the text that a reader sees, without the joiners that keep a minus at its amount."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", report_html(run), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace(JOINER, "")
