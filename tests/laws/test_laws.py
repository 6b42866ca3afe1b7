"""Laws that hold for any numbers: bystanders are unaffected, units do not matter, and responses have the right sign."""

from itertools import pairwise
from math import log
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from tests.worlds.toy_layers import PLENTY, by_layer, cournot_chain, ledger_of, live_months, straight, view
from watersellers.agents.information import SeenByChooser
from watersellers.agents.strategies.pricing import BestResponse, FollowUse, Lerner, ScarcityMarkup
from watersellers.agents.strategies.sourcing import Spread
from watersellers.agents.users.month import Users
from watersellers.experiments.loading.catalogue import builtin_catalogue
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.runs.run import run
from watersellers.experiments.runs.world import World
from watersellers.market.accounting.ledger import opening
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano
from watersellers.market.goods import Good
from watersellers.market.trade.clearing import ration
from watersellers.market.trade.orders import Orders, Supply
from watersellers.market.trade.purchase_answers import Purchase, elasticity

quick = settings(max_examples=60)
DICE = Chance(2, 9)
SMALL: dict[str, Any] = {"seed": 4, "months": 5, "users": 400}
BETWEEN = {"chips": 150, "cloud": 250, "labs": 350, "apps": 450}  # keys among those of the reference world
NEWCOMER = "newcomer"


def baseline_with(group: str, **member: Any) -> dict[str, Any]:
    """The reference world with one more firm."""
    doc = builtin_catalogue().read("plain").doc
    offered = {"west": 1.0} if group == "apps" else {}
    added = {**doc[group], NEWCOMER: {"key": BETWEEN[group], "region": "west", **offered, **member}}
    return {**doc, group: added, "name": "plain"}


@pytest.fixture(scope="module")
def reference() -> Any:
    return run("plain", **SMALL)


# Who is not concerned is not touched


@pytest.mark.parametrize("group", list(BETWEEN))
@pytest.mark.parametrize("key", ["between", "first"])
def test_a_firm_that_never_comes_changes_no_entry(group, key, reference):
    """It has a row in the table of accounts all the same, which moves the rows of others."""
    own = {} if key == "between" else {"key": 6}
    doc = baseline_with(group, enters="never", founder="venture_west", **own)
    assert run(doc, **SMALL).journal.equals(reference.journal)


@pytest.mark.parametrize("group", list(BETWEEN))
def test_an_absent_firm_changes_nothing_at_all(group, reference):
    with_it = run(baseline_with(group, absent=True), **SMALL)
    assert with_it.manifest["digest"] == reference.manifest["digest"]


def test_an_app_that_nobody_can_use_pays_its_staff_and_changes_nothing_for_others(reference):
    alone = {"west": 0.0, "china": 0.0, "owner_funds": 0.0, "opening_cash": 1e9}
    doc = baseline_with("apps", **alone)
    opens = {"month": "2026-12", "what": "set", "path": f"apps.{NEWCOMER}.west", "value": 1.0}  # long after the run
    flows = run({**doc, "event": [*doc["event"], opens]}, **SMALL).flows
    own = (pl.col("payer") == NEWCOMER) | (pl.col("payee") == NEWCOMER)
    paid = flows.filter(own)
    assert set(paid["payer"]) == {NEWCOMER}
    assert set(paid["good"]) == {"wages", "media"}
    others = flows.filter(~own).drop("entry", "batch")  # numbers that count its own payments too
    assert others.equals(reference.flows.drop("entry", "batch"))


def test_a_further_app_changes_no_other_draw():
    before, after = World("plain", rng=1, users=500), World(baseline_with("apps"), rng=1, users=500)
    one, other = before.parts[Users].people, after.parts[Users].people
    for column in ("region", "key", "weight", "worth", "use"):
        assert (getattr(one, column) == getattr(other, column)).all()
    names = [firm.name for firm in after.parts.firms["apps"]]
    old = [place for place, name in enumerate(names) if name != NEWCOMER]
    assert len(old) == len(names) - 1
    assert all((other.knows(place) == one.knows(app)).all() for app, place in enumerate(old))


@pytest.mark.parametrize("path", ["cloud.power_cost", "world.salvage", "labs.sensitivity"])
def test_an_event_that_changes_nothing_has_no_effect(path, reference):
    group, number = path.split(".")
    spec = load_scenario("plain")
    value = spec.numbers[number] if group == "world" else spec.groups[group][0].numbers[number]
    shock = {"month": "2023-03", "what": "set", "path": path, "value": value}
    doc = {**builtin_catalogue().read("plain").doc, "name": "plain"}
    same = run({**doc, "event": [*doc.get("event", []), shock]}, **SMALL)
    assert same.manifest["digest"] == reference.manifest["digest"]


# Units are only units

SCALE = 1000
deals = draw.lists(draw.tuples(draw.integers(1, 4), draw.integers(1, 500), draw.integers(1, 10**6)), max_size=8)


def paid(rows, cash, scale):
    """Deliver and settle orders of (buyer, units, cents a unit) out of cash in cents, all money times ``scale``."""
    ledger = ledger_of(("apps", 5), users=0)
    seller, rest = 2, 3
    for buyer, cents in enumerate(cash):
        if cents:
            opening(ledger, rest + buyer, Item.CASH, cents * scale)
    listed = [(rest + b - 1, Item.COST_OF_SALES, seller, Good.HOURS, n, nano(c * scale / 100)) for b, n, c in rows]
    orders = Orders.of(listed)
    supply = Supply.of([(seller, Good.HOURS, 700)])
    trades = ration(orders, supply, ledger.accounts.keys, DICE)
    ledger.settle(trades, ledger.accounts.keys)
    return trades, ledger


