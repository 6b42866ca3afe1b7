"""A run folder is there whole or not at all, and gives back what was run."""

from dataclasses import dataclass, replace
from datetime import date

import pytest
from polars.testing import assert_frame_equal

from tests.runs.run_folders import FILES
from watersellers import BadInput, Result, World, load_scenario, run
from watersellers.experiments.saving.digest import digest, journal_of
from watersellers.experiments.saving.output_files import PAGE
from watersellers.experiments.saving.run_folder import COLUMNS, SCHEMA, new_folder
from watersellers.market.accounting.ledger import Journal

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
    manifest = result.manifest
    assert (manifest["schema"], manifest["seed"], manifest["months"], manifest["users"], manifest["status"]) == (
        SCHEMA,
        3,
        3,
        300,
        "done",
    )
    assert (manifest["set"], manifest["strategies"], manifest["backend"]) == ({}, {}, "numpy")
    assert manifest["scenario"]["name"] == "baseline"
    assert manifest["scenario"]["text"].startswith("# ")
    assert {"python", "numpy", "polars", "mesa", "watersellers"} <= set(manifest["versions"])
    assert manifest["wall_s"] > 0
    assert manifest["digest"] == digest(result.books.journal)


def test_a_run_is_reproduced_from_its_manifest_alone(tmp_path):
    first = run(seed=5, months=3, users=300, set={"chips.lock_in": 0.2, "cloud.pricing": "cost_plus"})
    manifest = first.manifest
    (tmp_path / "again.toml").write_text(manifest["scenario"]["text"])
    again = run(tmp_path / "again.toml", seed=manifest["seed"], users=manifest["users"])
    assert again.manifest["digest"] == manifest["digest"] != run(seed=5, months=3, users=300).manifest["digest"]


def test_stepping_a_world_by_hand_gives_the_run(result):
    world = World(rng=3, months=3, users=300)
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
    strategy = run(months=1, users=50, strategies={"aws.pricing": Steady(3.0)}).manifest["strategies"]["aws.pricing"]
    assert (strategy["name"], strategy["numbers"]) == ("Steady", {"level": "3.0"})
    assert strategy["module"].endswith("test_run_folder")
    assert len(strategy["source_sha256"]) == 64


def test_progress_is_reported_after_every_month():
    progress = []
    run(months=3, users=50, progress=lambda lived, months: progress.append((lived, months)))
    assert progress == [(1, 3), (2, 3), (3, 3)]


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
def test_a_month_outside_the_run_is_refused_with_a_sentence(result, month, sentence):
    with pytest.raises(BadInput) as refused:
        result.flow_matrix(month)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("ask", ["income", "cash_flow", "balance_sheet"])
def test_an_unknown_firm_is_refused(result, ask):
    with pytest.raises(BadInput) as refused:
        getattr(result, ask)("nvidai")
    assert str(refused.value) == "unknown firm or sector 'nvidai'. Did you mean 'nvidia'?"
    with pytest.raises(BadInput, match="unknown firm or sector 'zzz'; expected one of advertisers"):
        getattr(result, ask)("zzz")


def test_the_repr_of_a_result_a_world_and_a_scenario_is_one_line(result):
    digest = result.manifest["digest"]
    assert repr(result) == f"<Result of 'baseline', seed 3: 3 months from 2023-01, 300 users, digest {digest}>"
    world = World("plain", rng=1, months=2, users=50)
    world.step()
    assert repr(world) == "<World 'plain', seed 1: 1 of 2 months lived, from 2023-01, 50 users>"
    there = "3 chips, 9 cloud, 11 labs, 17 apps, 2 users, 2 enterprises, 2 advertisers, 2 investors"
    assert (
        repr(load_scenario("dollar_paths")) == f"<Scenario 'dollar_paths': 48 months from 2023-01; {there}; 2 events>"
    )


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
    with pytest.raises(BadInput, match="holds a run already; force=True replaces it, or choose another path"):
        result.save(saved)
    (saved / "report.html").write_text(PAGE.mark)
    result.save(saved, force=True)
    assert sorted(file.name for file in saved.iterdir()) == sorted(FILES)
    assert [each.name for each in saved.parent.iterdir()] == ["one"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("what", ["file", "folder", "link"])
def test_only_run_folders_are_replaced(result, tmp_path, what, force):
    place = tmp_path / "mine"
    if what == "file":
        place.write_text("precious")
    elif what == "folder":
        place.mkdir()
        (place / "thesis.txt").write_text("precious")
    else:
        place.symlink_to(result.save(tmp_path / "elsewhere"))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadInput, match="is not a run folder"):
        result.save(place, force=force)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_unwritable_target_is_refused(result, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=r"one: can't be written: Not a directory; choose another path"):
        result.save(tmp_path / "file/deep/one")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_the_journals_columns_are_those_of_the_ledger():
    written = {*COLUMNS["journal"]} - {"entry", "price_nano"}
    assert written | {"price"} == set(Journal.__dataclass_fields__)
