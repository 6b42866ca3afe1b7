"""The section with the events: a time line in words, with routine events folded by year."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.reports.html_parts import paragraph, section
from watersellers.viz.reports.run_tables import Run
from watersellers.viz.words.catalogue import Words

KINDS = (  # the most important first; any other kind counts as "other"
    *("short_of_incomes", "exit", "reorganised", "seizure", "closing", "entry_failed"),
    *("breakthrough", "set", "strategy", "partners", "scandal", "pivot", "layer_turned", "short_of_cash"),
    *("sales_halved", "first_profit", "other", "grants_stopped", "grants_resumed", "entry", "round", "milestone"),
)
ROUTINE = ("grants_stopped", "grants_resumed", "round", "milestone")  # frequent kinds
FEW = 12  # events that need no folding


class EventLine(NamedTuple):
    """An event as the reader sees it."""

    month: date
    kind: str
    text: str


def events(run: Run, say: Words) -> Markup:
    """Make the section: the turning points first, then all events by year."""
    lines = _event_lines(run, say)
    if not lines:
        return section("events", say, paragraph(say("events.none")))
    head = paragraph(say("events.count", count=len(lines), kinds=_counts(lines, say)))
    if len(lines) <= FEW:
        return section("events", say, head, _time_line(lines, say))
    rare = [each for each in lines if each.kind not in ROUTINE]
    first = [paragraph(say("events.rare")), _time_line(rare, say)] if rare else []
    years = sorted({each.month.year for each in lines})
    folded = [_folded(year, [each for each in lines if each.month.year == year], say) for year in years]
    return section("events", say, head, *first, paragraph(say("events.all")), *folded)


def _event_lines(run: Run, say: Words) -> list[EventLine]:
    """Return the events in words, by month, the most important first within a month."""
    rows = run.events.select("month", "what", "who", "text").iter_rows()
    found = [EventLine(month, what or "", text or _plain(what, who, say)) for month, what, who, text in rows]
    return sorted(found, key=lambda each: (each.month, KINDS.index(_kind(each))))


def _plain(what: str | None, who: str | None, say: Words) -> str:
    """Describe an event that has no text of its own."""
    return say("events.plain", who=say.name(who or ""), what=say.name(what or ""))


def _kind(line: EventLine) -> str:
    return line.kind if line.kind in KINDS else "other"


def _counts(lines: Sequence[EventLine], say: Words) -> str:
    """Write the number of events of each kind."""
    kinds = Counter(_kind(each) for each in lines)
    return say.together([say(f"events.{kind}", count=kinds[kind]) for kind in KINDS if kinds[kind]])


def _folded(year: int, lines: Sequence[EventLine], say: Words) -> Markup:
    head = element("summary", {}, say("events.year", year=year, kinds=_counts(lines, say)))
    return element("details", {}, head, _time_line(lines, say))


def _time_line(lines: Sequence[EventLine], say: Words) -> Markup:
    months = sorted({each.month for each in lines})
    return element("ol", {"class": "timeline"}, *(_month(month, lines, say) for month in months))


def _month(month: date, lines: Sequence[EventLine], say: Words) -> Markup:
    texts = [element("li", {}, each.text) for each in lines if each.month == month]
    when = element("time", {"datetime": f"{month:%Y-%m}"}, say.month(month))
    return element("li", {}, joined([when, element("ul", {}, *texts)]))
