"""The pages on the model say what the code does: worked examples, links, numbers named, and who is in the world."""

import doctest
import re
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import mesa
import pytest

from watersellers.agents.advertisers import AdvertiserTraits
from watersellers.agents.budgets import EnterpriseTraits
from watersellers.agents.firm import Firm
from watersellers.agents.investors import InvestorTraits
from watersellers.agents.population import UserTraits
from watersellers.agents.schedule import FIRMS, records_of
from watersellers.agents.setting import Member
from watersellers.agents.strategies import MENUS
from watersellers.experiments.scenario import load_scenario
from watersellers.market.goods import GOODS, ITEMS, Good

NAMED = re.compile(r"`(\w+)` \(([A-Z]\w+)(?:: ([\w, ]+))?\)")  # a strategy, its class, its numbers
MARKET = Path(__file__).resolve().parents[1] / "market"
LOG, ODD = ((MARKET / name).read_text(encoding="utf-8") for name in ("DECISIONS.md", "ODD.md"))
SECTORS: dict[str, type] = {
    "users": UserTraits,
    "enterprises": EnterpriseTraits,
    "advertisers": AdvertiserTraits,
    "investors": InvestorTraits,
}


def numbers_of(group: str) -> list[str]:
    """The numbers of a group, of what every member has and of each mechanism."""
    records = [FIRMS[group].TRAITS, *records_of(group)] if group in FIRMS else [SECTORS[group]]
    return [each.name for record in records for each in fields(record)]


def seen(view: type, **known: float) -> Any:
    """A view with the values named and 1.0 for all others."""
    return view(**{each.name: known.get(each.name, 1.0) for each in fields(view)})


def made(kind: type[Firm], **numbers: float) -> Any:
    """A firm with the numbers named and 0 for all others."""
    layer = next(layer for layer, each in FIRMS.items() if each is kind)
    every = {name: numbers.get(name, 0.0) for name in numbers_of(layer)}
    return kind(mesa.Model(), Member("firm", 1, "", "firm", "west", 0, "", every, {}, {}), 0, records_of(layer))


def failures(text: str) -> str:
    """Execute a page's examples; what is printed otherwise than the page says."""
    page = "DECISIONS.md"
    examples = doctest.DocTestParser().get_doctest(text, {"seen": seen, "made": made}, page, page, 0)
    assert examples.examples
    report: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=report.append)
    return "".join(report)


def table(text: str, heading: str) -> list[list[str]]:
    """Cells of the first table after a heading, its own head left out."""
    rows = re.search(r"(?:^\|.*\n)+", text[text.index(heading) :], re.MULTILINE)
    assert rows
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[0].splitlines()[2:]]


def anchors(text: str) -> set[str]:
    """Names of a page's headings as links call them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_worked_examples_give_what_the_page_prints():
    assert failures(LOG) == ""


def test_a_wrong_example_is_seen():
    assert "Expected:\n    3\nGot:\n    2" in failures(">>> 1 + 1\n3\n")


@pytest.mark.parametrize("page", [LOG, ODD], ids=["DECISIONS.md", "ODD.md"])
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((DECISIONS\.md)?#([^)]*)\)", page)
    wrong = [name for log, name in links if name not in anchors(LOG if log else page)]
    assert links
    assert wrong == []


@pytest.mark.parametrize("group", [*FIRMS, *SECTORS])
def test_the_page_names_exactly_the_numbers_of_each_group(group):
    named = {row[0]: row[1].split(", ") for row in table(LOG, "# 4 What a scenario hands over")}
    assert sorted(named[group]) == sorted(numbers_of(group))


def test_the_page_names_exactly_the_numbers_of_the_world():
    named = {row[0]: row[1].split(", ") for row in table(LOG, "# 4 What a scenario hands over")}
    assert set(named["world"]) == set(load_scenario("baseline").numbers)


def test_the_page_has_every_strategy_with_its_numbers():
    told = {(name, cls): said.split(", ") if said else [] for name, cls, said in NAMED.findall(LOG)}
    there = {(name, cls) for slots in MENUS.values() for menu in slots.values() for name, cls in menu.items()}
    assert told == {(name, cls.__name__): [each.name for each in fields(cls)] for name, cls in there}


def test_the_page_has_every_good_and_item_by_its_code():
    cells = [cell for row in table(LOG, "## 3.2 Codes") for cell in row]
    pairs = {(name, code) for name, code in pairwise(cells) if code.isdigit()}
    goods = {("hours" if good == Good.HOURS else GOODS[good].name, str(int(good))) for good in Good}
    assert pairs == goods | {(name, str(code)) for code, name in enumerate(ITEMS)}


def test_the_table_of_the_story_and_the_list_after_it_name_exactly_the_firms_of_the_reference_world():
    rows = table(ODD, "# 4 Who of the story is there")
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row[1])]
    told += re.findall(r"`(\w+)`", ODD[ODD.index("that the story does not name") : ODD.index("# References")])
    groups = load_scenario("baseline").groups
    assert len(rows) == 36
    assert sorted(told) == sorted(
        ["advertisers", *(member.name for group in ("chips", "cloud", "labs", "apps") for member in groups[group])]
    )


def test_a_row_that_is_there_names_a_firm_or_a_switch_and_one_that_is_not_names_neither():
    for story, firms, there, switch, missing in table(ODD, "# 4 Who of the story is there"):
        assert there in ("yes", "in part", "no"), story
        assert bool(firms or switch) == (there != "no") or story == "Qihoo 360", story
        assert not (there == "yes" and missing), story
