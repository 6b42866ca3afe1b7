"""The page of a story: its claim, what would count against it, charts, and the outcome by seed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from watersellers.experiments.analysis.bands_over_runs import BAND, band_columns, band_of, quantile
from watersellers.experiments.stories.deepseek_day import deepseek_day
from watersellers.experiments.stories.simulation import ObservedRun, StoryOutcome, TestOutcome
from watersellers.experiments.stories.story_schema import CONTROL, STORY
from watersellers.experiments.stories.verdicts import FAILS, HOLDS, LEAST_SEEDS, TOO_FEW, UNDECIDED, SeedVerdicts
from watersellers.market.goods import CHAIN
from watersellers.viz.charts.story_bands import DotRow, WorldSeries, dots_chart, world_series_chart
from watersellers.viz.drawing.chart import Chart, Table
from watersellers.viz.drawing.period_words import period_words
from watersellers.viz.drawing.svg import Markup, element, joined
from watersellers.viz.reports.html_file import page_html, write_page
from watersellers.viz.reports.html_parts import JOINER, figure, paragraph, section, shown_table
from watersellers.viz.words.band_words import band_in_words
from watersellers.viz.words.catalogue import CENTS, ENGLISH, MINUS, MISSING, Words

MOST_FIRMS = 6
VERDICTS = (HOLDS, FAILS, UNDECIDED, TOO_FEW)


def story_html(played: StoryOutcome, say: Words = ENGLISH) -> str:
    """Make the page of a story.

    Parameters
    ----------
    played : StoryOutcome
        The story and its outcome.
    say : Words
        The language.
    """
    story, say = played.story, titled(played, say)
    parts = {"story.claim": _claim(played, say), "story.pictures": _pictures(played, say)}
    parts["story.conditions"] = _conditions(played, say)
    if story.accounts:
        parts |= {"story.accounts": _accounts(say), "story.gap": _gap(say)}
    parts |= {"story.class": _class(played, say), "story.mind": _mind(played, say)}
    return page_html(say("story.title", title=story.title), story.question, parts, say)


def write_story(played: StoryOutcome, path: str | Path, say: Words = ENGLISH) -> Path:
    """Write the page completely or not at all."""
    return write_page(story_html(played, say), path)


def titled(played: StoryOutcome, say: Words) -> Words:
    """Return the words with the firm titles of the story's worlds."""
    members = [each for arm in played.story.arms for group in arm.spec.groups.values() for each in group]
    return replace(say, firms={**say.firms, **{each.name: each.title for each in members if each.title}})


def written(unit: str, say: Words) -> Callable[[float | None], str]:
    """Return the function that writes figures of a unit."""

    def dollars(value: float | None) -> str:
        """Write dollars as money."""
        return say.money(None if value is None else value * CENTS)

    return {"cents": say.money, "share": say.share, "dollars": dollars}.get(unit, say.plain)


def counted(tested: Sequence[TestOutcome], say: Words) -> tuple[int, str]:
    """Count the article's claims, and write the number of each verdict."""
    found = [each.main.verdict for each in tested if each.test.of == "article"]
    parts = [say(f"story.count.{name}", count=found.count(name)) for name in VERDICTS if name in found]
    return len(found), say.together(parts)


def came_out(each: TestOutcome, say: Words) -> str:
    """Write a verdict with the seeds that it rests on, and the conditions that reverse it."""
    verdict = on_seeds(each.main, say)
    if not each.turns:
        return verdict
    return say("story.turns", verdict=verdict, conditions=", ".join(each.turns))


def on_seeds(found: SeedVerdicts, say: Words) -> str:
    """Write a verdict with the number of seeds that it rests on."""
    return say(f"verdict.{found.verdict}", seeds=found.seeds, least=LEAST_SEEDS)


def _heads(keys: Sequence[str], played: StoryOutcome, say: Words) -> list[str]:
    """Write the heads of a table of claims."""
    return [say(f"story.{key}", band=band_in_words(played.size.seeds, say)) for key in keys]


