"""Projects of enterprises: one cloud wins each, clouds earn the same in the mean, and what each sells is uneven."""

from itertools import pairwise
from statistics import fmean, pstdev
from types import SimpleNamespace
from typing import Any

import pytest

from tests.oracle.comparison import changed, compare, numbered, small
from watersellers import run
from watersellers.agents.enterprises.projects import Projects
from watersellers.agents.public_information import Rental
from watersellers.market.chance import Chance

RENTALS = [Rental(cloud, "west", "", True, 2.0, 10) for cloud in (1, 2, 3)]
EVEN = [0.2, 0.3, 0.5]


def history(months: int, seed: int = 1, **numbers: float) -> list[list[float]]:
    """Shares of three clouds month by month."""
    chosen: Any = {"projects": 4.0, "project_share": 1.0, "project_months": 5.0, **numbers}
    region: Any = SimpleNamespace(account=0, traits=SimpleNamespace(**chosen))
    market: Any = SimpleNamespace(month=0, accounts=SimpleNamespace(keys=[31]))
    projects, shares = Projects(market), []
    for month in range(months):
        market.month = month
        shares.append(projects.shares(region, RENTALS, EVEN, Chance(seed, month)))
    return shares


def test_shares_add_up_and_are_as_even_in_the_mean_as_without_projects():
    found = [shares for seed in range(200) for shares in history(10, seed)]
    assert all(sum(shares) == pytest.approx(1) for shares in found)
    for cloud, share in enumerate(EVEN):
        assert fmean(shares[cloud] for shares in found) == pytest.approx(share, abs=0.02)


def test_the_fewer_projects_the_more_uneven():
    def spread(projects: float) -> float:
        return fmean(pstdev(shares[2] for shares in history(60, seed, projects=projects)) for seed in range(20))

    assert spread(1) > spread(4) > spread(40) > 0


def test_a_project_stays_with_its_cloud_until_it_ends():
    alone = history(60, projects=1.0, project_months=6.0)
    assert all(sorted(shares) == [0, 0, 1] for shares in alone)
    changes = [month for month in range(1, 60) if alone[month] != alone[month - 1]]
    assert changes
    assert all((later - sooner) % 6 == 0 for sooner, later in pairwise(changes))


def test_a_cloud_that_sells_no_more_loses_its_projects():
    region: Any = SimpleNamespace(
        account=0, traits=SimpleNamespace(projects=3.0, project_share=1.0, project_months=12.0)
    )
    market: Any = SimpleNamespace(month=0, accounts=SimpleNamespace(keys=[31]))
    projects = Projects(market)
    projects.shares(region, RENTALS[:1], [1.0], Chance(1, 0))
    market.month = 1
    assert projects.shares(region, RENTALS[1:], [0.4, 0.6], Chance(1, 1)) != []
    assert 1 not in projects.winners.values()


@pytest.mark.parametrize("seed", [3, 8])
def test_the_second_program_agrees(seed):
    spec = changed(small(seed=seed), numbered(projects=3.0, project_share=0.6, project_months=4.0), ("enterprises",))
    compare(spec, 60, seed, 8)


def test_without_projects_no_bit_moves():
    found, usual = (
        run("dollar_paths", months=4, users=50, set=each).manifest["digest"]
        for each in ({"enterprises.project_share": 0.9, "enterprises.project_months": 2}, {})
    )
    assert found == usual
