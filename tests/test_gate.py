"""The gate of the lab: what each answer says of itself, and that only what a page sends is ever acted on."""

import asyncio
import copy
import json
import re
import socket
import time
import urllib.error
import urllib.request
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.served import Client, Server
from watersellers.experiments.errors import BadInput
from watersellers.viz.live.doors import Doors
from watersellers.viz.live.gate import Door, House, guarded
from watersellers.viz.live.messages import LONGEST, message
from watersellers.viz.serve import check_port

NAME = "3a02fe82bb514fc9b15816e1fbd84785"
HEAD = {"msg_id": "1", "msg_type": "", "session": "2", "username": "", "version": "5.2", "date": "2026-01-01"}
ADDRESS = {"path": "/?users=100", "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}


def sent(kind, content, **more):
    """A message as a page sends it."""
    parts = {"channel": "shell", "header": HEAD | {"msg_type": kind}, "metadata": {}, "parent_header": {}}
    return {"buffers": [], "content": content, **parts, **more}


def told(**data):
    return sent("comm_msg", {"comm_id": NAME, "data": data})


def happened(**content):
    return told(method="custom", content=content)


def opened(target="solara.control", data=None, name=NAME, version="1.0.0"):
    content = {"comm_id": name, "target_name": target, "data": data or {}}
    return sent("comm_open", content, metadata={"version": version})


PRESSED = {"event": "act", "data": {"do": "set", "key": "lever:apps.list_price", "value": "5"}}
GOOD = [
    *(sent("kernel_info_request", {}), sent("comm_info_request", {"target_name": "jupyter.widget"})),
    *(opened(), opened("jupyter.widget.control"), sent("comm_close", {"comm_id": NAME, "data": {}})),
    *(told(method="run", args=ADDRESS), told(method="app-status"), told(method="request_states")),
    *(happened(**PRESSED), happened(event="drawn"), happened(event="act", data={"do": "width", "value": 1280})),
    *(told(method="update", state={"location": "/?a=1"}), sent("shutdown_request", {"restart": False})),
]
REACH = {  # what the server would do for whoever asks, were it heard
    "make any object": happened(
        create_widget=["ipyvue", "VueTemplate"], id="x", props={"template_file": "/etc/passwd"}
    ),
    "run any program": happened(create_widget=["subprocess", "Popen"], id="x", props={"args": ["true"]}),
    "call any method": happened(event="act", data={"functionRef": "close", "args": []}),
    "call any method within": happened(event="act", data={"do": {"functionRef": "close_all", "args": []}}),
    "change any part": happened(update_ref={"objectRef": "comm"}, id="x", prop="comm"),
    "read any part": happened(event="act", data={"do": {"objectRef": "comm", "path": ["kernel"]}}),
    "make any widget": opened("jupyter.widget", {"state": {"_model_module": "jupyter-vue", "template": "x"}}),
    "change the sheet": told(method="update", state={"style": "x"}),
    "fill what is sent": told(method="update", state={"location": "/"}, buffer_paths=[["location"]]) | {"buffers": [1]},
    "open another program": told(method="run", args=ADDRESS | {"appName": "other"}),
    "leave the page": told(method="run", args=ADDRESS | {"path": "/../../etc/passwd"}),
    "begin with another look": told(method="run", args=ADDRESS | {"themes": {"light": {"primary": 5}}}),
    "evict": told(method="evict"),
    "run code": sent("execute_request", {"code": "1"}),
    "complete code": sent("complete_request", {"code": "1"}),
}
WRONG = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "a text": '"x"',
    "null": "null",
    "a number": "7",
    "huge": json.dumps(happened(event="act", data={"do": "x" * LONGEST})),
    "deep": "[" * 30_000,
    "deep inside": json.dumps(happened(**PRESSED)).replace('"5"', "[" * 900 + "]" * 900),
    "half a letter": json.dumps(happened(event="act", data={"do": "set", "key": "word", "value": "\ud800"})),
    "not a number": json.dumps(happened(event="act", data={"do": "month", "value": float("nan")})),
    "endless": json.dumps(happened(event="act", data={"do": "month", "value": float("inf")})),
    "5,000 digits": json.dumps(happened(**PRESSED)).replace('"5"', "9" * 5000),
    "a list for a value": json.dumps(happened(event="act", data={"do": "month", "value": [1]})),
    "no header": json.dumps({"channel": "shell", "content": {}}),
    "another channel": json.dumps(sent("kernel_info_request", {}, channel="iopub")),
    "a header in a header": json.dumps(sent("kernel_info_request", {}, parent_header={"a": {"b": {}}})),
    "a kind that is a list": json.dumps(sent("kernel_info_request", {}, header={"msg_type": ["x"], "msg_id": "1"})),
    "another version": json.dumps(opened("jupyter.widget.control", version="2.0.0")),
    "a name with a slash": json.dumps(opened(name="../../../etc/passwd")),
    **{why: json.dumps(each) for why, each in REACH.items()},
}


