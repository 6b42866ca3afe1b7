"""The stories of the article: which claim is put to which test, against which control, as tables and not as code.

A story is a file of ``experiments/stories/``; the world it is about is the scenario of the same name, whose first
line is the question. A test is a claim that one run can bear out or not: something read off the run, and a rule of
``verdicts.py``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.setting import Setting
from experiments.errors import BadInput, refuse, shown, unknown
from experiments.facts import facts
from experiments.parameters import GROUPS, REGIONS, SECTORS, WORLD
from experiments.readings import ALL, JOIN, MEASURES, NOTHING, Reading
from experiments.scenario import load_scenario
from experiments.schema import MONTH, Month
from experiments.verdicts import RULES, Rule
from market.goods import CHAIN

FOLDER = Path(__file__).with_name("stories")
STORY, CONTROL = "story", "control"  # the two arms that every story has


class _Table(BaseModel):
    """A table of a story: no key that isn't known."""

    model_config = ConfigDict(extra="forbid", strict=True)


class _Arm(_Table):
    title: str = Field(min_length=1)
    scenario: str | dict[str, Any] | None = None
    against: str | None = None
    set: dict[str, Any] = Field(default_factory=dict)


class _Test(_Table):
    says: str = Field(min_length=1)
    of: Literal["article", "rival", "condition"] = "article"
    rule: str
    measure: str
    who: str | list[str]
    good: str = ""
    bound: float = 0.0
    arm: str = STORY
    against: str = CONTROL
    under: list[str] = Field(default_factory=list)
    since: Month | None = None
    until: Month | None = None


class _Story(_Table):
    title: str = Field(min_length=1)
    claim: str = Field(min_length=1)
    rows: list[str] = Field(min_length=1)
    right: str = Field(min_length=1)
    wrong: str = Field(min_length=1)
    teach: str = Field(min_length=1)
    lacks: list[str] = Field(default_factory=list)
    accounts: bool = False
    since: Month
    until: Month
    control: _Arm
    arms: dict[str, _Arm] = Field(default_factory=dict)
    tests: list[_Test] = Field(min_length=1)


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
    try:
        doc = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{label}: does not parse as TOML: {error}") from None
    return story_of(name, doc, label)


def story_of(name: str, doc: Mapping[str, Any], label: str) -> Story:
    """Make a story of what its file says; see ``story``."""
    if CONTROL not in doc:
        raise BadInput(
            f"{label}, control: is missing; a story is told against a control, as in"
            ' [control] title = "the reference world", scenario = "baseline"'
        )
    refuse(f"{label}, {said}" for said in _complaints(doc))
    read = _Story.model_validate(doc)
    refuse(f"{label}, {said}" for said in _problems(read))
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


def _complaints(doc: Mapping[str, Any]) -> Iterator[str]:
    """Say what keys are wrong."""
    try:
        _Story.model_validate(doc)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            place = ".".join(str(part + 1) if isinstance(part, int) else part for part in each["loc"])
            yield f"{place}: found {shown(each['input'])}, expected {_expected(each)}"


def _expected(error: Any) -> str:
    """Say what should stand where something is wrong."""
    if error["type"] == "missing":
        return f"a table with the key {error['loc'][-1]!r}"
    if error["type"] == "extra_forbidden":
        models: dict[str, type[_Table]] = {"tests": _Test, "arms": _Arm, "control": _Arm}
        known = models.get(str(error["loc"][0]), _Story) if len(error["loc"]) > 1 else _Story
        return f"one of the keys {', '.join(known.model_fields)}"
    if error["type"] == "string_pattern_mismatch":
        return 'a month such as "2025-02"' if error["ctx"]["pattern"] == MONTH else "another text"
    return str(error["msg"][0].lower() + error["msg"][1:])


def _problems(read: _Story) -> Iterator[str]:
    """Say what names nothing: rows, measures, rules, arms; and spans that end before they begin."""
    for row in read.rows:
        if row not in facts():
            yield f"rows: {unknown('row of facts.csv', row, facts())}"
    arms = [STORY, CONTROL, *read.arms]
    for clash in {STORY, CONTROL} & set(read.arms):
        yield f"arms.{clash}: is the name of an arm that every story has; choose another"
    for key, told in read.arms.items():
        if told.against is not None and told.against not in arms:
            yield f"arms.{key}, against: {unknown('arm', told.against, arms)}"
    for number, test in enumerate(read.tests, start=1):
        for said in (*_of_test(test), *_of_span(test.since or read.since, test.until or read.until)):
            yield f"tests.{number}, {said}"
        for arm in (test.arm, test.against, *test.under):
            if arm not in arms:
                yield f"tests.{number}: {unknown('arm', arm, arms)}"


def _of_test(test: _Test) -> Iterator[str]:
    """Say what is wrong with a test."""
    if test.measure not in MEASURES:
        yield f"measure: {unknown('measure', test.measure, MEASURES)}"
    elif MEASURES[test.measure].by_good != bool(test.good):
        wanted = "the good that was paid for" if MEASURES[test.measure].by_good else "no good"
        yield f"good: found {shown(test.good)}, expected {wanted} for the measure {test.measure!r}"
    if test.rule not in RULES:
        yield f"rule: {unknown('rule', test.rule, RULES)}"
        return
    if RULES[test.rule].several != isinstance(test.who, list):
        wanted = "a list of two or more" if RULES[test.rule].several else "one name, or several joined by +"
        yield f"who: found {shown(test.who)}, expected {wanted} for the rule {test.rule!r}"
    if "bound" in test.model_fields_set and not RULES[test.rule].bounded:
        yield f"bound: found {shown(test.bound)}, expected none for the rule {test.rule!r}"
    if RULES[test.rule].paired and test.arm == test.against:
        yield f"against: found {shown(test.against)}, expected another arm than the test's own"


def _of_span(since: str, until: str) -> Iterator[str]:
    """Say so if a span ends before it begins."""
    if since > until:
        yield f"until: found {until!r}, expected {since!r} or later"


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


def _arms(name: str, read: _Story, label: str) -> tuple[Arm, ...]:
    """Load the control, the story's own world, and the conditions."""
    said = {CONTROL: read.control, STORY: _Arm(title="the story", scenario=name)} | read.arms
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


def _test(test: _Test, span: tuple[date, date]) -> Test:
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


@cache
def stories() -> tuple[Story, ...]:
    """Load all stories, in the order of their names."""
    return tuple(story(name) for name in story_names())
