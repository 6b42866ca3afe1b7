"""These modules read only regular files of text: they open and wait for nothing else."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from watersellers import BadInput, load_scenario
from watersellers.experiments.analysis.article_facts import facts
from watersellers.experiments.analysis.decomposition.causes import load_causes
from watersellers.experiments.analysis.doses.table import load_doses
from watersellers.experiments.analysis.targets import targets
from watersellers.experiments.calibration.fit import fit_path, load_fit
from watersellers.experiments.calibration.fit_log import read_log
from watersellers.experiments.loading.parameters import Parameters
from watersellers.experiments.stories.story import load_story

READERS: dict[str, Callable[[Path], Any]] = {
    "scenario.toml": load_scenario,
    "extended.toml": lambda path: load_scenario({"extends": str(path)}),
    "fit.toml": load_fit,
    "log.csv": lambda path: read_log(path, load_fit(fit_path("upstream"))),
    "parameters.csv": Parameters.load,
    "targets.csv": targets,
    "facts.csv": facts,
    "causes.toml": load_causes,
    "doses.toml": load_doses,
    "story.toml": lambda path: load_story(path.stem, path.parent),
}


def pipe(path):
    os.mkfifo(path)


PLACES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a pipe": (pipe, "found a pipe, expected a regular file"),
    "a folder": (Path.mkdir, "found a folder, expected a regular file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "found a device, expected a regular file"),
    "eleven megabytes": (lambda path: path.write_bytes(b"#" * 11_000_000), "found more than 10 MB"),
    "what PowerShell writes": (lambda path: path.write_text("# What?", encoding="utf-16"), "found text in UTF-16"),
    "bytes": (lambda path: path.write_bytes(b"# What?\n\xff"), "line 2: found the byte 0xff, expected UTF-8"),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "there is no such file"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("reader", READERS)
def test_only_regular_files_of_text_are_read(reader, place, tmp_path):
    make, sentence = PLACES[place]
    make(tmp_path / reader)
    with pytest.raises(BadInput, match=f"{reader}.*{sentence}"):
        READERS[reader](tmp_path / reader)


@pytest.mark.parametrize(
    ("reader", "text", "sentence"),
    [
        ("targets.csv", "target,rows\n1,2\n", "targets.csv, line 1: found the columns"),
        ("facts.csv", "id,subject\n1,2\n", "facts.csv, line 1: has no column period; every figure has one"),
        ("parameters.csv", "name,unit\n1,2\n", "parameters.csv, line 1: columns"),
        ("causes.toml", "[x]\ntitle = ' '\n", "causes.toml, x.title: found ' ', expected text that can be seen"),
        ("doses.toml", "scenarios = 3\n", "doses.toml, scenarios: found 3, expected a list"),
        ("causes.toml", "x = 3\n", "causes.toml, x: found 3, expected a table"),
        ("story.toml", "[control]\n", "control.title: found {}, expected a table with the key 'title'"),
    ],
)
def test_a_table_of_other_columns_is_refused(reader, text, sentence, tmp_path):
    (tmp_path / reader).write_text(text)
    with pytest.raises(BadInput) as refused:
        READERS[reader](tmp_path / reader)
    assert sentence in str(refused.value)
