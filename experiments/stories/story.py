"""Stories of the article as tables: each claim with its test and its control.

A story is a file of ``experiments/stories/``; its world is the scenario of the same name, whose first line is the
question. A test is a claim about figures of a run, and a rule of ``verdicts.py`` that judges it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.run_figures import JOIN, MEASURES, NOTHING, WHOLE_CHAIN, Figure
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.input.errors import BadInput, refuse, unknown
from watersellers.experiments.input.months import first_of_month
from watersellers.experiments.input.scenario_warnings import unsaid
from watersellers.experiments.input.text_files import parse_toml, read_text, read_toml
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import GROUPS, WORLD
from watersellers.experiments.loading.writer import settings_text
from watersellers.experiments.own_code.passed_rules import with_strategies
from watersellers.experiments.stories.adoption_laws import OF_ALL_LAWS, USUAL_LAW, adoption_law, under_law
from watersellers.experiments.stories.story_schema import (
    CONTROL,
    STORY,
    ArmText,
    StoryText,
    TestText,
    key_problems,
    value_problems,
)
from watersellers.experiments.stories.verdicts import RULES, Rule
from watersellers.market.goods import CHAIN, REGIONS, SECTORS

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Arm:
    """A world of a story: its name and title, its scenario, and its own control (None: that of the test)."""

    name: str
    title: str
    spec: ScenarioSpec
    against: str | None


@dataclass(frozen=True)
class Test:
    """A claim that a run confirms or not, and the further arms under which it is judged."""

    __test__ = False  # pytest must not collect it

    says: str
    of: str
    rule: Rule
    figures: tuple[Figure, ...]
    bound: float
    arm: str
    against: str
    under: tuple[str, ...]

    @property
    def unit(self) -> str:
        """Unit of the figures."""
        return MEASURES[self.figures[0].measure].unit

    @property
    def period(self) -> Period:
        """The months that are read."""
        return Period(self.figures[0].since, self.figures[0].until)

    @property
    def title(self) -> str:
        """What is measured, in words."""
        return MEASURES[self.figures[0].measure].title


NO_CHANGES: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Story:
    """A story of the article: its claim, the published rows that support it, its worlds, and its tests."""

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
    law: str = USUAL_LAW  # of adoption, in all its worlds
    set: Mapping[str, Any] = NO_CHANGES  # in all its worlds, over what each of them sets

    def arm(self, name: str) -> Arm:
        """Return an arm by its name."""
        return next(arm for arm in self.arms if arm.name == name)

    def control_of(self, test: Test, arm: str) -> str:
        """Return the name of the control that a test has under a condition."""
        return self.arm(arm).against or test.against


def story_names(folder: Path = FOLDER, law: str = USUAL_LAW) -> list[str]:
    """Return the names of the stories that come with Water Sellers, and can be told under a law of adoption."""
    names = sorted(path.stem for path in folder.glob("*.toml"))
    return names if law == USUAL_LAW else [name for name in names if name != OF_ALL_LAWS]


def load_story(
    name: str,
    folder: Path = FOLDER,
    law: str = USUAL_LAW,
    set: Mapping[str, Any] | None = None,
    strategies: Mapping[str, Any] | None = None,
) -> Story:
    """Load a story by its name, with its worlds resolved under a law of adoption.

    ``set`` and ``strategies`` hold in all its worlds, over what each of them sets; see ``Sweep``.

    Raises
    ------
    BadInput
        If there is no such story or law, or anything in it is wrong; all at once.
    """
    changes = with_strategies(set, strategies, name)
    names = story_names(folder)
    if name not in names:
        raise BadInput(unknown("story", name, names))
    if name == OF_ALL_LAWS and law != USUAL_LAW:
        raise BadInput(f"law: found {law!r} for {name}, expected none, since it compares all laws; leave the law out")
    label = f"{folder.name}/{name}.toml"
    return make_story(name, parse_toml(read_text(folder / f"{name}.toml"), label), label, law, changes)


@cache
def story_text(name: str) -> StoryText:
    """Return the text of a story that comes with Water Sellers, without resolving its worlds.

    Raises
    ------
    BadInput
        If there is no such story.
    """
    if name not in story_names():
        raise BadInput(unknown("story", name, story_names()))
    return StoryText.model_validate(read_toml(FOLDER / f"{name}.toml"))


def make_story(
    name: str, doc: Mapping[str, Any], label: str, law: str = USUAL_LAW, changes: Mapping[str, Any] = NO_CHANGES
) -> Story:
    """Make a story from the document of its file; see ``load_story``."""
    if CONTROL not in doc:
        raise BadInput(
            f"{label}, control: is missing; a story needs a control to compare with, as in"
            ' [control] title = "the reference world", scenario = "baseline"'
        )
    refuse(f"{label}, {problem}" for problem in key_problems(doc))
    read = StoryText.model_validate(doc)
    refuse(f"{label}, {problem}" for problem in value_problems(read))
    arms = _arms(name, read, label, law, changes)
    span = _month_or_none(read.since), _month_or_none(read.until)
    texts = read.model_dump(exclude={"control", "arms", "tests", "since", "until"})
    texts |= {key: tuple(texts[key]) for key in ("rows", "lacks")}
    texts["title"] += "" if law == USUAL_LAW else f" (law of adoption: {law})"
    texts["title"] += f" (with {settings_text(changes)})" if changes else ""
    loaded = Story(
        name=name,
        question=arms[1].spec.question,
        since=span[0],
        until=span[1],
        arms=arms,
        tests=tuple(_test(test, span) for test in read.tests),
        law=law,
        set=changes,
        **texts,
    )
    refuse(f"{label}, {problem}" for problem in _unknown_names(loaded))
    return loaded


def _unknown_names(loaded: Story) -> Iterator[str]:
    """Yield the names in tests that none of the worlds has, and the months that no run reaches."""
    known = {
        NOTHING,
        WHOLE_CHAIN,
        *CHAIN,
        *GROUPS,
        WORLD,
        *REGIONS,
        *(f"{each}_{region}" for each in SECTORS for region in REGIONS),
    }
    for arm in loaded.arms:
        known |= {member.name for members in arm.spec.groups.values() for member in members}
    first = min(arm.spec.start for arm in loaded.arms)
    last = min(_last_month(arm.spec) for arm in loaded.arms)
    for number, test in enumerate(loaded.tests, start=1):
        for figure in test.figures:
            for name in figure.who.split(JOIN):
                if name not in known:
                    yield f"tests.{number}, who: {unknown('layer or firm', name, known)}"
            if not first <= figure.since <= figure.until <= last:
                found = f"{figure.since:%Y-%m} to {figure.until:%Y-%m}"
                yield f"tests.{number}: reads {found}, expected months from {first:%Y-%m} to {last:%Y-%m}"


def _arms(name: str, read: StoryText, label: str, law: str, changes: Mapping[str, Any]) -> tuple[Arm, ...]:
    """Load the control, the story's own world, and the conditions."""
    texts = {CONTROL: read.control, STORY: ArmText(title="the story", scenario=name)} | read.arms
    adopting = adoption_law(law)
    arms = []
    for key, arm in texts.items():
        try:
            scenario: str | dict[str, Any] = arm.scenario or name
            if isinstance(scenario, dict):
                scenario = {"name": f"{name}, {key}", "question": arm.title} | scenario
            elif law != USUAL_LAW:
                question = builtin_catalogue().read(scenario).question
                scenario = {"name": scenario, "question": question, "extends": scenario}
            if isinstance(scenario, dict):
                scenario = under_law(scenario, adopting)
            with unsaid():  # a condition that takes money away says so in its title
                arms.append(Arm(key, arm.title, load_scenario(scenario, {**arm.set, **changes}), arm.against))
        except BadInput as error:
            raise BadInput(*(f"{label}, arms.{key}: {problem}" for problem in error.problems)) from None
    return tuple(arms)


def _test(test: TestText, span: tuple[date, date]) -> Test:
    """Make a test from its table in the file."""
    since, until = _month_or_none(test.since) or span[0], _month_or_none(test.until) or span[1]
    names = test.who if isinstance(test.who, list) else [test.who]
    figures = tuple(Figure(test.measure, who, since, until, test.good) for who in names)
    of = {key: getattr(test, key) for key in ("says", "of", "bound", "arm", "against")}
    return Test(rule=RULES[test.rule], figures=figures, under=tuple(test.under), **of)


def _month_or_none(month: str | None) -> Any:
    return first_of_month(month) if month else None


def _last_month(spec: ScenarioSpec) -> date:
    months = spec.start.year * 12 + spec.start.month - 1 + spec.months - 1
    return date(months // 12, months % 12 + 1, 1)
