"""The reader of studies: it makes a plan from a file or a script, and reports mistakes before the first run."""

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.input.errors import BadInput, on_one_line, refuse, unknown
from watersellers.experiments.input.scenario_warnings import unsaid
from watersellers.experiments.input.text_files import parse_toml, read_toml
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.limits import check_size
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import STRUCTURE
from watersellers.experiments.loading.writer import scenario_toml
from watersellers.experiments.own_code.own_modules import module_folders
from watersellers.experiments.own_code.own_rules import beside as folders_of_rules
from watersellers.experiments.own_code.own_rules import find_rule, folders_of_loaded, rule_names
from watersellers.experiments.saving.own_source import source_record
from watersellers.experiments.sweeps.folder.integrity import SEALED, read_provenance, read_sealed
from watersellers.experiments.sweeps.measures import check_covered, check_name, default_measures, own_measures
from watersellers.experiments.sweeps.study import writer as study_text
from watersellers.experiments.sweeps.study.axes import Axis, axes_of
from watersellers.experiments.sweeps.study.designs import lay_out, read_points, values_by_parameter
from watersellers.experiments.sweeps.study.plan import SCENARIO, STUDY, Plan, scenario_of
from watersellers.experiments.sweeps.study.point_checks import check_points
from watersellers.experiments.sweeps.study.schema import PointList, PointTable, Span, StudyText, read_study_keys
from watersellers.experiments.sweeps.study.sizes import check_parameters, check_runs, check_text
from watersellers.experiments.sweeps.workers.time_estimate import check_own_measures


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


def make_plan(doc: Mapping[str, Any], label: str, beside: Path | None = None) -> Plan:
    """Resolve a study into its plan; one that names no measures gets those of ``default_measures``.

    Parameters
    ----------
    doc : mapping
        The keys of the study.
    label : str
        The study's name in error messages.
    beside : Path, optional
        The folder of its file, which holds a design's table and is searched first for the user's own modules.

    Raises
    ------
    BadInput
        If the study, the scenario, a parameter or a measure is wrong; as much at once as can be found.
    """
    study = read_study_keys(doc, label)
    check_parameters(len(study.parameters), label)
    with folders_of_rules([beside] if beside else []):
        return _resolved(study, label, beside)


def _resolved(study: StudyText, label: str, beside: Path | None) -> Plan:
    """Resolve the keys of a study into its plan."""
    spec = _spec(study, label)
    months = study.months or spec.months
    lived = Period.lived(spec.start, months)
    study = study.model_copy(update={"measures": study.measures or list(default_measures(lived))})
    _check(study, lived, label)
    design = study.design
    if isinstance(design, PointTable):
        cased = [name for name, span in study.parameters.items() if span.cases]
        design = _with_label(label, partial(read_points, design, beside or Path(), cased))
        study = study.model_copy(update={"design": design})
    spans = dict(study.parameters)
    if isinstance(design, PointList):
        spans = _listed_spans(spans, design, label)
        check_parameters(len(spans), label)
    text = scenario_toml(spec, builtin_catalogue().menus)
    axes = axes_of(spans, scenario_of(text, spec.scenario), label)
    _check_structures(study, axes, label)
    check_runs(study, axes, label)
    points = _with_label(label, lambda: lay_out(design, axes, study.seed))
    check_points(points, axes, scenario_of(text, spec.scenario), label)
    own = own_measures(study.measures)
    named = rule_names([parse_toml(text, label), [[*axis.values, axis.cases] for axis in axes]])
    rules = {name: source_record(find_rule(name)) for name in sorted(set(named))}
    modules = module_folders((name.partition(":")[0] for name in own), beside) | folders_of_loaded(rules)
    plan = Plan(study, label, text, spec.scenario, months, axes, points, modules, rules)
    check_text(text, SCENARIO, label)
    check_text(study_text.text_of(plan), STUDY, label)
    check_own_measures(own, modules, label)
    return plan


