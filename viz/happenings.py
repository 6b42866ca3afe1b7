"""The part of the report that tells what happened: a time line in words, with the many small events folded by year."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from watersellers.viz.charts.svg import Markup, element, joined
from watersellers.viz.pieces import paragraph, section
from watersellers.viz.tables import Run
from watersellers.viz.words import Words

KINDS = (  # the most telling first; any other kind counts among the other events
    *(
        "exit",
        "entry_failed",
        "set",
        "strategy",
        "partners",
        "layer_turned",
        "short_of_cash",
        "sales_halved",
        "first_profit",
        "other",
    ),
    *("entry", "round", "milestone"),
)
ROUTINE = ("round", "milestone")  # kinds that happen all the time
FEW = 12  # events that need no folding


class Happening(NamedTuple):
    """An event in the words of a reader."""

    month: date
    kind: str
    text: str


def events(run: Run, say: Words) -> Markup:
    """Tell what happened out of the ordinary."""
    told = _told(run, say)
    if not told:
        return section("events", say, paragraph(say("events.none")))
    head = paragraph(say("events.count", count=len(told), kinds=_counts(told, say)))
    if len(told) <= FEW:
        return section("events", say, head, _time_line(told, say))
    rare = [each for each in told if each.kind not in ROUTINE]
    first = [paragraph(say("events.rare")), _time_line(rare, say)] if rare else []
    years = sorted({each.month.year for each in told})
    folded = [_folded(year, [each for each in told if each.month.year == year], say) for year in years]
    return section("events", say, head, *first, paragraph(say("events.all")), *folded)


def _told(run: Run, say: Words) -> list[Happening]:
    """Put events into words, in the order of months and within one the most telling first."""
    rows = run.events.select("month", "what", "who", "text").iter_rows()
    found = [Happening(month, what or "", text or _plain(what, who, say)) for month, what, who, text in rows]
    return sorted(found, key=lambda each: (each.month, KINDS.index(_kind(each))))


def _plain(what: str | None, who: str | None, say: Words) -> str:
    """Say in few words what has no text of its own."""
    return say("events.plain", who=say.name(who or ""), what=say.name(what or ""))


def _kind(happening: Happening) -> str:
    return happening.kind if happening.kind in KINDS else "other"


def _counts(told: Sequence[Happening], say: Words) -> str:
    """Say how many events there are of each kind."""
    kinds = Counter(_kind(each) for each in told)
    return say.together([say(f"events.{kind}", count=kinds[kind]) for kind in KINDS if kinds[kind]])


def _folded(year: int, told: Sequence[Happening], say: Words) -> Markup:
    head = element("summary", {}, say("events.year", year=year, kinds=_counts(told, say)))
    return element("details", {}, head, _time_line(told, say))


def _time_line(told: Sequence[Happening], say: Words) -> Markup:
    months = sorted({each.month for each in told})
    return element("ol", {"class": "timeline"}, *(_month(month, told, say) for month in months))


def _month(month: date, told: Sequence[Happening], say: Words) -> Markup:
    texts = [element("li", {}, each.text) for each in told if each.month == month]
    when = element("time", {"datetime": f"{month:%Y-%m}"}, say.month(month))
    return element("li", {}, joined([when, element("ul", {}, *texts)]))
