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

WHOLE, USERS = "baseline", 2000
ENTITIES = load_entities()
WORLDS = sorted({entity.scenario or WHOLE for entity in ENTITIES})


@cache
def lived(world: str) -> Result:
    """The world in which all that the article names is at work, or one of those that it can't hold."""
    last = max(entity.figure.until for entity in ENTITIES if (entity.scenario or WHOLE) == world)
    return run(world, users=USERS, months=months_to(load_scenario(world), last))


@pytest.mark.parametrize("world", WORLDS)
def test_all_are_at_work_in_their_world(world: str) -> None:
    asked = [entity for entity in ENTITIES if (entity.scenario or WHOLE) == world]
    found = presences(lived(world), asked, {entity.name for entity in asked if is_on(entity, world)})
    missing = {row.entity.name: row.status for row in found if row.status != YES}
    assert missing == {}


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_switching_its_mechanism_off_changes_its_figure(entity: Entity) -> None:
    world = entity.scenario or WHOLE
    months = months_to(load_scenario(world), entity.figure.until)
    without = run(world_without(entity, world), users=USERS, months=months)
    assert read_figure(without, entity.figure) != read_figure(lived(world), entity.figure)


def test_where_a_mechanism_is_off_its_entity_is_there_in_part() -> None:
    found = {row.entity.name: row for row in find_entities("plain", users=200, workers=1)}
    assert found["baidu_cloud"].status == IN_PART
    assert found["baidu_cloud"].figure  # it earns money, and no project
    assert (found["bayou"].status, found["bayou"].figure) == (NO, None)
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
