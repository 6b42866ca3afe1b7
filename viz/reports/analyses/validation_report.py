"""The validation page: published figures beside the model's, the score, a chart of distances, and all reasons."""

from collections.abc import Sequence
from pathlib import Path

from watersellers.experiments.analysis.validation import TargetResult, score
from watersellers.experiments.calibration.fit import distance
from watersellers.viz.charts.target_distance import TargetRow, target_distance_chart
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.period_words import period_words
from watersellers.viz.drawing.svg import Markup
from watersellers.viz.reports.html_file import page_html, write_page
from watersellers.viz.reports.html_parts import figure, paragraph, section, shown_table
from watersellers.viz.words.band_words import band_in_words
from watersellers.viz.words.catalogue import ENGLISH, MISSING, Words

COUNTS = ("targets", "inside", "near", "outside")
COLUMNS = ("target", "period", "published", "simulated", "band", "verdict", "confidence", "source", "why")


def fit_html(found: Sequence[TargetResult], seeds: int, say: Words = ENGLISH) -> str:
    """Make the page of a validation as HTML.

    Parameters
    ----------
    found : sequence of TargetResult
        The model's result for each target, from ``validate``.
    seeds : int
        The number of seeds.
    say : Words
        The language.
    """
    parts = {
        "fit.score": _scores(found, seeds, say),
        "fit.picture": _picture(found, seeds, say),
        "fit.figures": _figures([each for each in found if each.scored], "fit.figures", seeds, say),
        "fit.company": _figures([each for each in found if not each.scored], "fit.company", seeds, say),
    }
    return page_html(say("fit.title"), say("fit.question"), parts, say)


def write_fit(found: Sequence[TargetResult], seeds: int, path: str | Path, say: Words = ENGLISH) -> Path:
    """Write the page completely or not at all."""
    return write_page(fit_html(found, seeds, say), path)


def _scores(found: Sequence[TargetResult], seeds: int, say: Words) -> Markup:
    counted = list(score(list(found)).iter_rows(named=True))
    rows = [[_layer(row["of"], say), *(str(row[name]) for name in COUNTS), _share(row["fits"], say)] for row in counted]
    head = [say(f"fit.{name}") for name in ("of", *COUNTS, "fits")]
    fits = counted[-1]
    lead = paragraph(say("fit.lead", fit=fits["inside"] + fits["near"], targets=fits["targets"], seeds=seeds), "lead")
    table = shown_table(Table(head, rows), say("fit.score"), say)
    return section("fit.score", say, lead, table, paragraph(say("fit.rules"), "note"))


def _picture(found: Sequence[TargetResult], seeds: int, say: Words) -> Markup:
    rows = [_target_row(each, say) for each in found if each.scored and each.simulated is not None]
    head = _heads(("target", "published", "simulated", "band"), seeds, say)
    return section("fit.picture", say, figure(target_distance_chart(rows, head, say), say))


def _heads(names: Sequence[str], seeds: int, say: Words) -> list[str]:
    """Write the heads of a table of figures."""
    return [say(f"fit.{name}", band=band_in_words(seeds, say)) for name in names]


def _target_row(result: TargetResult, say: Words) -> TargetRow:
    target = result.target
    off = [distance(target, value) for value in (result.simulated, result.low, result.high)]
    low, high = sorted(off[1:])
    cells = [
        _name(result),
        figure_text(target.value, target.unit, say),
        figure_text(result.simulated, target.unit, say),
        _band(result, say),
    ]
    return TargetRow(_name(result), target.layer, off[0], low, high, cells)


def _figures(found: Sequence[TargetResult], key: str, seeds: int, say: Words) -> Markup:
    head = _heads(COLUMNS, seeds, say)
    rows = [
        [
            _name(each),
            period_words(each.target.period.months, say),
            figure_text(each.target.value, each.target.unit, say),
            figure_text(each.simulated, each.target.unit, say),
            _band(each, say),
            say(f"fit.{each.verdict}"),
            say(f"fit.{each.target.confidence}"),
            f"{each.target.rows}: {each.target.source}",
            "; ".join(text for text in (each.target.note, each.reason) if text),
        ]
        for each in found
    ]
    return section(
        key,
        say,
        paragraph(say(f"{key}.note", band=band_in_words(seeds, say)), "note"),
        shown_table(Table(head, rows), say(key), say),
    )


def _layer(of: str, say: Words) -> str:
    return say.name(of) if of in say.table else of


def _name(result: TargetResult) -> str:
    return result.target.target.replace("_", " ")


def _band(result: TargetResult, say: Words) -> str:
    low, high = (figure_text(value, result.target.unit, say) for value in (result.low, result.high))
    return say("fit.between", low=low, high=high)


def figure_text(value: float | None, unit: str, say: Words) -> str:
    """Write a figure: a share as a percentage, any other number with its unit, large ones in millions or billions."""
    if value is None:
        return MISSING
    if unit == "share":
        return _share(value, say)
    return f"{say.plain(value)} {unit}"


def _share(value: float | None, say: Words) -> str:
    return MISSING if value is None else say.number(f"{value * 100:.0f} %")
