"""The recorded atlas: it is of the claims as they stand, and whatever turned in it says why."""

import json

import polars as pl
import pytest

from tests.analysis.stories.story_record import HEAD, write_record
from watersellers.experiments.__main__ import main
from watersellers.experiments.stories.adoption_laws import USUAL_LAW
from watersellers.experiments.stories.record import (
    BARE_CHAIN,
    RECORD,
    WORLDS,
    Recorded,
    recorded_claims,
    recorded_worlds,
)
from watersellers.experiments.stories.story import story_names
from watersellers.experiments.stories.verdicts import LEAST_SEEDS
from watersellers.viz.reports.story_atlas import turned_section

CLAIMS = recorded_claims(story_names())
SAYS = [f"{each.story}: {each.test.says}" for each in CLAIMS]


def of(says: str) -> Recorded:
    return CLAIMS[SAYS.index(says)]


@pytest.mark.parametrize("says", SAYS)
def test_every_claim_is_recorded_under_every_law_that_is_with_seeds_enough_for_a_verdict(says):
    found = of(says)
    assert {USUAL_LAW} <= set(recorded_worlds()) - {BARE_CHAIN} <= set(found.held)
    assert all(0 <= held <= seeds >= LEAST_SEEDS for held, seeds in found.held.values())


@pytest.mark.parametrize("says", SAYS)
def test_a_claim_says_why_it_turned_if_it_turned_and_only_then(says):
    found = of(says)
    assert bool(found.test.turned) == bool(found.turns), found.verdicts


def test_the_record_has_no_row_of_a_claim_that_no_story_makes():
    rows = pl.read_csv(RECORD)
    assert set(rows.select("story", "claim").rows()) == {(each.story, each.test.says) for each in CLAIMS}
    assert {BARE_CHAIN, USUAL_LAW} <= set(rows["world"]) <= set(WORLDS)
    assert not rows.select("story", "claim", "world").is_duplicated().any()


def test_what_turned_is_printed_and_stands_on_the_atlas_with_its_reason(capsys):
    assert main(["stories", "--recorded"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "what turned, and why" in printed
    assert main(["stories", "--recorded", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [(each["story"], each["says"]) for each in facts] == [(each.story, each.test.says) for each in CLAIMS]
    turned = [each for each in facts if each["turns_around_under"]]
    assert turned
    for each in turned:
        page = str(turned_section([each["story"]]))
        assert each["turned"].split(",")[0].replace("'", "&#x27;") in page


def test_the_record_is_written_from_printed_stories_and_keeps_the_bare_chain(tmp_path):
    record = tmp_path / "record.csv"
    old = [
        ("x", "A", BARE_CHAIN, 3, 20, 1000),
        ("x", "gone", BARE_CHAIN, 9, 20, 1000),
        ("x", "A", "probit", 1, 20, 1000),
    ]
    pl.DataFrame(old, schema=list(HEAD), orient="row").write_csv(record)
    test = {"says": "A", "held": 7, "seeds": 20}
    printed = tmp_path / "mansfield.json"
    printed.write_text(json.dumps([{"name": "x", "law": USUAL_LAW, "users": 1000, "tests": [test]}]), encoding="utf-8")
    write_record([printed], record)
    assert pl.read_csv(record).rows() == [old[0], ("x", "A", USUAL_LAW, 7, 20, 1000)]
