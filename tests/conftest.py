"""The empty folder in which tests run commands, and the same examples for all, however long each takes."""

import pytest
from hypothesis import settings

settings.register_profile("same_examples", derandomize=True, database=None, deadline=None)
settings.load_profile("same_examples")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
