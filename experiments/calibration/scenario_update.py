"""The adoption of a fit into a scenario of its own: what it found stands there, and the parameter table is left alone.

Such a scenario holds nothing but the fixed settings and the numbers that were found; it is written anew as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from watersellers.experiments.calibration.fit import Fit, Point
from watersellers.experiments.calibration.parameter_table_update import three_digits
from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.input.text_files import read_text
from watersellers.experiments.loading.catalogue import Catalogue, builtin_catalogue
from watersellers.experiments.loading.loader import draft_scenario
from watersellers.experiments.loading.parameters import GROUPS
from watersellers.experiments.loading.scenario_draft import ScenarioDraft
from watersellers.experiments.loading.scenario_source import Document, ScenarioSource
from watersellers.experiments.loading.writer import toml_value
from watersellers.experiments.saving.atomic_files import write_atomically

HEAD = "# Numbers found by fits (experiments/calibration), written by `watersellers fit NAME --adopt`"


def adopt_into_scenario(fit: Fit, point: Point, scenario: str, catalogue: Catalogue | None = None) -> list[str]:
    """Write the fixed settings of a fit and the values of a point, with three digits, into a scenario.

    What another fit wrote there and this one does not free is kept.

    Returns
    -------
    list of str
        The paths that were written.

    Raises
    ------
    BadInput
        If the scenario can't be read or is somebody's own, or a path leads nowhere; nothing is written then.
    """
    catalogue = catalogue or builtin_catalogue()
    found = {path: float(three_digits(point[free.name])) for free in fit.free for path in free.paths}
    source = catalogue.read(scenario)
    question, doc = _question(source), deepcopy(dict(source.doc))
    draft = draft_scenario(catalogue.read(fit.scenario), catalogue)
    for path, value in (dict(fit.fixed) | found).items():
        for each in _documents(draft, draft.full(path), _plain(value)):
            draft.lay(each)
            _merge(doc, each)
    write_atomically(catalogue.folder / f"{scenario}.toml", f"{question}\n{HEAD}\n{_text(doc, draft)}".encode())
    return list(found)


def _documents(draft: ScenarioDraft, keys: list[str], value: Any) -> Sequence[Document]:
    """Write a setting as documents; a number of a strategy that all members have alike is written once for all."""
    documents = draft.documents(keys, value)
    group, decision, *number = keys
    if len(number) != len(("strategy", "number")) or decision not in draft.catalogue.menus.get(group, {}):
        return documents
    chosen = [draft.groups[group].value(name, decision) for name in draft.groups[group].members]
    alike = all(each == chosen[0] for each in chosen)
    return [{group: {decision: {**chosen[0], number[-1]: value}}}] if alike else documents


def _question(source: ScenarioSource) -> str:
    """Return the comment with which a scenario of found numbers begins.

    Raises
    ------
    BadInput
        If its file is somebody's own, whose comments would be lost.
    """
    question, head, *_ = [*read_text(source.file).splitlines(), "", ""]
    if head != HEAD:
        raise BadInput(f"into: found {source.label}, whose line 2 is {shown(head)}, expected a scenario with {HEAD!r}")
    return question


def _plain(value: Any) -> Any:
    """Write a whole number without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _merge(doc: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Put tables into tables, with the new values over the old ones."""
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(doc.get(key), dict) and "use" not in value:
            _merge(doc[key], value)
        else:
            doc[key] = dict(value) if isinstance(value, Mapping) else value


def _text(doc: Mapping[str, Any], draft: ScenarioDraft) -> str:
    """Write a scenario: its own keys, then a table for each group, then one for each member, strategies on one line."""
    lines = [*(f"{key} = {toml_value(value)}\n" for key, value in doc.items() if not isinstance(value, Mapping))]
    tables = {group: doc[group] for group in doc if isinstance(doc[group], Mapping)}
    for group, table in tables.items():
        members = draft.groups[group].members if group in GROUPS else {}
        shared = {key: value for key, value in table.items() if key not in members}
        lines += _table(group, shared)
        for name in (name for name in table if name in members):
            lines += _table(f"{group}.{name}", table[name])
    return "".join(lines)


def _table(name: str, content: Mapping[str, Any]) -> Iterator[str]:
    """Write a table; none if it has no keys."""
    if content:
        yield f"\n[{name}]\n"
        yield from (f"{key} = {toml_value(_tidy(value))}\n" for key, value in content.items())


def _tidy(value: Any) -> Any:
    """Write whole numbers without a point, also those of strategies."""
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, Mapping) else _plain(value)