def _spec(study: StudyText, label: str) -> ScenarioSpec:
    """Load the scenario of a study, with the settings of all its runs."""
    scenario = study.scenario
    if isinstance(scenario, ScenarioSpec) and study.set:
        raise BadInput(f"{label}, set: a scenario that is loaded already takes no settings; load it with them")
    if isinstance(scenario, Mapping) and not scenario:
        raise BadInput(f"{label}, scenario: found {{}}, expected a scenario's name or file, or a scenario as a table")
    try:
        return load_scenario(scenario, study.set)
    except BadInput as error:
        of_set = ((problem.startswith("set, "), problem) for problem in error.problems)
        raise BadInput(*(f"{label}, {'' if known else 'scenario: '}{problem}" for known, problem in of_set)) from None


def _check_structures(study: StudyText, axes: Sequence[Axis], label: str) -> None:
    """Refuse equal firms that leave nothing of what a scenario's own file asks: its resolved text does not tell."""
    if isinstance(study.scenario, ScenarioSpec):
        return
    for axis in axes:
        settings = axis.settings(axis.values[0]) if axis.values else {}
        if any(path.startswith(f"{STRUCTURE}.") for path in settings):
            with unsaid():
                _with_label(
                    f"{label}, parameters.{axis.name}", partial(load_scenario, study.scenario, study.set | settings)
                )


def _with_label[T](label: str, make: Callable[[], T]) -> T:
    """Call a function, and put the study's label before its errors."""
    try:
        return make()
    except BadInput as error:
        raise BadInput(*(f"{label}, {problem}" for problem in error.problems)) from None


def _check(study: StudyText, lived: Period, label: str) -> None:
    """Check the size of a run, the names of the measures, and that the runs have the months of each measure."""
    problems = []
    try:
        check_size(study.seed, len(lived), study.users)
    except BadInput as error:
        problems += error.problems
    for each in dict.fromkeys(study.measures):
        if study.measures.count(each) > 1:
            problems.append(f"measures: names {each!r} twice, and each of its values would count twice")
        try:
            check_name(each)
            check_covered(each, lived)
        except BadInput as error:
            problems += [f"measures: {problem}" for problem in error.problems]
    refuse(f"{label}, {problem}" for problem in problems)


def _listed_spans(spans: Mapping[str, Span], design: PointList, label: str) -> dict[str, Span]:
    """Take the parameters of listed points from the points; parameters with cases come from the study."""
    found = values_by_parameter(design)
    for name, span in spans.items():
        if span.cases and name in found:
            wrong = [value for value in found[name] if value not in span.cases]
            refuse(f"{label}, design.points: {unknown(f'case of {name}', str(value), span.cases)}" for value in wrong)
    refuse(
        f"{label}, parameters.{on_one_line(name)}: {unknown('column of the points', name, found)}"
        for name in spans
        if name not in found
    )
    return {
        name: spans[name] if name in spans and spans[name].cases else Span(values=values)
        for name, values in found.items()
    }


def read_plan(folder: Path) -> Plan:
    """Read the plan of a sweep folder: its points are read from the folder, not drawn again.

    Raises
    ------
    BadInput
        If the folder holds no sweep, or one whose files were changed.
    """
    provenance = read_provenance(folder)
    scenario, design, written = (read_sealed(folder, name, provenance) for name in SEALED)
    label = str(folder / STUDY)
    study = read_study_keys(parse_toml(written.decode(), label), label)
    axes = tuple(_read_axis(name, span) for name, span in study.parameters.items())
    assert study.months is not None
    points = pl.read_parquet(io.BytesIO(design))
    told = provenance["label"], scenario.decode(), provenance["scenario"]
    return Plan(study, *told, study.months, axes, points, rules=provenance.get("rules", {}))


def _read_axis(name: str, span: Span) -> Axis:
    """Make an axis from a resolved study's entry."""
    if span.cases:
        return Axis(name, values=tuple(span.cases), cases=span.cases)
    if span.values:
        return Axis(name, values=tuple(span.values))
    return Axis(name, "", span.low, span.high, span.levels, span.scale == "log")