@pytest.mark.parametrize("text", [json.dumps(each) for each in GOOD])
def test_what_a_page_sends_is_heard(text):
    assert message(text) == json.loads(text)


@pytest.mark.parametrize("why", WRONG)
def test_what_no_page_sends_is_refused_in_a_sentence(why):
    with pytest.raises(BadInput, match=r"^message: found .*expected "):
        message(WRONG[why])


def places(part, path=()):
    """List where something stands in a message."""
    if path:
        yield path
    for key, value in part.items() if isinstance(part, dict) else ():
        yield from places(value, (*path, key))


def broken(good, data):
    """Put something odd into one place of a message."""
    found = part = copy.deepcopy(good)
    *way, last = data.draw(st.sampled_from(list(places(good))))
    for key in way:
        part = part[key]
    part[last] = data.draw(ODD)
    return found


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(GOOD), st.data())
def test_a_message_that_is_broken_in_one_place_is_heard_whole_or_refused(good, data):
    with suppress(BadInput):
        heard = message(json.dumps(broken(good, data)))
        assert isinstance(heard["content"], dict)


@pytest.mark.parametrize("port", [0, -1, 65_536, 10**400])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(BadInput, match=r"^port: found .*expected a whole number from 1 to 65535$"):
        check_port(port)


def test_a_port_where_somebody_answers_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=rf"^port: {port} is taken; name another one with --port$"):
            check_port(port)
    check_port(port)


@pytest.fixture(scope="module")
def server():
    pytest.importorskip("solara", reason="solara is not installed; the extra view brings it")
    pytest.importorskip("websockets.sync.client", reason="the extra view brings websockets")
    started = Server()
    yield started
    assert "Traceback" not in started.last_words()


