"""Good files of each kind that a user writes: scenarios, studies of every design, calibrations, fits."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = (
    *("baseline", "deepseek_moment", "chip_rivals", "three_routes", "marketing_war", "fragile_water"),
    *("route_all", "fleet_loans", "two_services", "price_war", "projects_on_premises", "search_bought", "devices"),
)
FITS = ("upstream", "downstream", "joint")
STUDY = """scenario = "plain"
months = 2
users = 100
replications = 2
seed = 3
time_limit = 600.5
"""
SETTINGS = """[set]
labs.lock_in = 0.5
"apps.chatgpt.pricing" = "cost_plus"
"""
TWO = """[parameters]
chips.nvidia.lock_in = {}
users.taste = {low = 0.1, high = 3, scale = "log"}
"""
CASES = """[parameters]
chips.nvidia.lock_in = {low = 0, high = 5, levels = 3}
cloud.pricing = ["follow_use", "cost_plus"]
[parameters.money.cases]
none = {"investors.venture_west.savers_wealth" = 0}
usual = {}
"""
DESIGNS = {
    "grid": f'[design]\nkind = "grid"\nlevels = 2\n{CASES}',
    "one_at_a_time": f'[design]\nkind = "one_at_a_time"\nlevels = 3\n{TWO}',
    "list": '[design]\nkind = "list"\npoints = [{"users.taste" = 1}, {"users.taste" = 2, "chips.lock_in" = 3.5}]\n',
    "table": '[design]\nkind = "table"\nfile = "points.csv"\n',
    "latin_hypercube": f'[design]\nkind = "latin_hypercube"\npoints = 10\n{TWO}',
    "sobol": f'[design]\nkind = "sobol"\npoints = 8\n{TWO}',
    "saltelli": f'[design]\nkind = "saltelli"\npoints = 8\nsecond_order = true\n{TWO}',
    "morris": f'[design]\nkind = "morris"\ntrajectories = 4\nlevels = 4\n{TWO}',
}
MEASURES = 'keep_runs = false\nmeasures = ["last2.profit_over_final_spending", "firms.revenue"]\n'
POINTS = "users.taste,cloud.pricing\n1.5,follow_use\n2,\n"
SOUGHT = """trials = 6
batch = 3
[parameters]
chips.market_elasticity = {low = 1.1, high = 3}
cloud.capacity.extrapolate.target = {low = 0.5, high = 0.95}
labs.lock_in = [0.1, 0.2]
[[target]]
measure = "last2.profit_over_final_spending:chips"
value = 0.4
tolerance = 0.05
[[target]]
measure = "profit_over_final_spending:labs@2023-02"
value = -0.1
tolerance = 0.02
weight = 2.5
"""


@dataclass(frozen=True)
class Good:
    """A file that is good: of which kind, its name, its text, and what has to lie beside it."""

    kind: str
    name: str
    text: str
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def doc(self) -> dict[str, Any]:
        return tomllib.loads(self.text)

    @property
    def question(self) -> str:
        """The line that a scenario begins with."""
        return self.text.partition("\n")[0] if self.text.startswith("#") else "# A file to be broken"


KINDS = ("scenario", "study", "calibration", "fit")


@cache
def good_files(kind: str) -> tuple[Good, ...]:
    """Give all good files of a kind."""
    if kind == "scenario":
        return tuple(Good(kind, name, _scenario(name)) for name in SCENARIOS)
    if kind == "study":
        texts = {name: f"{STUDY}{MEASURES}{SETTINGS}{text}" for name, text in DESIGNS.items()}
        return tuple(Good(kind, name, text, {"points.csv": POINTS}) for name, text in texts.items())
    if kind == "calibration":
        return (Good(kind, "sought", f"{STUDY}{SOUGHT}{SETTINGS}"),)
    folder = ROOT / "experiments" / "calibration"
    return tuple(Good(kind, name, (folder / f"{name}.toml").read_text(encoding="utf-8")) for name in FITS)


def _scenario(name: str) -> str:
    ours, blocks = ROOT / "experiments" / "scenarios" / f"{name}.toml", ROOT / "tests/worlds/blocks" / f"{name}.toml"
    return (ours if ours.is_file() else blocks).read_text(encoding="utf-8")


class Raw(str):
    """A value that is written letter by letter as it stands here."""


class Quoted(str):
    """A key that is written in quotes, where it needs none."""


def written(doc: Mapping[str, Any], first: str) -> str:
    """Write a document as TOML, a table with its head and a table of a strategy in a line; ``first`` is line one."""
    return "\n".join([first, *_lines(doc, ())]) + "\n"


def _lines(table: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[str]:
    """Write a table: what is in a line first, then the tables in it."""
    heads = {key: value for key, value in table.items() if _has_head(value)}
    yield from (f"{key_text(key)} = {value_text(value)}" for key, value in table.items() if key not in heads)
    for key, value in heads.items():
        place = (*above, key)
        head = ".".join(map(key_text, place))
        for each in value if isinstance(value, list) else [value]:
            yield f"[[{head}]]" if isinstance(value, list) else f"[{head}]"
            yield from _lines(each, place)


def _has_head(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict) and "use" not in value


def key_text(key: str) -> str:
    """Write a key, in quotes where it needs them."""
    if re.fullmatch(r"[A-Za-z0-9_-]+", key) and not isinstance(key, Quoted):
        return str(key)
    return json.dumps(key, ensure_ascii=False).replace("\x7f", "\\u007f")


def value_text(value: Any) -> str:
    """Write a value in a line."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key_text(key)} = {value_text(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    return (
        json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        if isinstance(value, str | bool)
        else repr(value)
    )
