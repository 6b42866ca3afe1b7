"""The schema of a scenario: pydantic models built from the parameter table and the menus of strategies.

Every key is optional here, because a file holds only its differences from the scenario that it extends. Missing values
are found when all files are put together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WrapValidator, create_model

from watersellers.experiments.input.errors import refuse
from watersellers.experiments.input.months import month_text
from watersellers.experiments.input.printable_text import LongText, Title
from watersellers.experiments.loading.edits.equal_firms import MOST
from watersellers.experiments.loading.edits.partner_lists import ALL
from watersellers.experiments.loading.parameters import (
    FIRMS,
    GROUPS,
    STATES,
    STRUCTURE,
    WORK,
    WORLD,
    Parameter,
    Parameters,
)
from watersellers.experiments.own_code.own_choices import own_choice
from watersellers.experiments.own_code.own_rules import is_rule_name
from watersellers.market.goods import CHAIN, REGIONS

REGION: Any = Literal[REGIONS]
Menus = Mapping[str, Mapping[str, Mapping[str, type]]]  # group -> decision -> name -> class of strategy
Keys = dict[str, Any]  # the keys of a model with type and Field, for create_model

KEY_LEAST = 6  # 1 to 5 are the outside sectors'
MONTHS_LIMIT = 600  # fifty years
BUYS: dict[str, tuple[str, ...]] = {  # the layers from which a firm may list its suppliers
    "chips": (),
    "cloud": ("chips",),
    "labs": ("cloud",),
    "apps": CHAIN,  # machines to resell or to serve with, hours, models, searches
}
NEVER = "never"  # the date of an entry after the end of the run
ID = r"^[a-z][a-z0-9_]*$"
MONTH = r"^[12]\d{3}-(0[1-9]|1[0-2])$"
ENTRY = rf"{MONTH}|^{NEVER}$"

LISTED = r"^[+-]?[a-z][a-z0-9_]*$"  # a partner, or with a sign what a list gains or loses
REMOVED = r"^([a-z]+\.)?[a-z][a-z0-9_]*$"  # a firm, with or without its layer

Name = Annotated[str, Field(pattern=ID, max_length=60)]
Month = Annotated[str, BeforeValidator(month_text), Field(pattern=MONTH)]


def _list_of_one(value: object) -> object:
    """Read a single name as a list of it."""
    return [value] if isinstance(value, str) else value


def _list_of_all(value: object) -> object:
    """Read the word for everybody as a list of it."""
    return [value] if value == ALL else value


def _whole(value: object) -> object:
    """Read a count that a sweep holds as 5.0; any other number is left to be refused."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


PartnerList = Annotated[list[Annotated[str, Field(pattern=LISTED, max_length=61)]], BeforeValidator(_list_of_all)]
FIRMS_NUMBER: Any = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=MOST)]
Removals = Annotated[list[Annotated[str, Field(pattern=REMOVED, max_length=72)]], BeforeValidator(_list_of_one)]

# The kinds of events, each with the keys that it needs; `text`, the sentence about it, is always optional.
EVENTS: dict[str, tuple[str, ...]] = {
    "set": ("path", "value"),
    "strategy": ("path", "choice"),
    "partners": ("path", "names"),
}
EVENT_KEYS: Keys = {
    "who": (Name, ...),
    "path": (str, ...),
    "value": (float, ...),
    "choice": (Any, ...),  # a strategy's name or table, checked against the menu of its path
    "names": (PartnerList, ...),
}


def calendar_month(start: date, month: int) -> str:
    """Write a month, counted from the start, as in a scenario: 2024-03."""
    year, number = divmod(start.year * 12 + start.month - 1 + month, 12)
    return f"{year}-{number + 1:02}"


