"""The decisions of firms, for whoever writes a rule of one's own: what it sees, what it answers, and an example.

What a decision-maker sees is read from the source of its view, where each field has its unit beside it, so that a page
never says something else than the model does.
"""

import ast
import inspect
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import indent, wrap
from typing import Any, get_type_hints

from watersellers.agents.decision_bounds import BOUNDS, Bound
from watersellers.agents.public_information import Card, Plan, Product, Rental
from watersellers.agents.strategies import MENUS
from watersellers.experiments.input.errors import BadInput, unknown

FILE = Path(__file__).parents[1] / "decisions.toml"
SHARES = "shares of 0 or more, one for each offer, that add up to 1"
PAIR = ", or a pair: that of a seat, which may be 0 then, and the price of a query, above 0 (USD)"
WIDTH, NAME_WIDTH = 110, 16  # of a page's lines, and of a name in its tables


@dataclass(frozen=True, slots=True)
class SeenField:
    """A figure that a decision-maker sees: its name, its type, and its unit with what it means."""

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True)
class Decision:
    """A decision of a firm: ``help()`` and ``print()`` show its page.

    ``sees`` lists what a rule is shown as ``seen``, ``offer`` what a rival's offer has, ``answer`` says what it must
    answer, ``afterwards`` what happens to the answer, ``menu`` names the rules that come with Water Sellers, and
    ``example`` is a module with one of one's own.
    """

    name: str
    asks: str
    view: str
    sees: tuple[SeenField, ...]
    offer: tuple[SeenField, ...]
    answer: str
    afterwards: str
    menu: tuple[str, ...]
    path: str
    number: str
    value: float
    example: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "__doc__", str(self))  # which help() shows

    @property
    def number_path(self) -> str:
        """The path of the example's number: of one firm, or of all in a layer that use the rule."""
        return f"{self.path}{'' if self.path.count('.') > 1 else '.mine:Mine'}.{self.number}"

    def __repr__(self) -> str:
        return f"<Decision {self.name}: {self.asks}>"

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.name}: {self.asks}"
        yield ""
        yield from wrap(
            f"A rule is called with what its firm may know, seen ({self.view}), and with chance. It sees:", WIDTH
        )
        yield ""
        yield from _table(self.sees)
        if self.offer:
            yield "\nfor each in seen.rivals: each.name is a firm, and each.offer has:\n"
            yield from _table(self.offer)
        for sentence in (
            "No figure is ever None or NaN. What may be infinite says so above. In its first month a firm has sold"
            " nothing yet, and its last price is the scenario's; before the first month nobody has offered anything.",
            f"It must answer {self.answer}. Any other answer stops the run before anything is saved.",
            f"What happens afterwards: {self.afterwards} Where that changes an answer, the column overridden of the"
            " table of firms names the decision.",
            'chance.uniform("any words", key) draws from 0 to 1, the same for the same seed, month, words and key.',
            f"On the menu: {', '.join(self.menu)}.",
        ):
            yield ""
            yield from wrap(sentence, WIDTH)
        yield f"\nOne of your own, in mine.py:\n\n{indent(self.example, '    ')}\n"
        chosen = f"--set {self.path}=mine:Mine --set {self.number_path}={self.value}"
        yield f"    watersellers compare baseline {chosen} --seeds 10"


def _table(fields: Iterable[SeenField]) -> Iterator[str]:
    """Write fields with their types and meanings, one to a line or more."""
    for each in fields:
        head = f"  {each.name:{NAME_WIDTH}s} "
        yield from wrap(f"{each.kind}: {each.meaning}", WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def decision(name: str) -> Decision:
    """Return a decision of firms, as ``"labs.research"``; ``print`` and ``help`` show what its rules see and answer.

    Raises
    ------
    BadInput
        If there is no such decision.
    """
    found = decisions()
    if name not in found:
        raise BadInput(f"decision: {unknown('decision', str(name), found)}")
    return found[name]


@cache
def decisions() -> Mapping[str, Decision]:
    """Return all decisions of firms by their names."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {f"{layer}.{each}": _decision(f"{layer}.{each}", told) for layer, menu in MENUS.items() for each in menu}


def _decision(name: str, told: Mapping[str, Any]) -> Decision:
    """Put a decision together from its table, its view, its bound and its menu."""
    layer, _, each = name.partition(".")
    menu, of = MENUS[layer][each], told[name]
    view = _view(layer, menu)
    bound = BOUNDS.get(name)
    answer = (SHARES if bound is None else _expected(bound)) + (PAIR if name == "apps.pricing" else "")
    sees = tuple(_fields(view))
    rivals = next((OFFERS[layer] for field in sees if field.kind == "Rivals"), None)
    shown = view.__name__, sees, tuple(_fields(rivals)) if rivals else ()
    mine = of["path"], of["number"]["name"], of["number"]["value"], _example(of)
    return Decision(name, of["asks"], *shown, answer, of["afterwards"], tuple(menu), *mine)


OFFERS: Mapping[str, type] = {"chips": Product, "cloud": Rental, "labs": Card, "apps": Plan}


def _view(layer: str, menu: Mapping[str, type]) -> type:
    """Find the view that the rules of a menu are shown; rules of several layers are shown that of the layer."""
    views = [get_type_hints(rule.__call__)["seen"] for rule in menu.values()]
    own = [view for view in views if inspect.isclass(view) and view.__name__.startswith("SeenBy")]
    plain = [view for view in own if view.__name__ != "SeenBySeller"]
    return plain[-1] if plain else _sellers()[layer]


def _sellers() -> Mapping[str, type]:
    from watersellers.agents.information import SeenByApp, SeenByChipVendor, SeenByCloud, SeenByLab

    return {"chips": SeenByChipVendor, "cloud": SeenByCloud, "labs": SeenByLab, "apps": SeenByApp}


def _expected(bound: Bound) -> str:
    """Say what an answer has to be."""
    kind = "a whole number" if bound.whole else "a finite number"
    most = f"`seen.{bound.seen}`" if bound.seen else "any" if bound.most == float("inf") else f"{bound.most:g}"
    return f"{kind} from {bound.least:g} to {most}, {bound.unit} ({bound.why})"


def _fields(view: type) -> Iterator[SeenField]:
    """Read the fields of a view with the comments beside them, which hold unit and meaning."""
    lines = inspect.getsource(view).splitlines()
    body = ast.parse(inspect.cleandoc("\n".join(lines))).body[0]
    assert isinstance(body, ast.ClassDef)
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            comment = lines[(node.end_lineno or node.lineno) - 1].partition("#")[2].strip()
            yield SeenField(node.target.id, ast.unparse(node.annotation), comment or MEANINGS[node.target.id])


MEANINGS = {  # of fields whose name says it all, or which a class of its own describes
    "elasticity": "of its own demand in its own price, positive",
    "demand": "its own demand: `quantity(price)` and `best_price(unit_cost, capacity)` of a straight line",
}


def _example(of: Mapping[str, Any]) -> str:
    """Write a module with a rule of one's own for a decision."""
    number = of["number"]
    told = f'{{"unit": "{number["unit"]}", "low": {number["low"]}, "high": {number["high"]}}}'
    return "\n".join(
        [
            "from dataclasses import dataclass, field",
            "",
            "",
            "@dataclass(frozen=True, slots=True)",
            "class Mine:",
            f'    """{of["does"]}"""',
            "",
            f"    {number['name']}: float = field(default={number['value']}, metadata={told})",
            "",
            "    def __call__(self, seen, chance):",
            f"        return {of['answer']}",
        ]
    )
