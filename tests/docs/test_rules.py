"""The pages on the model say what the code does: examples, links, numbers, words, tables, and who is in the world."""

import doctest
import re
from calendar import month_name
from dataclasses import fields
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import Any

import mesa
import pytest

from tests.tools.document_tables import TABLES, marked
from watersellers.agents.apps.advertisers import AdvertiserTraits
from watersellers.agents.assembly import records_of
from watersellers.agents.enterprises.regions import EnterpriseTraits
from watersellers.agents.enterprises.states import StateTraits
from watersellers.agents.finance.ranking_returns import OwnUseNumbers
from watersellers.agents.finance.venture.pool import InvestorTraits
from watersellers.agents.firm import Firm
from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.agents.schedule import FIRMS
from watersellers.agents.strategies import MENUS
from watersellers.agents.users.population import UserTraits
from watersellers.agents.work.segments import WorkTraits
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.chart_of_accounts import ITEMS
from watersellers.market.goods import GOODS, Good

NAMED = re.compile(r"`(\w+)` \(([A-Z]\w+)(?:: ([\w, ]+))?\)")  # a strategy, its class, its numbers
ROOT = Path(__file__).resolve().parents[2]
FOUND = [path for room in ("market", "agents") for path in (ROOT / room).rglob("RULES.md")]
RULES = sorted(path.relative_to(ROOT).as_posix() for path in FOUND)
PAGES = [*RULES, "market/ODD.md", "market/DECISIONS.md", "market/GLOSSARY.md"]


def read(page: str) -> str:
    """The text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


MARKET, MONTH, ODD = map(read, ("market/RULES.md", "agents/RULES.md", "market/ODD.md"))

GLOSSARY = read("market/GLOSSARY.md")
SECTORS: dict[str, type] = {
    "users": UserTraits,
    "enterprises": EnterpriseTraits,
    "advertisers": AdvertiserTraits,
    "investors": InvestorTraits,
    "work": WorkTraits,
    "owners": OwnUseNumbers,
    "states": StateTraits,
}


def numbers_of(group: str) -> list[str]:
    """The numbers of a group, of what every member has and of each mechanism."""
    records = [FIRMS[group].TRAITS, *records_of(group)] if group in FIRMS else [SECTORS[group]]
    return [each.name for record in records for each in fields(record)]


def seen(view: type, **known: float) -> Any:
    """A view with the values named, no bound on prices, and 1.0 for all others."""
    shown = {"dearest": inf, "cheapest": 1e-9, **known}
    return view(**{each.name: shown.get(each.name, 1.0) for each in fields(view)})


def made(kind: type[Firm], **numbers: float) -> Any:
    """A firm with the numbers named and 0 for all others."""
    layer = next(layer for layer, each in FIRMS.items() if each is kind)
    every = {name: numbers.get(name, 0.0) for name in numbers_of(layer)}
    return kind(
        mesa.Model(), ParticipantSpec("firm", 1, "", "firm", "west", 0, "", every, {}, {}), 0, records_of(layer)
    )


def failures(text: str, page: str = "RULES.md") -> str:
    """Execute a page's examples; what is printed otherwise than the page says."""
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


@pytest.mark.parametrize("page", RULES)
def test_the_worked_examples_give_what_the_page_prints(page):
    assert failures(read(page), page) == ""


def test_a_wrong_example_is_seen():
    assert "Expected:\n    3\nGot:\n    2" in failures(">>> 1 + 1\n3\n")


def dead_links(text: str, page: str) -> list[str]:
    """Links of a page that lead nowhere: to no file, or to no heading of it."""
    dead = []
    for file, heading in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", text):
        target = (ROOT / page).parent / file if file else ROOT / page
        if not target.is_file() or (heading and heading not in anchors(target.read_text(encoding="utf-8"))):
            dead.append(f"{file}#{heading}")
    return dead


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    assert dead_links(read(page), page) == []


def test_a_dead_link_is_seen():
    text = "[a](RULES.md#1-arithmetic), [b](RULES.md#1-algebra), [c](NOWHERE.md)"
    assert dead_links(text, "market/ODD.md") == ["RULES.md#1-algebra", "NOWHERE.md#"]


