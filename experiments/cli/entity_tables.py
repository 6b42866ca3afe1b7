"""The table of what the article names, with a figure for each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from watersellers.experiments.analysis.entities import YES, Presence
from watersellers.experiments.analysis.run_figures import MEASURES
from watersellers.experiments.cli.run_tables import console, print_table, share
from watersellers.experiments.cli.target_tables import figure_in_words
from watersellers.experiments.stories.adoption_laws import USUAL_LAW
from watersellers.experiments.stories.article_rows import ArticleRow
from watersellers.experiments.stories.record import recorded_size

CENTS = 100


def print_entities(found: Sequence[Presence]) -> None:
    """Print each entity with its firms, its mechanism and its figure, and how many are at work."""
    rows = [
        [each.entity.title, each.status, ", ".join(each.entity.firms), each.entity.mechanism, figure_of(each)]
        for each in found
    ]
    columns = ("named in the article", "at work", "firms", "mechanism, and its chapter", "figure")
    print_table(f"what the article names, in {found[0].world}", columns, rows, lines=True)
    at_work = sum(each.status == YES for each in found)
    console().print(f"{at_work} of {len(found)} are at work: firm, mechanism and figure; in part: a firm is there")


def figure_of(each: Presence) -> str:
    """Write a figure with what it is, of whom, and when."""
    figure, measure = each.entity.figure, MEASURES[each.entity.figure.measure]
    value = each.figure
    if value is None:
        return "-"
    written = {
        "cents": f"{figure_in_words(value / CENTS)} USD",
        "dollars": f"{figure_in_words(value)} USD",
        "share": share(value),
    }.get(measure.unit, figure_in_words(value))
    of = f" ({figure.good})" if figure.good else ""
    return f"{written}: {measure.title}{of}, {figure.who}, {figure.since:%Y-%m} to {figure.until:%Y-%m}"


def print_rows(found: Sequence[ArticleRow]) -> None:
    """Print each figure of the article with who stands for it, and what came out of the claims of its stories."""
    rows = [
        [
            each.fact.id,
            each.fact.subject,
            each.says,
            each.fact.period,
            each.who,
            "; ".join(_outcome(name, counted) for name, counted in each.outcomes.items()) or "-",
        ]
        for each in found
    ]
    columns = ("row", "of whom", "what the article says", "when", "who stands for it", "what came out of its stories")
    print_table("the article row by row", columns, rows, lines=True)
    seeds, users = recorded_size()
    console().print(f"the article's claims in each story by verdict: {seeds} seeds of {users} users, law {USUAL_LAW}")
    console().print("watersellers stories --recorded prints the claims; watersellers entities the figures of firms")


def _outcome(story: str, counted: Mapping[str, int]) -> str:
    """Write how many of the article's claims in a story have which verdict."""
    parts = ", ".join(f"{count} {verdict}" for verdict, count in counted.items())
    return f"{story}: {parts or 'no claim of the article'}"


def facts_of_rows(found: Sequence[ArticleRow]) -> list[dict[str, Any]]:
    """Give the table of the article's figures as JSON."""
    return [
        asdict(each.fact)
        | {"entities": {one.title: list(one.firms) for one in each.entities}}
        | {"stories": {name: dict(claims) for name, claims in each.stories.items()}}
        for each in found
    ]


def facts_of_entities(found: Sequence[Presence]) -> list[dict[str, Any]]:
    """Give the table as JSON: figures in the unit that is named."""
    return [
        {
            "entity": each.entity.title,
            "status": each.status,
            "firms": list(each.entity.firms),
            "mechanism": each.entity.mechanism,
            "world": each.world,
            "figure": each.figure,
            "unit": each.unit,
            "measure": MEASURES[each.entity.figure.measure].title,
        }
        for each in found
    ]
