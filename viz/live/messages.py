"""What a page may send to the server: a handful of messages, each looked at whole before anything acts on it.

What carries the page would do far more for whoever asks: make any object, call any method, read any file. None of that
is ever asked by a page of ours, so it does not get past here.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from watersellers.experiments.errors import BadInput, shown

LONGEST = 40_000  # characters of a message: an address, each of its letters written as three
WORDS = 200  # characters of a name in a message's head
NAME = re.compile(r"[0-9A-Za-z-]{8,64}")  # of a page, of what carries it, and of what is on it
PAGE, STATES = TARGETS = ("solara.control", "jupyter.widget.control")
HEARD_BY = {"run": PAGE, "app-status": PAGE, "request_states": STATES, "update": ""}  # which line of a page
VERSION = re.compile(r"1\.\d{1,4}\.\d{1,4}")
EVENTS = ("act", "drawn")
PRESSED = {"do", "key", "value"}
PARTS = {"buffers", "channel", "content", "header", "metadata", "parent_header"}
PLACE = {"location", "hash"}
EXPECTED = "expected one that this page sends"


def message(text: str) -> dict[str, Any]:
    """Read a message of a page.

    Raises
    ------
    BadInput
        If no page of this lab sends such a one.
    """
    if len(text) > LONGEST:
        raise BadInput(f"message: found {len(text)} characters, expected at most {LONGEST}")
    try:
        said = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadInput(f"message: found {shown(text)}, expected JSON") from None
    if not isinstance(said, dict) or not set(said) <= PARTS or said.get("buffers", []) != []:
        raise BadInput(f"message: found {shown(said)}, {EXPECTED}")
    head, content = said.get("header"), said.get("content")
    kind = head.get("msg_type") if isinstance(head, dict) else None
    parts = (head, said.get("metadata", {}), said.get("parent_header", {}))
    if said.get("channel") != "shell" or not all(_plain(part) for part in parts) or not isinstance(content, dict):
        raise BadInput(f"message: found {shown(said)}, {EXPECTED}")
    known = kind in KINDS and "msg_id" in (head or {}) and KINDS[kind](content)
    if not known or not _spoken(content, said.get("metadata", {})):
        raise BadInput(f"message: found the request {shown(kind)} of {shown(content)}, {EXPECTED}")
    return said


def _no_number(found: str) -> None:
    raise ValueError(found)


def _plain(part: Any) -> bool:
    """Whether a part of a message holds short texts and nothing else."""
    return isinstance(part, dict) and all(_text(value, WORDS) for value in (*part, *part.values()))


def _text(value: Any, most: int = LONGEST) -> TypeGuard[str]:
    """Whether a value is text that can be written down: half a letter can't."""
    return isinstance(value, str) and len(value) <= most and not re.search("[\ud800-\udfff]", value)


def _named(content: Mapping[str, Any]) -> bool:
    return _text(content.get("comm_id")) and NAME.fullmatch(content["comm_id"]) is not None


def _opens(content: Mapping[str, Any]) -> bool:
    return _named(content) and content.get("target_name") in TARGETS and content.get("data") == {}


def _spoken(content: Mapping[str, Any], metadata: Mapping[str, Any]) -> bool:
    """Whether who asks for the state of what is on a page says in which version."""
    return content.get("target_name") != STATES or VERSION.fullmatch(metadata.get("version", "")) is not None


def _closes(content: Mapping[str, Any]) -> bool:
    return _named(content) and content.get("data") == {}


def _tells(content: Mapping[str, Any]) -> bool:
    data = content.get("data")
    if not _named(content) or not isinstance(data, dict) or not _text(data.get("method")):
        return False
    return data["method"] in METHODS and METHODS[data["method"]](data)


def _runs(data: Mapping[str, Any]) -> bool:
    """Whether a page begins as pages do: with its address, and the look that is usual here."""
    given = data.get("args")
    if not isinstance(given, dict) or not set(given) <= {"path", "dark", "themes", "appName"}:
        return False
    path, themes = given.get("path"), given.get("themes")
    begins = _text(path) and path.startswith("/") and path[1:2] in ("", "?")
    usual = isinstance(themes, dict) and all(value == {} for value in themes.values()) and len(themes) <= 2
    return begins and usual and isinstance(given.get("dark"), bool) and given.get("appName") is None


def _moves(data: Mapping[str, Any]) -> bool:
    """Whether a page tells that it went back or forward."""
    state = data.get("state")
    return isinstance(state, dict) and set(state) <= PLACE and all(_text(value) for value in state.values())


def _happens(data: Mapping[str, Any]) -> bool:
    """Whether something was pressed on a page, or drawn."""
    content = data.get("content")
    if not isinstance(content, dict) or not set(content) <= {"event", "data"} or content.get("event") not in EVENTS:
        return False
    pressed = content.get("data", {})
    flat = isinstance(pressed, dict) and set(pressed) <= PRESSED
    return flat and all(_text(value) or isinstance(value, int | float | None) for value in pressed.values())


METHODS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "run": _runs,
    "update": _moves,
    "custom": _happens,
    "app-status": lambda data: set(data) == {"method"},
    "request_states": lambda data: set(data) == {"method"},
}
KINDS: Mapping[Any, Callable[[Mapping[str, Any]], bool]] = {
    "kernel_info_request": lambda content: content == {},
    "comm_info_request": lambda content: content in ({}, {"target_name": "jupyter.widget"}),
    "shutdown_request": lambda content: set(content) <= {"restart"},
    "comm_open": _opens,
    "comm_msg": _tells,
    "comm_close": _closes,
}
