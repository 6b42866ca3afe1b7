"""Definitions in a module's text, found without running it: a class or function by its qualified name."""

import ast
from collections.abc import Iterator

type Definition = ast.ClassDef | ast.FunctionDef


def definition(text: str, name: str, line: int | None = None) -> str | None:
    """Cut a class or a function out of the text of a module, with its decorators; None if it is not there.

    ``name`` is its qualified name, in which functions count; ``line`` is one of the lines in it.
    """
    named = [node for path, node in _definitions(_tree(text), "") if path == name]
    found = [node for node in named if line is None or _holds(node, line)]
    if not found:
        return None
    lines = text.splitlines(keepends=True)[_first(found[-1]) - 1 : found[-1].end_lineno]
    return "".join(lines).replace("\r\n", "\n")


def defined_names(text: str) -> list[str]:
    """List the classes and functions at the top of a module's text, but for those that begin with an underscore."""
    nodes = (each for each in ast.iter_child_nodes(_tree(text)) if isinstance(each, Definition.__value__))
    return list(dict.fromkeys(node.name for node in nodes if not node.name.startswith("_")))


def _tree(text: str) -> ast.AST:
    """Parse a text; one that is not Python defines nothing."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module(body=[], type_ignores=[])


def _definitions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Definition]]:
    """Yield all classes and functions under a node with their qualified names."""
    for each in ast.iter_child_nodes(node):
        match each:
            case ast.ClassDef(name=name):
                yield prefix + name, each
                yield from _definitions(each, f"{prefix}{name}.")
            case ast.FunctionDef(name=name):
                yield prefix + name, each
                yield from _definitions(each, f"{prefix}{name}.<locals>.")
            case _:
                yield from _definitions(each, prefix)


def _first(node: Definition) -> int:
    """Return the line at which a definition begins, with its decorators."""
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def _holds(node: Definition, line: int) -> bool:
    return _first(node) <= line <= (node.end_lineno or 0)
