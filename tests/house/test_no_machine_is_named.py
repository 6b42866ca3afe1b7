"""The top level is the one agreed on, and no file names a package registry or a path of somebody's machine."""

import re

import pytest

from tests.house.project_sources import FILES, TOP_LEVEL, read

# In pieces, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(
        re.escape(first + last)
        for first, last in [
            ("py", "pi.org"),
            ("python", "hosted.org"),
            ("registry.", "npmjs"),
            ("deb.", "debian.org"),
            ("security.", "debian.org"),
            ("crates", ".io"),
            ("proxy.", "golang.org"),
            ("conda.", "anaconda.org"),
            ("repo.maven", ".apache.org"),
        ]
    )
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.}])/(?:" + "|".join(["ro" + "ot", "wo" + "rk", "ho" + "me", "Us" + "ers"]) + r")/\w"
)


def hosts_and_machine_paths(text: str, path: str) -> list[str]:
    """Complain of a package registry's host or a path of somebody's machine."""
    found = [*REGISTRIES.finditer(text), *MACHINE_PATHS.finditer(text)]
    return [f"{path}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}" for hit in found]


def test_the_top_level_is_the_one_agreed_on():
    assert {name.split("/")[0] for name in FILES} - TOP_LEVEL == set()


def test_no_registry_and_no_machine_is_named():
    assert [each for name in FILES for each in hosts_and_machine_paths(read(name), name)] == []


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://" + "py" + "pi.org/simple",
        "https://files.python" + "hosted.org/packages/x.whl",
        "see /ro" + "ot/x",
        "cd /wo" + "rk/main",
        "python = '/Us" + "ers/ada/bin/python'",
    ],
)
def test_a_registry_or_a_machine_is_seen_with_its_line(text):
    (complaint,) = hosts_and_machine_paths(f"first line\n{text}\n", "README.md")
    assert complaint.startswith("README.md:2: ")


def test_a_path_below_a_folder_that_is_not_named_here_passes():
    assert hosts_and_machine_paths('"$home"/.pyenv and docs/home/page', "README.md") == []