def _claim(played: StoryOutcome, say: Words) -> Markup:
    story = played.story
    mine, parts = counted(played.outcomes, say)
    lead = [paragraph(say("story.says", claim=story.claim), "lead")]
    lead += [paragraph(say("story.counted", all=mine, parts=parts), "claim")] if mine else []
    texts = [paragraph(say(f"story.{key}", **{key: getattr(story, key)})) for key in ("right", "wrong")]
    span = {"since": say.month(story.since), "until": say.month(story.until), "control": story.arm(CONTROL).title}
    how = say(
        "story.how", seeds=played.size.seeds, users=say.number(f"{played.size.users:,}"), least=LEAST_SEEDS, **span
    )
    head = _heads(("said", "of", "read", "held", "band", "verdict"), played, say)
    table = Table(head, [_row(each, say) for each in played.outcomes])
    return section(
        "story.claim", say, *lead, *texts, shown_table(table, say("story.tests"), say, "prose"), paragraph(how, "note")
    )


def _row(each: TestOutcome, say: Words) -> list[str]:
    test = each.test
    return [test.says, say(f"story.{test.of}"), _read(each, say), *held(each.main, test.unit, say), came_out(each, say)]


def _read(each: TestOutcome, say: Words) -> str:
    """Write which figure of a test is shown, and of which months."""
    figure = say("story.dots_of", title=each.test.title, words=each.test.rule.words)
    return say("measure.dated", measure=figure, period=period_words(each.test.period.months, say))


def held(found: SeedVerdicts, unit: str, say: Words) -> list[str]:
    """Write in how many seeds a claim held, and the band of its figure."""
    write = written(unit, say)
    parts = {"middle": write(found.middle), "low": write(found.low), "high": write(found.high)}
    band = MISSING if found.middle is None else say("story.banded", **parts).replace(MINUS, MINUS + JOINER)
    if found.left_out:
        band += say("story.without", left_out=found.left_out, seeds=found.seeds)
    return [say("story.held_in", held=found.held, seeds=found.seeds), band]


def _conditions(played: StoryOutcome, say: Words) -> Markup:
    head = _heads(("said", "condition_head", "held", "band", "verdict"), played, say)
    rows = [
        [each.test.says, title, *held(found, each.test.unit, say), on_seeds(found, say)]
        for each in played.outcomes
        for title, found in each.under.items()
    ]
    if not rows:
        return section("story.conditions", say, paragraph(say("story.none")))
    return section(
        "story.conditions", say, shown_table(Table(head, rows, names=2), say("story.elsewhere"), say, "prose")
    )


def _pictures(played: StoryOutcome, say: Words) -> Markup:
    charts = [_over_time(played, layer, say) for layer in _layers(played)]
    charts += [_moved(played, say), *_dots(played, say)]
    shaded = paragraph(say("story.shaded", band=band_in_words(played.size.seeds, say)), "note")
    return section("story.pictures", say, shaded, *(figure(chart, say) for chart in charts if chart))


def _layers(played: StoryOutcome) -> list[str]:
    """Choose up to two layers to draw over time: those that tests read, or else chips and apps."""
    named = [name for each in played.outcomes for reading in each.test.figures for name in reading.names]
    chosen = [layer for layer in CHAIN if layer in named]
    return (chosen or ["chips", "apps"])[:2]


def _over_time(played: StoryOutcome, layer: str, say: Words) -> Chart | None:
    series = []
    for arm in (STORY, CONTROL):
        frame = pl.concat(each.quarters for each in played.observed[arm]).filter(layer=layer)
        low, high = band_columns("operating_profit", BAND)
        middle = pl.col("operating_profit").median()
        by = frame.group_by("quarter").agg(low=low.cast(pl.Float64), middle=middle, high=high.cast(pl.Float64))
        points = tuple(by.sort("quarter").iter_rows())
        name = say("story.this") if arm == STORY else say("story.control_short")
        series.append(WorldSeries(name, layer, arm == STORY, points))
    if not all(one.points for one in series):
        return None  # no quarter of the runs is whole
    title = say("story.over_time", layer=say.name(layer), control=played.story.arm(CONTROL).title)
    return world_series_chart(title, series, say.money, say)


