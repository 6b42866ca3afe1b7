"""A lab in a process of its own, as a user starts it, for tests that ask it over the network."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """A lab in a process of its own, as a user starts it."""

    def __init__(self, *arguments: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "watersellers", "view", "--no-browser", "--port", str(self.port), *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.address = f"http://127.0.0.1:{self.port}"
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        for _ in range(3000):
            if self.process.poll() is not None:
                raise RuntimeError("the lab did not start: " + "".join(self.output()))
            if self.answer("/readyz")[0] in (200, 403):
                return
            time.sleep(0.1)
        raise RuntimeError("the lab did not answer within five minutes")

    def answer(self, path: str, **headers: str) -> tuple[int, str]:
        asked = urllib.request.Request(
            self.address + path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def worlds(self) -> int:
        """How many worlds live: processes split off the one that the lab has begun for it."""
        return sum(len(children(first)) for first in children(self.process.pid))

    def megabytes(self) -> float:
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1024

    def remaining_output(self) -> str:
        """Stop, and give all that was said."""
        self.process.terminate()
        return "".join(self.process.communicate(timeout=30)[0] or "")

    def stop(self) -> None:
        self.process.terminate()
        self.output().close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def children(process: int) -> list[int]:
    """Processes that a process has begun and that are still there."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = place.read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
            if int(parent) == process and state != "Z":
                found.append(int(place.parent.name))
    return found


class Client:
    """A page as the server sees it: a connection, and what comes over it; without a browser."""

    def __init__(self, server: Server, query: str = "page=numbers", name: str = ""):
        from websockets.sync.client import connect

        self.name, self.page, self.control = name or str(uuid4()), str(uuid4()), str(uuid4())
        place = f"ws://127.0.0.1:{server.port}/jupyter/api/kernels/{self.name}/channels?session_id={self.page}"
        known = {"Cookie": "solara-session-id=somebody"}
        opened = connect(place, max_size=None, compression=None, open_timeout=30, additional_headers=known)
        self.line = ExitStack().enter_context(opened)
        self.query, self.sheet = query, ""

    def message(self, kind: str, content: Any) -> dict[str, Any]:
        head = {"msg_id": str(uuid4()), "msg_type": kind, "session": self.page, "username": "", "version": "5.2"}
        rest = {"buffers": [], "channel": "shell", "metadata": {}, "parent_header": {}}
        return {"content": content, "header": head, **rest}

    def say(self, kind: str, content: Any) -> None:
        self.line.send(json.dumps(self.message(kind, content)))

    def run(self) -> "Client":
        """Ask for a seat."""
        self.say("comm_open", {"comm_id": self.control, "target_name": "solara.control", "data": {}})
        args = {"path": f"/?{self.query}", "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}
        self.say("comm_msg", {"comm_id": self.control, "data": {"method": "run", "args": args}})
        return self

    def until(self, words: str, seconds: float = 30) -> str:
        """Hear until something was said; give the message that says it."""
        end = time.monotonic() + seconds
        while True:
            heard = str(self.line.recv(timeout=max(0.01, end - time.monotonic())))
            message = json.loads(heard)
            if message["header"]["msg_type"] == "comm_open" and '"event_act"' in heard:
                self.sheet = message["content"]["comm_id"]
            if words in heard:
                return heard

    def act(self, **what: Any) -> None:
        """Press something."""
        data = {"method": "custom", "content": {"event": "act", "data": what}}
        self.say("comm_msg", {"comm_id": self.sheet, "data": data})

    def drop(self) -> None:
        """Be cut off, without a word."""
        self.line.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.line.close()
