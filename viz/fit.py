"""The page of published figures beside the model's: the score, a picture of all distances, every figure with why."""

from collections.abc import Sequence
from pathlib import Path

from watersellers.experiments.fits.fitting import distance
from watersellers.experiments.validating import Stand, score
from watersellers.viz.charts.chart import Table
from watersellers.viz.charts.standing import Standing, standing_chart
from watersellers.viz.charts.svg import Markup
from watersellers.viz.pieces import figure, paragraph, section, shown_table
from watersellers.viz.sheet import sheet_html, write_sheet
from watersellers.viz.words import ENGLISH, MISSING, Words

COUNTS = ("targets", "inside", "near", "outside")
COLUMNS = ("target", "published", "simulated", "band", "verdict", "confidence", "source", "why")


def fit_html(found: Sequence[Stand], seeds: int, say: Words = ENGLISH) -> str:
    """Make the page of a validation.

    Parameters
    ----------
    found : sequence of Stand
        How the model stands against each target, as ``validate`` gives it.
    seeds : int
        Over how many seeds.
    say : Words
        The language.
    """
    parts = {
        "fit.score": _scores(found, seeds, say),
        "fit.picture": _picture(found, say),
        "fit.figures": _figures([each for each in found if each.scored], "fit.figures", say),
        "fit.company": _figures([each for each in found if not each.scored], "fit.company", say),
    }
    return sheet_html(say("fit.title"), say("fit.question"), parts, say)


def write_fit(found: Sequence[Stand], seeds: int, path: str | Path, say: Words = ENGLISH) -> Path:
    """Write the page whole or not at all."""
    return write_sheet(fit_html(found, seeds, say), path)


def _scores(found: Sequence[Stand], seeds: int, say: Words) -> Markup:
    counted = list(score(list(found)).iter_rows(named=True))
    rows = [[_layer(row["of"], say), *(str(row[name]) for name in COUNTS), _share(row["fits"], say)] for row in counted]
    head = [say(f"fit.{name}") for name in ("of", *COUNTS, "fits")]
    fits = counted[-1]
    lead = paragraph(say("fit.lead", fit=fits["inside"] + fits["near"], targets=fits["targets"], seeds=seeds), "lead")
    table = shown_table(Table(head, rows), say("fit.score"), say)
    return section("fit.score", say, lead, table, paragraph(say("fit.rules"), "note"))


def _picture(found: Sequence[Stand], say: Words) -> Markup:
    rows = [_standing(each, say) for each in found if each.scored and each.simulated is not None]
    head = [say(f"fit.{name}") for name in ("target", "published", "simulated", "band")]
    return section("fit.picture", say, figure(standing_chart(rows, head, say), say))


def _standing(stand: Stand, say: Words) -> Standing:
    target = stand.target
    off = [distance(target, value) for value in (stand.simulated, stand.low, stand.high)]
    low, high = sorted(off[1:])
    cells = [
        _name(stand),
        told(target.value, target.unit, say),
        told(stand.simulated, target.unit, say),
        _band(stand, say),
    ]
    return Standing(_name(stand), target.layer, off[0], low, high, cells)


def _figures(found: Sequence[Stand], key: str, say: Words) -> Markup:
    head = [say(f"fit.{name}") for name in COLUMNS]
    rows = [
        [
            _name(each),
            told(each.target.value, each.target.unit, say),
            told(each.simulated, each.target.unit, say),
            _band(each, say),
            say(f"fit.{each.verdict}"),
            say(f"fit.{each.target.confidence}"),
            f"{each.target.rows}: {each.target.source}",
            "; ".join(text for text in (each.target.note, each.target.why) if text),
        ]
        for each in found
    ]
    return section(key, say, paragraph(say(f"{key}.note"), "note"), shown_table(Table(head, rows), say(key), say))


def _layer(of: str, say: Words) -> str:
    return say.name(of) if of in say.table else of


def _name(stand: Stand) -> str:
    return stand.target.target.replace("_", " ")


def _band(stand: Stand, say: Words) -> str:
    low, high = (told(value, stand.target.unit, say) for value in (stand.low, stand.high))
    return say("fit.between", low=low, high=high)


def told(value: float | None, unit: str, say: Words) -> str:
    """Write a figure: shares as percentages, what is large with a word of its size, in its unit."""
    if value is None:
        return MISSING
    if unit == "share":
        return _share(value, say)
    return f"{say.plain(value)} {unit}"


def _share(value: float | None, say: Words) -> str:
    return MISSING if value is None else say.number(f"{value * 100:.0f} %")
