"""Published figures with which the model is compared: rows of ``targets.csv``, with source, tolerance and scope.

The kind of a figure sets the tolerance, which was fixed before anything was fitted: a quarter for flows, five
percentage points for margins, a factor of two for firms below 100 million dollars and for what is published no more
closely than that, as horizons of models. An input of the model is no target.

The scope says what a figure is of: ``ai``, the AI business; ``company``, a whole company, shown and not scored;
``work``, the AI business of a world whose demand follows from work, and asked of no other; ``contracts``, that of a
world in which clouds sell hours that begin later, shown and not scored: numbers of one firm make its contracts there.

``public`` is the day on which a figure was published: later than February 2025 for some that tell of the months before.
Days of results and of prospectuses are from memory; where a month alone is known, its last day stands. Where nothing is
known, a figure counts as public sixty days after its last month.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from math import isfinite
from pathlib import Path

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.input.errors import BadInput, refuse, shown, unknown
from watersellers.experiments.input.months import first_of_month
from watersellers.experiments.input.text_files import read_csv, rows_named_twice
from watersellers.market.goods import CHAIN

TABLE = Path(__file__).parents[1] / "targets.csv"
TOLERANCES = {"flow": 0.25, "margin": 0.05, "small": 2.0}  # shares of the value, of one, and a factor
AI, COMPANY, WORK, CONTRACTS = SCOPES = ("ai", "company", "work", "contracts")
CONFIDENCE = ("high", "medium", "low")
LAYERS = (*CHAIN, "enterprises", "investors")
CHOICES = {"layer": LAYERS, "kind": tuple(TOLERANCES), "confidence": CONFIDENCE, "scope": SCOPES}
LATE = timedelta(days=60)  # after its last month, where the day of a figure is unknown
NEEDED = ("target", "measure", "who", "unit", "source")


@dataclass(frozen=True, slots=True)
class Target:
    """A published figure, and what it is compared with: ``measure`` of ``who`` from month ``start`` to ``end``.

    ``note`` says what exactly was published, ``why`` explains why the model does not fit it.
    """

    target: str
    rows: str
    layer: str
    measure: str
    who: str
    start: date
    end: date
    kind: str
    value: float
    unit: str
    confidence: str
    scope: str
    source: str
    public: date | None
    note: str
    why: str

    @property
    def period(self) -> Period:
        """The months of the figure."""
        return Period(self.start, self.end)

    @property
    def known_from(self) -> date:
        """The day from which on the figure was public."""
        after = date(self.end.year + self.end.month // 12, self.end.month % 12 + 1, 1)
        return self.public or after - timedelta(days=1) + LATE

    @property
    def scored(self) -> bool:
        """Whether it counts: it is of the AI business, and of no world that one firm's numbers make."""
        return self.scope not in (COMPANY, CONTRACTS)


@cache
def targets(path: Path = TABLE) -> tuple[Target, ...]:
    """Read the targets, in the order of their table.

    Raises
    ------
    BadInput
        If the table can't be read, or a target lacks its unit, source, tolerance or anything else; all at once.
    """
    header, rows = read_csv(path)
    names = [field.name for field in fields(Target)]
    if header != names:
        raise BadInput(f"{path.name}, line 1: found the columns {shown(header)}, expected {','.join(names)}")
    refuse(
        f"{path.name}, line {line}, {row['target'] or 'a target'}: {problem}"
        for line, row in enumerate(rows, start=2)
        for problem in _wrong(row)
    )
    refuse(rows_named_twice(path.name, [row["target"] for row in rows]))
    dates: list[dict[str, date | None]] = [
        {"start": first_of_month(row["start"]), "end": first_of_month(row["end"]), "public": _day(row["public"])}
        for row in rows
    ]
    return tuple(
        Target(**{**row, **dated, "value": float(row["value"])})  # type: ignore[arg-type]
        for row, dated in zip(rows, dates, strict=True)
    )


def asked_of(spec: ScenarioSpec) -> tuple[Target, ...]:
    """Return the targets of a scenario.

    Those of work are left out where no segment of work makes demand, those of contracts where all hours begin at once.
    """
    ahead = any(cloud.numbers["contract_lead"] > 0 for cloud in spec.groups.get("cloud", ()))
    asked = {WORK: bool(spec.groups.get("work")), CONTRACTS: ahead}
    return tuple(each for each in targets() if asked.get(each.scope, True))


def _wrong(row: dict[str, str]) -> list[str]:
    """Return what is wrong with a target."""
    problems = [f"has no {name}; every target has one" for name in NEEDED if not row[name]]
    problems += [
        f"{name}: {unknown(name if name != 'kind' else 'kind, which sets its tolerance', row[name], known)}"
        for name, known in CHOICES.items()
        if row[name] not in known
    ]
    months = [name for name in ("start", "end") if not _month(row[name])]
    problems += [f"{name}: found {shown(row[name])}, expected a month, as in 2024-05" for name in months]
    if row["public"] and _day(row["public"]) is None:
        problems.append(f"public: found {shown(row['public'])}, expected a day, as in 2024-05-22, or nothing")
    return problems if _number(row["value"]) else [*problems, f"value: found {shown(row['value'])}, expected a number"]


def _day(text: str) -> date | None:
    """Read a day; None where there is none, or something else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(text: str) -> bool:
    try:
        first_of_month(text)
    except ValueError:
        return False
    return True


def _number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False
