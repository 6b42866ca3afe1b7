"""The few messages that a page may send to the server; each is checked completely before anything acts on it.

The widget server behind the page would do far more for anyone who asks: make any object, call any method, read any
file. No page of the lab ever asks for that, so such messages are refused here.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from watersellers.experiments.input.errors import BadInput, shown

LONGEST = 40_000  # characters of a message: the longest address, with each character written as three
MAX_NAME = 200  # characters of a name in a message's header
IDENTIFIER = re.compile(r"[0-9A-Za-z-]{8,64}")  # of a page, its kernel, a comm or a widget
CONTROL, WIDGETS = TARGETS = ("solara.control", "jupyter.widget.control")
TARGET_OF = {"run": CONTROL, "app-status": CONTROL, "request_states": WIDGETS, "update": ""}  # of each method
VERSION = re.compile(r"1\.\d{1,4}\.\d{1,4}")
EVENTS = ("act", "drawn")
REQUEST_KEYS = {"do", "key", "value"}
MESSAGE_KEYS = {"buffers", "channel", "content", "header", "metadata", "parent_header"}
LOCATION_KEYS = {"location", "hash"}
EXPECTED = "expected one that this page sends"


def read_message(text: str) -> dict[str, Any]:
    """Read a message of a page.

    Raises
    ------
    BadInput
        If no page of the lab sends such a message.
    """
    if len(text) > LONGEST:
        raise BadInput(f"message: found {len(text)} characters, expected at most {LONGEST}")
    try:
        message = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadInput(f"message: found {shown(text)}, expected JSON") from None
    if not isinstance(message, dict) or not set(message) <= MESSAGE_KEYS or message.get("buffers", []) != []:
        raise BadInput(f"message: found {shown(message)}, {EXPECTED}")
    head, content = message.get("header"), message.get("content")
    kind = head.get("msg_type") if isinstance(head, dict) else None
    flat = (head, message.get("metadata", {}), message.get("parent_header", {}))
    if message.get("channel") != "shell" or not all(_is_flat(part) for part in flat) or not isinstance(content, dict):
        raise BadInput(f"message: found {shown(message)}, {EXPECTED}")
    known = kind in KINDS and "msg_id" in (head or {}) and KINDS[kind](content)
    if not known or not _names_version(content, message.get("metadata", {})):
        raise BadInput(f"message: found the request {shown(kind)} of {shown(content)}, {EXPECTED}")
    return message


def _refuse_constant(found: str) -> None:
    raise ValueError(found)


def _is_flat(part: Any) -> bool:
    """Return whether a part of a message contains nothing but short texts."""
    return isinstance(part, dict) and all(_is_text(value, MAX_NAME) for value in (*part, *part.values()))


def _is_text(value: Any, most: int = LONGEST) -> TypeGuard[str]:
    """Return whether a value is text that can be encoded, that is, without lone surrogates."""
    return isinstance(value, str) and len(value) <= most and not re.search("[\ud800-\udfff]", value)


def _names_comm(content: Mapping[str, Any]) -> bool:
    return _is_text(content.get("comm_id")) and IDENTIFIER.fullmatch(content["comm_id"]) is not None


def _is_comm_open(content: Mapping[str, Any]) -> bool:
    return _names_comm(content) and content.get("target_name") in TARGETS and content.get("data") == {}


def _names_version(content: Mapping[str, Any], metadata: Mapping[str, Any]) -> bool:
    """Return whether a request for the widgets' states names a known protocol version."""
    return content.get("target_name") != WIDGETS or VERSION.fullmatch(metadata.get("version", "")) is not None


def _is_comm_close(content: Mapping[str, Any]) -> bool:
    return _names_comm(content) and content.get("data") == {}


def _is_comm_message(content: Mapping[str, Any]) -> bool:
    data = content.get("data")
    if not _names_comm(content) or not isinstance(data, dict) or not _is_text(data.get("method")):
        return False
    return data["method"] in METHODS and METHODS[data["method"]](data)


def _is_start(data: Mapping[str, Any]) -> bool:
    """Return whether a page starts as pages do: with its address and the default theme."""
    given = data.get("args")
    if not isinstance(given, dict) or not set(given) <= {"path", "dark", "themes", "appName"}:
        return False
    path, themes = given.get("path"), given.get("themes")
    ours = _is_text(path) and path.startswith("/") and path[1:2] in ("", "?")
    default = isinstance(themes, dict) and all(value == {} for value in themes.values()) and len(themes) <= 2
    return ours and default and isinstance(given.get("dark"), bool) and given.get("appName") is None


def _is_navigation(data: Mapping[str, Any]) -> bool:
    """Return whether a page reports that the user went back or forward."""
    state = data.get("state")
    return isinstance(state, dict) and set(state) <= LOCATION_KEYS and all(_is_text(value) for value in state.values())


def _is_event(data: Mapping[str, Any]) -> bool:
    """Return whether a page reports an action of the user, or that it has drawn a frame."""
    content = data.get("content")
    if not isinstance(content, dict) or not set(content) <= {"event", "data"} or content.get("event") not in EVENTS:
        return False
    request = content.get("data", {})
    flat = isinstance(request, dict) and set(request) <= REQUEST_KEYS
    return flat and all(_is_text(value) or isinstance(value, int | float | None) for value in request.values())


METHODS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "run": _is_start,
    "update": _is_navigation,
    "custom": _is_event,
    "app-status": lambda data: set(data) == {"method"},
    "request_states": lambda data: set(data) == {"method"},
}
KINDS: Mapping[Any, Callable[[Mapping[str, Any]], bool]] = {
    "kernel_info_request": lambda content: content == {},
    "comm_info_request": lambda content: content in ({}, {"target_name": "jupyter.widget"}),
    "shutdown_request": lambda content: set(content) <= {"restart"},
    "comm_open": _is_comm_open,
    "comm_msg": _is_comm_message,
    "comm_close": _is_comm_close,
}
