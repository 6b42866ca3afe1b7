"""Tools to open pages of the lab in a real browser, watch them, and cut their connection."""

import shutil
import socket
import threading
from contextlib import suppress
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PATIENCE = 60_000  # milliseconds: this is about what happens, not how fast a busy machine is
SMALL = "users=100&seed=4"
WIDE: Any = {"width": 1280, "height": 720}
PHONE: Any = {"width": 390, "height": 844}


class Wire:
    """A cable between a browser and a lab that can be pulled out and put back."""

    def __init__(self, port: int):
        self.far = port
        self.plugged = True
        self.ends: list[socket.socket] = []
        self.access = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.access.getsockname()[1]}"
        threading.Thread(target=self.let_in, daemon=True).start()

    def let_in(self) -> None:
        while True:
            near = self.access.accept()[0]
            if not self.plugged:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.far))
            except ConnectionRefusedError:
                near.close()
                continue
            self.ends += [near, far]
            threading.Thread(target=self.carry, args=(near, far), daemon=True).start()
            threading.Thread(target=self.carry, args=(far, near), daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def pull(self) -> None:
        self.plugged = False
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()


class Watched:
    """Opens pages and writes down what they do wrong; what is in ``forgiven`` belongs to a test."""

    def __init__(self, browser: Any):
        self.browser = browser
        self.contexts: list[Any] = []
        self.wrong: list[str] = []
        self.forgiven: list[str] = []

    def __call__(self, place: str, size: Any = WIDE, **more: Any) -> Any:
        context = self.browser.new_context(viewport=size, **more)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", self.asked)
        page.on("response", self.answered)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.goto(place)
        page.wait_for_selector(".lab header nav")
        return page

    def asked(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "blob:", "data:")):
            self.wrong.append(f"asked elsewhere: {request.url}")

    def answered(self, answer: Any) -> None:
        if answer.status >= 400:
            self.wrong.append(f"{answer.status}: {answer.url}")


def on_month(page, words):
    page.wait_for_function("words => document.querySelector('.now')?.textContent.includes(words)", arg=words)


def stepped(page, times):
    for _ in range(times):
        before = page.inner_text(".now")
        page.click("[data-do=step]")
        page.wait_for_function("old => document.querySelector('.now').textContent !== old", arg=before)


def to_page(page, name):
    """Go to a page by its link in the bar."""
    page.click(f"nav a[href*='page={name}']" if name != "live" else "nav li:first-child a")
    page.wait_for_selector(
        "nav li:first-child a[aria-current]" if name == "live" else f"nav a[href*='page={name}'][aria-current]"
    )
    page.wait_for_selector("svg.streams" if name == "live" else "article h1")
    page.wait_for_timeout(300)
