"""Every dotted name of the project, in code, in a text or in a setting, leads to something that is there.

A rename mends imports, but not a name in a string: a command in a page, a module that another process loads first, a
function that a test replaces. Some of them fail late, and a module that is only loaded ahead of time fails silently.
"""

import re

import pytest

from tests.house.project_sources import FILES, PACKAGE, REPOSITORY, TESTS, read

DOTTED = re.compile(rf"(?<![\w./-])(?:{PACKAGE}|{TESTS})(?:\.[A-Za-z_]\w*)+")
READ = (".py", ".md", ".toml", ".yml", ".yaml", "Makefile")
MAKES_ITS_NAMES = ("CONTRIBUTING.md", "CHANGELOG.md", "tests/house/")  # in a copy; in the past; as bad examples


def is_there(name: str) -> bool:
    """Whether a dotted name is that of a folder or file, or of a word in a file."""
    package, *parts = name.split(".")
    path = REPOSITORY if package == PACKAGE else REPOSITORY / TESTS
    while parts and (path / parts[0]).is_dir():
        path /= parts.pop(0)
    file = path / f"{parts[0]}.py" if parts else path
    if parts and file.is_file():
        parts.pop(0)
    elif path == REPOSITORY:  # the names of the package itself
        file = REPOSITORY / ".package" / PACKAGE / "__init__.py"
        if parts[0].startswith("__"):
            return True
    words = set(re.findall(r"\w+", file.read_text(encoding="utf-8"))) if file.is_file() else set()
    return set(parts) <= words


def lost_names(text: str) -> list[str]:
    """List the dotted names in a text that lead nowhere."""
    return sorted({name for name in DOTTED.findall(text) if not is_there(name)})


def test_every_name_in_a_text_leads_to_something():
    texts = [name for name in FILES if name.endswith(READ) and not name.startswith(MAKES_ITS_NAMES)]
    assert {name: lost for name in texts if (lost := lost_names(read(name)))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "python -m watersellers.viz.lab.server.bench",
        "python -m\ntests.pace_in_browser",
        'preload(["watersellers.viz.lab.worlds.warm_up"])',
        'monkeypatch.setattr("watersellers.experiments.runs.world.Worlds", None)',
        "from watersellers import run; watersellers.walk",
    ],
)
def test_a_name_that_leads_nowhere_is_seen(text):
    assert len(lost_names(text)) == 1


def test_names_that_lead_somewhere_pass():
    assert lost_names("watersellers.experiments.runs.world.World, tests.tools.commands, watersellers.run") == []
