"""The oracle agrees with the model where search companies put answers on their result pages."""

from dataclasses import replace

import pytest

from tests.oracle import economy as oracle
from tests.oracle.comparison import changed, compare, names, numbered, small
from watersellers.agents.scenario_spec import Event, ParticipantSpec
from watersellers.agents.strategies.answering import AllPages, NoPages, WhereItPays


def answering(strategy: object):
    def change(app: ParticipantSpec) -> ParticipantSpec:
        return replace(app, strategies={**app.strategies, "answering": strategy})

    return change


@pytest.mark.parametrize(("seed", "strategy"), [(2, AllPages()), (5, WhereItPays()), (8, NoPages())])
def test_result_pages_and_answers_to_them(seed, strategy):
    paged = numbered(opening_pages=9e5, page_slots=1.0, ad_load=4.0, page_loss=0.9, opening_known=0.6)
    spec = changed(small(seed=seed, months=8), paged, ("apps",))
    spec = changed(spec, numbered(page_budget=5e6, page_bidders=9e6), ("advertisers",))
    spec = changed(spec, answering(strategy), ("apps",))
    later = Event(5, "set", "", "apps.page_slots", 3.0, "")
    rows = compare(replace(spec, events=(later,)), 60, seed, 8)
    sold = {row[5] for row in rows if row[1] == 7}  # accounts that are credited when slots are paid
    pages = [account for account, name in enumerate(names(spec)) if name.endswith("_pages")]
    assert set(pages) & sold
    assert rows != oracle.run(changed(spec, numbered(opening_pages=0.0), ("apps",)), 60, seed, 8)
