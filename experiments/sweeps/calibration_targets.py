"""Checks of the targets of a calibration: each names a measure, a layer or firm, and a month that every run has."""

from collections.abc import Iterator, Sequence

from watersellers.experiments.analysis.windows import split_window
from watersellers.experiments.input.errors import BadInput, refuse, unknown
from watersellers.experiments.sweeps.analysis.selected_measure import SelectedMeasure
from watersellers.experiments.sweeps.measures import ECONOMY_WIDE, FIRM_PREFIX, on_menu
from watersellers.experiments.sweeps.study.plan import Plan
from watersellers.experiments.sweeps.study.schema import RUNS_LIMIT, CalibrationText, Target
from watersellers.experiments.sweeps.study.sizes import check_text
from watersellers.market.goods import CHAIN

LONGEST_NUMBER = "-1.0000000000000000e-300"  # no number is written longer


def check_targets(targets: Sequence[Target], plan: Plan, label: str) -> None:
    """Refuse targets that no run of a plan can measure, before any run is made.

    Raises
    ------
    BadInput
        If a target's measure, its layer or firm, or its month does not exist; all at once.
    """
    problems, seen = [], set[str]()
    for number, target in enumerate(targets, start=1):
        place = f"{label}, target {number}.measure"
        if target.measure in seen:
            problems.append(f"{place}: found {target.measure!r} twice, expected one target for each")
        seen.add(target.measure)
        problems += [f"{place}: {problem}" for problem in _target_problems(SelectedMeasure.read(target.measure), plan)]
    refuse(problems)


def _target_problems(selected: SelectedMeasure, plan: Plan) -> Iterator[str]:
    """Yield what is wrong with a target's measure; the user's own measures can't be checked."""
    if on_menu(selected.measure) is None:
        return
    members = {layer: plan.scenario.get(layer, {}) for layer in CHAIN}
    firms = {name: member for table in members.values() for name, member in table.items()}
    of_firms = selected.measure.startswith(FIRM_PREFIX)
    known = [] if split_window(selected.measure)[1] in ECONOMY_WIDE else list(firms if of_firms else CHAIN)
    if selected.who and not known:
        yield f"{selected.measure} is of no layer and no firm; leave out :{selected.who}"
    elif selected.who and selected.who not in known:
        kind = "firm" if of_firms else "layer"
        yield f"{selected.measure} is not measured of that: {unknown(kind, selected.who, known)}"
    elif not selected.who and known:
        yield f"{selected.measure} is measured of several; write one, as in {selected.measure}:{known[0]}"
    yield from _month_problems(selected, plan, firms.get(selected.who, {}).get("enters"))


def _month_problems(selected: SelectedMeasure, plan: Plan, enters: str | None) -> Iterator[str]:
    """Yield a problem if a monthly measure has no month, or if the month lies outside the run."""
    window, _ = split_window(selected.measure)
    taken = window.months(plan.lived) if window else plan.lived
    first, last = (f"{month:%Y-%m}" for month in (taken.first, taken.last))
    month = None if selected.month is None else f"{selected.month:%Y-%m}"
    monthly = window is None
    named = str(SelectedMeasure(selected.measure, selected.who))
    if monthly and month is None:
        yield f"{selected.measure} is monthly, so that a target needs its month, as in {named}@{last}"
    elif monthly and not first <= str(month) <= last:
        yield f"found the month {month}, expected one of the run's months, {first} to {last}"
    elif not monthly and month not in (None, last):
        yield f"found the month {month}, expected {last}, with which the window ends, or none"
    elif month is not None and enters is not None and month < enters:
        yield f"found the month {month}, expected {enters} or later, when {selected.who} enters"


def check_keys(text: CalibrationText, label: str) -> None:
    """Refuse keys of a study that a calibration would ignore.

    Raises
    ------
    BadInput
        If there is one: the points are proposed, and the measures are those of the targets.
    """
    cures = {"design": "its points are proposed one after the other", "measures": "it measures its targets"}
    refuse(
        f"{label}, {key}: is no key of a calibration: {cure}; leave it out"
        for key, cure in cures.items()
        if key in text.model_fields_set
    )


def check_length(plan: Plan, trials: int, label: str) -> None:
    """Refuse too many trials, before any is made.

    Raises
    ------
    BadInput
        If there would be too many runs, or the text of the study with all points would be too long.
    """
    runs = trials * plan.study.replications
    if runs > RUNS_LIMIT:
        many = f"{trials:,} trials x {plan.study.replications:,} replications = {runs:,} runs"
        raise BadInput(f"{label}, trials: found {many}, expected at most {RUNS_LIMIT:,}")
    point = ", ".join(f'"{axis.name}" = {max([LONGEST_NUMBER, *map(str, axis.values)], key=len)}' for axis in plan.axes)
    check_text(f"  {{{point}}},\n" * trials, "study.toml of all trials", label)
