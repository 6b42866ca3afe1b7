"""Messages as a page of the lab sends them, and messages that no page sends."""

import copy
import json

from hypothesis import strategies as st

from watersellers.viz.lab.server.messages import LONGEST

NAME = "3a02fe82bb514fc9b15816e1fbd84785"
HEAD = {"msg_id": "1", "msg_type": "", "session": "2", "username": "", "version": "5.2", "date": "2026-01-01"}
ADDRESS = {"path": "/?users=100", "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}


def page_message(kind, content, **more):
    """A message as a page sends it."""
    parts = {"channel": "shell", "header": HEAD | {"msg_type": kind}, "metadata": {}, "parent_header": {}}
    return {"buffers": [], "content": content, **parts, **more}


def widget_message(**data):
    return page_message("comm_msg", {"comm_id": NAME, "data": data})


def event_message(**content):
    return widget_message(method="custom", content=content)


def open_message(target="solara.control", data=None, name=NAME, version="1.0.0"):
    content = {"comm_id": name, "target_name": target, "data": data or {}}
    return page_message("comm_open", content, metadata={"version": version})


PRESSED = {"event": "act", "data": {"do": "set", "key": "lever:apps.list_price", "value": "5"}}
GOOD = [
    *(page_message("kernel_info_request", {}), page_message("comm_info_request", {"target_name": "jupyter.widget"})),
    *(
        open_message(),
        open_message("jupyter.widget.control"),
        page_message("comm_close", {"comm_id": NAME, "data": {}}),
    ),
    *(
        widget_message(method="run", args=ADDRESS),
        widget_message(method="app-status"),
        widget_message(method="request_states"),
    ),
    *(
        event_message(**PRESSED),
        event_message(event="drawn"),
        event_message(event="act", data={"do": "width", "value": 1280}),
    ),
    *(
        widget_message(method="update", state={"location": "/?a=1"}),
        page_message("shutdown_request", {"restart": False}),
    ),
]
REACH = {  # what the server would do for whoever asks, were it heard
    "make any object": event_message(
        create_widget=["ipyvue", "VueTemplate"], id="x", props={"template_file": "/etc/passwd"}
    ),
    "run any program": event_message(create_widget=["subprocess", "Popen"], id="x", props={"args": ["true"]}),
    "call any method": event_message(event="act", data={"functionRef": "close", "args": []}),
    "call any method within": event_message(event="act", data={"do": {"functionRef": "close_all", "args": []}}),
    "change any part": event_message(update_ref={"objectRef": "comm"}, id="x", prop="comm"),
    "read any part": event_message(event="act", data={"do": {"objectRef": "comm", "path": ["kernel"]}}),
    "make any widget": open_message("jupyter.widget", {"state": {"_model_module": "jupyter-vue", "template": "x"}}),
    "change the sheet": widget_message(method="update", state={"style": "x"}),
    "fill what is sent": widget_message(method="update", state={"location": "/"}, buffer_paths=[["location"]])
    | {"buffers": [1]},
    "open another program": widget_message(method="run", args=ADDRESS | {"appName": "other"}),
    "leave the page": widget_message(method="run", args=ADDRESS | {"path": "/../../etc/passwd"}),
    "begin with another look": widget_message(method="run", args=ADDRESS | {"themes": {"light": {"primary": 5}}}),
    "evict": widget_message(method="evict"),
    "run code": page_message("execute_request", {"code": "1"}),
    "complete code": page_message("complete_request", {"code": "1"}),
}
WRONG = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "a text": '"x"',
    "null": "null",
    "a number": "7",
    "huge": json.dumps(event_message(event="act", data={"do": "x" * LONGEST})),
    "deep": "[" * 30_000,
    "deep inside": json.dumps(event_message(**PRESSED)).replace('"5"', "[" * 900 + "]" * 900),
    "half a letter": json.dumps(event_message(event="act", data={"do": "set", "key": "word", "value": "\ud800"})),
    "not a number": json.dumps(event_message(event="act", data={"do": "month", "value": float("nan")})),
    "endless": json.dumps(event_message(event="act", data={"do": "month", "value": float("inf")})),
    "5,000 digits": json.dumps(event_message(**PRESSED)).replace('"5"', "9" * 5000),
    "a list for a value": json.dumps(event_message(event="act", data={"do": "month", "value": [1]})),
    "no header": json.dumps({"channel": "shell", "content": {}}),
    "another channel": json.dumps(page_message("kernel_info_request", {}, channel="iopub")),
    "a header in a header": json.dumps(page_message("kernel_info_request", {}, parent_header={"a": {"b": {}}})),
    "a kind that is a list": json.dumps(
        page_message("kernel_info_request", {}, header={"msg_type": ["x"], "msg_id": "1"})
    ),
    "another version": json.dumps(open_message("jupyter.widget.control", version="2.0.0")),
    "a name with a slash": json.dumps(open_message(name="../../../etc/passwd")),
    **{why: json.dumps(each) for why, each in REACH.items()},
}


def message_paths(part, path=()):
    """List where something stands in a message."""
    if path:
        yield path
    for key, value in part.items() if isinstance(part, dict) else ():
        yield from message_paths(value, (*path, key))


def broken(good, data):
    """Put something odd into one place of a message."""
    found = part = copy.deepcopy(good)
    *way, last = data.draw(st.sampled_from(list(message_paths(good))))
    for key in way:
        part = part[key]
    part[last] = data.draw(ODD)
    return found


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
