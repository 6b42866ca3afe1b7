"""Whatever happens to a file of a sweep folder, who reads it says which one and what to do; nothing else is lost."""

import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tests.pretended import pretended, rows
from watersellers import BadInput, Sweep, Swept, Ways
from watersellers.experiments.__main__ import main
from watersellers.experiments.saving import drafts
from watersellers.experiments.sweeps.checking import outcomes
from watersellers.experiments.sweeps.folder import compact, create, measures
from watersellers.experiments.sweeps.making import Maker
from watersellers.experiments.sweeps.parts import write_part
from watersellers.experiments.sweeps.plan import model_version
from watersellers.experiments.sweeps.sealing import sealed_table

LOCK, SEATS = "chips.nvidia.lock_in", "apps.seat_elasticity"
VARIED = {LOCK: [0.0, 1.0, 2.0, 3.0], SEATS: [2.0, 2.5, 3.0]}
STUDY = Sweep("baseline", VARIED, months=1, users=10, replications=2)
TABLES = ("runs.parquet", "measures.parquet")
FILES = ("study.toml", "scenario.toml", "provenance.json", "design.parquet", *TABLES, "parts")
READERS = (
    ("map", "s", LOCK, SEATS, "year.upstream_share", "--json"),
    ("sensitivity", "s", "--method", "pawn", "--json"),
    ("bands", "s", "--measure", "year.upstream_share", "--json"),
    ("enough", "s", "--json"),
    ("report", "s"),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A sweep of 24 runs, 22 of which are in the tables and two in parts."""
    place = tmp_path_factory.mktemp("whole")
    swept = pretended(place / "s", STUDY, lambda each: each.point + each.replicate / 10 if each.point < 12 else None)
    compact(swept.folder, swept.plan)
    again = pretended(place / "other", STUDY, lambda each: each.point + each.replicate / 10)
    for each in list(swept.plan.runs())[22:]:
        shutil.copy(again.folder / "parts" / f"{each.run}.parquet", swept.folder / "parts")
    return swept.folder


@pytest.fixture
def folder(whole, tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(whole, tmp_path / "s"))


def cut(share: float) -> Callable[[Path], None]:
    def shorten(file: Path) -> None:
        file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])

    return shorten


def flipped(seed: int) -> Callable[[Path], None]:
    def flip(file: Path) -> None:
        data, chance = bytearray(file.read_bytes()), random.Random(seed)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(data)

    return flip


def other_of(kind: str) -> Callable[[Path], None]:
    """Put the content of another file of the folder in its place."""

    def put(file: Path) -> None:
        root = file.parent.parent if file.parent.name == "parts" else file.parent
        other = next(each for each in sorted(root.glob(f"*{kind}")) if each.name != file.name)
        shutil.copy(other, file)

    return put


def table(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[Path], None]:
    return lambda file: change(pl.read_parquet(file)).write_parquet(file)


def retyped(frame: pl.DataFrame) -> pl.DataFrame:
    first = frame.columns[0]
    return frame.cast({first: pl.Binary if frame.dtypes[0] == pl.String else pl.Float32})


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


ANY = {
    "missing": Path.unlink,
    "emptied": lambda file: file.write_bytes(b""),
    **{f"cut at {share}": cut(share) for share in (0.1, 0.5, 0.999)},
    **{f"a bit flipped ({seed})": flipped(seed) for seed in range(3)},
    "an other table": other_of(".parquet"),
    "an other text": other_of(".toml"),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"\n"),
    "a folder": a_folder,
    "a pipe": pipe,
}
OF_TABLES = {
    "a column dropped": table(lambda frame: frame.drop(frame.columns[-1])),
    "a column renamed": table(lambda frame: frame.rename({frame.columns[0]: "id"})),
    "a column retyped": table(retyped),
    "no rows": table(pl.DataFrame.clear),
    "a row less": table(lambda frame: frame[1:]),
}
DAMAGES = [
    pytest.param(name, change, id=f"{name}: {kind}")
    for name in FILES
    for kind, change in (ANY | (OF_TABLES if "parquet" in name or name == "parts" else {})).items()
]


def file_of(folder: Path, name: str) -> Path:
    return min((folder / "parts").glob("*.parquet")) if name == "parts" else folder / name


def same(file: Path, before: bytes) -> bool:
    """Whether a document says what it said before: a line's end more or less is no damage."""
    if file.name != "provenance.json" or not file.is_file():
        return False
    try:
        return json.loads(file.read_bytes()) == json.loads(before)
    except ValueError:
        return False


def there(folder: Path, but: Path) -> dict[str, bytes]:
    """What is in the other files, but for the locks, which are empty."""
    files = [each for each in sorted(folder.rglob("*")) if each.is_file() and each != but]
    return {str(each): data for each in files if (data := each.read_bytes())}


@pytest.mark.parametrize(("name", "change"), DAMAGES)
def test_a_damaged_file_is_refused_by_its_name_and_reading_changes_nothing(name, change, folder, capsys):
    file = file_of(folder, name)
    whole = file.read_bytes()
    change(file)
    if same(file, whole):
        return
    before = there(folder, file)
    for command in READERS:
        status = main(list(command))
        out, err = capsys.readouterr()
        if name == "parts" and status == 0:
            continue  # its run is missing then, which the tables say
        assert status == 2, out
        assert file.name in err, err
        assert len(err.splitlines()) <= 2
    if name == "parts" and file.is_file():
        assert Swept.open("s").counted() == {"ok": 23, "missing": 1}
    (folder / "report.html").unlink(missing_ok=True)
    assert there(folder, file) == before


@pytest.mark.parametrize(("name", "change"), DAMAGES)
def test_compact_refuses_a_damaged_file_or_keeps_every_whole_part(name, change, folder, capsys):
    parts = {each.stem for each in (folder / "parts").glob("*.parquet")}
    file = file_of(folder, name)
    whole = file.read_bytes()
    change(file)
    if same(file, whole):
        return
    before = there(folder, file)
    status = main(["compact", "s", "--json"])
    assert status in (0, 2)
    if status == 2:
        assert file.name in capsys.readouterr().err
        assert there(folder, file) == before
    else:
        assert name == "parts"
        assert parts - {file.stem} <= set(measures(folder).collect()["run"])
        assert Swept.open("s").counted() == {"ok": 23, "missing": 1}


VALUES: tuple[object, ...] = (None, True, 7, -1, 1.5, "x", [], [[]], {}, {"x": {}}, "9" * 400)


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_provenance_that_says_something_else_at_any_key_is_refused(value, folder, capsys):
    said = json.loads((folder / "provenance.json").read_text())
    for key in said:
        if said[key] == value:
            continue
        (folder / "provenance.json").write_text(json.dumps(said | {key: value}))
        assert main(["bands", "s"]) == 2
        err = capsys.readouterr().err
        assert "provenance.json" in err or (key == "schema" and "sweep schema" in err)
    (folder / "provenance.json").write_text(json.dumps(value))
    assert main(["enough", "s"]) == 2
    assert "provenance.json" in capsys.readouterr().err


def test_a_sweep_of_an_older_schema_is_refused_as_such(folder):
    (folder / "provenance.json").write_text('{"schema": 1, "scenario": "baseline"}')
    with pytest.raises(BadInput, match=r"sweep schema 1; this version reads 2\. Its study\.toml makes it again"):
        Swept.open("s")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"status": "fine"}, "found the status 'fine', expected one of"),
        ({"seconds": -3.0}, "found -3 seconds, expected 0 or more"),
        ({"seconds": float("nan")}, "found nan seconds, expected 0 or more"),
        ({"run": "0123456789abcdef"}, "is of the run 0123456789abcdef, which this study does not have"),
    ],
)
def test_a_table_that_is_whole_and_says_what_can_not_be_is_refused(wrong, sentence, folder):
    frame = pl.read_parquet(folder / "runs.parquet")
    changed = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(value)).otherwise(name).alias(name)
        for name, value in wrong.items()
    )
    (folder / "runs.parquet").write_bytes(sealed_table(changed))
    with pytest.raises(BadInput, match=rf"runs\.parquet: .*{sentence}"):
        Swept.open("s")


