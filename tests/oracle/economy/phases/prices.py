"""Chapter 7.4 of the rules: prices, from chips to apps."""

import math

from tests.oracle.economy import handed_over_work, model_lines, strategies
from tests.oracle.economy.arithmetic import dollars, nano
from tests.oracle.economy.formulas import card, choose_clouds, sells_to
from tests.oracle.economy.mechanisms import (
    appliances,
    open_weight_hosts,
    refused_sales_and_batches,
    self_hosted_models,
)
from tests.oracle.economy.model_lines import SUFFIXES
from tests.oracle.economy.participants import App, Firm
from tests.oracle.economy.phases.views import (
    app_view,
    cloud_view,
    cost_on,
    host_price,
    lab_view,
    rental,
    serve_open_models,
    sheet,
    vendor_view,
)
from tests.oracle.economy.state import Economy, alive
from tests.oracle.economy.strategies import View


def prices(economy: Economy) -> None:
    selling = [vendor for vendor in alive(economy.vendors) if vendor.capacity]
    for vendor in selling:
        if economy.month > 0:
            reprice(vendor, vendor_view(economy, vendor))
    economy.sheets = {vendor.name: sheet(economy, vendor) for vendor in selling}
    for cloud in alive(economy.clouds):
        if economy.month > 0 and cloud.capacity:
            reprice(cloud, cloud_view(economy, cloud))
    economy.rentals = {cloud.name: rental(cloud) for cloud in alive(economy.clouds)}
    serve_open_models(economy)
    for lab in alive(economy.labs):
        choose_clouds(economy, lab)
        if economy.month > 0 and lab.hour_price > 0:
            asked = {}
            for model in model_lines.line(lab):
                wanted = strategies.price(lab.strategies["pricing"], lab_view(economy, lab, model))
                asked[model.place] = dollars(max(1, nano(min(wanted, host_price(economy, lab, model)))))
            lab.price, lab.other_prices = asked.pop(0), asked
    cards = [
        card(lab, model) | {"admits": refused_sales_and_batches.admitted_buyers(economy, lab)}
        for lab in alive(economy.labs)
        for model in model_lines.line(lab)
    ]
    economy.cards = {card["name"]: card for card in cards}
    open_weight_hosts.post_prices(economy)
    handed_over_work.wish(economy)
    for app in alive(economy.apps):
        self_hosted_models.choose_effort(economy, app)
        choose_labs(economy, app)
        self_hosted_models.choose_hosting(economy, app)
        if economy.month > 0:
            view = app_view(economy, app)
            seat, query = strategies.tariff(app.strategies["pricing"], view)
            app.price = dollars(nano(seat) if query else max(1, nano(seat)))
            app.query_price = dollars(max(1, nano(query))) if query else 0.0
            app.quota = 0.0 if app.pivoted else strategies.quota(app.strategies["quota"], view)
    appliances.post_seats(economy)
    appliances.post_prices(economy)
    economy.spending = {app.name: app.marketing for app in alive(economy.apps)}


def reprice(firm: Firm, view: View) -> None:
    firm.price = dollars(max(1, nano(strategies.price(firm.strategies["pricing"], view))))


def choose_labs(economy: Economy, app: App) -> None:
    sold = {name: card for name, card in economy.cards.items() if sells_to(card, app.account)}
    offers = {name: card for name, card in sold.items() if app.may_buy_from("labs", card["lab"].name, card["region"])}
    app.query_cost = 0.0
    if not offers:
        app.lab_share = {}
        return
    best: dict[str, tuple[float, str]] = {}
    for name, offer in offers.items():
        worth = app.numbers["quality_weight"] * offer["quality"] - app.numbers["lab_sensitivity"] * math.log(
            cost_on(app, offer)
        )
        if offer["lab"].name not in best or worth > best[offer["lab"].name][0]:
            best[offer["lab"].name] = worth, name
    offers = {name: offers[name] for _, name in best.values()}
    before = {seller: sum(app.lab_share.get(seller + suffix, 0.0) for suffix in SUFFIXES) for seller in best}
    view = {
        "price": [cost_on(app, card) for card in offers.values()],
        "quality": [app.numbers["quality_weight"] * card["quality"] for card in offers.values()],
        "last_share": list(before.values()),
        "own": [card["lab"].owner == app.owner for card in offers.values()],
        "sensitivity": app.numbers["lab_sensitivity"],
        "lock_in": [card["lock_in"] for card in offers.values()],
    }
    shares = strategies.sourcing(app.strategies["sourcing"], view)
    app.lab_share = {name: share for name, share in zip(offers, shares, strict=True) if share > 0}
    app.quality = sum(share * economy.cards[name]["quality"] for name, share in app.lab_share.items())
    app.query_cost = sum(cost_on(app, economy.cards[name]) * share for name, share in app.lab_share.items())
