"""Read a study, from a file or as a script gives it, and make a plan of it; whatever is wrong is said before a run."""

import io
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from watersellers.agents.setting import Setting
from watersellers.experiments.catalogue import ours
from watersellers.experiments.errors import BadInput, refuse, unknown, word
from watersellers.experiments.limits import check_size
from watersellers.experiments.scenario import load_scenario
from watersellers.experiments.scenario_text import text_of
from watersellers.experiments.sweeps import study_text
from watersellers.experiments.sweeps.axes import Axis, axes_of
from watersellers.experiments.sweeps.checking import SEALED, read_provenance, read_sealed
from watersellers.experiments.sweeps.designs import named, points_of, read_points
from watersellers.experiments.sweeps.estimating import check_own
from watersellers.experiments.sweeps.measuring import check_name, own
from watersellers.experiments.sweeps.own_modules import folders_of
from watersellers.experiments.sweeps.plan import SCENARIO, STUDY, Plan, scenario_of
from watersellers.experiments.sweeps.schema import Listed, Span, StudyText, Tabled, checked
from watersellers.experiments.sweeps.sizes import check_parameters, check_runs, check_text
from watersellers.experiments.text_files import parse_toml, read_toml


def read_study(file: Path) -> dict[str, Any]:
    """Read a study's file; paths in it start from its folder.

    Raises
    ------
    BadInput
        If it can't be read as TOML.
    """
    doc = read_toml(file, "expected a study, as in `watersellers sweep study.toml`")
    scenario = doc.get("scenario")
    if isinstance(scenario, str) and (scenario.endswith(".toml") or "/" in scenario):
        doc["scenario"] = str(file.parent / scenario)
    return doc


def planned(doc: Mapping[str, Any], label: str, beside: Path | None = None) -> Plan:
    """Resolve a study.

    Parameters
    ----------
    doc : mapping
        Its keys.
    label : str
        How sentences call it.
    beside : Path, optional
        The folder of its file, in which a design's file lies and modules of the user's own are sought first.

    Raises
    ------
    BadInput
        If anything is wrong with it, or with the scenario, a parameter or a measure; as much at once as can be found.
    """
    study = checked(doc, label)
    check_parameters(len(study.parameters), label)
    setting = _setting(study, label)
    months = study.months or setting.months
    _check(study, months, label)
    design = study.design
    if isinstance(design, Tabled):
        cased = [name for name, span in study.parameters.items() if span.cases]
        design = _labelled(label, partial(read_points, design, beside or Path(), cased))
        study = study.model_copy(update={"design": design})
    spans = dict(study.parameters)
    if isinstance(design, Listed):
        spans = _listed_spans(spans, design, label)
        check_parameters(len(spans), label)
    text = text_of(setting, ours().menus)
    axes = axes_of(spans, scenario_of(text, setting.scenario), label)
    check_runs(study, axes, label)
    points = _labelled(label, lambda: points_of(design, axes, study.seed))
    of_the_user = own(study.measures)
    modules = folders_of((name.partition(":")[0] for name in of_the_user), beside)
    plan = Plan(study, label, text, setting.scenario, months, axes, points, modules)
    check_text(text, SCENARIO, label)
    check_text(study_text.text_of(plan), STUDY, label)
    check_own(of_the_user, modules, label)
    return plan


def _setting(study: StudyText, label: str) -> Setting:
    """Load the scenario of a study, with the settings that all its runs have."""
    scenario = study.scenario
    if isinstance(scenario, Setting) and study.set:
        raise BadInput(f"{label}, set: a scenario that is loaded already takes no settings; load it with them")
    if isinstance(scenario, Mapping) and not scenario:
        raise BadInput(f"{label}, scenario: found {{}}, expected a scenario's name or file, or a scenario as a table")
    try:
        return load_scenario(scenario, study.set)
    except BadInput as error:
        of_set = ((said.startswith("set, "), said) for said in error.problems)
        raise BadInput(*(f"{label}, {'' if known else 'scenario: '}{said}" for known, said in of_set)) from None


def _labelled[T](label: str, made: Callable[[], T]) -> T:
    """Make something, and say of which study it is if that fails."""
    try:
        return made()
    except BadInput as error:
        raise BadInput(*(f"{label}, {said}" for said in error.problems)) from None


def _check(study: StudyText, months: int, label: str) -> None:
    """Refuse sizes and measures that no run can have."""
    problems = []
    try:
        check_size(study.seed, months, study.users)
    except BadInput as error:
        problems += error.problems
    for each in study.measures:
        try:
            check_name(each)
        except BadInput as error:
            problems += [f"measures: {said}" for said in error.problems]
    refuse(f"{label}, {said}" for said in problems)


def _listed_spans(spans: Mapping[str, Span], design: Listed, label: str) -> dict[str, Span]:
    """Take the parameters of listed points from the points; those with cases are said by the study."""
    found = named(design)
    for name, span in spans.items():
        if span.cases and name in found:
            strange = [value for value in found[name] if value not in span.cases]
            refuse(f"{label}, design.points: {unknown(f'case of {name}', str(value), span.cases)}" for value in strange)
    refuse(
        f"{label}, parameters.{word(name)}: {unknown('column of the points', name, found)}"
        for name in spans
        if name not in found
    )
    return {
        name: spans[name] if name in spans and spans[name].cases else Span(values=values)
        for name, values in found.items()
    }


def plan_in(folder: Path) -> Plan:
    """Read the plan of a sweep folder: its points are those it was carried out with, not drawn anew.

    Raises
    ------
    BadInput
        If the folder holds no sweep, or not the one that was written.
    """
    said = read_provenance(folder)
    scenario, design, written = (read_sealed(folder, name, said) for name in SEALED)
    label = str(folder / STUDY)
    study = checked(parse_toml(written.decode(), label), label)
    axes = tuple(_read_axis(name, span) for name, span in study.parameters.items())
    assert study.months is not None
    points = pl.read_parquet(io.BytesIO(design))
    return Plan(study, said["label"], scenario.decode(), said["scenario"], study.months, axes, points)


def _read_axis(name: str, span: Span) -> Axis:
    """Make an axis of what a resolved study says of it."""
    if span.cases:
        return Axis(name, values=tuple(span.cases), cases=span.cases)
    if span.values:
        return Axis(name, values=tuple(span.values))
    return Axis(name, "", span.low, span.high, span.levels, span.scale == "log")
