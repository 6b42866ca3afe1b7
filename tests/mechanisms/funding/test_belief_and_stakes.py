"""Contagious belief, savers who withdraw, stakes in customers, and cross-ownership."""

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import BadInput, World, run
from watersellers.agents.finance.redemptions import redemption_share
from watersellers.agents.finance.venture.herding import pull_together, return_since_last_look
from watersellers.market.accounting.share_register import ShareRegister
from watersellers.market.audit.invariants import InvariantBroken

CATCHING = {
    "investors.herding": 0.5, "investors.redemption": 3.0, "investors.return_pull": 3.0, "investors.fear": 0.5,
}  # fmt: skip
BRIEF: dict[str, Any] = {"months": 14, "users": 100}


def pool(place: int = 1, hype: float = 1.0, **numbers: float) -> Any:
    traits = SimpleNamespace(**{"herding": 0.0, "redemption": 0.0, "sticky": 0.0, **numbers})
    return SimpleNamespace(account=place, hype=hype, usual_hype=1.0, stakes={}, dividends=0, traits=traits)


def rounds(result, year: int) -> int:
    paid = result.flows.filter(pl.col("good") == "shares", pl.col("payer_layer") == "investors")
    return int(paid.filter(pl.col("month").dt.year() == year)["cents"].sum())


@pytest.mark.parametrize("numbers", [{"investors.sticky": 0.7}, {"chips.stake_share": 0.0, "investors.herding": 0.0}])
def test_off_is_off(numbers):
    assert run(ROUGH, **BRIEF, set=numbers).manifest["digest"] == run(ROUGH, **BRIEF).manifest["digest"]


def test_a_return_is_mark_ups_losses_and_dividends_over_what_the_stakes_were_worth():
    shares = ShareRegister()
    for firm in (5, 6):
        shares.issue(firm, 1, 100)
    saver = pool()
    earned, saver.stakes = return_since_last_look(saver, {5: 2.0, 6: 1.0}, shares)
    assert earned == 0.0  # the first look has nothing to compare with
    saver.dividends = 30_00
    # 200 and 100 before; the first is marked up by half, the second has failed: (100 - 100 + 30) / 300
    assert return_since_last_look(saver, {5: 3.0}, shares)[0] == pytest.approx(0.1)


def test_pools_move_towards_each_other_all_at_once():
    pools = [pool(1, 2.0, herding=0.5), pool(2, 1.0, herding=0.5)]
    assert pull_together(pools) == [1.5, 1.5]
    assert pull_together([pool(1, 2.0, herding=0.5)]) == [2.0]


def test_savers_leave_when_belief_falls_below_what_they_are_used_to_and_sticky_ones_stay():
    assert redemption_share(pool(hype=1.2, redemption=2.0)) == 0.0
    assert redemption_share(pool(hype=0.9, redemption=2.0)) == pytest.approx(0.2)
    assert redemption_share(pool(hype=0.9, redemption=2.0, sticky=0.5)) == pytest.approx(0.1)
    assert redemption_share(pool(hype=0.0, redemption=50.0)) == 1.0


def test_a_winter_can_come_out_of_belief_alone():
    usual, catching = (run(ROUGH, months=36, users=200, set=numbers) for numbers in ({}, CATCHING))
    assert rounds(catching, 2023) > 0.9 * rounds(usual, 2023)
    assert rounds(catching, 2025) < 0.5 * rounds(usual, 2025)
    redemptions = catching.flows.filter(pl.col("payer_layer") == "investors", pl.col("good") == "income")
    assert redemptions["payee"].unique().to_list() == ["world"]


def test_a_vendors_stake_is_capital_of_the_customer_and_no_revenue_of_the_vendor():
    usual, circular = (run(ROUGH, months=20, users=200, set={"chips.stake_share": x}) for x in (0.0, 0.5))
    bought = circular.flows.filter(payer="nvidia", good="shares")
    assert len(bought)
    assert set(bought["payee_layer"]) <= {"cloud", "labs", "apps"}
    holdings = circular.balances.filter(pl.col("account") == "nvidia", pl.col("item") == "holdings")
    last = int(holdings.filter(pl.col("month") == pl.col("month").max())["cents"].sum())
    lost = int(circular.journal.filter(good="write_off", debit_account="nvidia", credit_item="holdings")["cents"].sum())
    assert bought["cents"].sum() == last + lost
    sold = [int(case.firms.filter(firm="nvidia")["revenue"].sum()) for case in (usual, circular)]
    assert abs(sold[1] - sold[0]) < 0.2 * sold[0]
    assert circular.cash_flow("nvidia")["stakes"].sum() == -bought["cents"].sum()


def test_shares_that_nobody_holds_after_a_holder_failed_are_found_out(monkeypatch):
    monkeypatch.setattr(ShareRegister, "pass_on", lost)
    settings = {"cloud.coreweave.stake_share": 1.0, "cloud.coreweave.site_cost": 0.0}
    world = World(ROUGH, rng=1, months=14, users=100, set=settings)
    register = world.parts.registers.shares
    for _ in range(2):
        world.step()
    register.issue(world.accounts.index["openai"], world.accounts.index["coreweave"], 5)
    register.pass_on(world.accounts.index["coreweave"], world.accounts.index["world"])
    world.renew_notes()
    with pytest.raises(InvariantBroken, match="shares issued and held by nobody"):
        world.step()


def lost(register: ShareRegister, holder: int, other: int) -> None:
    for pair in [pair for pair in register.held if pair[0] == holder]:
        del register.held[pair]


def test_owners_in_a_circle_are_refused(tmp_path):
    file = tmp_path / "circle.toml"
    file.write_text(
        '# Who owns whom?\nextends = "plain"\n[labs.openai]\nowner = "chatgpt"\n[apps.chatgpt]\nowner = "openai"\n',
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as refused:
        run(file, **BRIEF)
    assert "labs.openai.owner: goes in a circle, openai -> chatgpt -> openai; name one owner of all of them" in str(
        refused.value
    )