def test_a_worker_refuses_a_study_that_was_changed(folder):
    cut(0.9)(folder / "scenario.toml")
    with pytest.raises(BadInput, match=r"scenario\.toml: is not the one that provenance\.json was written with"):
        Maker.of(folder, model_version())


def test_parts_and_the_lock_may_not_be_something_else(folder, capsys):
    shutil.rmtree(folder / "parts")
    assert main(["compact", "s", "--json"]) == 0  # a copy may have left out a folder that was empty
    (folder / "parts").touch()
    (folder / ".lock").unlink()
    (folder / ".lock").mkdir()
    assert main(["map", "s", LOCK, SEATS]) == 2
    assert "parts: found no folder" in capsys.readouterr().err
    assert main(["compact", "s"]) == 2
    assert ".lock: can't be written" in capsys.readouterr().err


# going on


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
    with pytest.raises(BadInput, match="holds another study than study; name another place"):
        replace(STUDY, users=STUDY.users + 1, set={"chips.amd.lock_in": 0.1}).run(folder, Ways(workers=1, resume=True))
    assert there(folder, folder / "none") == before


def test_a_study_stopped_while_it_was_changed_is_gone_on_with(folder, monkeypatch):
    """Whichever of its files were written: readers say what happened, and nothing that was made is made again."""
    more = replace(STUDY, parameters=VARIED | {LOCK: [*VARIED[LOCK], 4.0]})
    write, digests = drafts.write_whole, set(Swept.open(folder).runs["digest"])
    for end in range(1, 4):
        place, left = folder.with_name(f"stopped{end}"), [end]
        shutil.copytree(folder, place)

        def dies(file: Path, data: bytes, left: list[int] = left) -> None:
            """Write as many files as this process lives for."""
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            write(file, data)

        monkeypatch.setattr("watersellers.experiments.sweeps.folder.write_whole", dies)
        with pytest.raises(KeyboardInterrupt):
            create(place, more.plan())
        monkeypatch.undo()
        with pytest.raises(BadInput, match="its study was being changed when that was stopped; --resume goes on"):
            Swept.open(place)
        left_out = [each for each in more.plan().runs() if each.settings[LOCK] == 4.0]
        create(place, more.plan())  # as --resume does before it makes runs
        for each in left_out:
            write_part(place, replace(next(iter(outcomes(place).values())), run=each.run), rows(each.run, "x", 1.0))
        found = more.run(place, Ways(resume=True))
        assert found.counted() == {"ok": 30}
        assert digests <= set(found.runs["digest"])


