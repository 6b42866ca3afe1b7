"""A sweep resumes from a damaged folder: it repairs what can be made again, refuses the rest, and loses nothing."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.sweeps.folder_damages import ANY, FILES, LOCK, READERS, STUDY, TABLES, VARIED, file_of, there
from tests.tools.unmade_sweeps import rows
from watersellers import BadInput, Swept, Ways
from watersellers.experiments.__main__ import main
from watersellers.experiments.saving import atomic_files
from watersellers.experiments.sweeps.folder.folder import write_study
from watersellers.experiments.sweeps.folder.integrity import outcomes
from watersellers.experiments.sweeps.folder.run_record import write_part


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["cut at 0.5", "missing", "a folder"])
def test_resume_mends_what_can_be_made_again_and_refuses_the_rest(name, kind, folder):
    """Runs that are in whole parts, or in whole tables, are not made again; what was damaged is not thrown away."""
    kept = set(outcomes(folder)) - ({file_of(folder, "parts").stem} if name == "parts" else set())
    if name in TABLES:
        kept = {each.stem for each in (folder / "parts").glob("*.parquet")}
    digests = {run: outcomes(folder)[run].digest for run in kept}
    file = file_of(folder, name)
    ANY[kind](file)
    damaged = file.read_bytes() if file.is_file() else None
    before = there(folder, file)
    if name == "provenance.json" or (kind == "a folder" and name not in TABLES):
        with pytest.raises(BadInput, match=file.name):
            STUDY.run(folder, Ways(workers=1, resume=True))
        assert before == there(folder, file)
        return
    found = STUDY.run(folder, Ways(workers=1, resume=True))
    assert found.counted() == {"ok": 24}
    assert set(found.measures["run"]) == {each.run for each in found.plan.runs()}
    assert {run: digest for run, digest in found.runs.select("run", "digest").iter_rows() if run in kept} == digests
    if name in TABLES and damaged is not None:
        assert (folder / f"damaged-1-{name}").read_bytes() == damaged


@pytest.mark.parametrize("also", [None, "design.parquet"])
def test_another_study_does_not_take_the_place_of_one_whose_table_is_damaged(folder, also):
    (folder / "measures.parquet").write_bytes(b"")
    if also:
        (folder / also).write_bytes(b"")
    before = there(folder, folder / "none")
    with pytest.raises(BadInput, match="holds another study than study; choose another path"):
        replace(STUDY, users=STUDY.users + 1, set={"chips.amd.lock_in": 0.1}).run(folder, Ways(workers=1, resume=True))
    assert there(folder, folder / "none") == before


def test_a_study_stopped_while_it_was_changed_is_gone_on_with(folder, monkeypatch):
    """Whichever of its files were written, readers say what happened, and no finished run is made again."""
    more = replace(STUDY, parameters=VARIED | {LOCK: [*VARIED[LOCK], 4.0]})
    write, digests = atomic_files.write_atomically, set(Swept.open(folder).runs["digest"])
    for end in range(1, 4):
        place, left = folder.with_name(f"stopped{end}"), [end]
        shutil.copytree(folder, place)

        def dies(file: Path, data: bytes, left: list[int] = left) -> None:
            """Write a file, until as many files are written as the process survives."""
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            write(file, data)

        monkeypatch.setattr("watersellers.experiments.sweeps.folder.folder.write_atomically", dies)
        with pytest.raises(KeyboardInterrupt):
            write_study(place, more.plan())
        monkeypatch.undo()
        with pytest.raises(BadInput, match="its study was being changed when that was stopped; --resume goes on"):
            Swept.open(place)
        left_out = [each for each in more.plan().runs() if each.settings[LOCK] == 4.0]
        write_study(place, more.plan())  # as --resume does before it makes runs
        for each in left_out:
            write_part(place, replace(next(iter(outcomes(place).values())), run=each.run), rows(each.run, "x", 1.0))
        found = more.run(place, Ways(resume=True))
        assert found.counted() == {"ok": 30}
        assert digests <= set(found.runs["digest"])


def test_a_study_whose_writing_was_stopped_before_any_run_is_begun_as_if_it_were_not_there(tmp_path, monkeypatch):
    one = replace(STUDY, parameters={LOCK: [1.0]}, replications=1)
    write = atomic_files.write_atomically

    def dies(file: Path, data: bytes) -> None:
        if file.name == "design.parquet":
            raise KeyboardInterrupt
        write(file, data)

    monkeypatch.setattr("watersellers.experiments.sweeps.folder.folder.write_atomically", dies)
    with pytest.raises(KeyboardInterrupt):
        write_study(tmp_path / "s", one.plan())
    monkeypatch.undo()
    with pytest.raises(BadInput, match=r"design\.parquet: there is no such file"):
        Swept.open(tmp_path / "s")
    assert one.run(tmp_path / "s", Ways(workers=1)).counted() == {"ok": 1}


@pytest.mark.parametrize("command", READERS)
def test_a_sweep_without_a_finished_run_gives_no_page(command, folder, capsys):
    for name in ("runs.parquet", "measures.parquet"):
        (folder / name).unlink()
    for part in (folder / "parts").glob("*.parquet"):
        part.unlink()
    assert main(list(command)) == 2
    assert "none of its 24 runs has ended" in capsys.readouterr().err
    assert not (folder / "report.html").exists()
