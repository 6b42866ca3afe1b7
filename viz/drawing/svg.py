"""Markup made of elements: all plain text is escaped, so that no name in the data can become code."""

import html
import re
from collections.abc import Iterable, Mapping

_SPECIAL = re.compile("[&<>\"'\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # characters that need escaping
# Characters that XML does not allow in any form.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
CORNERS: dict[str, list[tuple[float, float]]] = {  # of marks, for a half-width of 1
    "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
    "diamond": [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
    "triangle": [(0, -1.2), (1.2, 1), (-1.2, 1)],
}
_EMPTY = {"circle", "line", "path", "rect", "polygon", "col", "input", "meta", "link"}


class Markup(str):
    """Text that is already markup and is not escaped again; ``element`` makes it from plain text."""

    __slots__ = ()


def escaped(text: object) -> Markup:
    """Turn any text into markup that only shows it."""
    if isinstance(text, Markup):
        return text
    plain = str(text)
    if not _SPECIAL.search(plain):
        return Markup(plain)
    return Markup(html.escape(_FORBIDDEN.sub("\ufffd", plain), quote=True))


def joined(parts: Iterable[str]) -> Markup:
    """Join parts, escaping those that are plain text."""
    return Markup("".join([escaped(part) for part in parts]))


def element(name: str, attributes: Mapping[str, object] | None = None, *children: str) -> Markup:
    """Make an element; plain text among the children is escaped, and attributes that are None are left out."""
    given = attributes.items() if attributes else ()
    inside = "".join([f' {key}="{_value(value)}"' for key, value in given if value is not None])
    if name in _EMPTY and not children:
        return Markup(f"<{name}{inside}/>")
    return Markup(f"<{name}{inside}>{joined(children)}</{name}>")


def _value(value: object) -> str:
    if isinstance(value, float):
        return point(value)
    return str(value) if isinstance(value, int) else escaped(value)


def point(value: float) -> str:
    """Write a coordinate to a tenth of a unit."""
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )


def label(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    """Write text at a point, centred vertically."""
    position = {"x": float(x), "y": float(y), "dy": ".35em", "text-anchor": None if anchor == "start" else anchor}
    return element("text", position | {"class": kind or None}, words)


def rule(x1: float, y1: float, x2: float, y2: float, kind: str = "rule") -> Markup:
    """Draw a straight line."""
    return element("line", {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2), "class": kind})


def marker(shape: str, x: float, y: float, size: float, kind: str) -> Markup:
    """Draw a marker: circle, square, diamond or triangle; ``size`` is its half-width."""
    if shape == "circle":
        return element("circle", {"cx": float(x), "cy": float(y), "r": float(size), "class": kind})
    points = " ".join(f"{point(x + size * dx)},{point(y + size * dy)}" for dx, dy in CORNERS[shape])
    return element("polygon", {"points": points, "class": kind})
