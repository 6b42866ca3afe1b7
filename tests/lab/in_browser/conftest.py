"""A lab in a process of its own, and a browser for it, which fails a test on any request to elsewhere and any error."""

import pytest

from tests.tools.lab_browser import CHROMIUM, FLAGS, Watched
from tests.tools.lab_process import Server


@pytest.fixture(scope="session")
def server():
    pytest.importorskip("solara", reason="solara is not installed; the extra view brings it")
    started = Server()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def chromium():
    """Start a browser; for one module, because Playwright keeps an event loop in this thread while it is open."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; with one, these tests open the lab in it")
    pytest.importorskip("solara", reason="solara is not installed; the extra view brings it")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; the extra dev brings it")
    with sync_api.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium):
    """Open pages that are watched; what they did wrong fails the test."""
    watched = Watched(chromium)
    yield watched
    for context in watched.contexts:
        context.close()
    assert [each for each in watched.wrong if not any(word in each for word in watched.forgiven)] == []
