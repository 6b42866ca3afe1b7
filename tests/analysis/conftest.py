"""A browser for the tests of pages of analyses, one for each file of tests."""

import pytest

from tests.tools.chromium import CHROMIUM, Browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Start Chromium, and close it after the last test of the file."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: what a browser does with the page is not seen")
    running = Browser(CHROMIUM, tmp_path_factory.mktemp("profile"))
    yield running
    running.close()
