"""A report says which months its figures are of, and a longer run of the same world gives the same answer."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.worlds.small_runs import SmallRun
from watersellers.viz.drawing.svg import Markup
from watersellers.viz.reports import sections
from watersellers.viz.reports.final_spending_tables import profits, spending
from watersellers.viz.reports.firms_section import by_firm
from watersellers.viz.reports.run_tables import Run
from watersellers.viz.words.catalogue import LANGUAGES, Words

COVERED, LONGER = SmallRun(count=14), SmallRun(count=30)  # from January 2024 on
HEADLINES: tuple[Callable[[Run, Words], Markup], ...] = (
    *(profits, spending, by_firm),
    *(sections.by_owner, sections.years_money),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", HEADLINES, ids=lambda section: section.__name__)
def test_a_longer_run_of_the_same_world_has_the_same_answer(section, language):
    say = LANGUAGES[language]
    assert str(section(LONGER, say)) == str(section(COVERED, say))
    assert "2025" in str(section(LONGER, say))


@pytest.mark.parametrize(
    ("language", "year", "latest"),
    [
        ("en", "the 12 months to February 2025", "the 12 months to June 2026"),
        ("fr", "les 12 mois jusqu'à février 2025", "les 12 mois jusqu'à juin 2026"),
    ],
)
def test_the_last_months_of_a_longer_run_stand_beside_it_under_their_own_name(language, year, latest):
    say = LANGUAGES[language]
    short, long = (unescape(str(sections.by_layer(run, say))) for run in (COVERED, LONGER))
    captions = [re.findall(r"<caption[^>]*>(.*?)</caption>", page) for page in (short, long)]
    named = [[name for name in (year, latest) if name in caption] for caption in captions[1]]
    assert named[:2] == [[year], [latest]]
    assert latest not in short
    goes_on = say("answer.goes_on", month=say.month(LONGER.layers["month"].max()))
    pages = [unescape(str(sections.answer(run, say))) for run in (COVERED, LONGER)]
    assert [goes_on in page for page in pages] == [False, True]


def test_calendar_years_that_the_run_cuts_are_named_by_their_months():
    heads = re.findall(r"<th[^>]*>([^<]*\d{4}[^<]*)</th>", str(sections.by_layer(LONGER, LANGUAGES["en"])))
    assert heads == ["2024", "2025", "2026-01 to 2026-06"]
