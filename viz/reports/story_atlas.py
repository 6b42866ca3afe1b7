"""The atlas: all stories on one page, with their claims, verdicts and the conditions that reverse them."""

from collections.abc import Sequence, Set
from pathlib import Path

from watersellers.experiments.stories.adoption_laws import USUAL_LAW
from watersellers.experiments.stories.article_rows import ArticleRow, article_rows
from watersellers.experiments.stories.record import Count, recorded_claims, recorded_size
from watersellers.experiments.stories.simulation import StoryOutcome
from watersellers.experiments.stories.story import story_text
from watersellers.viz.drawing.chart import Table
from watersellers.viz.drawing.period_words import period_words
from watersellers.viz.drawing.svg import Markup, element
from watersellers.viz.reports.html_file import page_html, write_page
from watersellers.viz.reports.html_parts import paragraph, section, shown_table
from watersellers.viz.reports.story_report import came_out, counted, held
from watersellers.viz.words.catalogue import ENGLISH, MISSING, Words


def atlas_html(played: Sequence[StoryOutcome], say: Words = ENGLISH) -> str:
    """Make the atlas of story outcomes; each story links to its own page in the same folder."""
    parts = {
        "atlas.answer": _answer(played, say),
        "atlas.stories": _stories(played, say),
        "atlas.rows": rows_section({each.story.name for each in played}, say),
        "atlas.turned": turned_section([each.story.name for each in played], say),
        "atlas.how": section("atlas.how", say, paragraph(say("story.not"), "claim")),
    }
    return page_html(say("atlas.title"), say("atlas.question"), parts, say)


def write_atlas(played: Sequence[StoryOutcome], path: str | Path, say: Words = ENGLISH) -> Path:
    """Write the atlas completely or not at all."""
    return write_page(atlas_html(played, say), path)


def _answer(played: Sequence[StoryOutcome], say: Words) -> Markup:
    tested = [each for story in played for each in story.outcomes]
    mine, parts = counted(tested, say)
    turned = sum(bool(each.turns) for each in tested if each.test.of == "article")
    lead = paragraph(say("atlas.counted", all=mine, parts=parts, turned=turned), "lead")
    head = [say("atlas.story"), *(say(f"story.{key}") for key in ("said", "of", "months", "held", "verdict"))]
    rows = [
        [
            element("a", {"href": f"#{story.story.name}"}, story.story.title),
            each.test.says,
            say(f"story.{each.test.of}"),
            period_words(each.test.period.months, say),
            held(each.main, each.test.unit, say)[0],
            came_out(each, say),
        ]
        for story in played
        for each in story.outcomes
    ]
    caption = say("atlas.caption", seeds=played[0].size.seeds, users=say.number(f"{played[0].size.users:,}"))
    return section("atlas.answer", say, lead, shown_table(Table(head, rows, names=2), caption, say, "prose"))


def rows_section(pages: Set[str], say: Words) -> Markup:
    """List the article's figures with who stands for each, and what came out of the stories that it supports."""
    head = [say(f"atlas.{key}") for key in ("row", "figure", "entities", "outcomes")]
    rows = [
        [
            row.fact.id,
            f"{row.fact.subject}, {row.fact.period}: {row.says}",
            row.who,
            element("span", {}, *_outcomes(row, pages, say)) if row.stories else MISSING,
        ]
        for row in article_rows()
    ]
    how = paragraph(say("atlas.rows_how", **_size(say)))
    return section("atlas.rows", say, how, shown_table(Table(head, rows, names=2), say("atlas.rows"), say, "prose"))


def _outcomes(row: ArticleRow, pages: Set[str], say: Words) -> list[Markup]:
    """Write each story of a row, with a link if it has a page here, and the verdicts on the article's claims in it."""
    found = []
    for name, verdicts in row.outcomes.items():
        parts = ", ".join(say(f"atlas.found.{verdict}", count=count) for verdict, count in verdicts.items())
        title: str = story_text(name).title
        title = element("a", {"href": f"{name}.html"}, title) if name in pages else title
        found.append(element("div", {}, title, f": {parts}" if verdicts else ""))
    return found


def turned_section(stories: Sequence[str], say: Words = ENGLISH) -> Markup:
    """Say which recorded claims hold in many more or many fewer seeds in another world, and why."""
    found, usual = [each for each in recorded_claims(stories) if each.turns], f"atlas.world.{USUAL_LAW}"
    how = paragraph(say("atlas.recorded", **_size(say)))
    head = [say("atlas.story"), say("story.said"), say(usual), say("atlas.elsewhere"), say("atlas.why")]
    rows = [
        [
            each.story,
            each.test.says,
            _held(each.counts[USUAL_LAW], say),
            f"{say(f'atlas.world.{world}')}: {_held(each.counts[world], say)}",
            each.test.turned.get(world) or say("atlas.not_sought"),
        ]
        for each in found
        for world in each.turns
    ]
    if not rows:
        return section("atlas.turned", say, how, paragraph(say("atlas.none_turned")))
    table = shown_table(Table(head, rows, names=2), say("atlas.turned_caption"), say, "prose")
    return section("atlas.turned", say, how, table)


def _held(count: Count, say: Words) -> str:
    """Write in how many seeds a claim held."""
    return say("story.held_in", held=count.held, seeds=count.seeds)


def _size(say: Words) -> dict[str, str]:
    """Write the size of the recorded runs."""
    seeds, users = recorded_size()
    return {"seeds": say.number(f"{seeds}"), "users": say.number(f"{users:,}")}


def _stories(played: Sequence[StoryOutcome], say: Words) -> Markup:
    return section("atlas.stories", say, *(_story(each, say) for each in played))


def _story(played: StoryOutcome, say: Words) -> Markup:
    story = played.story
    title = element("h3", {"id": story.name}, element("a", {"href": f"{story.name}.html"}, story.title))
    texts = [paragraph(story.question, "question"), paragraph(say("story.says", claim=story.claim))]
    texts += [paragraph(say(f"story.{key}", **{key: getattr(story, key)})) for key in ("right", "wrong")]
    parts = [element("li", {}, f"{each.test.says}: {came_out(each, say)}") for each in played.outcomes]
    teach = paragraph(say("atlas.teach", teach=story.teach), "note")
    return element("div", {"class": "layer"}, title, *texts, element("ul", {}, *parts), teach)