def _moved(played: StoryOutcome, say: Words) -> Chart:
    """Draw the story's effect on the profit of each layer and of the most affected firms."""
    pairs = list(zip(played.observed[STORY], played.observed[CONTROL], strict=True))
    layers = [_difference(pairs, layer, layer, "layer", say) for layer in CHAIN]
    names = sorted({(layer, firm) for pair in pairs for seen in pair for layer, firm, *_ in seen.firms.iter_rows()})
    firms = [_difference(pairs, firm, layer, "firm", say) for layer, firm in names]
    most = sorted(firms, key=lambda row: -abs(row.middle))[:MOST_FIRMS]
    story = played.story
    title = say("story.moved", since=say.month(story.since), until=say.month(story.until))
    return dots_chart(title, [*layers, *(row for row in most if row.middle)], say.money, say=say)


def _difference(pairs: Sequence[tuple[ObservedRun, ObservedRun]], name: str, layer: str, by: str, say: Words) -> DotRow:
    values = [_profit(mine, by, name) - _profit(theirs, by, name) for mine, theirs in pairs]
    return _banded(say.name(name), layer, values, say.money)


def _profit(seen: ObservedRun, by: str, name: str) -> float:
    return float(seen.firms.filter(pl.col(by) == name)["operating_profit"].sum())


def _banded(name: str, layer: str, values: Sequence[float], write: Callable[[float | None], str]) -> DotRow:
    low, high = band_of(values) or (0.0, 0.0)
    middle = quantile(sorted(values), 0.5) or 0.0
    return DotRow(name, layer, tuple(values), low, middle, high, write(middle))


def _dots(played: StoryOutcome, say: Words) -> list[Chart]:
    """Draw the first claim in its own arm and under each condition, with a dot per seed."""
    charts = []
    for each in played.outcomes[:1]:
        test = each.test
        layer = next((name for name in test.figures[0].names if name in CHAIN), "apps")
        mine = {played.story.arm(test.arm).title: each.main} | each.under
        write = written(test.unit, say)
        rows = [
            _banded(title, layer, known, write)
            for title, found in mine.items()
            if (known := [value for value in found.figures if value is not None])
        ]
        if rows:
            title = say("story.dots", says=test.says, what=_read(each, say))
            at = test.bound if test.rule.bounded and not test.rule.paired else 0.0
            charts.append(dots_chart(title, rows, write, at, say))
    return charts


def _accounts(say: Words) -> Markup:
    day = deepseek_day()
    rows = [
        [
            line.says,
            *(say.number(f"{value:,.0f}") for value in (line.revenue, line.profit)),
            say.share(line.over_cost),
            line.note,
        ]
        for line in day.lines
    ]
    head = [say(f"day.{key}") for key in ("case", "revenue", "profit", "over_cost", "note")]
    bill = paragraph(say("day.bill", bill=say.signs.dollars.format(say.number(f"{day.bill:,.0f}"))))
    enough = paragraph(say("day.break_even", share=say.share(day.break_even)), "claim")
    return section("story.accounts", say, bill, shown_table(Table(head, rows), say("day.table"), say, "prose"), enough)


def _gap(say: Words) -> Markup:
    day = deepseek_day()
    mine, theirs = (say.signs.dollars.format(say.number(f"{cost:.2f}")) for cost in day.costs)
    lead = paragraph(say("day.gap", mine=mine, theirs=theirs, gap=say.number(f"{day.gap:.1f}")))
    rows = [[factor.says, say.number(f"{factor.times:.3f}"), factor.note] for factor in day.factors]
    head = [say(f"day.{key}") for key in ("factor", "times", "note")]
    return section("story.gap", say, lead, shown_table(Table(head, rows), say("day.gap_table"), say, "prose"))


def _class(played: StoryOutcome, say: Words) -> Markup:
    return section("story.class", say, paragraph(played.story.teach, "lead"))


def _mind(played: StoryOutcome, say: Words) -> Markup:
    story = played.story
    listed = [element("li", {}, text) for text in story.lacks]
    rests = paragraph(say("story.rows", rows=", ".join(story.rows)))
    parts = [*([element("ul", {}, *listed)] if listed else []), rests, paragraph(say("story.file", name=story.name))]
    return section("story.mind", say, joined(parts), paragraph(say("story.not"), "claim"))
