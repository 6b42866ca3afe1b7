"""The recorded atlas: it is of the claims as they stand, and whatever turned in it says why."""

import json

import polars as pl
import pytest

from tests.analysis.stories.story_record import HEAD, write_record
from watersellers.experiments.__main__ import main
from watersellers.experiments.stories.adoption_laws import OF_ALL_LAWS, USUAL_LAW
from watersellers.experiments.stories.record import (
    BARE_CHAIN,
    RECORD,
    WORLDS,
    Count,
    Recorded,
    definition_of,
    recorded_claims,
    recorded_worlds,
)
from watersellers.experiments.stories.story import story_names, story_text
from watersellers.experiments.stories.verdicts import HOLDS, LEAST_SEEDS
from watersellers.viz.drawing.svg import escaped
from watersellers.viz.reports.story_atlas import rows_section, turned_section
from watersellers.viz.words.catalogue import LANGUAGES

CLAIMS = recorded_claims(story_names())
SAYS = [f"{each.story}: {each.test.says}" for each in CLAIMS]


def of(says: str) -> Recorded:
    return CLAIMS[SAYS.index(says)]


@pytest.mark.parametrize("says", SAYS)
def test_every_claim_is_recorded_under_every_law_that_is_with_seeds_enough_for_a_verdict(says):
    found = of(says)
    laws = {USUAL_LAW} if found.story == OF_ALL_LAWS else set(recorded_worlds()) - {BARE_CHAIN}
    assert {USUAL_LAW} <= laws <= set(found.counts)
    assert all(0 <= each.held <= each.seeds >= LEAST_SEEDS for each in found.counts.values())


@pytest.mark.parametrize("says", SAYS)
def test_a_claim_says_why_it_turned_only_where_it_did(says):
    found = of(says)
    assert set(found.test.turned) <= set(found.turns), found.counts


def test_a_claim_turns_where_it_holds_in_half_of_the_seeds_more_or_fewer():
    counts = {BARE_CHAIN: Count(8, 10), USUAL_LAW: Count(4, 10), "epidemic": Count(9, 10), "probit": Count(0, 10)}
    assert Recorded("x", CLAIMS[0].test, counts).turns == ["epidemic"]
    assert Recorded("x", CLAIMS[0].test, counts | {USUAL_LAW: Count(5, 10)}).turns == ["probit"]


def test_the_record_is_of_the_claims_as_they_are_defined_now():
    """Whoever changes a measure, a rule, a firm, a month or a control judges the claim again."""
    rows = pl.read_csv(RECORD).filter(pl.col("world") != BARE_CHAIN)
    texts = {name: story_text(name) for name in story_names()}
    defined = {(name, test.says): definition_of(text, test) for name, text in texts.items() for test in text.tests}
    assert {each[:2] for each in rows.select("story", "claim").rows()} == set(defined)
    assert [row for row in rows.select("story", "claim", "definition").rows() if defined[row[:2]] != row[2]] == []
    test = texts["baseline"].tests[0]
    assert (
        definition_of(texts["baseline"], test.model_copy(update={"who": ["labs", "chips"]}))
        != defined["baseline", test.says]
    )


def test_the_record_has_each_claim_once_in_each_world():
    rows = pl.read_csv(RECORD)
    assert {BARE_CHAIN, USUAL_LAW} <= set(rows["world"]) <= set(WORLDS)
    assert not rows.select("story", "claim", "world").is_duplicated().any()


def test_what_turned_is_printed_and_stands_on_the_atlas_with_its_reason(capsys):
    assert main(["stories", "--recorded"]) == 0
    printed = capsys.readouterr().out
    assert "what turned, and why" in printed
    mine = [each.verdicts[USUAL_LAW] for each in CLAIMS if each.test.of == "article"]
    assert f"of the article's {len(mine)} claims, {USUAL_LAW}: {mine.count(HOLDS)} {HOLDS}, " in printed
    assert main(["stories", "--recorded", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [(each["story"], each["says"]) for each in facts] == [(each.story, each.test.says) for each in CLAIMS]
    reasons = [(each["story"], why) for each in facts for why in each["turned"].values() if why]
    assert reasons
    for story, why in reasons:
        assert escaped(why) in turned_section([story])


@pytest.mark.parametrize("more", [["--list"], ["--law", "probit"], ["--law", "bogus"], ["nothing"]])
def test_what_does_not_go_with_the_record_is_refused(more, capsys):
    assert main(["stories", "--recorded", *more]) == 2
    assert more[-1].lstrip("-") in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_atlas_leads_from_each_figure_of_the_article_to_who_stands_for_it(language):
    page = rows_section({"baseline"}, LANGUAGES[language])
    for fact in ("S055", "NVIDIA", "DeepSeek"):
        assert fact in page
    assert 'href="baseline.html"' in page  # a story that has a page here
    assert 'href="qq_moment.html"' not in page


def test_the_record_is_written_from_printed_stories_and_keeps_the_bare_chain(tmp_path):
    record, says = tmp_path / "record.csv", CLAIMS[0].test.says
    story = CLAIMS[0].story
    old = [
        (story, says, "", BARE_CHAIN, 3, 20, 1000),
        (story, "gone", "", BARE_CHAIN, 9, 20, 1000),
        (story, says, "x", "probit", 1, 20, 1000),
    ]
    pl.DataFrame(old, schema=list(HEAD), orient="row").write_csv(record)
    test = {"says": says, "held": 7, "seeds": 20}
    printed = tmp_path / "mansfield.json"
    law = {"name": story, "law": USUAL_LAW, "users": 1000, "tests": [test]}
    printed.write_text(json.dumps([law], allow_nan=False), encoding="utf-8")
    write_record([printed], record)
    defined = definition_of(story_text(story), CLAIMS[0].test)
    found = pl.read_csv(record, schema_overrides={"definition": pl.String}).fill_null("").rows()
    assert found == [old[0], (story, says, defined, USUAL_LAW, 7, 20, 1000)]
