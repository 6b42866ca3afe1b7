"""What the file of a story may say, and sentences about what it says wrong."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, ValidationError

from watersellers.experiments.errors import shown, unknown
from watersellers.experiments.facts import facts
from watersellers.experiments.readings import MEASURES
from watersellers.experiments.schema import MONTH, Month, Table
from watersellers.experiments.seen import EXPECTED, UNSEEN, Seen
from watersellers.experiments.stories.verdicts import RULES

STORY, CONTROL = "story", "control"  # the two arms that every story has


class ArmSaid(Table):
    """A world of a story, as its file says it."""

    title: Seen
    scenario: str | dict[str, Any] | None = None
    against: str | None = None
    set: dict[str, Any] = Field(default_factory=dict)


class TestSaid(Table):
    """A claim, as the file says it."""

    says: Seen
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


class StorySaid(Table):
    """A whole story, as its file says it."""

    title: Seen
    claim: Seen
    rows: list[str] = Field(min_length=1)
    right: Seen
    wrong: Seen
    teach: Seen
    lacks: list[str] = Field(default_factory=list)
    accounts: bool = False
    since: Month
    until: Month
    control: ArmSaid
    arms: dict[str, ArmSaid] = Field(default_factory=dict)
    tests: list[TestSaid] = Field(min_length=1)


def complaints(doc: Mapping[str, Any]) -> Iterator[str]:
    """Say what keys are wrong."""
    try:
        StorySaid.model_validate(doc)
    except ValidationError as error:
        for each in error.errors(include_url=False):
            place = ".".join(str(part + 1) if isinstance(part, int) else part for part in each["loc"])
            yield f"{place}: found {shown(each['input'])}, expected {_expected(each)}"


def _expected(error: Any) -> str:
    """Say what should stand where something is wrong."""
    if error["type"] == "missing":
        return f"a table with the key {error['loc'][-1]!r}"
    if error["type"] == UNSEEN:
        return EXPECTED
    if error["type"] == "extra_forbidden":
        models: dict[str, type[Table]] = {"tests": TestSaid, "arms": ArmSaid, "control": ArmSaid}
        known = models.get(str(error["loc"][0]), StorySaid) if len(error["loc"]) > 1 else StorySaid
        return f"one of the keys {', '.join(known.model_fields)}"
    if error["type"] == "string_pattern_mismatch":
        return 'a month such as "2025-02"' if error["ctx"]["pattern"] == MONTH else "another text"
    return str(error["msg"][0].lower() + error["msg"][1:])


def problems(read: StorySaid) -> Iterator[str]:
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


def _of_test(test: TestSaid) -> Iterator[str]:
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
