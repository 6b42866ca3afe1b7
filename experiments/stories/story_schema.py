"""The schema of a story file, and sentences about mistakes in one."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, ValidationError

from watersellers.experiments.analysis.article_facts import facts
from watersellers.experiments.analysis.run_figures import MEASURES
from watersellers.experiments.input.errors import OLD_YEAR, shown, unknown
from watersellers.experiments.input.printable_text import INVISIBLE, VISIBLE_TEXT, VisibleText
from watersellers.experiments.loading.schema import MONTH, Month, Table
from watersellers.experiments.stories.verdicts import RULES

STORY, CONTROL = "story", "control"  # the two arms that every story has


class ArmText(Table):
    """A world of a story, as written in its file."""

    title: VisibleText
    scenario: str | dict[str, Any] | None = None
    against: str | None = None
    set: dict[str, Any] = Field(default_factory=dict)


class TestText(Table):
    """A claim, as written in the file."""

    says: VisibleText
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
    turned: dict[str, VisibleText] = Field(default_factory=dict)  # why it came out otherwise, by world of the record


class StoryText(Table):
    """A whole story, as written in its file."""

    title: VisibleText
    claim: VisibleText
    rows: list[str] = Field(min_length=1)
    right: VisibleText
    wrong: VisibleText
    teach: VisibleText
    lacks: list[str] = Field(default_factory=list)
    accounts: bool = False
    since: Month
    until: Month
    control: ArmText
    arms: dict[str, ArmText] = Field(default_factory=dict)
    tests: list[TestText] = Field(min_length=1)


def key_problems(doc: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each wrong key or value."""
    try:
        StoryText.model_validate(doc)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            place = ".".join(str(part + 1) if isinstance(part, int) else part for part in each["loc"])
            yield f"{place}: found {shown(each['input'])}, expected {_expected(each)}"


def _expected(error: Any) -> str:
    """Write what was expected."""
    if error["type"] == "missing":
        return f"a table with the key {error['loc'][-1]!r}"
    if error["type"] == INVISIBLE:
        return VISIBLE_TEXT
    if error["type"] == "extra_forbidden":
        models: dict[str, type[Table]] = {"tests": TestText, "arms": ArmText, "control": ArmText}
        known = models.get(str(error["loc"][0]), StoryText) if len(error["loc"]) > 1 else StoryText
        return f"one of the keys {', '.join(known.model_fields)}"
    if error["type"] == "string_pattern_mismatch":
        return 'a month such as "2025-02"' if error["ctx"]["pattern"] == MONTH else "another text"
    return str(error["msg"][0].lower() + error["msg"][1:])


def value_problems(read: StoryText) -> Iterator[str]:
    """Yield a sentence for each unknown row, measure, rule or arm, and for each span that ends before it begins."""
    for row in read.rows:
        if row not in facts():
            yield f"rows: {unknown('row of facts.csv', row, facts())}"
    arms = [STORY, CONTROL, *read.arms]
    for clash in {STORY, CONTROL} & set(read.arms):
        yield f"arms.{clash}: is the name of an arm that every story has; choose another"
    for key, own_arm in read.arms.items():
        if own_arm.against is not None and own_arm.against not in arms:
            yield f"arms.{key}, against: {unknown('arm', own_arm.against, arms)}"
    for number, test in enumerate(read.tests, start=1):
        for problem in (*_test_problems(test), *_span_problems(test.since or read.since, test.until or read.until)):
            yield f"tests.{number}, {problem}"
        for name in (test.arm, test.against, *test.under):
            if name not in arms:
                yield f"tests.{number}: {unknown('arm', name, arms)}"


def _test_problems(test: TestText) -> Iterator[str]:
    """Yield what is wrong with a test."""
    if test.measure.startswith(OLD_YEAR):
        yield f"measure: found {shown(test.measure)}, expected one whose months are those from since to until"
    elif test.measure not in MEASURES:
        yield f"measure: {unknown('measure', test.measure, MEASURES)}"
    elif MEASURES[test.measure].by_good != bool(test.good):
        wanted = "the good that was paid for" if MEASURES[test.measure].by_good else "no good"
        yield f"good: found {shown(test.good)}, expected {wanted} for the measure {test.measure!r}"
    if test.rule not in RULES:
        yield f"rule: {unknown('rule', test.rule, RULES)}"
        return
    if RULES[test.rule].compares != isinstance(test.who, list):
        wanted = "a list of two or more" if RULES[test.rule].compares else "one name, or several joined by +"
        yield f"who: found {shown(test.who)}, expected {wanted} for the rule {test.rule!r}"
    if "bound" in test.model_fields_set and not RULES[test.rule].bounded:
        yield f"bound: found {shown(test.bound)}, expected none for the rule {test.rule!r}"
    if RULES[test.rule].paired and test.arm == test.against:
        yield f"against: found {shown(test.against)}, expected an arm other than the test's own"


def _span_problems(since: str, until: str) -> Iterator[str]:
    """Yield a sentence if a span ends before it begins."""
    if since > until:
        yield f"until: found {until!r}, expected {since!r} or later"
