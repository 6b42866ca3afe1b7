"""Causes in doses and comparative statics, as files of them say.

``doses.toml`` says it of demand, ``supply_doses.toml`` of the supply of machines. Each plays in the
scenarios of its file, or in the one that it names, where its cause is at work.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, log
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from watersellers.experiments.analysis.doses.worlds import Change
from watersellers.experiments.input.errors import refuse, shown, unknown
from watersellers.experiments.input.months import first_of_month
from watersellers.experiments.input.printable_text import VisibleText
from watersellers.experiments.input.text_files import read_toml
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import scenario_names
from watersellers.experiments.loading.parameters import FIRMS
from watersellers.experiments.loading.schema import Table
from watersellers.experiments.loading.schema_messages import dotted, schema_problems

DEMAND, SUPPLY = (Path(__file__).parents[2] / name for name in ("doses.toml", "supply_doses.toml"))
REFERENCE = 1.0

type Month = Annotated[str, Field(pattern=r"^[12]\d{3}-(0[1-9]|1[0-2])$")]
type Dose = Annotated[float, Field(ge=0)] | Month
type Figure = Literal[
    "tokens", "own_hours", "paid_seats", "adopted",
    "machines", "machines_2024", "nvidia_machines", "machine_price", "chips_margin", "wait", "capacity_kept",
    "entry", "own_machines", "abroad", "leaders",
]  # fmt: skip


class CopiesText(Table):
    """A firm for which several equal ones stand, and the numbers that they share, as written in the file."""

    of: str
    divided: list[str]


class DosesText(Table):
    """A cause and its four doses, as written in the file."""

    title: VisibleText
    meaning: VisibleText
    scenario: str | None = None
    rises: bool | None = None
    doses: Annotated[list[Dose], Field(min_length=4, max_length=4)]
    times: list[str] = Field(default_factory=list)
    since: Month | None = None
    share_of: list[str] = Field(default_factory=list)
    freeze: str = ""
    copies: CopiesText | None = None


class StaticsText(Table):
    """A comparative static, as written in the file."""

    claim: VisibleText
    scenario: str | None = None
    times: list[str] = Field(default_factory=list)
    since: Month | None = None
    until: Month | None = None
    copies: CopiesText | None = None
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
class DosedCause:
    """A cause: whether upstream profit rises with its dose (None: nothing is said of the sign), and its doses.

    ``scenario`` is the one that it plays in; None: it plays in those of its file.
    """

    title: str
    meaning: str
    rises: bool | None
    doses: tuple[float | str, ...]
    change: Change
    scenario: str | None = None

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
    """A comparative static: the figure that rises or falls with a dose, by a share of ``least`` at the least.

    ``scenario`` is the one that it plays in; None: it plays in those of its file.
    """

    claim: str
    change: Change
    dose: float
    figure: str
    rises: bool
    least: float = 0.0
    scenario: str | None = None


@dataclass(frozen=True)
class DoseTable:
    """The scenarios, causes and comparative statics of a file."""

    scenarios: tuple[str, ...]
    causes: tuple[DosedCause, ...]
    statics: tuple[Static, ...]

    @property
    def by_scenario(self) -> "dict[str, DoseTable]":
        """What plays in each scenario: in those of the file, then in those that a cause or a static names."""
        named = [*(cause.scenario for cause in self.causes), *(static.scenario for static in self.statics)]
        there = dict.fromkeys([*self.scenarios, *filter(None, named)])
        return {scenario: self._played_in(scenario) for scenario in there}

    def _played_in(self, scenario: str) -> "DoseTable":
        places = {scenario, None} if scenario in self.scenarios else {scenario}
        causes = (cause for cause in self.causes if cause.scenario in places)
        statics = (static for static in self.statics if static.scenario in places)
        return DoseTable((scenario,), tuple(causes), tuple(statics))


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
    refuse(f"{path}, scenarios: {problem}" for problem in _unwritten(doc["scenarios"]))
    rows = [(f"{kind}.{name}", row) for kind in ("doses", "statics") for name, row in doc[kind].items()]
    refuse(f"{path}, {place}: {problem}" for place, row in rows for problem in _unknown(row))
    refuse(f"{path}, statics.{name}: {problem}" for name, row in doc["statics"].items() for problem in _vague(row))
    causes = [
        DosedCause(
            row["title"], row["meaning"], row.get("rises"), tuple(row["doses"]), _change(row), row.get("scenario")
        )
        for row in doc["doses"].values()
    ]
    statics = [
        Static(
            row["claim"],
            _change(row),
            row["dose"],
            row["figure"],
            row["rises"],
            row.get("least", 0.0),
            row.get("scenario"),
        )
        for row in doc["statics"].values()
    ]
    return DoseTable(tuple(doc["scenarios"]), tuple(causes), tuple(statics))


def _change(row: Mapping[str, Any]) -> Change:
    listed: dict[str, Any] = {name: tuple(row[name]) for name in ("times", "share_of") if name in row}
    given: dict[str, Any] = {name: row[name] for name in ("since", "until", "freeze", "both") if name in row}
    if "copies" in row:
        given["divided"] = row["copies"]["of"], tuple(row["copies"]["divided"])
    return Change(**listed, **given)


def _unwritten(scenarios: Sequence[str]) -> Iterator[str]:
    """Find names that no scenario has."""
    written = scenario_names()
    yield from (unknown("scenario", name, written) for name in scenarios if name not in written)


def _unknown(row: Mapping[str, Any]) -> Iterator[str]:
    """Find paths that the parameter table lacks, groups without firms, and a scenario that there is not."""
    known = builtin_catalogue().parameters.by_name
    for path in (*row.get("times", ()), *([row["freeze"]] if row.get("freeze") else [])):
        if path not in known:
            yield f"{shown(path)} is no number of the parameter table, as work.review is"
        elif (row.get("since") or row.get("until") or row.get("freeze")) and path.count(".") > 1:
            yield f"{path}: is a number of a strategy, which only a whole run can have in doses; leave out since, until"
    yield from (unknown("group", group, FIRMS) for group in row.get("share_of", ()) if group not in FIRMS)
    yield from _unwritten([row["scenario"]] if "scenario" in row else [])


def _vague(row: Mapping[str, Any]) -> Iterator[str]:
    """Find a comparative static that changes nothing, or two things, or divides a firm into less than two."""
    ways = [key for key in ("times", "copies") if row.get(key)]
    if len(ways) != 1:
        yield f"found {' and '.join(ways) or 'nothing that changes'}, expected one of times/copies"
    elif ways == ["copies"] and not _several(row["dose"]):
        yield f"dose: found {row['dose']:g}, expected the number of equal firms, a whole number from 2 on"


def _unclear(row: Mapping[str, Any]) -> Iterator[str]:
    """Find what the form of a cause does not rule out: two ways to take a dose, or doses of another kind."""
    ways = [key for key in ("times", "share_of", "freeze", "copies") if row.get(key)]
    if len(ways) != 1:
        yield f"found {' and '.join(ways) or 'no way to take a dose'}, expected one of times/share_of/freeze/copies"
    dated = [isinstance(dose, str) for dose in row["doses"]]
    if any(dated) != all(dated) or dated[0] != ("freeze" in ways):
        yield f"doses: found {shown(row['doses'])}, expected four numbers, or with freeze four months"
    elif len({*row["doses"], REFERENCE}) <= len(row["doses"]) and not dated[0]:
        yield f"doses: found {shown(row['doses'])}, expected four different numbers beside the reference, 1"
    elif ways == ["copies"] and not all(dose == 0 or _several(dose) for dose in row["doses"]):
        yield f"doses: found {shown(row['doses'])}, expected numbers of equal firms: 0, or whole ones from 2 on"


def _several(dose: float) -> bool:
    """Whether a dose is a number of equal firms."""
    return dose >= 2 and dose == int(dose)
