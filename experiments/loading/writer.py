"""Write a resolved scenario as TOML; read back, it gives the same scenario, whatever the parameter table says then."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.experiments.loading.loader import with_length
from watersellers.experiments.loading.parameters import WORLD
from watersellers.experiments.loading.schema import EVENTS, NEVER, Menus, calendar_month, member_keys
from watersellers.experiments.own_code.own_rules import name_of_rule


def scenario_toml(spec: ScenarioSpec, menus: Menus) -> str:
    """Write a scenario with every number, strategy and date.

    Events after the end of the run are left out, and later entries become "never", because no file may hold a later
    date. A strategy that is not on the menu appears only in a comment; the reader must pass it again.
    """
    lines = [f"# {spec.question}", f"months = {spec.months}", f"start = {toml_value(f'{spec.start:%Y-%m}')}"]
    lines += ["", f"[{WORLD}]", *_pairs(dict(spec.numbers))]
    for group, members in spec.groups.items():
        for member in members:
            lines += ["", f"[{group}.{member.name}]", *_own(member, menus), *_pairs(_described(spec, member, menus))]
    for event in with_length(spec, None).events:
        lines += ["", "[[event]]", *_pairs(_dated(spec, event, menus))]
    return "\n".join(lines) + "\n"


def _described(spec: ScenarioSpec, member: ParticipantSpec, menus: Menus) -> dict[str, Any]:
    """Collect the values of a member by key; strategies that are on no menu are left out."""
    values: dict[str, Any] = {"key": member.key}
    values |= {key: getattr(member, key) for key in ("owner", "region") if key in member_keys(member.layer)}
    if member.title:
        values["title"] = member.title
    if member.enters and not member.waits:
        values["enters"] = calendar_month(spec.start, member.enters) if member.enters < spec.months else NEVER
    if member.founder:
        values["founder"] = member.founder
    if member.patron:
        values["patron"] = member.patron
    values |= {layer: list(names) for layer, names in member.partners.items()}
    for decision, strategy in member.strategies.items():
        if name := _on_menu(strategy, menus[member.layer][decision]):
            values[decision] = {"use": name} | asdict(strategy)
    return values | dict(member.numbers)


def _own(member: ParticipantSpec, menus: Menus) -> Iterator[str]:
    """Write comments that name strategies on no menu."""
    for decision, strategy in member.strategies.items():
        if not _on_menu(strategy, menus[member.layer][decision]):
            cls = type(strategy)
            yield f"# {decision}: {cls.__module__}.{cls.__qualname__}, passed from a script"


def _on_menu(strategy: Any, menu: Mapping[str, type]) -> str | None:
    """Find the name of a strategy on its menu, or of a rule of the user's own that was found by its name."""
    return next((name for name, listed in menu.items() if listed is type(strategy)), None) or name_of_rule(strategy)


def _dated(spec: ScenarioSpec, event: Event, menus: Menus) -> dict[str, Any]:
    """Collect the values of an event by key."""
    needed = EVENTS[event.what]
    values = {field.name: getattr(event, field.name) for field in fields(event) if field.name in (*needed, "text")}
    if event.what == "strategy":
        group, *_, decision = event.path.split(".")
        values["choice"] = {"use": _on_menu(event.choice, menus[group][decision])} | asdict(event.choice)
    name = {"name": event.name} if event.name else {}
    return name | {"month": calendar_month(spec.start, event.month), "what": event.what} | values


def _pairs(table: dict[str, Any]) -> Iterator[str]:
    """Write keys with their values."""
    return (f"{key} = {toml_value(value)}" for key, value in table.items())


def settings_text(settings: Mapping[str, Any]) -> str:
    """Write settings by path in one line, as in: chips.lock_in = 0.2, openai.research = "mine:Frugal"."""
    return ", ".join(_pairs(dict(settings)))


def toml_value(value: Any) -> str:
    """Write a value as TOML."""
    match value:
        case bool() | str():
            return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case dict():
            return f"{{{', '.join(_pairs(value))}}}"
    return repr(value)
