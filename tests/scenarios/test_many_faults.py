"""However many faults a scenario has, the answer comes soon and stays short."""

import time
from typing import Any

import pytest

from tests.scenarios.reference_scenario import refused
from watersellers import BadInput
from watersellers.experiments.input.errors import PROBLEMS_SHOWN
from watersellers.experiments.loading.loader import load_scenario

MANY = 10_000
NUMBERS = range(MANY)
MANY_FAULTS: dict[str, dict[str, Any]] = {
    "unknown keys of a firm": {"cloud": {"aws": {f"key_{i}": 1 for i in NUMBERS}}},
    "unknown keys of a group": {"cloud": {f"key_{i}": 1 for i in NUMBERS}},
    "unknown keys of a scenario": {f"key_{i}": 1 for i in NUMBERS},
    "kinds of events": {"event": [{"month": "2023-02", "what": f"set{i}"} for i in NUMBERS]},
    "events of unknown firms": {
        "event": [{"month": "2023-02", "what": "set", "path": f"aws{i}.sells", "value": 1} for i in NUMBERS]
    },
    "events of unknown numbers": {
        "event": [{"month": "2023-02", "what": "set", "path": f"cloud.aws.x{i}", "value": 1} for i in NUMBERS]
    },
    "members without a key": {"cloud": {f"aws{i}": {"region": "west"} for i in NUMBERS}},
    "members without a region": {"cloud": {f"aws{i}": {"key": 10_000 + i} for i in NUMBERS}},
    "members without either": {"cloud": {f"aws{i}": {} for i in NUMBERS}},
    "absent strangers": {"cloud": {f"aws{i}": {"absent": True} for i in NUMBERS}},
    "unknown partners": {"apps": {"brave": {"labs": [f"lab{i}" for i in NUMBERS]}}},
    "unknown patrons": {"labs": {f"l{i}": {"key": 9_000 + i, "region": "west", "patron": f"x{i}"} for i in NUMBERS}},
}
SECONDS = 8.0  # on a busy machine; some took 25 times as long as they take now


@pytest.mark.parametrize("kind", MANY_FAULTS)
def test_ten_thousand_faults_are_refused_quickly_with_ten_sentences_and_the_count(kind):
    start = time.process_time()
    doc = {"extends": "baseline", "name": "mine", "question": "Mine?"} | MANY_FAULTS[kind]
    with pytest.raises(BadInput) as raised:
        load_scenario(doc)
    lines = str(raised.value).splitlines()
    assert len(lines) == PROBLEMS_SHOWN + 1
    assert lines[-1] == f"... and {MANY - PROBLEMS_SHOWN:,} more"
    assert max(map(len, lines)) < 1_000
    assert time.process_time() - start < SECONDS


def test_ten_thousand_wrong_settings_are_refused_quickly():
    start = time.process_time()
    assert len(refused({}, {f"cloud.aws.x{i}": 1 for i in NUMBERS})) == MANY
    assert time.process_time() - start < SECONDS


def test_a_key_of_a_million_letters_is_shortened(tmp_path):
    file = tmp_path / "long.toml"
    file.write_text(f"# Long?\nextends = 'baseline'\n[cloud.aws]\n{'a' * 1_000_000} = 1\n")
    with pytest.raises(BadInput) as raised:
        load_scenario(file)
    assert len(str(raised.value)) < 1_000
