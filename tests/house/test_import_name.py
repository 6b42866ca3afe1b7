"""An installed user gets one name on the import path, ``watersellers``, typed, beside whatever else is there.

The rooms stand at the top of the repository, and the build nests them into the package. What else was tried: rooms as
top-level packages (another distribution that owns ``agents`` hides ours), one module at the top that finds the rooms
(its folder, on the path in a checkout, shows them all), a build without a folder for checkouts (hatchling then makes no
editable install).
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import watersellers
from tests.tools.readme import blocks

ROOT = Path(__file__).parents[2]
ROOMS = ("market", "agents", "experiments", "viz")
FOREIGN = "raise SystemExit('a foreign module was loaded: ' + __name__)\n"
OWN = {  # what another distribution, or a user's own folder, may hold under the names of our rooms
    **{f"{room}/__init__.py": FOREIGN for room in ROOMS},
    "agents/scenario_spec.py": FOREIGN,
    "experiments/first.ipynb": "{}",
}


def run(*command, cwd, status=0, **environment):
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def put(folder, files):
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment with the packages that we need, and with one more that owns our rooms' names."""
    place = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", place, cwd=ROOT)
    python = place / "bin/python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip())
    (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")  # of a path that a .pth names, none is read
    put(site, OWN)
    return python, site


def pip(environment, *arguments):
    python, site = environment
    variables = {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run(sys.executable, "-m", "pip", "--quiet", "--python", python, *arguments, cwd=site, **variables)


def shortened(script):
    """The script of the README in few months with few users: the names are what matters here."""
    for long, short in (("months=12", "months=2"), ("2023-12", "2023-02"), ("range(6)", "range(2)"), ("1_000", "50")):
        assert long in script
        script = script.replace(long, short)
    return script


def listed(site):
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def test_a_wheel_holds_one_package_and_says_that_it_is_typed(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"watersellers"}
    assert {
        "watersellers/py.typed",
        "watersellers/market/month.py",
        "watersellers/experiments/parameters.csv",
        "watersellers/experiments/columns.csv",
    } <= {*names}


def test_a_source_archive_builds_the_same_wheel_with_the_links_for_type_checkers_beside_the_package(wheel, tmp_path):
    assert (ROOT / ".package/watersellers/market").is_symlink()
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path, filter="data")
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=unpacked)
    (built,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(built) as again, zipfile.ZipFile(wheel) as first:
        assert again.namelist() == first.namelist()


def test_the_package_and_foreign_packages_leave_each_other_intact(wheel, environment, tmp_path):
    python, site = environment
    before = listed(site)
    pip(environment, "install", "--no-deps", wheel)
    installed = listed(site)
    assert {name.split("/")[0] for name in installed.keys() - before.keys()} >= {"watersellers"}
    pip(environment, "uninstall", "--yes", "watersellers")
    assert listed(site) == before
    pip(environment, "install", "--no-deps", wheel)
    assert listed(site).keys() == installed.keys()
    put(tmp_path, OWN | {"readme.py": shortened("\n".join(blocks("python")))})
    assert "Cloud" in run(python, "readme.py", cwd=tmp_path)
    put(tmp_path, {f"{name}.py": FOREIGN for name in ("random", "json", "typing", "re", "numpy", "polars")})
    for command in ([site.parents[2] / "bin/watersellers"], [python, "-m", "watersellers"]):
        assert "chips" in run(*command, "run", "--months", "2", "--users", "50", "--force", cwd=tmp_path)


def test_a_checkout_puts_nothing_else_on_the_path(tmp_path):
    asked = (
        "import importlib.util as u, watersellers; print([r for r in {} if u.find_spec(r)], watersellers.__path__[0])"
    )
    assert run(sys.executable, "-c", asked.format(ROOMS), cwd=tmp_path).split() == ["[]", str(ROOT)]


def test_the_package_exports_its_public_names_and_no_others():
    assert all(getattr(watersellers, name) for name in dir(watersellers))
    with pytest.raises(AttributeError, match="module 'watersellers' has no attribute 'World2'; it has BadInput, "):
        watersellers.World2  # noqa: B018
