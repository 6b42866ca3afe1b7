"""No file of the user's is ever overwritten, and a target is checked before any work."""

import os
import shutil

import pytest

from tests.tools.commands import output_of, refusal_of
from watersellers import World, run
from watersellers.experiments.input.errors import BadFolder, BadInput
from watersellers.experiments.saving.output_files import PAGE, PICTURE

SMALL = ["--months", "1", "--users", "20"]
PRECIOUS = "precious"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run folder."""
    return run(months=1, users=20).save(tmp_path_factory.mktemp("made") / "one")


@pytest.fixture
def one(made, here):
    """A copy of it, in the folder where commands are run."""
    return shutil.copytree(made, here / "one")


WRITERS = {  # a command, and the file that it writes; none of them may live long enough to get there
    "report": (["report", "one", "--out", "FILE"], "--out"),
    "validate": (["validate", "--page", "FILE"], "--page"),
    "compare": (["compare", "plain", "scarce_chips", "--steps", "--page", "FILE"], "--page"),
    "bench": (["bench", "--picture", "FILE"], "--picture"),
}
IN_THE_WAY = {
    "a text": lambda file: file.write_text(PRECIOUS),
    "an empty file": lambda file: file.touch(),
    "a page of somebody else's": lambda file: file.write_text("<!DOCTYPE html><html><title>Mine</title></html>"),
    "a picture of somebody else's": lambda file: file.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a folder": lambda file: file.mkdir(),
    "a link": lambda file: file.symlink_to("elsewhere"),
    "a pipe": lambda file: os.mkfifo(file),
}


@pytest.mark.parametrize("thing", IN_THE_WAY)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_foreign_target_is_never_replaced_and_refused_before_any_work(capsys, here, one, writer, thing):
    arguments, option = WRITERS[writer]
    IN_THE_WAY[thing](here / "notes.txt")
    sentence = refusal_of(capsys, here, *(word.replace("FILE", "notes.txt") for word in arguments))
    assert sentence.startswith("notes.txt: found ")
    assert sentence.endswith(f"that watersellers wrote; choose another file with {option}")
    assert (
        (here / "notes.txt").is_symlink()
        or not (here / "notes.txt").is_file()
        or thing != "a text"
        or (here / "notes.txt").read_text() == PRECIOUS
    )


@pytest.mark.parametrize("writer", WRITERS)
def test_an_unwritable_target_is_bad_input_and_refused_first(capsys, here, one, writer):
    arguments, option = WRITERS[writer]
    (here / "file").touch()
    ending = ".svg" if writer == "bench" else ".html"
    for folder, reason in (("none", "No such file or directory"), ("file", "Not a directory")):
        place = f"{folder}/x{ending}"
        sentence = refusal_of(capsys, here, *(word.replace("FILE", place) for word in arguments))
        assert sentence == f"{place}: can't be written: {reason}; choose another file with {option}"


@pytest.mark.parametrize("writer", WRITERS)
def test_a_file_has_the_ending_of_its_kind(capsys, here, one, writer):
    arguments, option = WRITERS[writer]
    kind = (PICTURE if writer == "bench" else PAGE).title
    ending = ".svg" if writer == "bench" else ".html"
    for name, found in (("x.txt", "'.txt'"), ("x", "''")):
        sentence = refusal_of(capsys, here, *(word.replace("FILE", name) for word in arguments))
        expected = f"{ending} for {kind}; choose another file with {option}"
        assert sentence == f"{name}: found the ending {found}, expected {expected}"


@pytest.mark.parametrize("command", [["story", "qq_moment"], ["stories"]])
def test_pages_of_stories_replace_no_file_of_the_users(capsys, here, command):
    (here / "out").mkdir()
    (here / "out/qq_moment.html").write_text(PRECIOUS)
    assert "out/qq_moment.html: found a file without the mark" in refusal_of(capsys, here, *command, "--out", "out")
    (here / "file").touch()
    assert "file: found a file, expected a folder or nothing" in refusal_of(capsys, here, *command, "--out", "file")
    assert "/file is a file, expected a folder" in refusal_of(capsys, here, *command, "--out", "file/deep/er")


def test_our_own_pages_and_pictures_are_replaced(capsys, here, one):
    for _ in range(2):
        assert output_of(capsys, "report", "one", "--out", "again.html") == "report: again.html\n"
        assert output_of(capsys, "report", "one") == "report: one/report.html\n"
    output_of(capsys, "run", "--quiet", "--force", "--out", "one", *SMALL)
    assert not (here / "one/report.html").exists()


def test_a_page_is_not_written_over_a_picture_nor_over_a_table(capsys, here, one):
    (here / "picture.svg").write_text(f"<svg>{PICTURE.mark}</svg>")
    assert "without the mark of a page" in refusal_of(capsys, here, "report", "one", "--out", "picture.svg")
    assert "without the mark of a page" in refusal_of(capsys, here, "report", "one", "--out", "one/journal.parquet")
    assert PAGE.mark not in PICTURE.mark


@pytest.mark.parametrize("kind", ["run", "checkpoint"])
def test_a_run_folder_with_a_file_of_the_users_is_not_replaced(here, made, kind):
    place = here / "one"
    save = run(months=1, users=20).save if kind == "run" else World(months=1, users=20, rng=1).save
    save(place)
    (place / "notes.txt").write_text(PRECIOUS)
    with pytest.raises(BadFolder, match=r"one: holds 'notes.txt', which no run wrote and which would be lost; move it"):
        save(place, force=True)
    assert (place / "notes.txt").read_text() == PRECIOUS
    (place / "notes.txt").unlink()
    save(place, force=True)


def test_a_foreign_manifest_does_not_make_a_run_folder(here):
    (here / "site").mkdir()
    (here / "site/manifest.json").write_text('{"name": "My page", "icons": []}')
    with pytest.raises(BadFolder, match="is not a run folder"):
        run(months=1, users=20).save(here / "site", force=True)
    assert [each.name for each in (here / "site").iterdir()] == ["manifest.json"]


@pytest.mark.parametrize("left", [0, 100])
def test_a_damaged_run_can_be_made_again_in_its_place(capsys, here, one, left):
    whole = (one / "manifest.json").read_bytes()
    (one / "manifest.json").write_bytes(whole[:left])
    assert "run --force makes a run again" in refusal_of(capsys, here, "report", "one")
    output_of(capsys, "run", "--quiet", "--force", "--out", "one", *SMALL)
    output_of(capsys, "report", "one")


def test_a_manifest_that_lists_foreign_files_does_not_make_them_ours(here, made):
    place = here / "mine"
    place.mkdir()
    (place / "manifest.json").write_text('{"schema": 1, "seed": 2, "files": {"diary.txt": "x"}}')
    (place / "diary.txt").write_text(PRECIOUS)
    with pytest.raises(BadFolder, match=r"holds 'diary.txt', which no run wrote"):
        run(months=1, users=20).save(place, force=True)
    assert (place / "diary.txt").read_text() == PRECIOUS


def test_a_run_never_replaces_a_checkpoint_nor_a_checkpoint_a_run(capsys, here, one):
    world = World(months=1, users=20, rng=1)
    world.save(here / "half.ckpt")
    assert "is not a run folder" in refusal_of(capsys, here, "run", "--force", "--out", "half.ckpt", "--quiet", *SMALL)
    with pytest.raises(BadInput, match="is the folder of a run, expected a checkpoint"):
        world.save(one, force=True)