def answered(server, path, method="GET", **headers):
    """Ask, and give the status, the headers and the text."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    asked = urllib.request.Request(server.place + path, headers=headers, method=method)
    try:
        with urllib.request.build_opener(Stay).open(asked, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


PROTECTED = {  # said here once more: the program's own list may lose one
    "x-frame-options": "DENY",
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
ASKED: list[tuple[str, str, dict[str, str], int]] = [
    ("/", "GET", {}, 200),
    ("/?" + "set=a=1&" * 700, "GET", {}, 200),
    ("/readyz", "GET", {}, 200),
    ("/static/main-vuetify.js", "GET", {}, 200),
    ("/full?users=100", "GET", {}, 303),
    ("/nowhere", "GET", {}, 404),
    ("/static/nowhere", "GET", {}, 404),
    ("/", "POST", {}, 405),
    ("/", "GET", {"Host": "evil.example"}, 403),
    ("/", "GET", {"Origin": "http://evil.example"}, 403),
    ("/static/%00", "GET", {}, 400),
    ("/jupyter/nbextensions/%00", "GET", {}, 400),
    ("/jupyter/api/kernels/x", "GET", {}, 404),
    ("/_solara/cdn/@widgetti", "GET", {}, 404),
    ("/_solara/cdn/@widgetti/solara-vuetify3-app@5.2.0", "GET", {}, 404),
    ("/_solara/cdn/left-pad@1.3.0/index.js", "GET", {}, 404),
    ("/_solara/cdn/..%2f..%2fx", "GET", {}, 404),
    ("/_solara/api/close/3a02fe82bb514fc9b15816e1fbd84785", "POST", {}, 404),
    ("/_solara/api/close/3a02fe82bb514fc9b15816e1fbd84785?session_id=nobody-here", "POST", {}, 404),
    ("/_solara/api/evict/3a02fe82bb514fc9b15816e1fbd84785", "POST", {}, 404),
    ("/resourcez", "GET", {}, 404),
]


@pytest.mark.parametrize(("path", "method", "headers", "status"), ASKED)
def test_every_answer_keeps_other_sites_from_framing_it_and_from_its_address(server, path, method, headers, status):
    found, said, text = answered(server, path, method, **headers)
    assert found == status
    assert {name: said.get_all(name) for name in PROTECTED} == {name: [value] for name, value in PROTECTED.items()}
    assert text or status == 303


@pytest.mark.parametrize(
    ("path", "reached"),
    [("/", True), ("/_solara/cdn/left-pad@1.3.0/index.js", True), ("/readyz", True), ("/resourcez", False)]
    + [
        (path, False)
        for path in ("/_solara/cdn/@widgetti", "/_solara/cdn/other@1.0.0/index.js", "/jupyter/api/x", "/a")
    ],
)
def test_what_is_no_place_of_ours_does_not_reach_what_stands_behind_the_gate(path, reached):
    """What stands there would ask the internet for a file that it lacks, or remove a folder of that name."""
    seen, sent = [], []

    async def behind(scope, receive, send):
        seen.append(scope["path"])

    async def send(said):
        sent.append(said)

    house = House(Doors(), {"left-pad@1.3.0/index.js"})
    scope = {"type": "http", "path": path, "query_string": b"", "headers": [(b"host", b"127.0.0.1:8765")]}
    asyncio.run(guarded(behind, Door(8765), house)(scope, None, send))
    assert (bool(seen), [said.get("status") for said in sent[:1]]) == (reached, [] if reached else [404])


def test_files_that_carry_a_page_are_still_there_after_all_was_asked_for(server):
    page = answered(server, "/")[2]
    carried = set(re.findall(r"/_solara/cdn/[^\"' ]+\.(?:js|css)", page))
    assert carried
    assert {answered(server, path)[0] for path in carried} == {200}


def seated(server):
    page = Client(server, "users=50&seed=4").run()
    page.until("Who gets rich", 60)
    return page


@pytest.mark.parametrize("why", WRONG)
def test_who_sends_what_no_page_sends_is_hung_up_on_with_a_reason(server, why):
    exceptions = pytest.importorskip("websockets.exceptions")
    page = Client(server)
    page.line.send(WRONG[why])
    with pytest.raises(exceptions.ConnectionClosed) as closed:
        page.until("never", 10)
    assert closed.value.rcvd.code == 1008
    assert closed.value.rcvd.reason.startswith("message: found ")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(GOOD), min_size=1, max_size=4), st.data())
def test_messages_in_any_order_and_broken_ones_leave_no_traceback(server, good, data):
    """Whether there is one is seen in the last words of the server."""
    exceptions = pytest.importorskip("websockets.exceptions")
    sent = [json.dumps(each) for each in (*good, broken(good[-1], data))]
    page = None
    while page is None:
        with suppress(exceptions.InvalidStatus):  # many wait already, who are gone soon
            page = Client(server)
    with suppress(exceptions.ConnectionClosed):
        for each in sent:
            page.line.send(each)
    page.close()
    assert server.answer("/readyz")[0] == 200


def test_a_flood_is_not_taken_in_and_memory_stays_flat(server):
    exceptions = pytest.importorskip("websockets.exceptions")
    sizes = []
    for _ in range(6):
        for _ in range(5):
            page = Client(server)
            with suppress(exceptions.ConnectionClosed):
                page.line.send("x" * 20_000_000)
                page.until("never", 10)
        time.sleep(1)
        sizes.append(server.megabytes())
    assert sizes[-1] - sizes[1] < 10


REQUESTS: list[dict[str, Any]] = [
    *({"do": "month", "value": 10**400}, {"do": "month", "value": -1}, {"do": "month", "value": "1e400"}),
    *({"do": "month", "value": "nan"}, {"do": "month", "value": None}, {"do": "month", "value": True}),
    *({"do": "set", "key": "speed", "value": "inf"}, {"do": "set", "key": "speed", "value": "-1"}),
    *({"do": "set", "key": "speed", "value": 10**400}, {"do": "set", "key": "users", "value": "1e400"}),
    *({"do": "set", "key": "user", "value": 10**400}, {"do": "set", "key": "seed", "value": "9" * 5000}),
    *({"do": "set", "key": "lever:apps.list_price", "value": "nan"}, {"do": "set", "key": "lever:", "value": 1}),
    *({"do": "set", "key": "lever:apps.list_price", "value": "1e308"}, {"do": "set", "key": "pick:x", "value": "y"}),
    *({"do": "set", "key": "pick:labs.research", "value": "x" * 9000}, {"do": "set"}, {"do": 10**400}, {}),
    *({"do": "width", "value": "wide"}, {"do": "width", "value": None}, {"do": "guess", "value": 10**400}),
    *({"do": "look", "value": "x" * 9000}, {"do": "file", "value": 10**400}, {"do": "branch", "value": "\0"}),
    *({"do": "go", "value": "/?" + "set=a=1&" * 4000}, {"do": "go", "value": "/?" + "at=2024-01:a.b=1&" * 400}),
    *({"do": "go", "value": "/?users=100&month=99999999999999999999"}, {"do": "go", "value": 10**400}),
    *({"do": "go", "value": "/?set=months=600&set=months=1e9"}, {"do": "go", "value": "/?set=apps.list_price=nan"}),
]


def test_what_no_page_presses_breaks_neither_the_page_nor_the_server(server):
    page = seated(server)
    for asked in REQUESTS:
        page.act(**asked)
    page.act(do="go", value="/?users=50&seed=4&page=numbers")
    page.until("<h1>")
    page.act(do="go", value="/?users=50&seed=4&page=live")
    page.act(do="restart")
    page.until("Who gets rich")
    page.act(do="step")
    page.until("January 2023")
    page.close()


def test_pressing_what_is_none_of_the_page_changes_nothing(server):
    page = seated(server)
    own, page.sheet = page.sheet, page.control
    page.act(do="step")
    page.sheet = NAME
    page.act(do="step")
    page.run()  # a page begins once
    page.sheet = own
    page.act(do="step")
    page.until("January 2023")
    page.close()
