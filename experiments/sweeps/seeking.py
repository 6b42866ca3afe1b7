"""What a calibration may seek: a measure that every run has, of whom there is, in a month that is lived."""

from collections.abc import Iterator, Sequence

from watersellers.experiments.errors import BadInput, refuse, unknown
from watersellers.experiments.schema import calendar
from watersellers.experiments.sweeps.measuring import ALONE, FIRMS, MEASURES, YEARS
from watersellers.experiments.sweeps.observing import Look
from watersellers.experiments.sweeps.plan import Plan
from watersellers.experiments.sweeps.schema import RUNS_LIMIT, CalibrationText, Target
from watersellers.experiments.sweeps.sizes import check_text
from watersellers.market.goods import CHAIN

NUMBER = "-1.0000000000000000e-300"  # as long as a number gets


def check_targets(targets: Sequence[Target], plan: Plan, label: str) -> None:
    """Refuse targets that no run of a plan can come near to, before one is made.

    Raises
    ------
    BadInput
        If a target's measure, whose it is, or its month is none; all at once.
    """
    problems, seen = [], set[str]()
    for number, target in enumerate(targets, start=1):
        place = f"{label}, target {number}.measure"
        if target.measure in seen:
            problems.append(f"{place}: found {target.measure!r} twice, expected one target for each")
        seen.add(target.measure)
        problems += [f"{place}: {said}" for said in _impossible(Look.read(target.measure), plan)]
    refuse(problems)


def _impossible(look: Look, plan: Plan) -> Iterator[str]:
    """Say what is wrong with a look at a run of a plan; of measures that are no menu's nothing is known."""
    if look.measure not in MEASURES:
        return
    members = {layer: plan.scenario.get(layer, {}) for layer in CHAIN}
    firms = {name: member for table in members.values() for name, member in table.items()}
    known = [] if look.measure in ALONE else list(firms if look.measure.startswith(FIRMS) else CHAIN)
    if look.who and not known:
        yield f"{look.measure} is of no layer and no firm; leave out :{look.who}"
    elif look.who and look.who not in known:
        kind = "firm" if look.measure.startswith(FIRMS) else "layer"
        yield f"{look.measure} is not measured of that: {unknown(kind, look.who, known)}"
    elif not look.who and known:
        yield f"{look.measure} is measured of several; write one, as in {look.measure}:{known[0]}"
    yield from _out_of_time(look, plan, firms.get(look.who, {}).get("enters"))


def _out_of_time(look: Look, plan: Plan, enters: str | None) -> Iterator[str]:
    """Say so if a look's month is missing where a measure is monthly, or is not lived."""
    start = Look.read(f"@{plan.scenario['start']}").month
    assert start is not None
    first, last = (calendar(start, month) for month in (0, plan.months - 1))
    month = None if look.month is None else f"{look.month:%Y-%m}"
    monthly = not look.measure.startswith(YEARS)
    named = str(Look(look.measure, look.who))
    if monthly and month is None:
        yield f"{look.measure} is monthly, so that a target needs its month, as in {named}@{last}"
    elif monthly and not first <= str(month) <= last:
        yield f"found the month {month}, expected one that is lived, from {first} to {last}"
    elif not monthly and month not in (None, last):
        yield f"found the month {month}, expected {last}, with which the run ends, or none"
    elif month is not None and enters is not None and month < enters:
        yield f"found the month {month}, expected {enters} or later, when {look.who} enters"


def check_keys(text: CalibrationText, label: str) -> None:
    """Refuse keys that a calibration would not heed.

    Raises
    ------
    BadInput
        If there is one: its points are proposed, and what is measured is what is sought.
    """
    cures = {"design": "its points are proposed one after the other", "measures": "it measures its targets"}
    refuse(
        f"{label}, {key}: is none of a calibration: {cure}; leave it out"
        for key, cure in cures.items()
        if key in text.model_fields_set
    )


def check_length(plan: Plan, trials: int, label: str) -> None:
    """Refuse more trials than a folder holds, before any is made.

    Raises
    ------
    BadInput
        If there would be too many runs, or too long a study of all points.
    """
    runs = trials * plan.study.replications
    if runs > RUNS_LIMIT:
        many = f"{trials:,} trials x {plan.study.replications:,} replications = {runs:,} runs"
        raise BadInput(f"{label}, trials: found {many}, expected at most {RUNS_LIMIT:,}")
    point = ", ".join(f'"{axis.name}" = {max([NUMBER, *map(str, axis.values)], key=len)}' for axis in plan.axes)
    check_text(f"  {{{point}}},\n" * trials, "study.toml of all trials", label)
