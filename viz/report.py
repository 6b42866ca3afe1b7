"""The report of a run: one HTML file, complete in itself, that opens offline and asks nobody for anything."""

from dataclasses import replace
from pathlib import Path

from watersellers.viz import sections
from watersellers.viz.bookshelf import books
from watersellers.viz.firms import by_firm
from watersellers.viz.happenings import events
from watersellers.viz.provenance import question, scenario_of, sources
from watersellers.viz.sheet import sheet_html, write_sheet
from watersellers.viz.tables import Run
from watersellers.viz.words import ENGLISH, Words

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
    return sheet_html(_title(run, say), question(run) or say("page.kicker"), parts, say)


def write_report(run: Run, path: str | Path, say: Words = ENGLISH) -> Path:
    """Write the report whole or not at all."""
    return write_sheet(report_html(run, say), path)


def _title(run: Run, say: Words) -> str:
    return say("page.title", scenario=scenario_of(run)[0], seed=run.manifest.get("seed"))
