"""A small catalogue of scenarios, so that no number of the reference world matters to tests of the loader."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from watersellers import BadInput
from watersellers.experiments.loading.catalogue import Catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.loading.parameters import Parameters
from watersellers.experiments.loading.schema import Menus


@dataclass(frozen=True)
class FollowUse:
    target: float = 0.75
    step: float = 0.15

    def __call__(self, seen: object, chance: object) -> float:
        return self.target


@dataclass(frozen=True)
class CostPlus:
    markup: float = 0.3

    def __call__(self, seen: object, chance: object) -> float:
        return self.markup


MENUS: Menus = {
    "chips": {"pricing": {"cost_plus": CostPlus, "follow_use": FollowUse}},
    "cloud": {"pricing": {"cost_plus": CostPlus, "follow_use": FollowUse}},
    "labs": {"pricing": {"cost_plus": CostPlus}},
}
TABLE = """\
name,unit,value,low,high,source,as_of,note
chips.lock_in,share,0.5,0,1,assumption,,worth of staying
chips.nvidia.lock_in,,0.9,,,assumption,,
cloud.power_cost,USD per GPU-hour,0.1,0,1,"EIA, table 5",2023-01,
cloud.aws.power_cost,,0.2,,,assumption,,
cloud.older_revenue,USD,0,0,1e9,assumption,,
cloud.aws.older_revenue,USD,9e9,0,1e12,assumption,,
chips.pricing.cost_plus.markup,share,0.3,0,2,assumption,,
chips.pricing.follow_use.target,share,0.75,0,1,assumption,,
chips.pricing.follow_use.step,share,0.15,0,1,assumption,,
cloud.pricing.cost_plus.markup,share,0.3,0,2,assumption,,
cloud.pricing.follow_use.target,share,0.75,0,1,assumption,,
cloud.pricing.follow_use.step,share,0.15,0,1,assumption,,
labs.pricing.cost_plus.markup,share,0.3,0,2,assumption,,
world.interest,share a year,0.05,0,1,assumption,,
users.west.population,people,3e8,1,2e9,assumption,,
users.china.population,people,1e9,1,2e9,assumption,,
"""
BASELINE = """\
# Who profits?
start = "2023-01"
months = 48
[chips]
pricing = "cost_plus"
[chips.nvidia]
key = 101
region = "west"
[cloud]
pricing = "follow_use"
[cloud.azure]
key = 202
region = "west"
enters = "2024-05"
founder = "venture_west"
pricing = {use = "follow_use", target = 0.8}
power_cost = 0.3
[cloud.aws]
key = 201
owner = "amazon"
region = "west"
enters = "2006-03"
chips = ["nvidia"]
[users.west]
key = 11
region = "west"
[users.china]
key = 12
region = "china"
[investors.venture_west]
key = 21
region = "west"
[[event]]
month = "2025-01"
what = "set"
path = "nvidia.lock_in"
value = 0
"""


def member(spec, group, name):
    return next(each for each in spec.groups[group] if each.name == name)


def write(catalogue, name, text):
    (catalogue.folder / f"{name}.toml").write_text(dedent(text))
    return name


def refusal(catalogue, scenario="baseline", settings=None, strategies=None):
    with pytest.raises(BadInput) as refused:
        load_scenario(scenario, settings, strategies, catalogue)
    return str(refused.value)


def small_catalogue(tmp_path_factory) -> Catalogue:
    """Give the small catalogue, made once: Hypothesis takes no fixture that is made anew for each test."""
    return _made(tmp_path_factory.getbasetemp() / "small")


@cache
def _made(folder: Path) -> Catalogue:
    folder.mkdir()
    (folder / "baseline.toml").write_text(BASELINE)
    (folder / "parameters.csv").write_text(TABLE)
    return Catalogue(Parameters.load(folder / "parameters.csv"), MENUS, folder)
