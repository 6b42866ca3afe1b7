"""The reference world: who earns and who loses, how money of older businesses moves it, and ten years without a break.

Tests take a few seeds; `watersellers verify` takes a hundred. What each cause changes is held by
tests/analysis/decomposition/test_decomposition.py.
"""

import polars as pl
import pytest

from watersellers.experiments.analysis.decomposition.decompose import year_profit
from watersellers.experiments.analysis.ten_years.sanity import sanity
from watersellers.experiments.analysis.ten_years.switched_worlds import LONG
from watersellers.experiments.analysis.verdicts import FEW
from watersellers.experiments.analysis.verification import SHORT, signs
from watersellers.experiments.analysis.windows import CALIBRATED_YEAR
from watersellers.experiments.runs.run import run

CLOUDS = (  # those with an owner
    "aws",
    "azure",
    "google_cloud",
    "meta_infra",
    "oracle",
    "alibaba_cloud",
    "baidu_cloud",
    "tencent_cloud",
)


@pytest.mark.parametrize("seed", [1, 2])
def test_upstream_earns_and_most_downstream_lose_in_the_year_to_february_2025(seed: int) -> None:
    """All apps together earn, by Copilot's seats for staff: it is the others that lose, who sell to the public."""
    result = run("baseline", seed=seed, months=SHORT, users=FEW)
    found = signs(result)
    assert [claim for claim, holds in found.items() if not holds] == ["apps lose money, all together"]
    year = CALIBRATED_YEAR.rows(result.firms).filter(layer="apps")
    assert year.filter(firm="copilot")["operating_profit"].sum() > 0
    assert year.filter(pl.col("firm") != "copilot")["operating_profit"].sum() < 0


def test_without_older_businesses_money_vendors_earn_less_than_half() -> None:
    """The boom is paid by older profits more than by venture money."""
    uplifts = dict.fromkeys(("cloud.ranking_uplift", "owners.ranking_uplift"), 0)
    gone = uplifts | {f"cloud.{name}.owner_funds": 0 for name in CLOUDS}
    base, without = (year_profit(run("baseline", 1, SHORT, 200, set=settings))["chips"] for settings in ({}, gone))
    assert without < base / 2


def test_nobody_whom_people_know_fails_before_2025() -> None:
    """With all users' payers told apart, the named companies that were there in February 2025 still are."""
    result = run("baseline", seed=1, months=SHORT, users=10_000)
    assert result.events.filter(what="exit").is_empty()


def test_ten_years_stay_sane() -> None:
    found = sanity(run("baseline", seed=1, months=LONG, users=FEW))
    assert [claim for claim, holds in found.items() if not holds] == []
