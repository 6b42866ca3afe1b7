"""The page of the steps between two worlds: what each scenario on the way changes in each layer, with bands."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from watersellers.experiments.analysis.comparison.steps import MARK, Steps, may_be_chance
from watersellers.experiments.analysis.comparison.two_worlds import MEASURES
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.waterfall import WaterfallBar, waterfall_chart
from watersellers.viz.drawing.chart import Chart, Table
from watersellers.viz.drawing.period_words import period_words
from watersellers.viz.drawing.svg import Markup
from watersellers.viz.reports.html_file import page_html, write_page
from watersellers.viz.reports.html_parts import figure, paragraph, section, shown_table
from watersellers.viz.words.band_words import band_in_words
from watersellers.viz.words.catalogue import ENGLISH, SPACE, Words

PROFIT = "operating_profit"
MOST_NAMED = 3  # steps that the summary of a picture names


def steps_html(found: Steps, say: Words = ENGLISH) -> str:
    """Make the page of the steps between two worlds as HTML.

    Parameters
    ----------
    found : Steps
        What each step changes, from ``compare_steps``.
    say : Words
        The language.
    """
    first, second = found.names
    parts = {
        "steps.answer": _answer(found, say),
        "steps.pictures": section(
            "steps.pictures",
            say,
            paragraph(say("steps.pictures.note", band=band_in_words(found.seeds, say)), "note"),
            *(figure(_waterfall(found, layer, say), say) for layer in CHAIN),
        ),
        "steps.path": _path(found, say),
        "steps.others": section(
            "steps.others", say, *(_overview(found, measure, say) for measure in MEASURES if measure != PROFIT)
        ),
    }
    title = say("steps.title", first=first, second=second)
    return page_html(title, say("steps.question", first=first, second=second), parts, say)


def write_steps(found: Steps, path: str | Path, say: Words = ENGLISH) -> Path:
    """Write the page completely or not at all."""
    return write_page(steps_html(found, say), path)


def _answer(found: Steps, say: Words) -> Markup:
    """Say what is compared, how far chance goes, and what each step changes in operating profit."""
    first, second = found.names
    size = {"steps": len(found.scenarios), "seeds": found.seeds, "users": say.number(f"{found.users:,}")}
    lead = say("steps.lead", first=first, second=second, period=period_words(found.lived.months, say), **size)
    chance = say("steps.one_seed") if found.seeds == 1 else _chance(found, say)
    notes = [paragraph(text, "note") for text in (chance, say("steps.order"))]
    return section("steps.answer", say, paragraph(lead, "lead"), _overview(found, PROFIT, say), *notes)


def _chance(found: Steps, say: Words) -> str:
    """Say what the mark means, and which steps move no layer's profit beyond chance."""
    steps = zip(*(found.of(PROFIT, layer) for layer in CHAIN), strict=True)
    named = zip(found.scenarios, steps, strict=True)
    still = [name for name, step in named if all(row["holds_zero"] for row in step)]
    means = say("steps.chance", mark=MARK, band=band_in_words(found.seeds, say))
    who = say("steps.no_layer", steps=say.together(still)) if still else say("steps.some_layer")
    few = [say("steps.few", odds=found.one_in, mark=MARK)] if found.one_in else []
    return " ".join([means, who, *few])


def _overview(found: Steps, measure: str, say: Words) -> Markup:
    """Show what each step changes in a measure, layer by layer."""
    first, second = found.names
    whole = [found.whole(measure, layer) for layer in CHAIN]
    steps = zip(*(found.of(measure, layer) for layer in CHAIN), strict=True)
    rows = [
        [first, *(say.money(row["before"]) for row in whole)],
        *([_added(name), *_changes(step, say)] for name, step in zip(found.scenarios, steps, strict=True)),
        [say("steps.all"), *_changes(whole, say)],
        [second, *(say.money(row["after"]) for row in whole)],
    ]
    ends = {0: "total", len(rows) - 2: "total", len(rows) - 1: "total"}
    table = Table([say("steps.step"), *(say(layer) for layer in CHAIN)], rows, kinds=ends)
    period = period_words(found.lived.months, say)
    return shown_table(table, say("steps.table", measure=say(measure), period=period), say)


def _changes(rows: Sequence[dict[str, Any]], say: Words) -> list[str]:
    """Write differences, with a mark where chance alone may do as much."""
    return [say.change(row["difference"]) + (f" {MARK}" if may_be_chance(row) else "") for row in rows]


def _added(name: str) -> str:
    """Name a step."""
    return f"+{SPACE}{name}"


def _waterfall(found: Steps, layer: str, say: Words) -> Chart:
    """Draw the steps of a layer's operating profit."""
    (first, second), whole, steps = found.names, found.whole(PROFIT, layer), found.of(PROFIT, layer)
    named = list(zip(found.scenarios, steps, strict=True))
    last = whole["before"]
    bars = [
        WaterfallBar(first, 0, last, last, last, level=True),
        *(_bar(_added(name), row, say) for name, row in named),
        WaterfallBar(second, 0, whole["after"], last + whole["low"], last + whole["high"], level=True),
    ]
    beyond = [(name, row) for name, row in named if found.seeds == 1 or not row["holds_zero"]]
    most = sorted(beyond, key=lambda each: -abs(each[1]["difference"]))[:MOST_NAMED]
    largest = ", ".join(f"{name} {say.change(row['difference'])}" for name, row in most) or say("steps.none")
    ends = {"before": say.money(last), "after": say.money(whole["after"])}
    title = say("steps.picture", layer=say(layer), first=first, second=second)
    told = "steps.summary_of_one" if found.seeds == 1 else "steps.summary"
    summary = say(told, first=first, second=second, largest=largest, **ends)
    return waterfall_chart(title, summary, bars, layer, _data(found, named, whole, say), say)


def _bar(name: str, row: dict[str, Any], say: Words) -> WaterfallBar:
    """Make the bar of a step, with the band of where it ends."""
    start, chance = row["before"], may_be_chance(row)
    remark = say("steps.in_chance") if chance else ""
    return WaterfallBar(name, start, row["after"], start + row["low"], start + row["high"], faint=chance, remark=remark)


def _data(found: Steps, named: list[tuple[str, dict[str, Any]]], whole: dict[str, Any], say: Words) -> Table:
    """Tabulate the steps of a layer with their bands, and whether seeds agree."""
    columns = ("step", "before", "after", "difference", "band", "agree")
    band = band_in_words(found.seeds, say)
    rows = [
        [
            name,
            *(say.money(row[key]) for key in ("before", "after")),
            say.change(row["difference"]),
            say("fit.between", low=say.change(row["low"]), high=say.change(row["high"])),
            say.share(row["agree"]),
        ]
        for name, row in [*((_added(name), row) for name, row in named), (say("steps.all"), whole)]
    ]
    return Table([say(f"steps.{name}", band=band) for name in columns], rows, kinds={len(rows) - 1: "total"})


def _path(found: Steps, say: Words) -> Markup:
    """List the steps with the questions at the heads of their files, and how much these set."""
    rows = [
        [_added(row["scenario"]), row["question"], *(say.number(f"{row[each]:,}") for each in ("values", "events"))]
        for row in found.path.to_dicts()
    ]
    table = Table([say(f"steps.{name}") for name in ("step", "asks", "values", "events")], rows, names=2)
    note = paragraph(say("steps.path.note"), "note")
    return section("steps.path", say, note, shown_table(table, say("steps.path"), say, "prose"))