def test_a_study_whose_writing_was_stopped_before_any_run_is_begun_as_if_it_were_not_there(tmp_path, monkeypatch):
    one = replace(STUDY, parameters={LOCK: [1.0]}, replications=1)
    write = drafts.write_whole

    def dies(file: Path, data: bytes) -> None:
        if file.name == "design.parquet":
            raise KeyboardInterrupt
        write(file, data)

    monkeypatch.setattr("watersellers.experiments.sweeps.folder.write_whole", dies)
    with pytest.raises(KeyboardInterrupt):
        create(tmp_path / "s", one.plan())
    monkeypatch.undo()
    with pytest.raises(BadInput, match=r"design\.parquet: there is no such file"):
        Swept.open(tmp_path / "s")
    assert one.run(tmp_path / "s", Ways(workers=1)).counted() == {"ok": 1}


@pytest.mark.parametrize("command", READERS)
def test_a_sweep_of_which_nothing_is_known_gives_no_page_without_figures(command, folder, capsys):
    for name in ("runs.parquet", "measures.parquet"):
        (folder / name).unlink()
    for part in (folder / "parts").glob("*.parquet"):
        part.unlink()
    assert main(list(command)) == 2
    assert "none of its 24 runs has ended" in capsys.readouterr().err
    assert not (folder / "report.html").exists()
