"""The report of a sweep: one self-contained HTML file with its design, results and uncertainty."""

from collections.abc import Callable
from traceback import format_exception_only
from typing import Any

import polars as pl

from watersellers.experiments.analysis.windows import split_window
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.sweeps.analysis.bands import bands, convergence
from watersellers.experiments.sweeps.analysis.phases import phases
from watersellers.experiments.sweeps.analysis.sensitivity import method_of, sensitivity
from watersellers.experiments.sweeps.folder.run_record import ENDED_BADLY, MISSING
from watersellers.experiments.sweeps.measures import MONTHLY
from watersellers.experiments.sweeps.result import Swept
from watersellers.viz.charts.study_charts import bands_chart, map_chart, narrowing_chart, sensitivity_chart
from watersellers.viz.drawing.chart import Chart, Table, empty_picture
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.reports.html_file import page_html
from watersellers.viz.reports.html_parts import figure, paragraph, section, shown_table
from watersellers.viz.words.catalogue import ENGLISH, Words

TWO = 2  # parameters of a map
MOST_RUNS = 50  # failed runs in the table
EMPTY_WIDTH = 760.0  # of a picture that could not be drawn


def sweep_html(swept: Swept, say: Words = ENGLISH) -> str:
    """Make the report of a sweep as HTML.

    Parameters
    ----------
    swept : Swept
        The sweep, finished or not.
    say : Words
        The language.
    """
    plan = swept.plan
    drawn = {key: _drawn(make, swept, say) for key, make in PICTURES.items()}
    parts = {"findings": _findings(swept, drawn, say), "study": _study(swept, say)}
    for key, chart in drawn.items():
        shown = paragraph(chart, "note") if isinstance(chart, str) else figure(chart, say)
        parts[key] = section(key, say, shown)
    parts["runs_made"] = _runs(swept, say)
    counts = {"runs": len(plan), "points": len(plan.design), "replications": plan.study.replications}
    return page_html(say("sweep.title", name=plan.label), say("sweep.kicker", scenario=plan.name, **counts), parts, say)


def sweep_charts(swept: Swept, say: Words = ENGLISH) -> list[Chart]:
    """Draw the charts of a sweep in the order of its page; one that can't be drawn says why in its place."""
    charts = []
    for key, make in PICTURES.items():
        chart = _drawn(make, swept, say)
        if isinstance(chart, str):
            chart = Chart(say(key), chart, empty_picture(say(key), chart, EMPTY_WIDTH), Table([], []))
        charts.append(chart)
    return charts


def _drawn(make: Callable[[Swept, Words], Chart], swept: Swept, say: Words) -> Chart | str:
    """Draw a chart, or return a sentence that says why there is none: what fails costs its own picture alone."""
    try:
        return make(swept, say)
    except BadInput as error:
        return say("sweep.nothing", why=error)
    except Exception as error:  # noqa: BLE001 - of whatever kind, it is told in the picture's place
        return say("sweep.failed", why="".join(format_exception_only(error)).strip())


def _findings(swept: Swept, drawn: dict[str, Chart | str], say: Words) -> Markup:
    counted = [say("sweep.status", count=count, status=status) for status, count in swept.counted().items()]
    charts = {key: chart for key, chart in drawn.items() if isinstance(chart, Chart) and key != "month_by_month"}
    summaries = [f"{say(key)}: {' '.join([chart.summary, *chart.notes])}" for key, chart in charts.items()]
    lead = paragraph(say("sweep.statuses", parts=say.together(counted)), "lead")
    return section("findings", say, lead, *(paragraph(text) for text in summaries))


def _study(swept: Swept, say: Words) -> Markup:
    rows = [[axis.name, _over(axis.as_table(), say)] for axis in swept.plan.axes]
    table = Table([say("sweep.parameter"), say("sweep.over")], rows)
    facts = {key: swept.provenance.get(key) for key in ("model", "git", "design")}
    facts |= {"months": swept.plan.months, "users": swept.plan.study.users, "seed": swept.plan.study.seed}
    pairs = [part for key, value in facts.items() for part in (element("dt", {}, key), element("dd", {}, str(value)))]
    made = element("dl", {"class": "outside"}, *pairs)
    return section("study", say, shown_table(table, say("sweep.varied"), say), paragraph(say("sweep.made")), made)


def _over(values: dict[str, Any], say: Words) -> str:
    if "low" in values:
        return say("fit.between", low=say.plain(values["low"]), high=say.plain(values["high"]))
    listed = values["cases"] if "cases" in values else values["values"]
    return ", ".join(say.plain(each) if isinstance(each, float) else str(each) for each in listed)


def _runs(swept: Swept, say: Words) -> Markup:
    bad = swept.runs.filter(pl.col("status").is_in((*ENDED_BADLY, MISSING))).head(MOST_RUNS)
    rows = [
        [row["run"], row["status"], str(row["seed"]), (row["error"] or "").strip().rpartition("\n")[2]]
        for row in bad.iter_rows(named=True)
    ]
    table = Table([say("table.run"), say("table.status"), say("table.seed"), say("table.error")], rows)
    shown = shown_table(table, say("sweep.badly"), say) if rows else paragraph(say("sweep.none_badly"))
    return section("runs_made", say, shown, paragraph(say("sweep.commands"), "note"))


def _map(swept: Swept, say: Words) -> Chart:
    names = [axis.name for axis in swept.plan.axes]
    if len(names) < TWO:
        raise BadInput(say("sweep.one_parameter"))
    return map_chart(phases(swept, names[0], names[1]), say)


def _sensitivity(swept: Swept, say: Words) -> Chart:
    look = _scalar(swept, say)
    return sensitivity_chart(sensitivity(swept, look), method_of(swept), swept.dated(look), say)


def _bands(swept: Swept, say: Words) -> Chart:
    monthly = [name for name in swept.plan.study.measures if name in MONTHLY]
    if not monthly:
        raise BadInput(say("sweep.not_monthly"))
    return bands_chart(bands(swept, monthly[0]), swept.dated(monthly[0]), say)


def _enough(swept: Swept, say: Words) -> Chart:
    look = _scalar(swept, say)
    return narrowing_chart(convergence(swept, look), swept.dated(look), say)


def _scalar(swept: Swept, say: Words) -> str:
    """Find a measure with one number per run."""
    whose = swept.scan().group_by("measure").agg(pl.coalesce("firm", "layer").drop_nulls().len().alias("of")).collect()
    single = whose.filter(of=0)["measure"].sort().to_list()
    if not single:
        raise BadInput(say("sweep.not_single"))
    preferred = [name for name in swept.plan.study.measures if name in single and split_window(name)[0]]
    return (preferred or single)[0]


PICTURES: dict[str, Callable[[Swept, Words], Chart]] = {
    "who_profits": _map,
    "what_matters": _sensitivity,
    "month_by_month": _bands,
    "how_sure": _enough,
}
