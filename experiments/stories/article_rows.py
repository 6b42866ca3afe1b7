"""The article row by row: who stands in the model for each of its figures, and what came out of the stories on it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from watersellers.experiments.analysis.article_facts import Fact, facts
from watersellers.experiments.analysis.entities import Entity, load_entities
from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.stories.adoption_laws import USUAL_LAW
from watersellers.experiments.stories.record import recorded_claims
from watersellers.experiments.stories.story import story_names, story_text

FLAG = "flag"  # unit of a row that tells of a mechanism
ARTICLE = "S"  # what the article's own rows begin with; the others were published elsewhere


@dataclass(frozen=True)
class ArticleRow:
    """A figure of the article: the entities that it is about, and the stories that it supports.

    ``stories`` holds for each story the recorded verdict on each of the article's claims in it, under the usual law.
    """

    fact: Fact
    entities: tuple[Entity, ...]
    stories: Mapping[str, Mapping[str, str]]

    @property
    def says(self) -> str:
        """What the article says, in words: profit over cost: 545 %; a mechanism has no figure."""
        said = self.fact.quantity.replace("_", " ").replace(":", ": ")
        return said if self.fact.unit == FLAG else f"{said}: {_figure(self.fact)} {self.fact.measure}".strip()

    @property
    def who(self) -> str:
        """Who stands for it: entities with their firms, or all of its layer."""
        named = [f"{each.title} ({', '.join(each.firms)})" for each in self.entities]
        return "; ".join(named) or f"all: {self.fact.layer}"

    @property
    def outcomes(self) -> dict[str, dict[str, int]]:
        """The number of claims with each verdict, by story, the most frequent one first."""
        return {name: dict(Counter(verdicts.values()).most_common()) for name, verdicts in self.stories.items()}


def article_rows(word: str | None = None) -> list[ArticleRow]:
    """List the article's figures in the order of ``facts.csv``: one row by its id, or all whose subject has a word.

    Raises
    ------
    BadInput
        If no row has it.
    """
    entities, stories = load_entities(), {name: story_text(name) for name in story_names()}
    claims = {
        name: {
            each.test.says: each.verdicts[USUAL_LAW]
            for each in recorded_claims([name])
            if each.test.of == "article" and USUAL_LAW in each.counts
        }
        for name in stories
    }
    wanted = [fact for fact in facts().values() if fact.id.startswith(ARTICLE) and _has(fact, word)]
    if not wanted:
        raise BadInput(f"rows of the article: found none of {shown(word)}, expected an id as S037 or a word as NVIDIA")
    return [
        ArticleRow(
            fact,
            tuple(each for each in entities if fact.id in each.rows),
            {name: claims[name] for name, story in stories.items() if fact.id in story.rows},
        )
        for fact in wanted
    ]


def _figure(fact: Fact) -> str:
    """Write a row's figure with separated thousands; a year, or what is no number, stays as it stands."""
    if fact.unit in ("date", "year"):
        return fact.value
    try:
        return f"{float(fact.value):,.12g}"
    except ValueError:
        return fact.value


def _has(fact: Fact, word: str | None) -> bool:
    """Say whether a row has an id, or a word in what it is of; every row has None."""
    return word is None or fact.id == word or word.casefold() in fact.subject.casefold()
