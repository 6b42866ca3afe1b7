"""Declared and locked versions of packages agree."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
CORE = [Requirement(line) for line in PROJECT["dependencies"]]
EVERYTHING = [*CORE, *(Requirement(line) for lines in EXTRAS.values() for line in lines)]
USED = [*CORE, *(Requirement(line) for name in EXTRAS.keys() - {"dev"} for line in sorted(EXTRAS[name]))]


@pytest.mark.parametrize(
    ("lock", "declared"),
    [("requirements.txt", CORE), ("requirements-all.txt", EVERYTHING)],
    ids=["the core", "everything"],
)
def test_what_is_locked_is_what_is_declared(lock, declared):
    text = (REPOSITORY / lock).read_text(encoding="utf-8")
    locked = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^ \\]+)", text, re.M)}
    wrong = [str(each) for each in declared if not each.specifier.contains(locked[canonicalize_name(each.name)])]
    assert wrong == []


def test_whatever_is_declared_has_a_lowest_version_that_ci_tries():
    assert [str(each) for each in USED if not any(one.operator == ">=" for one in each.specifier)] == []
    tried = (REPOSITORY / ".ci" / "lowest").read_text(encoding="utf-8")
    assert [name for name in EXTRAS.keys() - {"dev"} if f"--extra {name}" not in tried] == []
    assert '.ci/lowest "$elsewhere"/*.whl' in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
