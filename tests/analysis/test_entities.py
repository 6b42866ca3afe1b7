"""What the article names: each is held by what it does, so that switching its mechanism off changes its figure."""

from functools import cache
from pathlib import Path

import pytest

from watersellers import BadInput, Result, run
from watersellers.experiments.analysis.entities import (
    IN_PART,
    NO,
    TABLE,
    YES,
    Entity,
    find_entities,
    is_on,
    load_entities,
    presences,
    world_without,
)
from watersellers.experiments.analysis.run_figures import read_figure
from watersellers.experiments.loading.loader import load_scenario, months_to

WHOLE, USERS = "whole", 2000
ENTITIES = load_entities()
LONGEST = months_to(load_scenario(WHOLE), max(entity.figure.until for entity in ENTITIES))


@cache
def whole() -> Result:
    """The world in which all that the article names is at work."""
    return run(WHOLE, users=USERS, months=LONGEST)


def test_all_are_at_work_in_the_whole_world() -> None:
    found = presences(whole(), ENTITIES, {entity.name for entity in ENTITIES if is_on(entity, WHOLE)})
    assert {row.entity.name: row.status for row in found if row.status != YES} == {}


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_switching_its_mechanism_off_changes_its_figure(entity: Entity) -> None:
    months = months_to(load_scenario(WHOLE), entity.figure.until)
    without = run(world_without(entity, WHOLE), users=USERS, months=months)
    assert read_figure(without, entity.figure) != read_figure(whole(), entity.figure)


def test_where_a_mechanism_is_off_its_entity_is_there_in_part() -> None:
    found = {row.entity.name: row for row in find_entities("baseline", users=200, workers=1)}
    assert found["baidu_cloud"].status == IN_PART
    assert found["baidu_cloud"].figure  # it earns money, and no project
    assert found["bayou"].status == NO
    assert found["nvidia"].status == YES


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('measure = "gross_margin"', 'measure = "margin"', "nvidia.measure: found 'margin', expected one of"),
        ('since = "2024-06"', 'since = "June"', "deepseek.since"),
        ('who = "nvidia"\n', "", "nvidia.who"),
        ('title = "NVIDIA"\n', 'title = "NVIDIA"\nfounded = 1993\n', "nvidia.founded"),
    ],
)
def test_a_wrong_table_is_refused_by_its_place(old: str, new: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "entities.toml"
    file.write_text(TABLE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        load_entities(file)
