"""No object writes the attributes of another: facts are handed over in records, and their owner stores them.

A function may write to what is its own (``self.x``, ``self.x[place]``), and to what it has made itself. The syntax
trees of the rooms with the economy in them are read; records that are made to be filled in a phase are listed here.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
FILLED = {  # by the name that they go by, and the files in which they are filled
    "public": "agents/",  # what everybody can read, as of this month
    "market": "market/month.py",  # the columns of a market of this month
    "carried": "market/money_origin/origins.py",  # what payments carry, as it was just worked out
    "cls": "agents/scenario_spec.py",  # a class that is being made
    "claims": "market/accounting/ledger.py",  # the books, filled by one function that replays them too
}
KERNEL = "agents/users/kernel/"  # where arrays that a caller made are filled, by whatever name
MAKERS = {  # functions whose answer is new
    *("copy", "dict", "list", "set", "replace", "zeros", "full", "array", "empty", "where", "arange", "zeros_like"),
    *("cumsum", "stack", "any", "ravel", "in_proportion"),
}
MADE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.BinOp)


def foreign_writes(source: str, path: str) -> list[str]:
    """Complain of each write to something that is neither the writer's own nor made by it."""
    complaints = []
    for function in ast.walk(ast.parse(source, path)):
        if isinstance(function, ast.FunctionDef):
            bound = [pair for node in ast.walk(function) for pair in _bound(node)]
            made = {name for name, new in bound if new} - {name for name, new in bound if not new}
            for node in ast.walk(function):
                foreign = (each for each in _written(node) if not _owned(each, made) and not _filled(each, path))
                complaints += [f"{path}:{each.lineno}: {function.name} writes {ast.unparse(each)}" for each in foreign]
    return list(dict.fromkeys(complaints))


def _bound(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Give the names that a node binds, each with whether it is bound to something new."""
    pairs: list[tuple[ast.expr, ast.expr | None]]
    match node:
        case ast.Assign(targets=targets, value=value):
            pairs = [(target, value) for target in targets]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            pairs = [(target, value)]
        case ast.For(target=target) | ast.comprehension(target=target):
            pairs = [(target, None)]
        case ast.withitem(optional_vars=ast.expr() as target):
            pairs = [(target, None)]
        case _:
            return
    for where, what in pairs:
        if isinstance(where, ast.Tuple):
            parts = what.elts if isinstance(what, ast.Tuple) else [what if _is_new(what) else None] * len(where.elts)
            pairs += zip(where.elts, parts, strict=False)
        elif isinstance(where, ast.Name):
            yield where.id, _is_new(what)


def _is_new(value: ast.expr | None) -> bool:
    """Whether an expression makes something: a literal, an object of a class, or a copy."""
    match value:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in MAKERS or name[:1].isupper()
        case ast.Call(func=ast.Subscript(value=ast.Name(id=name))):  # list[Row]()
            return name in MAKERS or name[:1].isupper()
    return isinstance(value, MADE)


def _written(node: ast.AST) -> Iterator[ast.expr]:
    """Give the attributes and items that a node writes."""
    match node:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            found = list(targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            found = [target]
        case (
            ast.For(target=target) | ast.comprehension(target=target) | ast.withitem(optional_vars=ast.expr() as target)
        ):
            found = [target]
        case ast.Call(func=ast.Attribute(attr="__setattr__" | "__delattr__"), args=[owner, _, *_]):
            found = [ast.copy_location(ast.Attribute(owner, "?"), node)]
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[owner, *_]):
            found = [ast.copy_location(ast.Attribute(owner, "?"), node)]
        case _:
            return
    while found:
        target = found.pop()
        if isinstance(target, ast.Tuple | ast.List):
            found += target.elts
        elif isinstance(target, ast.Attribute | ast.Subscript):
            yield target


def _owned(target: ast.expr, made: set[str]) -> bool:
    """Whether a target is an attribute of ``self`` or an item of one, or is in what the function has made.

    A list that was made holds members that were not: their attributes are theirs.
    """
    attributes, under_item, node = 0, False, target
    while isinstance(node, ast.Attribute | ast.Subscript):
        attributes += isinstance(node, ast.Attribute)
        under_item |= isinstance(node, ast.Attribute) and isinstance(node.value, ast.Subscript)
        node = node.value
    return isinstance(node, ast.Name) and (
        (node.id in made and not under_item) or (node.id == "self" and attributes == 1 and not under_item)
    )


def _filled(target: ast.expr, path: str) -> bool:
    """Whether a target is a record that is made to be filled."""
    node = target
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    name = node.id if isinstance(node, ast.Name) else ""
    return path.startswith(KERNEL) or (name in FILLED and path.startswith(FILLED[name]))


def sources() -> Iterator[tuple[str, str]]:
    """The files of both rooms, by their paths."""
    for room in ("market", "agents"):
        for file in sorted((REPOSITORY / room).rglob("*.py")):
            yield file.relative_to(REPOSITORY).as_posix(), file.read_text(encoding="utf-8")


def test_nobody_writes_anothers_attributes():
    assert [each for path, source in sources() for each in foreign_writes(source, path)] == []


@pytest.mark.parametrize(
    "body",
    [
        "firm.price = 1.0",
        "firm.load += 1",
        "self.registers.month = month",
        "self.tracks[place].mark = 1.0",
        "self.firms[0].got[place] = 1",
        "firm.stakes[place] = 2",
        "first.price, second = 1.0, 2.0",
        "setattr(firm, 'price', 1.0)",
        "del firm.stakes[place]",
        "firm = self.firms[place]\n    firm.price = 1.0",
        "firm = self.find(place)\n    firm.price = 1.0",
        "room = self.room\n    room[place] -= 1",
        "for firm.price in prices: pass",
        "[0 for firm.price in prices]",
        "with price as firm.price: pass",
        "object.__setattr__(firm, 'price', 1.0)",
        "box = Box()\n    box = self.firms[place]\n    box.price = 1.0",
        "firms = list(self.firms)\n    firms[0].price = 1.0",
        "firm = self.market.take(place)\n    firm.price = 1.0",
    ],
)
def test_a_foreign_write_is_seen(body):
    assert len(foreign_writes(f"def act(self, firm, first, place):\n    {body}\n", "agents/apps/month.py")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "self.price = 1.0",
        "self.got[place] += 1",
        "public = self.registers.public\n    public.cards = []",
        "box = Box()\n    box.price = 1.0",
        "total, names = {}, list[str]()\n    total[place] = 1",
        "book = lots.book.copy()\n    book[place] = 0",
        "price = firm.price",
    ],
)
def test_what_is_ones_own_is_written(body):
    assert foreign_writes(f"def act(self, firm, place):\n    {body}\n", "agents/apps/month.py") == []
