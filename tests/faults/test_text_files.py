"""A text that cannot be read is refused with the line or the key, and with what was found there."""

from pathlib import Path

import pytest

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.text_files import parse_toml, read_text

DEEP = "found more than 40 nested tables or lists, expected fewer"
NINES = "9" * 400


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a=1\na=2\n", "line 2: does not parse as TOML: Cannot overwrite a value (at line 2, column 4); found 'a=2'"),
        ("b = 1\na = [\n", "at its end: does not parse as TOML: Invalid value (at end of document); found 'a = ['"),
        (f"b = 1\na = {'[' * 3000}", f"line 2: {DEEP}"),
        ("a = [\n" + "[\n" * 3000, f"line 41: {DEEP}"),
        (f"[a.b]\nc = {'[' * 41}{']' * 41}", f"a.b.c: {DEEP}"),
        (f"{'a.' * 3000}a = 1", f"a.a.a.a.a.a: {DEEP}"),
        (f"[[a]]\n[[a]]\nb = {'[' * 41}{']' * 41}", f"a 2.b: {DEEP}"),
        (f"a = {{b = {NINES}}}", "a.b: found a number of 400 digits, expected at most 300"),
        (f"a = 0x{'f' * 400}", "a: found a number of 482 digits, expected at most 300"),
        (f"b = 1\na = -{'9' * 5000}", "line 2: found a number of 5000 digits, expected at most 300"),
    ],
)
def test_a_parse_error_names_the_line_and_the_text_there(text, sentence):
    with pytest.raises(BadInput) as refused:
        parse_toml(text, "study.toml")
    assert str(refused.value) == f"study.toml, {sentence}"


def test_a_long_reason_is_cut():
    key = "k" * 9000
    with pytest.raises(BadInput) as refused:
        parse_toml(f"[{key}]\n[{key}]\n[b]", "study.toml")
    assert len(str(refused.value)) < 500


def test_any_path_is_written_on_one_line(tmp_path):
    with pytest.raises(BadInput) as refused:
        read_text(tmp_path / "a\nb\x1b[31m")
    assert str(refused.value).endswith(r"a\nb\x1b[31m: there is no such file")
    with pytest.raises(BadInput) as refused:
        read_text(Path("x" * 100_000))
    assert len(str(refused.value)) < 600