@pytest.mark.parametrize("page", [*PAGES, "README.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_names_is_there(page):
    named = re.findall(r"`((?:market|agents|experiments|viz|tests)/[\w./]+)`", read(page))
    made = re.findall(r"file=(\S+)", read(page))  # of an addition that the page tells
    assert [name for name in named if not (ROOT / name).exists() and name not in made] == []


def test_every_chapter_of_the_rules_stands_once():
    numbers = [number for page in RULES for number in re.findall(r"^#+ (9\.\d+) ", read(page), re.MULTILINE)]
    assert {number for number in numbers if numbers.count(number) > 1} <= {"9.30"}
    assert {f"9.{number}" for number in (*range(1, 32), 41, 42, 43, *range(46, 50), *range(51, 72))} == set(numbers)


def test_the_first_page_lists_every_chapter_of_every_page():
    for page in RULES:
        chapters = re.findall(r"^## (\d.*)$", read(page), re.MULTILINE)
        assert [chapter for chapter in chapters if f"[{chapter}](" not in MARKET] == [], page


def test_every_layer_has_its_rules():
    folders = {path.parent.name for path in (ROOT / "agents").glob("*/month.py")}
    assert {f"agents/{folder}/RULES.md" for folder in folders} <= set(RULES)


def test_the_glossary_is_in_order_and_points_to_what_is_there():
    rows = table(GLOSSARY, "# Glossary")
    words = [row[0] for row in rows]
    assert words == sorted(words, key=str.lower)
    assert len(words) == len(set(words))
    assert [row[0] for row in rows if not re.fullmatch(r"`[\w./]+`", row[3])] == []
    assert [row[0] for row in rows if not row[1]] == []


@pytest.mark.parametrize(("page", "mark"), TABLES)
def test_the_tables_of_the_documents_are_those_of_the_program(page, mark):
    """`python -m tests.tools.document_tables` writes them anew."""
    assert [written for _, written, _ in marked(mark).findall(read(f"market/{page}"))] == [TABLES[page, mark]()]


@pytest.mark.parametrize("group", [*FIRMS, *SECTORS])
def test_the_page_names_exactly_the_numbers_of_each_group(group):
    named = {row[0]: row[1].split(", ") for row in table(MONTH, "# 4 What a scenario provides")}
    assert sorted(named[group]) == sorted(numbers_of(group))


def test_the_page_names_exactly_the_numbers_of_the_world():
    named = {row[0]: row[1].split(", ") for row in table(MONTH, "# 4 What a scenario provides")}
    assert set(named["world"]) == set(load_scenario("baseline").numbers)


def test_the_page_has_every_strategy_with_its_numbers():
    documented = {
        (name, cls): numbers.split(", ") if numbers else []
        for name, cls, numbers in NAMED.findall(" ".join("".join(map(read, RULES)).split()))
    }
    there = {(name, cls) for slots in MENUS.values() for menu in slots.values() for name, cls in menu.items()}
    assert documented == {(name, cls.__name__): [each.name for each in fields(cls)] for name, cls in there}


def test_the_model_description_has_every_decision_with_its_menu_and_the_bare_chains_choice_first():
    rows = table(ODD, "## 2.2 Individual decision making")
    documented = {each: re.findall(r"`(\w+)`", row[2]) for row in rows for each in re.findall(r"`(\w+\.\w+)`", row[1])}
    assert {each: sorted(names) for each, names in documented.items()} == {
        f"{layer}.{decision}": sorted(menu) for layer, menus in MENUS.items() for decision, menu in menus.items()
    }
    for layer, members in load_scenario("plain").groups.items():
        for decision, strategy in ((each, one) for member in members for each, one in member.strategies.items()):
            menu, names = MENUS[layer][decision], documented[f"{layer}.{decision}"]
            assert type(strategy) in {menu[name] for name in names[: 1 + (decision == "sourcing")]}, (layer, decision)


def test_the_page_has_every_purpose_of_chance():
    documented = {name for row in table(MARKET, "### 2.1 The hash") for name in re.findall(r"`(\w+)`", row[0])}
    code = "".join(
        path.read_text(encoding="utf-8") for room in ("market", "agents") for path in (ROOT / room).rglob("*.py")
    )
    drawn = set(re.findall(r"\.(?:hashes|uniform|order)\(\s*\"(\w+)\"", code))
    drawn |= set(re.findall(r"(?:prorated?|draw)\([^\"]*\"(\w+)\"", code))
    assert documented == drawn


def test_every_work_that_the_rules_cite_is_in_the_list_of_literature():
    cited = {
        (author, year)
        for page in PAGES
        for author, year in re.findall(r"([A-Z]\w+) \(?((?:18|19|20)\d\d)[,)]", read(page).split("## 11 Literature")[0])
        if author not in month_name
    }
    listed = " ".join(cell for row in table(MARKET, "## 11 Literature") for cell in row) + ODD.split("# References")[1]
    assert cited
    assert [f"{author} {year}" for author, year in sorted(cited) if author not in listed or year not in listed] == []


def test_the_page_has_every_good_and_item_by_its_code():
    cells = [cell for row in table(MARKET, "## 3.2 Codes") for cell in row]
    pairs = {(name, code) for name, code in pairwise(cells) if code.isdigit()}
    goods = {("hours" if good == Good.HOURS else GOODS[good].name, str(int(good))) for good in Good}
    assert pairs == goods | {(name, str(code)) for code, name in enumerate(ITEMS)}


def test_the_table_of_the_story_and_the_list_after_it_name_exactly_the_firms_of_the_reference_world():
    rows = table(ODD, "# 4 Companies of the story")
    others = ODD[ODD.index("that the story does not name") : ODD.index("Of what the story tells")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row[1])}
    groups = load_scenario("baseline").groups
    there = {member.name for group in ("chips", "cloud", "labs", "apps") for member in groups[group]}
    assert [row[2] for row in rows] == ["yes"] * 36  # tests/analysis/test_entities.py holds each
    assert there == (named | {*re.findall(r"`(\w+)`", others)}) & there
    sectors = {f"advertisers_{region.name}" for region in groups["advertisers"]} | {
        one.name for one in groups["investors"]
    }
    here = {name for row in rows if row[4] == "`baseline`" for name in re.findall(r"`(\w+)`", row[1])}
    assert here <= there | sectors
