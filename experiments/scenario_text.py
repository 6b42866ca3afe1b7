"""Write a resolved scenario as TOML: read back, it gives the same scenario, whatever the parameter table says then."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from watersellers.agents.setting import Event, Member, Setting
from watersellers.experiments.parameters import WORLD
from watersellers.experiments.scenario import lasting
from watersellers.experiments.schema import EVENTS, NEVER, Menus, calendar


def text_of(setting: Setting, menus: Menus) -> str:
    """Write out a scenario with every number, strategy and date in its place.

    An event that this length does not reach is left out, and such an entry is never: no file may hold a later one. A
    strategy that is not on the menu is only named in a comment: whoever reads the text passes it again.
    """
    lines = [f"# {setting.question}", f"months = {setting.months}", f"start = {toml_value(f'{setting.start:%Y-%m}')}"]
    lines += ["", f"[{WORLD}]", *_pairs(dict(setting.numbers))]
    for group, members in setting.groups.items():
        for member in members:
            lines += ["", f"[{group}.{member.name}]", *_own(member, menus), *_pairs(_described(setting, member, menus))]
    for event in lasting(setting, None).events:
        lines += ["", "[[event]]", *_pairs(_dated(setting, event, menus))]
    return "\n".join(lines) + "\n"


def _described(setting: Setting, member: Member, menus: Menus) -> dict[str, Any]:
    """Everything that is said of a member, by key; strategies that are on no menu are left out."""
    said: dict[str, Any] = {"key": member.key, "owner": member.owner, "region": member.region}
    if member.title:
        said["title"] = member.title
    if member.enters:
        said["enters"] = calendar(setting.start, member.enters) if member.enters < setting.months else NEVER
    if member.founder:
        said["founder"] = member.founder
    if member.patron:
        said["patron"] = member.patron
    said |= {layer: list(names) for layer, names in member.partners.items()}
    for slot, strategy in member.strategies.items():
        if name := _on_menu(strategy, menus[member.layer][slot]):
            said[slot] = {"use": name} | asdict(strategy)
    return said | dict(member.numbers)


def _own(member: Member, menus: Menus) -> Iterator[str]:
    """Name strategies that are on no menu."""
    for slot, strategy in member.strategies.items():
        if not _on_menu(strategy, menus[member.layer][slot]):
            cls = type(strategy)
            yield f"# {slot}: {cls.__module__}.{cls.__qualname__}, passed from a script"


def _on_menu(strategy: Any, menu: Mapping[str, type]) -> str | None:
    """Name of a strategy on its menu, if it is there."""
    return next((name for name, listed in menu.items() if listed is type(strategy)), None)


def _dated(setting: Setting, event: Event, menus: Menus) -> dict[str, Any]:
    """Everything that is said of an event, by key."""
    needed = EVENTS[event.what]
    said = {field.name: getattr(event, field.name) for field in fields(event) if field.name in (*needed, "text")}
    if event.what == "strategy":
        group, *_, slot = event.path.split(".")
        said["choice"] = {"use": _on_menu(event.choice, menus[group][slot])} | asdict(event.choice)
    return {"month": calendar(setting.start, event.month), "what": event.what} | said


def _pairs(table: dict[str, Any]) -> Iterator[str]:
    """Write keys with their values."""
    return (f"{key} = {toml_value(value)}" for key, value in table.items())


def toml_value(value: Any) -> str:
    """Write a value as TOML."""
    match value:
        case bool() | str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return f"[{', '.join(map(toml_value, value))}]"
        case dict():
            return f"{{{', '.join(_pairs(value))}}}"
    return repr(value)
