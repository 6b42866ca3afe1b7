"""Markup made of elements: whatever is not markup already is escaped, so no name in the data can become code."""

import html
import re
from collections.abc import Iterable, Mapping

_TOLD = re.compile("[&<>\"'\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # all that is not written as it is
# What XML does not allow in a text, however it is written.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
CORNERS: dict[str, list[tuple[float, float]]] = {  # of marks, for a half-width of 1
    "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
    "diamond": [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
    "triangle": [(0, -1.2), (1.2, 1), (-1.2, 1)],
}
_EMPTY = {"circle", "line", "path", "rect", "polygon", "col", "input", "meta", "link"}


class Markup(str):
    """Text that is markup already and is not escaped again; plain text becomes one through ``element``."""

    __slots__ = ()


def escaped(text: object) -> Markup:
    """Turn any text into markup that shows it and does nothing else."""
    if isinstance(text, Markup):
        return text
    plain = str(text)
    if not _TOLD.search(plain):
        return Markup(plain)
    return Markup(html.escape(_FORBIDDEN.sub("\ufffd", plain), quote=True))


def joined(parts: Iterable[str]) -> Markup:
    """Put parts one after the other, escaping those that are plain text."""
    return Markup("".join([escaped(part) for part in parts]))


def element(name: str, attributes: Mapping[str, object] | None = None, *children: str) -> Markup:
    """Make one element; plain text among the children is escaped, attributes that are None are left out."""
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
    """Write words at a point, centred on its height."""
    place = {"x": float(x), "y": float(y), "dy": ".35em", "text-anchor": None if anchor == "start" else anchor}
    return element("text", place | {"class": kind or None}, words)


def rule(x1: float, y1: float, x2: float, y2: float, kind: str = "rule") -> Markup:
    """Draw a straight line."""
    return element("line", {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2), "class": kind})


def marker(shape: str, x: float, y: float, size: float, kind: str) -> Markup:
    """Draw a layer's mark: circle, square, diamond or triangle, of a half-width."""
    if shape == "circle":
        return element("circle", {"cx": float(x), "cy": float(y), "r": float(size), "class": kind})
    points = " ".join(f"{point(x + size * dx)},{point(y + size * dy)}" for dx, dy in CORNERS[shape])
    return element("polygon", {"points": points, "class": kind})
