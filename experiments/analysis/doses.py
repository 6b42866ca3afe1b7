"""Causes in doses: how to give a world more or less of each.

``doses.toml`` says it of demand, ``supply_doses.toml`` of the supply of machines.
Doses change a loaded scenario: a number of the world, of a group, or of one strategy of a decision is multiplied, from
the start, until a month or from a month on; firms are left out or divided; models stop getting better.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf, log
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.agents.strategies import MENUS
from watersellers.experiments.analysis.decomposition import Cause, world_without
from watersellers.experiments.input.errors import refuse, shown, unknown
from watersellers.experiments.input.months import first_of_month
from watersellers.experiments.input.printable_text import VisibleText
from watersellers.experiments.input.scenario_warnings import unsaid
from watersellers.experiments.input.text_files import read_toml
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import FIRMS, WORLD
from watersellers.experiments.loading.schema import Table
from watersellers.experiments.loading.schema_messages import dotted, schema_problems

DEMAND, SUPPLY = (Path(__file__).parents[1] / name for name in ("doses.toml", "supply_doses.toml"))
FROZEN = 1000.0  # number of a release that no later one follows
REFERENCE = 1.0

type Month = Annotated[str, Field(pattern=r"^[12]\d{3}-(0[1-9]|1[0-2])$")]
type Dose = Annotated[float, Field(ge=0)] | Month
type Figure = Literal[
    "tokens", "own_hours", "paid_seats", "adopted",
    "machines", "machines_2024", "nvidia_machines", "machine_price", "chips_margin", "wait", "capacity_kept",
]  # fmt: skip


class DosesText(Table):
    """A cause and its four doses, as written in the file."""

    title: VisibleText
    meaning: VisibleText
    rises: bool | None = None
    doses: Annotated[list[Dose], Field(min_length=4, max_length=4)]
    times: list[str] = Field(default_factory=list)
    since: Month | None = None
    share_of: list[str] = Field(default_factory=list)
    freeze: str = ""


class DividedText(Table):
    """A firm that is divided among equal ones, and the numbers of which each gets its part, as written in the file."""

    of: str
    divided: list[str]


class StaticsText(Table):
    """A comparative static, as written in the file."""

    claim: VisibleText
    times: list[str] = Field(default_factory=list)
    since: Month | None = None
    until: Month | None = None
    copies: DividedText | None = None
    both: dict[str, Any] = Field(default_factory=dict)
    dose: Annotated[float, Field(ge=0)]
    figure: Figure
    rises: bool
    least: Annotated[float, Field(ge=0)] = 0.0


class FileText(Table):
    """The whole file."""

    scenarios: list[str]
    doses: dict[str, DosesText]
    statics: dict[str, StaticsText]


@dataclass(frozen=True)
class Change:
    """What a dose changes: numbers to multiply (from a month on, or until one), groups to shorten, the release to keep.

    Or ``divided``: a firm for which so many equal ones stand, and the numbers that they share. ``both`` is set anyway.
    """

    times: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    share_of: tuple[str, ...] = ()
    freeze: str = ""
    divided: tuple[str, tuple[str, ...]] = ("", ())
    both: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DosedCause:
    """A cause: whether upstream profit rises with its dose (None: nothing is said of the sign), and its doses."""

    title: str
    meaning: str
    rises: bool | None
    doses: tuple[float | str, ...]
    change: Change

    @property
    def in_order(self) -> list[float | str | None]:
        """All doses from least to most, with the reference, None, at its place: 1, or the month that never comes."""
        return sorted((*self.doses, None), key=_place)

    @property
    def strongest(self) -> float | str:
        """The dose that is farthest from the reference: the largest ratio, or the earliest month."""
        return max(self.doses, key=_distance)


@dataclass(frozen=True)
class Static:
    """A comparative static: the figure that rises or falls with a dose, by a share of ``least`` at the least."""

    claim: str
    change: Change
    dose: float
    figure: str
    rises: bool
    least: float = 0.0


@dataclass(frozen=True)
class DoseTable:
    """The scenarios, causes and comparative statics of a file."""

    scenarios: tuple[str, ...]
    causes: tuple[DosedCause, ...]
    statics: tuple[Static, ...]


def _place(dose: float | str | None) -> tuple[float, str]:
    """Where a dose stands on the scale of its cause."""
    if isinstance(dose, str):
        return 0.0, dose
    return REFERENCE if dose is None else dose, ""


def _distance(dose: float | str) -> float:
    if isinstance(dose, str):
        return -float(first_of_month(dose).toordinal())
    return abs(log(dose)) if dose > 0 else inf


def load_doses(path: Path = DEMAND) -> DoseTable:
    """Read causes with their doses, and comparative statics; those of demand if no file is given.

    Raises
    ------
    BadInput
        If the file can't be read, or anything in it is wrong: a path that names no number of the parameter table, too.
    """
    doc = read_toml(path)
    refuse(f"{path}, {problem}" for problem in schema_problems(FileText, doc, {}, dotted))
    refuse(f"{path}, doses.{name}: {problem}" for name, row in doc["doses"].items() for problem in _unclear(row))
    rows = [(f"{kind}.{name}", row) for kind in ("doses", "statics") for name, row in doc[kind].items()]
    refuse(f"{path}, {place}: {problem}" for place, row in rows for problem in _unknown(row))
    refuse(f"{path}, statics.{name}: {problem}" for name, row in doc["statics"].items() for problem in _vague(row))
    causes = [
        DosedCause(row["title"], row["meaning"], row.get("rises"), tuple(row["doses"]), _change(row))
        for row in doc["doses"].values()
    ]
    statics = [
        Static(row["claim"], _change(row), row["dose"], row["figure"], row["rises"], row.get("least", 0.0))
        for row in doc["statics"].values()
    ]
    return DoseTable(tuple(doc["scenarios"]), tuple(causes), tuple(statics))


def _change(row: Mapping[str, Any]) -> Change:
    listed: dict[str, Any] = {name: tuple(row[name]) for name in ("times", "share_of") if name in row}
    given: dict[str, Any] = {name: row[name] for name in ("since", "until", "freeze", "both") if name in row}
    if "copies" in row:
        given["divided"] = row["copies"]["of"], tuple(row["copies"]["divided"])
    return Change(**listed, **given)


def _unknown(row: Mapping[str, Any]) -> Iterator[str]:
    """Find paths that the parameter table lacks, and groups without firms."""
    known = builtin_catalogue().parameters.by_name
    for path in (*row.get("times", ()), *([row["freeze"]] if row.get("freeze") else [])):
        if path not in known:
            yield f"{shown(path)} is no number of the parameter table, as work.review is"
        elif (row.get("since") or row.get("until") or row.get("freeze")) and path.count(".") > 1:
            yield f"{path}: is a number of a strategy, which only a whole run can have in doses; leave out since, until"
    yield from (unknown("group", group, FIRMS) for group in row.get("share_of", ()) if group not in FIRMS)


def _vague(row: Mapping[str, Any]) -> Iterator[str]:
    """Find a comparative static that changes nothing, or two things, or divides a firm into less than two."""
    ways = [key for key in ("times", "copies") if row.get(key)]
    if len(ways) != 1:
        yield f"found {' and '.join(ways) or 'nothing that changes'}, expected one of times/copies"
    elif ways == ["copies"] and (row["dose"] < 2 or row["dose"] != int(row["dose"])):
        yield f"dose: found {row['dose']:g}, expected the number of equal firms, a whole number from 2 on"


def _unclear(row: Mapping[str, Any]) -> Iterator[str]:
    """Find what the form of a cause does not rule out: two ways to take a dose, or doses of another kind."""
    ways = [key for key in ("times", "share_of", "freeze") if row.get(key)]
    if len(ways) != 1:
        yield f"found {' and '.join(ways) or 'no way to take a dose'}, expected one of times/share_of/freeze"
    dated = [isinstance(dose, str) for dose in row["doses"]]
    if any(dated) != all(dated) or dated[0] != ("freeze" in ways):
        yield f"doses: found {shown(row['doses'])}, expected four numbers, or with freeze four months"
    elif len({*row["doses"], REFERENCE}) <= len(row["doses"]) and not dated[0]:
        yield f"doses: found {shown(row['doses'])}, expected four different numbers beside the reference, 1"


def dosed(scenario: str, change: Change, dose: float | str | None) -> ScenarioSpec:
    """Load a scenario with a dose of a change; None is the scenario itself, with what is set in both."""
    if dose is not None and change.share_of:
        return _with_last(scenario, change.share_of, float(dose))
    if dose is not None and change.divided[0]:
        firm, parts = change.divided
        copies = {"of": firm, "number": round(float(dose)) - 1, "divided": parts}
        return world_without([Cause("divided", firm, firm, change.both, copies)], scenario)
    spec = load_scenario(scenario, change.both)
    if dose is None:
        return spec
    if change.freeze:
        return _set_from(spec, change.freeze, str(dose), dict.fromkeys(_members(spec, change.freeze), FROZEN))
    for path in change.times:
        spec = _multiplied(spec, path, float(dose), change)
    return spec


def _with_last(scenario: str, groups: tuple[str, ...], share: float) -> ScenarioSpec:
    """Leave out firms of some groups, but for the last share of each in the scenario's order, and what these own."""
    base = load_scenario(scenario)
    firms = [firm for group in groups for firm in base.groups[group]]
    first = {group: len(base.groups[group]) - round(share * len(base.groups[group])) for group in groups}
    leaving = {firm.name for group in groups for firm in base.groups[group][: first[group]]}
    gone = [firm.name for firm in firms if firm.name in leaving or firm.owner in leaving]
    with unsaid():
        return load_scenario({"extends": scenario, "name": scenario, "question": base.question, "remove": gone})


