"""The sweep folder: its tables do not depend on how they were made, and a sweep may be ended at any moment."""

import shutil
from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.tools.unmade_sweeps import pretended, rows
from watersellers import BadInput, Sweep, Swept, Ways
from watersellers.experiments.saving.seal import sealed_bytes
from watersellers.experiments.sweeps.execution import _runs_of_shard, _runs_to_make
from watersellers.experiments.sweeps.folder import folder as sweep_folder
from watersellers.experiments.sweeps.folder.folder import compact, measures
from watersellers.experiments.sweeps.folder.integrity import outcomes
from watersellers.experiments.sweeps.folder.run_record import FAILED, TIMED_OUT, Outcome, part_of, write_part

LOCK = "chips.nvidia.lock_in"
SMALL = Sweep("plain", {LOCK: [0, 1, 2, 3, 4]}, months=1, users=10, replications=2)


def number(each) -> float:
    return 10 * each.point + each.replicate


@pytest.fixture
def swept(tmp_path):
    return pretended(tmp_path / "sweep", SMALL, number)


def test_tables_stand_in_the_order_of_the_plan_whatever_the_order_of_the_parts_and_the_size_of_chunks(
    swept, tmp_path, monkeypatch
):
    shutil.copytree(swept.folder, tmp_path / "other")
    monkeypatch.setattr(sweep_folder, "CHUNK", 3)
    compact(tmp_path / "other", swept.plan)
    monkeypatch.undo()
    compact(swept.folder, swept.plan)
    found = pl.read_parquet(swept.folder / "measures.parquet")
    assert found["run"].to_list() == [each.run for each in swept.plan.runs()]
    assert found["value"].to_list() == [number(each) for each in swept.plan.runs()]
    assert_frame_equal(found, pl.read_parquet(tmp_path / "other/measures.parquet"))
    assert list((swept.folder / "parts").iterdir()) == []


def test_a_folder_reads_the_same_before_it_is_compact_and_after(swept):
    before = swept.runs, swept.measures.sort("run")
    compact(swept.folder, swept.plan)
    after = Swept.open(swept.folder)
    assert_frame_equal(before[0], after.runs)
    assert_frame_equal(before[1], after.measures.sort("run"))


@pytest.mark.parametrize("written", [["measures.parquet"], ["measures.parquet", "runs.parquet"]])
def test_an_end_in_the_middle_of_making_the_tables_loses_nothing_and_counts_nothing_twice(swept, tmp_path, written):
    shutil.copytree(swept.folder, tmp_path / "whole")
    compact(tmp_path / "whole", swept.plan)
    for name in written:  # as it is when the process is killed after these tables, before the parts are gone
        shutil.copy(tmp_path / "whole" / name, swept.folder / name)
    assert measures(swept.folder).collect().height == len(swept.plan)
    compact(swept.folder, swept.plan)
    for name in ("measures.parquet", "runs.parquet"):
        assert_frame_equal(pl.read_parquet(swept.folder / name), pl.read_parquet(tmp_path / "whole" / name))


def test_what_a_run_measured_again_replaces_what_it_measured_before(swept):
    compact(swept.folder, swept.plan)
    third = list(swept.plan.runs())[2]
    write_part(
        swept.folder, Outcome(third.run, "ok", 1.0, third.run), rows(third.run, "calibrated.upstream_share", -1.0)
    )
    compact(swept.folder, swept.plan)
    found = pl.read_parquet(swept.folder / "measures.parquet")
    assert found["run"].to_list() == [each.run for each in swept.plan.runs()]
    assert found.filter(run=third.run)["value"].to_list() == [-1.0]


def test_a_truncated_part_is_ignored(swept):
    first = next(iter(swept.plan.runs()))
    file = part_of(swept.folder, first.run)
    file.write_bytes(file.read_bytes()[:-20])
    found = Swept.open(swept.folder)
    assert found.counted() == {"ok": 9, "missing": 1}
    assert found.measures.height == 9
    compact(swept.folder, swept.plan)
    assert pl.read_parquet(swept.folder / "measures.parquet").height == 9


