"""The article row by row: every figure of it leads to a firm or to a story, and says what came out."""

import json

import pytest

from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.article_facts import facts
from watersellers.experiments.stories.article_rows import ARTICLE, article_rows
from watersellers.experiments.stories.record import recorded_claims
from watersellers.experiments.stories.story import story_text

ROWS = {each.fact.id: each for each in article_rows()}


def test_every_figure_of_the_article_leads_to_a_firm_or_a_story():
    assert list(ROWS) == [id for id in facts() if id.startswith(ARTICLE)]
    assert [id for id, row in ROWS.items() if not row.entities and not row.stories] == []


def test_a_row_has_the_verdicts_of_the_articles_claims_in_the_stories_that_rest_on_it():
    row = ROWS["S055"]  # NVIDIA's margin
    assert [each.name for each in row.entities] == ["nvidia"]
    assert "baseline" in row.stories
    for name, verdicts in row.stories.items():
        assert "S055" in story_text(name).rows
        mine = {
            each.test.says: each.verdicts["mansfield"] for each in recorded_claims([name]) if each.test.of == "article"
        }
        assert verdicts == mine


def test_the_command_prints_each_row_with_who_stands_for_it(capsys):
    assert main(["facts", "--where", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in printed] == list(ROWS)
    by_id = {each["id"]: each for each in printed}
    assert by_id["S084"]["entities"]["Moonshot Kimi"] == ["moonshot", "kimi"]
    assert main(["facts", "--where"]) == 0
    assert "the article row by row" in capsys.readouterr().out


def test_a_row_or_a_word_chooses(capsys):
    assert main(["facts", "S037", "--where", "--json"]) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)] == ["S037"]
    assert main(["facts", "perplexity", "--where", "--json"]) == 0
    chosen = json.loads(capsys.readouterr().out)
    assert len(chosen) > 1
    assert all("perplexity" in each["subject"].casefold() for each in chosen)


@pytest.mark.parametrize("words", [["nix", "--where"], ["S037"]])
def test_a_word_that_chooses_nothing_is_refused(words, capsys):
    assert main(["facts", *words]) == 2
    assert words[0] in capsys.readouterr().err


def test_a_figure_of_no_firm_is_of_a_layer():
    row = ROWS["S017"]  # model companies
    assert row.entities == ()
    assert row.who == "all: labs"


def test_figures_are_written_for_readers():
    assert ROWS["S002"].says == "daily compute cost: 87,072 USD per day"
    assert ROWS["S047"].says.endswith(": 2012 year")
    assert ROWS["S098"].says.startswith("bids received: 1e4-1e5 CNY")
    assert ROWS["S018"].says == "mechanism: high acquisition spend"