def _multiplied(spec: ScenarioSpec, path: str, factor: float, when: Change) -> ScenarioSpec:
    """Multiply a number of the world or of all members of a group; of a strategy, in those that use it."""
    if when.since:
        later = {name: factor * value for name, value in _values(spec, path).items()}
        return _set_from(spec, path, when.since, later)
    group, *rest = path.split(".")
    if group == WORLD:
        more = replace(spec, numbers={**spec.numbers, rest[0]: factor * spec.numbers[rest[0]]})
    else:
        more = replace(
            spec, groups={**spec.groups, group: tuple(_more(one, path, factor) for one in spec.groups[group])}
        )
    return _set_from(more, path, when.until, _values(spec, path)) if when.until else more


def _values(spec: ScenarioSpec, path: str) -> dict[str, float]:
    """A number by member; the world's by a name of nothing."""
    group, number = path.split(".")
    if group == WORLD:
        return {"": spec.numbers[number]}
    return {name: there.numbers[number] for name, there in _members(spec, path).items()}


def _more(member: ParticipantSpec, path: str, factor: float) -> ParticipantSpec:
    """Multiply one member's number, or that of its strategy if it uses the one that the path names."""
    group, *rest = path.split(".")
    if len(rest) == 1:
        return replace(member, numbers={**member.numbers, rest[0]: factor * member.numbers[rest[0]]})
    decision, strategy, number = rest
    chosen, named = member.strategies[decision], MENUS[group][decision][strategy]
    if not isinstance(chosen, named):
        return member
    changed = replace(chosen, **{number: factor * getattr(chosen, number)})  # type: ignore[type-var]
    return replace(member, strategies={**member.strategies, decision: changed})


def _set_from(spec: ScenarioSpec, path: str, since: str, values: Mapping[str, float]) -> ScenarioSpec:
    """Set a number of members from a month on, by an event each; later events on the same number do not happen."""
    group, number = path.split(".")
    first = first_of_month(since)
    month = (first.year - spec.start.year) * 12 + first.month - spec.start.month
    paths = {".".join(filter(None, (group, name, number))): value for name, value in values.items()}
    over = {path, *paths}
    kept = [event for event in spec.events if event.month < month or event.path not in over]
    new = [Event(month, "set", "", one, value, f"{one} is {value:g}") for one, value in paths.items()]
    return replace(spec, events=tuple(kept + new))


def _members(spec: ScenarioSpec, path: str) -> dict[str, ParticipantSpec]:
    return {member.name: member for member in spec.groups[path.split(".")[0]]}