def test_runs_left_to_make_are_those_missing_or_failed(swept):
    runs = list(swept.plan.runs())
    part_of(swept.folder, runs[0].run).unlink()
    write_part(swept.folder, Outcome(runs[1].run, FAILED, 1.0, None, "why"))
    write_part(swept.folder, Outcome(runs[2].run, TIMED_OUT, 1.0, None, "why"))

    def left(**ways) -> list[str]:
        return [each.run for each in _runs_to_make(swept.plan, swept.folder, Ways(**ways))]

    assert left(resume=True) == [runs[0].run]
    assert left(rerun_failed=True) == [runs[1].run, runs[2].run]
    assert left(resume=True, rerun_failed=True) == [each.run for each in runs[:3]]
    assert outcomes(swept.folder)[runs[1].run].error == "why"


def test_shards_divide_the_runs_with_none_left_out_and_none_twice(swept):
    shards = [[each.run for each in _runs_of_shard(swept.plan, Ways(shard=(number, 3)))] for number in (1, 2, 3)]
    assert sorted(each for shard in shards for each in shard) == sorted(each.run for each in swept.plan.runs())
    assert [len(each) for each in shards] == [4, 3, 3]


def test_the_same_run_at_two_points_is_one_run(tmp_path):
    points = {"kind": "list", "points": [{LOCK: 1.0}, {LOCK: 2.0}, {LOCK: 1.0}]}
    twice = pretended(tmp_path / "s", replace(SMALL, parameters={}, design=points, replications=1), number)
    assert (len(twice.runs), twice.runs["run"].n_unique()) == (3, 2)
    assert len(_runs_to_make(twice.plan, tmp_path, Ways())) == 2
    assert compact(twice.folder, twice.plan)["status"].to_list() == ["ok"] * 3
    assert pl.read_parquet(twice.folder / "measures.parquet").height == 2


def test_a_folder_is_refused_where_it_can_not_hold_this_study(swept, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/thesis.txt").touch()
    with pytest.raises(BadInput, match="is not a sweep"):
        SMALL.run(tmp_path / "full")
    with pytest.raises(BadInput, match="its runs were measured for"):
        replace(SMALL, measures=["revenue"]).run(swept.folder, Ways(resume=True))
    with pytest.raises(BadInput, match="holds no sweep, so there is nothing to run again"):
        SMALL.run(tmp_path / "none", Ways(rerun_failed=True))
    with pytest.raises(BadInput, match=r"workers: found 0, expected a whole number from 1 to 1024\nshard: found 4/3"):
        SMALL.run(tmp_path / "none", Ways(workers=0, shard=(4, 3)))
    assert not (tmp_path / "none").exists()
    with pytest.raises(BadInput, match="is no sweep folder"):
        Swept.open(tmp_path)


def test_a_sweep_that_another_version_began_is_not_gone_on_with(swept):
    file = swept.folder / "provenance.json"
    other = {key: value for key, value in swept.provenance.items() if key != "seal"} | {"model": "0.0.1+0"}
    file.write_bytes(sealed_bytes(other))
    with pytest.raises(BadInput, match=r"was made with model 0\.0\.1\+0, here is"):
        SMALL.run(swept.folder, Ways(resume=True))


def test_the_memory_of_the_tables_does_not_grow_with_the_runs(tmp_path, monkeypatch):
    many = pretended(tmp_path / "many", replace(SMALL, replications=40), number)
    gather, seen = sweep_folder._measures_of, []

    def counted(folder, runs, newer) -> pl.DataFrame:
        """Gather a chunk, and note how large it is."""
        chunk = gather(folder, runs, newer)
        seen.append(chunk.height)
        return chunk

    monkeypatch.setattr(sweep_folder, "CHUNK", 10)
    monkeypatch.setattr(sweep_folder, "_measures_of", counted)
    compact(many.folder, many.plan)
    assert seen == [10] * 20
