"""The report of a run: one self-contained HTML file, which opens offline."""

from dataclasses import replace
from pathlib import Path

from watersellers.viz.reports import sections
from watersellers.viz.reports.books_section import books
from watersellers.viz.reports.events_section import events
from watersellers.viz.reports.firms_section import by_firm
from watersellers.viz.reports.html_file import page_html, write_page
from watersellers.viz.reports.provenance_section import has_warnings, question, scenario_of, sources, warnings
from watersellers.viz.reports.run_tables import Run
from watersellers.viz.words.catalogue import ENGLISH, Words

PARTS = {
    "answer": sections.answer,
    "warnings": warnings,  # only where there are any
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
    """Make the report as HTML.

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
        raise ValueError("report: the run has 0 months, expected at least 1; simulate a month first")
    say = replace(say, firms={**say.firms, **run.manifest.get("titles", {})})
    shown = {key: make for key, make in PARTS.items() if key != "warnings" or has_warnings(run)}
    parts = {key: make(run, say) for key, make in shown.items()}
    return page_html(_title(run, say), question(run) or say("page.kicker"), parts, say)


def write_report(run: Run, path: str | Path, say: Words = ENGLISH) -> Path:
    """Write the report completely or not at all."""
    return write_page(report_html(run, say), path)


def _title(run: Run, say: Words) -> str:
    return say("page.title", scenario=scenario_of(run)[0], seed=run.manifest.get("seed"))
