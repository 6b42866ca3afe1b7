"""What a notebook shows of results: tables and pictures that need no script and no network."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from watersellers.experiments.analysis.comparison.ensemble import Ensemble
from watersellers.experiments.analysis.windows import DatedMeasure, Period
from watersellers.experiments.input.errors import BadInput, unknown
from watersellers.experiments.runs.result import Result
from watersellers.experiments.sweeps.analysis.bands import bands_of
from watersellers.experiments.sweeps.result import Swept
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.lines import MEASURES, WIDE, lines_chart
from watersellers.viz.charts.study_charts import PICTURES, bands_chart
from watersellers.viz.drawing.chart import Chart, Table, html_table, standalone
from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.words.catalogue import ENGLISH

SPARK = (120.0, 24.0)  # width and height of a sparkline
MOST_ROWS = 12  # of a table of runs


def picture(kind: str, *of: Any) -> str:
    """Draw a picture as a whole SVG file.

    Raises
    ------
    BadInput
        If there is no such picture.
    """
    makers: Mapping[str, Callable[..., Chart]] = {"layers": _layers, "seeds": _seeds}
    return standalone(makers[kind](*of) if kind in makers else PICTURES[of[0]](*of[1:]))


def html(kind: str, of: Any) -> str:
    """Write what a notebook shows of a result."""
    makers: Mapping[str, Callable[[Any], Markup]] = {"result": _result, "swept": _swept, "ensemble": _ensemble}
    return str(makers[kind](of))


def _layers(layers: pl.DataFrame, column: str) -> Chart:
    measures = {measure.column: measure for measure in MEASURES}
    if column not in measures:
        raise BadInput(f"plot: {unknown('picture', str(column), measures)}")
    return lines_chart(layers, measures[column], WIDE, ENGLISH)


def _seeds(of: Ensemble, measure: str) -> Chart:
    """Draw a column of the layers' table month by month, with bands over the seeds."""
    rows = of.table("layers").filter(pl.col("layer").is_in(CHAIN))
    columns = [name for name, kind in rows.schema.items() if kind.is_numeric() and name != "seed"]
    if measure not in columns:
        raise BadInput(f"plot: {unknown('column of layers', str(measure), columns)}")
    values = rows.select(
        "month", run=pl.col("seed").cast(pl.String), who="layer", value=pl.col(measure).cast(pl.Float64)
    )
    lived = Period.of(rows["month"].unique())
    assert lived is not None  # a run has a month at least
    return bands_chart(bands_of(values, [], values.select("run").unique()), DatedMeasure.of(measure, lived))


def _ensemble(of: Ensemble) -> Markup:
    """Show the layers' profit and margin by year, with bands over the seeds."""
    rows = of.summary().filter(pl.col("figure").is_in(["operating_profit", "operating_margin"]))
    cells = []
    for row in rows.iter_rows(named=True):
        money = row["figure"] == "operating_profit"
        written = [_amount(row[name], money) for name in ("mean", "low", "high")]
        cells.append([str(row["year"]), ENGLISH.name(row["layer"]), row["figure"].replace("_", " "), *written])
    kind = rows["band"][0]
    table = html_table(
        Table(("year", "layer", "figure", "mean", "low", "high"), cells, 3), f"low to high: {kind} of the seeds"
    )
    return joined([element("p", {}, repr(of)), table])


def _amount(value: float | None, money: bool) -> str:
    """Write dollars, or a share."""
    return ENGLISH.share(value) if not money or value is None else ENGLISH.money(value * 100)


def _result(result: Result) -> Markup:
    """Show who earned what in the last year, with a line of each layer's profit over time."""
    year = int(result.layers["month"].max().year)  # type: ignore[union-attr]
    rows = result.statistics.filter(year=year)
    head = (ENGLISH.name("layer"), "revenue", "operating profit", "margin", "profit by month")
    cells = [
        [
            ENGLISH.name(row["layer"]),
            ENGLISH.money(row["revenue"] * 100),
            ENGLISH.money(row["operating_profit"] * 100),
            ENGLISH.share(row["operating_margin"]),
            _spark(result.layers.filter(layer=row["layer"]).sort("month")["operating_profit"].to_list()),
        ]
        for row in rows.iter_rows(named=True)
    ]
    table = html_table(Table(head, cells), f"{year}, {rows['months'][0]} months, US dollars")
    cure = "plot() draws, statistics has all years, to_pandas() the tables, save() keeps the run"
    return joined([element("p", {}, repr(result)), table, element("p", {}, cure)])


def _swept(swept: Swept) -> Markup:
    """Show how many runs ended how, and what the measures of the whole run say at the first points."""
    summary = swept.summary()
    few = summary.head(MOST_ROWS)
    cells = [
        ["" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value) for value in row]
        for row in few.rows()
    ]
    shown = f"{len(few)} of {len(summary)} rows of summary()"
    table = html_table(Table(summary.columns, cells), shown)
    cure = "plot() draws, sensitivity(), map(), bands() and enough() ask, to_pandas() has the tables"
    return joined([element("p", {}, repr(swept)), table, element("p", {}, cure)])


def _cell(value: object) -> str:
    """Write a value of a table."""
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _spark(values: list[int]) -> Markup:
    """Draw a line of some values, as small as a word, with a rule at zero."""
    (width, height), low, high = SPARK, min(0, *values), max(1, *values)
    step = width / max(1, len(values) - 1)
    points = " ".join(
        f"{step * at:.1f},{height * (high - value) / (high - low):.1f}" for at, value in enumerate(values)
    )
    zero = f"{height * high / (high - low):.1f}"
    rule = element("line", {"x1": 0, "x2": width, "y1": zero, "y2": zero, "stroke": "#999", "stroke-width": 0.5})
    line = element("polyline", {"points": points, "fill": "none", "stroke": "currentColor", "stroke-width": 1.2})
    size = {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": width,
        "height": height,
        "viewBox": f"0 0 {width:g} {height:g}",
    }
    return element("svg", size, rule, line)
