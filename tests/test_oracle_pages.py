"""The slow reference agrees where search companies answer their older result pages."""

from dataclasses import replace

import pytest

from tests import oracle
from tests.test_oracle import changed, compare, names, numbered, small
from watersellers.agents.setting import Event, Member
from watersellers.agents.strategies.answering import AllPages, NoPages, WhereItPays


def answering(strategy: object):
    def change(app: Member) -> Member:
        return replace(app, strategies={**app.strategies, "answering": strategy})

    return change


@pytest.mark.parametrize(("seed", "strategy"), [(2, AllPages()), (5, WhereItPays()), (8, NoPages())])
def test_result_pages_and_answers_to_them(seed, strategy):
    paged = numbered(opening_pages=9e5, page_slots=1.0, ad_load=4.0, page_loss=0.9, opening_known=0.6)
    setting = changed(small(seed=seed, months=8), paged, ("apps",))
    setting = changed(setting, numbered(page_budget=5e6, page_bidders=9e6), ("advertisers",))
    setting = changed(setting, answering(strategy), ("apps",))
    later = Event(5, "set", "", "apps.page_slots", 3.0, "")
    rows = compare(replace(setting, events=(later,)), 60, seed, 8)
    sold = {row[5] for row in rows if row[1] == 7}  # who is credited when slots are paid
    lines = [place for place, one in enumerate(names(setting)) if one.endswith("_pages")]
    assert set(lines) & sold
    assert rows != oracle.run(changed(setting, numbered(opening_pages=0.0), ("apps",)), 60, seed, 8)
