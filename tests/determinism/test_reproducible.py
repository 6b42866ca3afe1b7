"""One seed gives one journal, whatever the machine, the threads, the order of listing, and the names of firms."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from watersellers.agents.scenario_spec import Event, ParticipantSpec, ScenarioSpec
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import GROUPS
from watersellers.experiments.runs.run import run

ROOT = Path(__file__).resolve().parents[2]
SMALL: dict[str, Any] = {"months": 5, "users": 400, "seed": 3}
IN_A_PROCESS_OF_ITS_OWN = f"from watersellers import run; print(run('plain', **{SMALL}).manifest['digest'])"


def digest(scenario: Any = "plain", **other: Any) -> str:
    return str(run(scenario, **{**SMALL, **other}).manifest["digest"])


@pytest.fixture(scope="module")
def reference() -> str:
    return digest()


def dispatched() -> list[str]:
    """Vector extensions that numpy chooses at run time on this machine."""
    from numpy._core import _multiarray_umath as core  # type: ignore[attr-defined]

    return [name for name in core.__cpu_dispatch__ if core.__cpu_features__[name]]


def test_a_run_repeated_is_the_same_run(reference):
    assert digest() == reference


def test_another_seed_is_another_run(reference):
    assert digest(seed=SMALL["seed"] + 1) != reference


def test_longer_runs_begin_like_shorter_ones():
    short, longer = run("plain", **SMALL), run("plain", **{**SMALL, "months": 7})
    begun = longer.journal.head(len(short.journal))
    assert begun.equals(short.journal)


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"},
        {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "POLARS_MAX_THREADS": "2"},
        {"PYTHONHASHSEED": "random", "PYTHONOPTIMIZE": "1"},
        {"NPY_DISABLE_CPU_FEATURES": " ".join(dispatched())},
    ],
    ids=["hash seed 0, one thread", "hash seed 1, two threads", "random hash seed", "no vector extensions"],
)
def test_surroundings_change_nothing(surroundings, reference):
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN],
        cwd=ROOT, env={**os.environ, **surroundings}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.returncode) == (reference, 0), done.stderr


def test_vector_extensions_can_be_switched_off():
    """Otherwise the case above shows nothing: the extension is there, and a process can run without it."""
    if not dispatched():
        pytest.skip("numpy chooses no vector extension at run time on this machine")
    code = "from numpy._core import _multiarray_umath as core; print(any(core.__cpu_features__[n] for n in {names!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code.format(names=dispatched())],
        env={**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(dispatched())},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "False"


def reversed_tables(doc: Mapping[str, Any]) -> dict[str, Any]:
    """A scenario's text with everything listed the other way round."""
    return {
        key: reversed_tables(value) if isinstance(value, dict) else value for key, value in reversed(list(doc.items()))
    }


def test_the_order_of_a_scenario_file_changes_nothing(reference):
    doc = reversed_tables(builtin_catalogue().read("plain").doc)
    assert list(doc["labs"]) != list(builtin_catalogue().read("plain").doc["labs"])
    assert digest({**doc, "name": "plain"}) == reference


@pytest.mark.parametrize("group", GROUPS)
def test_the_order_of_members_changes_nothing(group, reference):
    spec = load_scenario("plain")
    other = replace(spec, groups={**spec.groups, group: spec.groups[group][::-1]})
    assert digest(other) == reference


def test_the_order_of_partners_changes_nothing(reference):
    def turned(member: ParticipantSpec) -> ParticipantSpec:
        return replace(member, partners={layer: names[::-1] for layer, names in member.partners.items()})

    assert digest(everywhere(load_scenario("plain"), turned)) == reference


def everywhere(spec: ScenarioSpec, change: Callable[[ParticipantSpec], ParticipantSpec]) -> ScenarioSpec:
    """Change every member of every group."""
    groups = {group: tuple(change(member) for member in members) for group, members in spec.groups.items()}
    return replace(spec, groups=groups)


def renamed(spec: ScenarioSpec, name: Callable[[str], str]) -> ScenarioSpec:
    """Call firms, owners and investors something else, wherever they are named."""

    def change(member: ParticipantSpec) -> ParticipantSpec:
        if member.layer in ("users", "enterprises", "advertisers"):
            return member
        return replace(
            member,
            name=name(member.name),
            owner=name(member.owner),
            founder=name(member.founder) if member.founder else "",
            patron=name(member.patron) if member.patron else "",
            partners={layer: tuple(name(each) for each in names) for layer, names in member.partners.items()},
        )

    def told(event: Event) -> Event:
        group, *rest = event.path.split(".")
        return replace(event, path=".".join([group, *(name(each) for each in rest[:-1]), *rest[-1:]]))

    return replace(everywhere(spec, change), events=tuple(told(event) for event in spec.events))


def test_names_of_firms_change_nothing(reference):
    """Names are written backwards, so that their alphabetical order changes too."""
    assert digest(renamed(load_scenario("plain"), lambda name: f"z{name[::-1]}")) == reference


def test_chance_follows_keys(reference):
    """Other keys give other draws; if they did not, the test above would show nothing."""

    def change(member: ParticipantSpec) -> ParticipantSpec:
        return replace(member, key=member.key + 100_000) if member.layer == "users" else member

    assert digest(everywhere(load_scenario("plain"), change)) != reference


def test_nobody_draws_from_a_global_generator(reference):
    np.random.seed(99)  # noqa: NPY002 - somebody else's program may
    import random

    random.seed(99)
    state, drawn = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    assert digest() == reference
    assert random.getstate() == state
    assert np.random.get_state()[1].tolist() == drawn  # noqa: NPY002
