"""Synthetic worlds of any size load as files do and follow from their seed; impossible sizes are refused."""

import pytest

from watersellers import BadInput, Size, synthetic
from watersellers.experiments.loading.loader import load_scenario


@pytest.mark.parametrize(
    "size", [Size(), Size(1, 1, 1, 1), Size(0, 0, 0, 0), Size(5, 3, 30, 200, partners=2, mixed=True)]
)
def test_a_synthetic_world_of_any_size_passes_the_same_checks(catalogue, size):
    spec = load_scenario(synthetic(size, catalogue=catalogue), catalogue=catalogue)
    assert [len(spec.groups[group]) for group in ("chips", "cloud", "labs", "apps")] == [
        size.chips,
        size.cloud,
        size.labs,
        size.apps,
    ]


def test_more_firms_leave_those_that_were_there_as_they_were(catalogue):
    few, many = (synthetic(Size(cloud=n), catalogue=catalogue)["cloud"] for n in (4, 40))
    assert few == {name: many[name] for name in few}
    assert len(many) > len(few)


def test_a_synthetic_world_follows_from_its_seed(catalogue):
    drawn = [synthetic(seed=seed, catalogue=catalogue)["cloud"] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_synthetic_firm_has_as_many_suppliers_as_asked_for(catalogue):
    world = synthetic(Size(chips=9, partners=2, china=0.0), catalogue=catalogue)
    assert all(len(set(firm["chips"])) == 2 for firm in world["cloud"].values() if isinstance(firm, dict))


@pytest.mark.parametrize("size", [Size(chips=-1), Size(apps=10**9), Size(china=1.5), Size(spread=-0.1)])
def test_an_impossible_size_is_refused(catalogue, size):
    with pytest.raises(BadInput, match=r"size, \w+: found .*, expected 0 to "):
        synthetic(size, catalogue=catalogue)


def test_outsiders_of_a_synthetic_world_have_the_means_of_those_of_the_reference_world():
    drawn, reference = load_scenario(synthetic(Size(spread=0.0))), load_scenario("plain")
    for group in ("users", "enterprises", "advertisers", "investors"):
        numbers = {one.name: one.numbers for one in reference.groups[group]}
        assert {one.name: one.numbers for one in drawn.groups[group]} == numbers, group
    assert {type(one.strategies["adoption"]) for one in drawn.groups["work"]} == {
        type(one.strategies["adoption"]) for one in reference.groups["work"]
    }
