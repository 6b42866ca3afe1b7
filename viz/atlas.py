"""The atlas: all stories on one page, which claims hold, under which conditions, and where they turn around."""

from collections.abc import Sequence
from pathlib import Path

from watersellers.experiments.stories.playing import Played
from watersellers.viz.charts.chart import Table
from watersellers.viz.charts.svg import Markup, element
from watersellers.viz.pieces import paragraph, section, shown_table
from watersellers.viz.sheet import sheet_html, write_sheet
from watersellers.viz.story import came_out, counted, held
from watersellers.viz.words import ENGLISH, Words


def atlas_html(played: Sequence[Played], say: Words = ENGLISH) -> str:
    """Make the atlas of stories that were played; each is linked to its own page beside it."""
    parts = {
        "atlas.answer": _answer(played, say),
        "atlas.stories": _stories(played, say),
        "atlas.how": section("atlas.how", say, paragraph(say("story.not"), "claim")),
    }
    return sheet_html(say("atlas.title"), say("atlas.question"), parts, say)


def write_atlas(played: Sequence[Played], path: str | Path, say: Words = ENGLISH) -> Path:
    """Write the atlas whole or not at all."""
    return write_sheet(atlas_html(played, say), path)


def _answer(played: Sequence[Played], say: Words) -> Markup:
    tested = [each for story in played for each in story.tested]
    mine, parts = counted(tested, say)
    turned = sum(bool(each.turns) for each in tested if each.test.of == "article")
    lead = paragraph(say("atlas.counted", all=mine, parts=parts, turned=turned), "lead")
    head = [say("atlas.story"), *(say(f"story.{key}") for key in ("said", "of", "held", "verdict"))]
    rows = [
        [
            element("a", {"href": f"#{story.story.name}"}, story.story.title),
            each.test.says,
            say(f"story.{each.test.of}"),
            held(each.main, each.test.unit, say)[0],
            came_out(each, say),
        ]
        for story in played
        for each in story.tested
    ]
    caption = say("atlas.caption", seeds=played[0].size.seeds, users=say.number(f"{played[0].size.users:,}"))
    return section("atlas.answer", say, lead, shown_table(Table(head, rows, names=2), caption, say, "told"))


def _stories(played: Sequence[Played], say: Words) -> Markup:
    return section("atlas.stories", say, *(_story(each, say) for each in played))


def _story(played: Played, say: Words) -> Markup:
    story = played.story
    title = element("h3", {"id": story.name}, element("a", {"href": f"{story.name}.html"}, story.title))
    told = [paragraph(story.question, "question"), paragraph(say("story.says", claim=story.claim))]
    told += [paragraph(say(f"story.{key}", **{key: getattr(story, key)})) for key in ("right", "wrong")]
    said = [element("li", {}, f"{each.test.says}: {came_out(each, say)}") for each in played.tested]
    teach = paragraph(say("atlas.teach", teach=story.teach), "note")
    return element("div", {"class": "layer"}, title, *told, element("ul", {}, *said), teach)
