"""A run folder is there whole or not at all, gives back what was run, and is refused in a sentence if it is torn."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from watersellers import BadInput, Result, World, load_scenario, run
from watersellers.experiments.fits.fingerprint import digest, journal_of
from watersellers.experiments.limits import check_size
from watersellers.experiments.saving.places import PAGE
from watersellers.experiments.saving.seal import sealed
from watersellers.experiments.saving.store import COLUMNS, SCHEMA, new_folder
from watersellers.market.ledger import Journal

FILES = ["manifest.json", *(f"{name}.parquet" for name in COLUMNS)]


@pytest.fixture(scope="module")
def result():
    return run(seed=3, months=3, users=300)


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return run(seed=4, months=3, users=300).save(tmp_path_factory.mktemp("runs") / "other")


@pytest.fixture
def saved(result, tmp_path):
    return result.save(tmp_path / "one")


def refusal(folder):
    with pytest.raises(BadInput) as refused:
        Result.open(folder)
    return str(refused.value)


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text())


def change(folder, **values):
    (folder / "manifest.json").write_bytes(sealed(manifest_of(folder) | values))


# What is saved is what was run


def test_a_saved_run_opens_as_the_same(result, saved):
    opened = Result.open(saved)
    for name, frame in result.frames().items():
        assert_frame_equal(getattr(opened, name), frame)
    assert opened.manifest == result.manifest
    assert sorted(file.name for file in saved.iterdir()) == sorted(FILES)


def test_an_opened_runs_books_answer_as_before(result, saved):
    opened = Result.open(saved)
    for ask in ("income", "cash_flow", "balance_sheet"):
        assert_frame_equal(getattr(opened, ask)("nvidia"), getattr(result, ask)("nvidia"))
    assert_frame_equal(opened.flow_matrix("2023-03"), result.flow_matrix("2023-03"))
    assert sorted(opened.graph_at("2023-03").edges) == sorted(result.graph_at("2023-03").edges)


def test_the_journals_table_reads_back_to_the_same_columns(result):
    journal = journal_of(result.journal, result.books.accounts, result.books.start)
    assert journal.rows() == result.books.journal.rows()


def test_the_manifest_says_what_the_run_was_and_what_it_was_made_with(result):
    said = result.manifest
    assert (said["schema"], said["seed"], said["months"], said["users"], said["status"]) == (SCHEMA, 3, 3, 300, "done")
    assert (said["set"], said["strategies"], said["backend"]) == ({}, {}, "numpy")
    assert said["scenario"]["name"] == "baseline"
    assert said["scenario"]["text"].startswith("# ")
    assert {"python", "numpy", "polars", "mesa", "watersellers"} <= set(said["versions"])
    assert said["wall_s"] > 0
    assert said["digest"] == digest(result.books.journal)


def test_a_run_is_reproduced_from_its_manifest_alone(tmp_path):
    first = run(seed=5, months=3, users=300, set={"chips.lock_in": 0.2, "cloud.pricing": "cost_plus"})
    said = first.manifest
    (tmp_path / "again.toml").write_text(said["scenario"]["text"])
    again = run(tmp_path / "again.toml", seed=said["seed"], users=said["users"])
    assert again.manifest["digest"] == said["digest"] != run(seed=5, months=3, users=300).manifest["digest"]


def test_stepping_a_world_by_hand_gives_the_run(result):
    world = World("baseline", rng=3, months=3, users=300)
    while world.running:
        world.step()
    assert digest(world.economy.ledger.journal()) == result.manifest["digest"]


def test_the_digest_sees_one_cent(result):
    journal = result.books.journal
    cents = journal.cents.copy()
    cents[-1] += 1
    assert digest(replace(journal, cents=cents)) != digest(journal)


@dataclass(frozen=True)
class Steady:
    """Ask the same price every month."""

    level: float = 2.0

    def __call__(self, seen: object, chance: object) -> float:
        return self.level


def test_a_strategy_of_ones_own_is_recorded_by_module_name_and_source():
    said = run(months=1, users=50, strategies={"aws.pricing": Steady(3.0)}).manifest["strategies"]["aws.pricing"]
    assert (said["name"], said["numbers"]) == ("Steady", {"level": "3.0"})
    assert said["module"].endswith("test_store")
    assert len(said["source_sha256"]) == 64


def test_progress_is_told_after_every_month():
    told = []
    run(months=3, users=50, progress=lambda lived, months: told.append((lived, months)))
    assert told == [(1, 3), (2, 3), (3, 3)]


# What a result answers


@pytest.mark.parametrize("month", ["2023-02", date(2023, 2, 1), date(2023, 2, 28)])
def test_a_month_is_named_by_text_or_by_any_of_its_days(result, month):
    matrix = result.flow_matrix(month)
    assert matrix["total"].to_list() == [0] * len(matrix)
    assert "nvidia" in result.graph_at(month)


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2023-04", "month: found '2023-04', expected 2023-01 to 2023-03"),
        ("2022-12", "month: found '2022-12', expected 2023-01 to 2023-03"),
        ("february", "month: found 'february', expected one as in '2025-02'"),
        (5, "month: found 5, expected one as in '2025-02'"),
    ],
)
def test_a_month_that_was_not_lived_is_said(result, month, sentence):
    with pytest.raises(BadInput) as refused:
        result.flow_matrix(month)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("ask", ["income", "cash_flow", "balance_sheet"])
def test_a_firm_that_is_not_there_is_said(result, ask):
    with pytest.raises(BadInput) as refused:
        getattr(result, ask)("nvidai")
    assert str(refused.value) == "unknown firm or sector 'nvidai'. Did you mean 'nvidia'?"
    with pytest.raises(BadInput, match="unknown firm or sector 'zzz'; expected one of advertisers"):
        getattr(result, ask)("zzz")


def test_what_is_looked_at_says_in_a_line_what_it_is(result):
    digest = result.manifest["digest"]
    assert repr(result) == f"<Result of 'baseline', seed 3: 3 months from 2023-01, 300 users, digest {digest}>"
    world = World("baseline", rng=1, months=2, users=50)
    world.step()
    assert repr(world) == "<World 'baseline', seed 1: 1 of 2 months lived, from 2023-01, 50 users>"
    there = "3 chips, 9 cloud, 11 labs, 17 apps, 2 users, 2 enterprises, 2 advertisers, 2 investors"
    assert repr(load_scenario()) == f"<Scenario 'baseline': 48 months from 2023-01; {there}; 2 events>"


# Whole or not at all


def break_off(place, error):
    """Begin to write a run folder, and fail half-way."""
    with new_folder(place, force=True) as folder:
        (folder / "journal.parquet").write_bytes(b"half")
        raise error


def test_a_folder_whose_writing_breaks_off_is_gone_with_the_folders_made_for_it(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        break_off(tmp_path / "a/b/one", KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_being_replaced_stays_until_the_new_one_is_whole(saved):
    before = {file.name: file.read_bytes() for file in saved.iterdir()}
    with pytest.raises(RuntimeError):
        break_off(saved, RuntimeError())
    assert {file.name: file.read_bytes() for file in saved.iterdir()} == before
    assert [each.name for each in saved.parent.iterdir()] == ["one"]


def test_a_run_is_replaced_only_when_asked(result, saved):
    with pytest.raises(BadInput, match="there is a run already; force=True replaces it, or name another place"):
        result.save(saved)
    (saved / "report.html").write_text(PAGE.mark)
    result.save(saved, force=True)
    assert sorted(file.name for file in saved.iterdir()) == sorted(FILES)
    assert [each.name for each in saved.parent.iterdir()] == ["one"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("what", ["file", "folder", "link"])
def test_what_is_no_run_folder_is_never_replaced(result, tmp_path, what, force):
    place = tmp_path / "mine"
    if what == "file":
        place.write_text("precious")
    elif what == "folder":
        place.mkdir()
        (place / "thesis.txt").write_text("precious")
    else:
        place.symlink_to(result.save(tmp_path / "elsewhere"))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadInput, match="something else than a run folder stands there"):
        result.save(place, force=force)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_place_where_nothing_can_be_written_is_said(result, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=r"one: can't be written: Not a directory; name another place"):
        result.save(tmp_path / "file/deep/one")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


# What is refused


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("left", [0, 0.5])
def test_a_torn_file_is_said_by_its_name(saved, file, left):
    whole = (saved / file).read_bytes()
    (saved / file).write_bytes(whole[: int(len(whole) * left)])
    said = refusal(saved)
    assert file in said
    assert "run it again" in said
    assert "\n" not in said


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_said_by_its_name(saved, file):
    (saved / file).unlink()
    assert file in refusal(saved)


def test_a_column_that_is_missing_is_said(saved):
    firms = saved / "firms.parquet"
    pl.read_parquet(firms).drop("revenue").write_parquet(firms)
    hashes = manifest_of(saved)["files"] | {firms.name: hashlib.sha256(firms.read_bytes()).hexdigest()}
    change(saved, files=hashes)
    assert "firms.parquet: has no column 'revenue'" in refusal(saved)


MARTIAN = {"key": 7, "name": "rover", "layer": "mars", "owner": "rover", "region": "west"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"schema": 0}, "schema 0, written by version 0.1.0; this version reads schema 3."),
        ({"schema": 1}, "schema 1, written by version 0.1.0; this version reads schema 3."),
        ({"schema": 99}, "schema 99, written by version 0.1.0; this version reads schema 3."),
        ({"files": None}, "manifest.json, files: found None, expected a table; run it again"),
        ({"files": {}}, "journal.parquet: is not the table that manifest.json was written with"),
        ({"schema": "one"}, "names no schema, so this is no run folder"),
        ({"status": "running"}, "manifest.json, status: found 'running', expected 'done'"),
        ({"digest": "0" * 64}, "its journal is not the one its manifest was written for"),
        ({"accounts": []}, "manifest.json, accounts: found [], expected at least 1 of them"),
        ({"accounts": [{"name": "x"}]}, "manifest.json, accounts.1.key: is missing"),
        ({"accounts": [MARTIAN]}, "manifest.json, accounts.1.layer: found 'mars', expected 'chips', 'cloud', "),
        ({"accounts": [MARTIAN | {"layer": "cloud"}]}, "its journal does not fit its manifest"),
        ({"start": "long ago"}, "start: found 'long ago', expected the first day of a month, as in 2023-01-01"),
        ({"months": 0}, "manifest.json, months: found 0, expected at least 1"),
        ({"months": 600}, "its journal does not fit its manifest"),
        ({"users": "many"}, "manifest.json, users: found 'many', expected a whole number"),
    ],
)
def test_a_manifest_that_does_not_fit_is_said(saved, changes, sentence):
    change(saved, **changes)
    assert sentence in refusal(saved)


def test_a_journal_of_another_run_is_said(saved, other):
    (saved / "journal.parquet").write_bytes((other / "journal.parquet").read_bytes())
    assert "journal.parquet: is not the table that manifest.json was written with" in refusal(saved)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_table_of_another_run_or_with_one_bit_changed_is_said(result, saved, other, name):
    file = saved / f"{name}.parquet"
    whole = file.read_bytes()
    said = (
        f"{file}: is not the table that manifest.json was written with: it was changed, cut, or copied from another run"
    )
    for bytes_there in ((other / file.name).read_bytes(), whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]):
        file.write_bytes(bytes_there)
        assert refusal(saved) == f"{said}; run it again"
    file.write_bytes(whole)
    assert_frame_equal(getattr(Result.open(saved), name), getattr(result, name))


def test_a_run_that_was_opened_is_saved_with_hashes_of_its_own(saved, tmp_path):
    again = Result.open(saved).save(tmp_path / "again")
    assert Result.open(again).manifest == Result.open(saved).manifest
    assert manifest_of(again)["files"].keys() == {f"{name}.parquet" for name in COLUMNS}


def test_no_folder_and_no_run_folder_are_said(tmp_path):
    assert refusal(tmp_path / "none") == f"{tmp_path}/none: there is no such folder; `watersellers run` makes one"
    assert refusal(tmp_path).startswith(f"{tmp_path}: holds no manifest.json")


# How large a run may be


@pytest.mark.parametrize("months", [0, -1, 10**9, 4.5, "12", True])
def test_months_that_are_none_are_said(months):
    with pytest.raises(BadInput, match=rf"months: found {months!r}, expected a whole number from 1 to 600"):
        run(months=months)


@pytest.mark.parametrize("users", [0, -1, 10**9, 1e4, None])
def test_users_that_are_none_or_too_many_are_said_with_how_many_fit(users):
    with pytest.raises(
        BadInput, match=r"users: found .*, expected a whole number from 10 to [\d,]+, what fits into this"
    ):
        World(users=users)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.0])
def test_a_seed_that_is_none_is_said(seed):
    with pytest.raises(BadInput, match="seed: found"):
        check_size(seed, 3, 10)


def test_everything_wrong_with_a_size_is_said_at_once():
    with pytest.raises(BadInput) as refused:
        check_size(-1, 0, 0)
    assert [said.partition(":")[0] for said in refused.value.problems] == ["seed", "months", "users"]


def test_the_journals_columns_are_those_of_the_ledger():
    written = {*COLUMNS["journal"]} - {"entry", "price_nano"}
    assert written | {"price"} == set(Journal.__dataclass_fields__)
