"""The gate of the lab protects every answer and acts only on messages that a page sends."""

import asyncio
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

from tests.lab.page_messages import GOOD, NAME, WRONG, broken
from tests.tools.lab_process import Client, Server
from watersellers.experiments.input.errors import BadInput
from watersellers.viz.lab.server.gate import AccessRule, ServedPages, guard
from watersellers.viz.lab.server.session_registry import SessionRegistry
from watersellers.viz.serve import check_port


@pytest.mark.parametrize("port", [0, -1, 65_536, 10**400])
def test_an_impossible_port_is_refused(port):
    with pytest.raises(BadInput, match=r"^port: found .*expected a whole number from 1 to 65535$"):
        check_port(port)


def test_a_port_in_use_is_refused():
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
    assert "Traceback" not in started.remaining_output()


def answered(server, path, method="GET", **headers):
    """Ask, and give the status, the headers and the text."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    asked = urllib.request.Request(server.address + path, headers=headers, method=method)
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
    found, sent_headers, text = answered(server, path, method, **headers)
    assert found == status
    assert {name: sent_headers.get_all(name) for name in PROTECTED} == {
        name: [value] for name, value in PROTECTED.items()
    }
    assert text or status == 303


@pytest.mark.parametrize(
    ("path", "reached"),
    [("/", True), ("/_solara/cdn/left-pad@1.3.0/index.js", True), ("/readyz", True), ("/resourcez", False)]
    + [
        (path, False)
        for path in ("/_solara/cdn/@widgetti", "/_solara/cdn/other@1.0.0/index.js", "/jupyter/api/x", "/a")
    ],
)
def test_unknown_paths_do_not_reach_the_server_behind_the_gate(path, reached):
    """The server there would ask the internet for a file that it lacks, or remove a folder of that name."""
    seen, sent = [], []

    async def behind(scope, receive, send):
        seen.append(scope["path"])

    async def send(message):
        sent.append(message)

    served = ServedPages(SessionRegistry(), {"left-pad@1.3.0/index.js"})
    scope = {"type": "http", "path": path, "query_string": b"", "headers": [(b"host", b"127.0.0.1:8765")]}
    asyncio.run(guard(behind, AccessRule(8765), served)(scope, None, send))
    assert (bool(seen), [message.get("status") for message in sent[:1]]) == (reached, [] if reached else [404])


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
def test_a_connection_with_a_foreign_message_is_closed_with_a_reason(server, why):
    exceptions = pytest.importorskip("websockets.exceptions")
    page = Client(server)
    page.line.send(WRONG[why])
    with pytest.raises(exceptions.ConnectionClosed) as closed:
        page.until("never", 10)
    assert closed.value.rcvd.code == 1008
    assert closed.value.rcvd.reason.startswith("message: found ")


@settings(max_examples=150)
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


def test_a_flood_of_messages_is_refused_and_memory_stays_flat(server):
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


def test_odd_actions_break_neither_the_page_nor_the_server(server):
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


def test_an_action_sent_to_another_widget_changes_nothing(server):
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
