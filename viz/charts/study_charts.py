"""The charts of a study, each from a table of the analysis: sensitivity, bands over time, and convergence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from watersellers.experiments.analysis.bands_over_runs import HALF, LEAST_SEEDS, NINE_IN_TEN, least_number
from watersellers.experiments.analysis.windows import DatedMeasure
from watersellers.experiments.sweeps.analysis.phases import Phases
from watersellers.experiments.sweeps.analysis.remarks import (
    Remark,
    remarks_on_bands,
    remarks_on_convergence,
    remarks_on_map,
    remarks_on_sensitivity,
)
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.fan_charts import LEVELS, Fan, fans_chart
from watersellers.viz.charts.importance_bars import Bar, importance_chart
from watersellers.viz.charts.phases import phases_chart
from watersellers.viz.drawing.chart import Chart
from watersellers.viz.drawing.number_format import NumberWriter, number_writer
from watersellers.viz.drawing.period_words import measure_words
from watersellers.viz.drawing.scales import month_number
from watersellers.viz.words.catalogue import ENGLISH, Words

VALUES = {  # columns of each method: the bar, its confidence, and the value inside the bar
    "sobol": ("total", "total_confidence", "first"),
    "morris": ("size", "size_confidence", None),
    "pawn": ("middle", None, None),
    "rbd_fast": ("first", "first_confidence", None),
}


def sensitivity_chart(found: pl.DataFrame, method: str, dated: DatedMeasure, say: Words = ENGLISH) -> Chart:
    """Draw the result of ``sensitivity``: a bar for each parameter."""
    value, confidence, inner = VALUES[method]
    rows = found.filter(pl.col("pair").is_null()) if "pair" in found.columns else found
    bars = []
    for row in rows.filter(pl.col(value).is_not_null() & pl.col(value).is_not_nan()).iter_rows(named=True):
        low, high = _interval(row, value, confidence)
        bars.append(Bar(row["parameter"], row[value], low, high, row[inner] if inner else None))
    title = say("bars.title", method=say(f"bars.{method}"), measure=measure_words(dated, say))
    return _noted(importance_chart(title, bars, say), remarks_on_sensitivity(found, method), say)


def _noted(chart: Chart, remarks: Iterable[Remark], say: Words) -> Chart:
    """Say under a chart what it leaves out, and what of it rests on too little."""
    return replace(chart, notes=tuple(_in_words(each, say) for each in remarks))


def _in_words(remark: Remark, say: Words) -> str:
    """Write a remark in a language; its unit is a word too."""
    values = dict(remark.values)
    if "unit" in values:
        values["unit"] = say(f"remark.{values['unit']}")
    return say(f"remark.{remark.key}", **values)


def map_chart(found: Phases, say: Words = ENGLISH) -> Chart:
    """Draw the result of ``phases``: who profits most over two parameters."""
    return _noted(phases_chart(found, say), remarks_on_map(found), say)


def _interval(row: Mapping[str, Any], value: str, confidence: str | None) -> tuple[float | None, float | None]:
    """Return the interval of a value: plus and minus its confidence, or PAWN's least and most."""
    if confidence is None:
        return row["least"], row["most"]
    if row[confidence] is None:
        return None, None
    return row[value] - row[confidence], row[value] + row[confidence]


def bands_chart(found: pl.DataFrame, dated: DatedMeasure, say: Words = ENGLISH) -> Chart:
    """Draw the result of ``bands``: a panel for each layer or firm and each value of the grouping parameter."""
    keys = [name for name in found.columns if name not in ("month", *LEVELS, "runs", "band", "left_out")]
    order = {layer: number for number, layer in enumerate(CHAIN)}
    groups = found.drop_nulls("median").partition_by(keys, maintain_order=True)  # a month without a value has no point
    write = number_writer(dated.text, say)
    ordered = sorted(groups, key=lambda rows: order.get(rows["who"][0], len(order)))
    fans = [_fan(rows, keys, write, say) for rows in ordered]
    few = "" if (found["band"] == NINE_IN_TEN).all() else ".few"
    title = say(f"fans.title{few}", measure=measure_words(dated, say), half=least_number(HALF), least=LEAST_SEEDS)
    heads = [say("table.month"), *(say(f"fans.{level}{few}") for level in LEVELS)]
    return _noted(fans_chart(title, fans, heads, write, say), remarks_on_bands(found), say)


def _fan(rows: pl.DataFrame, keys: Sequence[str], write: NumberWriter, say: Words) -> Fan:
    who, last = rows["who"][0], rows.row(-1, named=True)
    whole = "fans.part" if last["band"] == NINE_IN_TEN else "fans.part.all"
    ends = {level: write(last[level]) for level in ("median", "lowest", "highest")}
    values = [f"{key} = {rows[key][0]}" for key in keys if key != "who"]
    months = rows["month"].to_list()
    name = ", ".join([say.name(who), *values])
    return Fan(
        name,
        who,
        tuple(float(month_number(month)) for month in months),
        tuple(say.short_month(month) for month in months),
        tuple(rows.select(LEVELS).iter_rows()),
        say(whole, name=name, last=say.month(months[-1]), runs=last["runs"], **ends),
    )


def narrowing_chart(found: pl.DataFrame, dated: DatedMeasure, say: Words = ENGLISH) -> Chart:
    """Draw the result of ``enough``: the mean, with the median and the widest confidence interval of the points."""
    write = number_writer(dated.text, say)
    levels = tuple(
        (mean - widest, mean - half, mean, mean + half, mean + widest)
        for mean, half, widest in found.select("mean", "half_width", "widest").iter_rows()
    )
    counts = found["replicates"].to_list()
    fan = Fan(say("narrowing.axis"), "chips", tuple(map(float, counts)), tuple(map(str, counts)), levels)
    heads = [say(f"narrowing.{name}") for name in ("replicates", "least", "low", "mean", "high", "most")]
    title = say("narrowing.title", measure=measure_words(dated, say))
    chart = fans_chart(title, [fan] if counts else [], heads, write, say)
    if not counts:
        return chart
    last = found.row(-1, named=True)
    half, widest = write(last["half_width"]), write(last["widest"])
    summary = say("narrowing.summary", replicates=last["replicates"], half=half, widest=widest)
    return _noted(Chart(chart.title, summary, chart.svg, chart.data), remarks_on_convergence(found), say)


PICTURES: Mapping[str, Callable[..., Chart]] = {
    "sensitivity": sensitivity_chart,
    "map": map_chart,
    "bands": bands_chart,
    "enough": narrowing_chart,
}
