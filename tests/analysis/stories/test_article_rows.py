"""The article row by row: every figure of it leads to a firm or to a story, and says what came out."""

import json

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
