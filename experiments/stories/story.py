"""The stories of the article: which claim is put to which test, against which control, as tables and not as code.

A story is a file of ``experiments/stories/``; the world it is about is the scenario of the same name, whose first
line is the question. A test is a claim that one run can bear out or not: something read off the run, and a rule of
``verdicts.py``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from watersellers.agents.setting import Setting
from watersellers.experiments.errors import BadInput, refuse, unknown
from watersellers.experiments.parameters import GROUPS, WORLD
from watersellers.experiments.readings import ALL, JOIN, MEASURES, NOTHING, Reading
from watersellers.experiments.scenario import load_scenario
from watersellers.experiments.stories.story_schema import (
    CONTROL,
    STORY,
    ArmSaid,
    StorySaid,
    TestSaid,
    complaints,
    problems,
)
from watersellers.experiments.stories.verdicts import RULES, Rule
from watersellers.experiments.text_files import parse_toml, read_text, read_toml
from watersellers.market.goods import CHAIN, REGIONS, SECTORS

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Arm:
    """A world of a story: what it is called, its setting, and what it is compared with (none: what the test says)."""

    name: str
    title: str
    setting: Setting
    against: str | None


@dataclass(frozen=True)
class Test:
    """A claim that a run bears out or not, and the arms under which it is looked at besides its own."""

    __test__ = False  # is no test of this program

    says: str
    of: str
    rule: Rule
    readings: tuple[Reading, ...]
    bound: float
    arm: str
    against: str
    under: tuple[str, ...]

    @property
    def unit(self) -> str:
        """Unit of what is read."""
        return MEASURES[self.readings[0].measure].unit

    @property
    def title(self) -> str:
        """What is read, of whom, in words."""
        return MEASURES[self.readings[0].measure].title


@dataclass(frozen=True)
class Story:
    """A story of the article: its claim and the published rows it rests on, its worlds, and its tests."""

    name: str
    title: str
    question: str
    claim: str
    rows: tuple[str, ...]
    right: str
    wrong: str
    teach: str
    lacks: tuple[str, ...]
    accounts: bool
    since: date
    until: date
    arms: tuple[Arm, ...]
    tests: tuple[Test, ...]

    def arm(self, name: str) -> Arm:
        """Give an arm by its name."""
        return next(arm for arm in self.arms if arm.name == name)

    def control_of(self, test: Test, arm: str) -> str:
        """Name the arm that a test compares with where it is looked at under a condition."""
        return self.arm(arm).against or test.against


def story_names(folder: Path = FOLDER) -> list[str]:
    """Names of the stories that come with Water Sellers."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def story(name: str, folder: Path = FOLDER) -> Story:
    """Load a story by its name, with its worlds resolved.

    Raises
    ------
    BadInput
        If there is no such story, or anything in it is wrong: all of it at once.
    """
    names = story_names(folder)
    if name not in names:
        raise BadInput(unknown("story", name, names))
    label = f"{folder.name}/{name}.toml"
    return story_of(name, parse_toml(read_text(folder / f"{name}.toml"), label), label)


@cache
def story_said(name: str) -> StorySaid:
    """What the file of a story that comes with Water Sellers says, its worlds not resolved."""
    return StorySaid.model_validate(read_toml(FOLDER / f"{name}.toml"))


def story_of(name: str, doc: Mapping[str, Any], label: str) -> Story:
    """Make a story of what its file says; see ``story``."""
    if CONTROL not in doc:
        raise BadInput(
            f"{label}, control: is missing; a story is told against a control, as in"
            ' [control] title = "the reference world", scenario = "baseline"'
        )
    refuse(f"{label}, {said}" for said in complaints(doc))
    read = StorySaid.model_validate(doc)
    refuse(f"{label}, {said}" for said in problems(read))
    arms = _arms(name, read, label)
    span = _day(read.since), _day(read.until)
    said = read.model_dump(exclude={"control", "arms", "tests", "since", "until"})
    said |= {key: tuple(said[key]) for key in ("rows", "lacks")}
    loaded = Story(
        name=name,
        question=arms[1].setting.question,
        since=span[0],
        until=span[1],
        arms=arms,
        tests=tuple(_test(test, span) for test in read.tests),
        **said,
    )
    refuse(f"{label}, {said}" for said in _strangers(loaded))
    return loaded


def _strangers(loaded: Story) -> Iterator[str]:
    """Say whom a test names that is in none of the worlds, and which months no run reaches."""
    known = {
        NOTHING,
        ALL,
        *CHAIN,
        *GROUPS,
        WORLD,
        *REGIONS,
        *(f"{each}_{region}" for each in SECTORS for region in REGIONS),
    }
    for arm in loaded.arms:
        known |= {member.name for members in arm.setting.groups.values() for member in members}
    first = min(arm.setting.start for arm in loaded.arms)
    last = min(_last(arm.setting) for arm in loaded.arms)
    for number, test in enumerate(loaded.tests, start=1):
        for reading in test.readings:
            for name in reading.who.split(JOIN):
                if name not in known:
                    yield f"tests.{number}, who: {unknown('layer or firm', name, known)}"
            if not first <= reading.since <= reading.until <= last:
                found = f"{reading.since:%Y-%m} to {reading.until:%Y-%m}"
                yield f"tests.{number}: reads {found}, expected months from {first:%Y-%m} to {last:%Y-%m}"


def _arms(name: str, read: StorySaid, label: str) -> tuple[Arm, ...]:
    """Load the control, the story's own world, and the conditions."""
    said = {CONTROL: read.control, STORY: ArmSaid(title="the story", scenario=name)} | read.arms
    arms = []
    for key, arm in said.items():
        try:
            scenario = arm.scenario or name
            if isinstance(scenario, dict):
                scenario = {"name": f"{name}, {key}", "question": arm.title} | scenario
            arms.append(Arm(key, arm.title, load_scenario(scenario, arm.set), arm.against))
        except BadInput as error:
            raise BadInput(*(f"{label}, arms.{key}: {problem}" for problem in error.problems)) from None
    return tuple(arms)


def _test(test: TestSaid, span: tuple[date, date]) -> Test:
    """Make a test of what the file says."""
    since, until = _day(test.since) or span[0], _day(test.until) or span[1]
    names = test.who if isinstance(test.who, list) else [test.who]
    readings = tuple(Reading(test.measure, who, since, until, test.good) for who in names)
    of = {key: getattr(test, key) for key in ("says", "of", "bound", "arm", "against")}
    return Test(rule=RULES[test.rule], readings=readings, under=tuple(test.under), **of)


def _day(month: str | None) -> Any:
    return date.fromisoformat(f"{month}-01") if month else None


def _last(setting: Setting) -> date:
    months = setting.start.year * 12 + setting.start.month - 1 + setting.months - 1
    return date(months // 12, months % 12 + 1, 1)
