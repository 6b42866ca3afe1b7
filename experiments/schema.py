"""What a scenario may say: pydantic models built from the parameter table and the menus of strategies.

Every key may be left out here, since a file holds only what differs from what it extends; whether
everything is there in the end is checked when all files are put together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from watersellers.experiments.errors import refuse
from watersellers.experiments.parameters import FIRMS, GROUPS, WORLD, Parameter, Parameters
from watersellers.experiments.seen import Title, Told
from watersellers.market.goods import CHAIN, REGIONS

REGION: Any = Literal[REGIONS]
Menus = Mapping[str, Mapping[str, Mapping[str, type]]]  # group -> slot -> name -> class of strategy
Keys = dict[str, Any]  # a model's keys with their type and Field, as create_model takes them

KEY_LEAST = 6  # 1 to 5 are the outside sectors'
MONTHS_LIMIT = 600  # fifty years
BUYS: dict[str, tuple[str, ...]] = {  # of which layers a firm may list those from which it buys
    "chips": (),
    "cloud": ("chips",),
    "labs": ("cloud",),
    "apps": CHAIN,  # machines to sell or to serve with, hours, models, and searches
}
NEVER = "never"  # of an entry that is not reached
ID = r"^[a-z][a-z0-9_]*$"
MONTH = r"^[12]\d{3}-(0[1-9]|1[0-2])$"
ENTRY = rf"{MONTH}|^{NEVER}$"

Name = Annotated[str, Field(pattern=ID, max_length=60)]
Month = Annotated[str, Field(pattern=MONTH)]

# The kinds of events, each with the keys that it needs; `text`, what to tell a class, may always be given.
EVENTS: dict[str, tuple[str, ...]] = {
    "set": ("path", "value"),
    "strategy": ("path", "choice"),
    "partners": ("path", "names"),
}
EVENT_KEYS: Keys = {
    "who": (Name, ...),
    "path": (str, ...),
    "value": (float, ...),
    "choice": (Any, ...),  # a strategy's name or table, which the menu of its path judges
    "names": (list[Name], ...),
}


def calendar(start: date, month: int) -> str:
    """Write a month, counted from the start, as a scenario does: by its year and number."""
    year, number = divmod(start.year * 12 + start.month - 1 + month, 12)
    return f"{year}-{number + 1:02}"


class Table(BaseModel):
    """A table of a scenario: no key that isn't known, no number out of its range, no text where a number belongs."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, protected_namespaces=())


def scenario_model(parameters: Parameters, menus: Menus) -> type[BaseModel]:
    """Build the model of a whole scenario.

    Raises
    ------
    BadInput
        If a name stands for two things in one group.
    """
    refuse(_clashes(parameters, menus))
    event: Any = _event()
    keys: Keys = {
        "extends": (str, None),
        "months": (int, Field(default=None, ge=1, le=MONTHS_LIMIT, json_schema_extra={"unit": "months"})),
        "start": (Month, None),
        "event": (list[event], None),
        WORLD: (create_model(WORLD, __base__=Table, **_numbers(parameters.numbers(WORLD))), None),
    }
    keys |= {group: (_group(group, parameters, menus.get(group, {})), None) for group in GROUPS}
    return create_model("scenario", __base__=Table, **keys)


def member_keys(group: str) -> Keys:
    """Keys of a group's members besides their numbers and strategies: who it is, when it comes, whom it buys from."""
    keys: Keys = {
        "key": (int, Field(default=None, ge=KEY_LEAST, le=10**9)),
        "owner": (Name, None),
        "region": (REGION, None),
        "title": (Title, None),
        "absent": (bool, None),
    }
    of_firms: Keys = {
        "enters": (Annotated[str, Field(pattern=ENTRY)], None),
        "founder": (Name, None),
        "patron": (Name, None),
    }
    partners: Keys = dict.fromkeys(BUYS.get(group, ()), (list[Name], None))
    return keys | (of_firms if group in FIRMS else {}) | partners


def _clashes(parameters: Parameters, menus: Menus) -> Iterator[str]:
    """Find names that would mean two things in one table."""
    for group in GROUPS:
        fixed = set(member_keys(group))
        numbers, slots = set(parameters.numbers(group)), set(menus.get(group, {}))
        for name in sorted((numbers & slots) | (numbers & fixed) | (slots & fixed)):
            yield f"parameters.csv: {group}.{name} is also a key or a choice of strategy; give the number another name"


def _group(group: str, parameters: Parameters, slots: Mapping[str, Mapping[str, type]]) -> type[BaseModel]:
    """Build the model of a group's table: values for all members, and a table for each member."""
    numbers = parameters.numbers(group)
    choices: Keys = {slot: (_choice(group, slot, menu, parameters), None) for slot, menu in slots.items()}
    member = create_model(f"{group}_member", __base__=Table, **member_keys(group), **_numbers(numbers), **choices)
    base = _open_to(member)
    own: Keys = {
        name: (create_model(f"{group}_{name}", __base__=member, **_numbers(rows)), None)
        for name, rows in parameters.own(group).items()
        if any((row.low, row.high) != (numbers[key].low, numbers[key].high) for key, row in rows.items())
    }
    return create_model(group, __base__=base, **_numbers(numbers), **choices, **own)


def _open_to(member: Any) -> type[BaseModel]:
    """Make a table that takes members of any name."""

    class Members(Table):
        model_config = ConfigDict(extra="allow")
        __pydantic_extra__: dict[str, member] = Field(init=False)

    return Members


def _numbers(rows: Mapping[str, Parameter]) -> Keys:
    """Give the key of each number: its range, its unit, and the table's value as default."""
    return {key: (float, _bounded(row.value, row)) for key, row in rows.items()}


def _bounded(default: Any, row: Parameter) -> Any:
    """Make a field with the range and unit of a row."""
    return Field(default, ge=row.low, le=row.high, description=row.note, json_schema_extra={"unit": row.unit})


def _choice(group: str, slot: str, menu: Mapping[str, type], parameters: Parameters) -> Any:
    """Build the type of a choice: a strategy's name, or a table of its name and numbers."""
    models = tuple(_strategy(f"{group}.{slot}.{name}", cls, parameters) for name, cls in menu.items())
    by_name = Annotated[_any_of(models), Field(discriminator="use")] if len(models) > 1 else models[0]
    return Annotated[by_name, BeforeValidator(_table_of_name)]


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
    """Build the type of an event: its month, its kind, and what that kind needs."""
    models = []
    for what, needed in EVENTS.items():
        keys: Keys = {
            "month": (Month, ...),
            "what": (Literal[what], ...),
            "text": (Told, ""),
        }
        keys |= {key: EVENT_KEYS[key] for key in needed}
        models.append(create_model(f"event_{what}", __base__=Table, **keys))
    return Annotated[_any_of(tuple(models)), Field(discriminator="what")] if len(models) > 1 else models[0]