class Table(BaseModel):
    """A table of a scenario; it refuses unknown keys, numbers out of range, and text in place of numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, protected_namespaces=())


def scenario_model(parameters: Parameters, menus: Menus) -> type[BaseModel]:
    """Build the model of a whole scenario.

    Raises
    ------
    BadInput
        If a name has two meanings in one group.
    """
    refuse(_clashes(parameters, menus))
    event: Any = _event()
    change: Any = _change()
    counts: Keys = dict.fromkeys(FIRMS, (FIRMS_NUMBER, None))
    keys: Keys = {
        "extends": (str | list[str], None),
        "months": (int, Field(default=None, ge=1, le=MONTHS_LIMIT, json_schema_extra={"unit": "months"})),
        "start": (Month, None),
        "event": (list[event], None),
        "change": (dict[Name, change], None),
        "remove": (Removals, None),
        STRUCTURE: (create_model(STRUCTURE, __base__=Table, **counts), None),
        WORLD: (create_model(WORLD, __base__=Table, **_numbers(parameters.numbers(WORLD))), None),
    }
    keys |= {group: (_group(group, parameters, menus.get(group, {})), None) for group in GROUPS}
    return create_model("scenario", __base__=Table, **keys)


def identity(group: str) -> set[str]:
    """Return the keys that each member of a group needs: segments of work belong to no region, all others to one."""
    return {"key"} if group == WORK else {"key", "region"}


def member_keys(group: str) -> Keys:
    """Return the keys of a member besides its numbers and strategies: identity, entry and suppliers."""
    keys: Keys = {
        "key": (int, Field(default=None, ge=KEY_LEAST, le=10**9)),
        "title": (Title, None),
        "absent": (bool, None),
    }
    if group != WORK:
        keys |= {"region": (REGION, None)}
    if group not in (STATES, WORK):  # a state belongs to nobody
        keys |= {"owner": (Name, None)}
    of_firms: Keys = {
        "enters": (Annotated[str, BeforeValidator(month_text), Field(pattern=ENTRY)], None),
        "founder": (Name, None),
        "patron": (Name, None),
    }
    return keys | (of_firms if group in FIRMS else {}) | _partners(group)


def _partners(group: str) -> Keys:
    """Return the keys of the lists from whose firms a member may buy; a whole group may set them at once."""
    return dict.fromkeys(BUYS.get(group, ()), (PartnerList, None))


def _clashes(parameters: Parameters, menus: Menus) -> Iterator[str]:
    """Find names with two meanings in one table."""
    for group in GROUPS:
        fixed = set(member_keys(group))
        numbers, decisions = set(parameters.numbers(group)), set(menus.get(group, {}))
        for name in sorted((numbers & decisions) | (numbers & fixed) | (decisions & fixed)):
            yield f"parameters.csv: {group}.{name} is also a key or a choice of strategy; give the number another name"


def _group(group: str, parameters: Parameters, decisions: Mapping[str, Mapping[str, type]]) -> type[BaseModel]:
    """Build the model of a group's table: values for all members, and a table per member."""
    numbers = parameters.numbers(group)
    choices: Keys = {
        decision: (_choice(group, decision, menu, parameters), None) for decision, menu in decisions.items()
    }
    member = create_model(f"{group}_member", __base__=Table, **member_keys(group), **_numbers(numbers), **choices)
    base = _open_to(member)
    own: Keys = {
        name: (create_model(f"{group}_{name}", __base__=member, **_numbers(rows)), None)
        for name, rows in parameters.own(group).items()
        if any((row.low, row.high) != (numbers[key].low, numbers[key].high) for key, row in rows.items())
    }
    return create_model(group, __base__=base, **_numbers(numbers), **choices, **own, **_partners(group))


def _open_to(member: Any) -> type[BaseModel]:
    """Make a table that accepts members of any name."""

    class Members(Table):
        model_config = ConfigDict(extra="allow")
        __pydantic_extra__: dict[str, member] = Field(init=False)

    return Members


def _numbers(rows: Mapping[str, Parameter]) -> Keys:
    """Make a key for each number, with its range, its unit, and the table's value as default."""
    return {key: (float, _bounded(row.value, row)) for key, row in rows.items()}


def _bounded(default: Any, row: Parameter) -> Any:
    """Make a field with the range and unit of a row."""
    return Field(default, ge=row.low, le=row.high, description=row.note, json_schema_extra={"unit": row.unit})


def _choice(group: str, decision: str, menu: Mapping[str, type], parameters: Parameters) -> Any:
    """Build the type of a decision: a strategy's name, or a table of its name and numbers."""
    models = tuple(_strategy(f"{group}.{decision}.{name}", cls, parameters) for name, cls in menu.items())
    by_name = Annotated[_any_of(models), Field(discriminator="use")] if len(models) > 1 else models[0]
    return Annotated[by_name, WrapValidator(_own_or_listed), BeforeValidator(_table_of_name)]


def _own_or_listed(value: Any, listed: Any) -> Any:
    """Read a rule of the user's own, named as ``module:Name``, with its numbers; any other value is on the menu."""
    return own_choice(value) if isinstance(value, dict) and is_rule_name(value.get("use")) else listed(value)


def _any_of(models: tuple[type[BaseModel], ...]) -> Any:
    """Join models into a union."""
    union: Any = models[0]
    for model in models[1:]:
        union = union | model
    return union


def _table_of_name(value: object) -> object:
    """Read a bare name as a table without numbers."""
    return {"use": value} if isinstance(value, str) else value


def _strategy(path: str, cls: type, parameters: Parameters) -> type[BaseModel]:
    """Build the model of one strategy's numbers, with the ranges of the table."""
    hints = get_type_hints(cls)
    keys: Keys = {"use": (Literal[path.rpartition(".")[2]], ...)}
    for field in fields(cls):
        row = parameters.by_name.get(f"{path}.{field.name}")
        keys[field.name] = (hints[field.name], _bounded(field.default, row) if row else field.default)
    return create_model(path.replace(".", "_"), __base__=Table, **keys)


def _event() -> Any:
    """Build the type of an event: its month, its kind, and the keys of that kind."""
    models = []
    for what, needed in EVENTS.items():
        keys: Keys = {
            "month": (Month, ...),
            "what": (Literal[what], ...),
            "text": (LongText, ""),
            "name": (Name, None),
        }
        keys |= {key: EVENT_KEYS[key] for key in needed}
        models.append(create_model(f"event_{what}", __base__=Table, **keys))
    return Annotated[_any_of(tuple(models)), Field(discriminator="what")] if len(models) > 1 else models[0]


def _change() -> Any:
    """Build the type of a change of an inherited event: other values for some of its keys, or its end."""
    keys: Keys = {"month": (Month, None), "text": (LongText, None), "drop": (bool, None)}
    keys |= {key: (EVENT_KEYS[key][0], None) for key in ("value", "choice", "names")}
    return create_model("event_change", __base__=Table, **keys)