@quick
@given(deals, draw.lists(draw.integers(0, 10**8), min_size=4, max_size=4))
def test_money_times_a_thousand_moves_the_same_goods_and_a_thousand_times_the_cents(rows, cash):
    one, ledger = paid(rows, cash, 1)
    many, scaled = paid(rows, cash, SCALE)
    assert many.quantity.tolist() == one.quantity.tolist()
    assert many.cents.tolist() == [SCALE * cents for cents in one.cents.tolist()]
    for item in (Item.REVENUE, Item.CASH, Item.PAYABLES):
        assert (scaled.totals[:, item] == SCALE * ledger.totals[:, item]).all()


@pytest.mark.parametrize("firms", [(1, 1), (2, 3), (1, 5, 3, 8)])
def test_a_chain_priced_a_thousand_times_higher_sells_the_same(firms):
    one, layers = cournot_chain(firms, straight(100, 1), 20.0)
    many, scaled = cournot_chain(firms, straight(100 * SCALE, SCALE), 20.0 * SCALE, users=PLENTY * SCALE)
    live_months(one, 1)
    live_months(many, 1)
    assert [layer.sold_units for layer in scaled] == [layer.sold_units for layer in layers]
    # prices are whole nano-dollars, which a thousand times the price has a thousand times as many of
    assert by_layer(many, scaled) == pytest.approx([SCALE * cents for cents in by_layer(one, layers)], rel=1e-9)


def layer_revenue(users: int, seed: int) -> Any:
    """Dollars of revenue by layer over a year."""
    layers = run("plain", seed=seed, months=12, users=users).layers
    return layers.group_by("layer").agg(pl.col("revenue").sum()).sort("layer")["revenue"].to_numpy() / 100


def test_more_users_are_a_finer_picture_of_the_same_economy():
    """Six samples of 1,000 users scatter around the picture of 10,000 as their own scatter says."""
    coarse = np.array([layer_revenue(1_000, seed) for seed in range(6)])
    fine = layer_revenue(10_000, 1)
    error = coarse.std(axis=0, ddof=1) * (1 / 6 + 1 / 10) ** 0.5  # a tenth of the variance at ten times the users
    # Student's t with 5 degrees of freedom: 1 in 250 is beyond 5; the rest is for sales that whole firms decide
    assert (np.abs(coarse.mean(axis=0) - fine) <= 5 * error + 0.005 * fine).all()


# More is more


@quick
@given(draw.floats(1, 100), draw.floats(1, 100), draw.floats(0, 50))
def test_more_capacity_never_raises_a_price(some, more, cost):
    demand, rules = straight(100, 1), (BestResponse(), FollowUse())
    for rule in rules:
        asked = {
            capacity: rule(
                view("cloud", cost, demand, last_price=60.0, capacity=capacity, used_share=50 / capacity), DICE
            )
            for capacity in (some, some + more)
        }
        assert asked[some + more] <= asked[some] * (1 + 1e-12)  # float arithmetic


@pytest.mark.parametrize("tier", [0, 1, 2])
def test_more_rivals_never_raise_a_tiers_own_margin(tier):
    margins = []
    for rivals in range(1, 7):
        firms = [2, 2, 2]
        firms[tier] = rivals
        economy, layers = cournot_chain(firms, straight(100, 1), 20.0)
        live_months(economy, 1)
        margins.append(by_layer(economy, layers)[tier] / by_layer(economy, layers, "revenue")[tier])
    assert all(after < before for before, after in pairwise(margins))


@quick
@given(draw.floats(1.1, 20), draw.floats(1.05, 1.1), draw.floats(0, 10), draw.floats(0, 10), draw.floats(0, 1))
def test_more_lock_in_never_lowers_the_price_of_the_locked_in_vendor(own, market, lock_in, more, held):
    """Through all steps: lock-in keeps shares, shares make demand inelastic, inelastic demand bears a mark-up."""

    def asked(worth: float) -> float:
        seen = SeenByChooser((1.0, 1.0), (0.0, 0.0), (held, 1 - held), (False, False), 1.0, (worth, 0.0))
        share = Spread()(seen, DICE)[0]
        return Lerner()(view("chips", 1.0, elasticity=elasticity([Purchase(1.0, share)], own, market)), DICE)

    assert asked(lock_in + more) >= asked(lock_in) * (1 - 1e-9)  # a mark-up near elasticity 1 loses digits


@quick
@given(draw.floats(1.1, 10), draw.floats(1, 1e5), draw.floats(1, 1e5), draw.floats(0, 50), draw.floats(0, 50))
def test_a_longer_wait_or_a_more_valuable_machine_never_lowers_a_vendors_price(elastic, worth, more, wait, longer):
    def asked(worth: float, wait: float) -> float:
        return ScarcityMarkup()(view("chips", 100.0, elasticity=elastic, worth=worth, wait=wait), DICE)

    least = asked(worth, wait) * (1 - 1e-12)  # float arithmetic
    assert asked(worth + more, wait) >= least
    assert asked(worth, wait + longer) >= least


@quick
@given(draw.floats(0.1, 10), draw.floats(0.1, 10), draw.floats(0.1, 5))
def test_a_more_expensive_offer_is_never_bought_more(price, dearer, sensitivity):
    def share(first: float) -> float:
        seen = SeenByChooser((first, 1.0), (0.0, 0.0), (0.0, 0.0), (False, False), sensitivity, (0.0, 0.0))
        return Spread()(seen, DICE)[0]

    assert share(price + dearer) <= share(price)
    assert share(price) == pytest.approx(1 / (1 + np.exp(sensitivity * log(price))))
