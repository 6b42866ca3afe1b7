"""Chapter 7.4 of the rules: prices, from chips to apps."""

from tests.oracle.economy import strategies
from tests.oracle.economy.arithmetic import dollars, nano
from tests.oracle.economy.formulas import card, choose_clouds
from tests.oracle.economy.mechanisms import appliances, open_weight_hosts, refused_sales_and_batches, self_hosted_models
from tests.oracle.economy.participants import App, Firm
from tests.oracle.economy.phases.views import (
    app_view,
    cloud_view,
    cost_on,
    host_price,
    lab_view,
    rental,
    sheet,
    vendor_view,
)
from tests.oracle.economy.state import Economy, alive
from tests.oracle.economy.strategies import View


def prices(e: Economy) -> None:
    selling = [vendor for vendor in alive(e.vendors) if vendor.capacity]
    for vendor in selling:
        if e.month > 0:
            reprice(vendor, vendor_view(e, vendor))
    e.sheets = {vendor.name: sheet(e, vendor) for vendor in selling}
    for cloud in alive(e.clouds):
        if e.month > 0 and cloud.capacity:
            reprice(cloud, cloud_view(e, cloud))
    e.rentals = {cloud.name: rental(cloud) for cloud in alive(e.clouds)}
    for lab in alive(e.labs):
        choose_clouds(e, lab)
        if e.month > 0 and lab.hour_price > 0:
            asked = strategies.price(lab.strategies["pricing"], lab_view(e, lab))
            lab.price = dollars(max(1, nano(min(asked, host_price(e, lab)))))
    e.cards = {
        lab.name: card(lab) | {"admits": refused_sales_and_batches.admitted_buyers(e, lab)} for lab in alive(e.labs)
    }
    open_weight_hosts.post_prices(e)
    for app in alive(e.apps):
        choose_labs(e, app)
        self_hosted_models.choose_hosting(e, app)
        if e.month > 0:
            view = app_view(e, app)
            reprice(app, view)
            app.quota = 0.0 if app.pivoted else strategies.quota(app.strategies["quota"], view)
    appliances.post_seats(e)
    appliances.post_prices(e)
    e.spending = {app.name: app.marketing for app in alive(e.apps)}


def reprice(firm: Firm, view: View) -> None:
    posted = nano(strategies.price(firm.strategies["pricing"], view))
    firm.price = dollars(posted if isinstance(firm, App) else max(1, posted))


def choose_labs(e: Economy, app: App) -> None:
    sold = {name: one for name, one in e.cards.items() if refused_sales_and_batches.sells_to(one, app.account)}
    offers = {name: one for name, one in sold.items() if app.may_buy_from("labs", name, one["region"])}
    app.query_cost = 0.0
    if not offers:
        app.lab_share = {}
        return
    view = {
        "price": [cost_on(app, one) for one in offers.values()],
        "quality": [app.n["quality_weight"] * one["quality"] for one in offers.values()],
        "last_share": [app.lab_share.get(name, 0.0) for name in offers],
        "own": [one["lab"].owner == app.owner for one in offers.values()],
        "sensitivity": app.n["lab_sensitivity"],
        "lock_in": [one["lock_in"] for one in offers.values()],
    }
    shares = strategies.sourcing(app.strategies["sourcing"], view)
    app.lab_share = {name: share for name, share in zip(offers, shares, strict=True) if share > 0}
    app.quality = sum(share * e.cards[name]["quality"] for name, share in app.lab_share.items())
    app.query_cost = sum(cost_on(app, e.cards[name]) * share for name, share in app.lab_share.items())
