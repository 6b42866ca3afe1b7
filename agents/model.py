"""Puts an economy to work: who takes part in which phase of the month, in which order."""

from dataclasses import dataclass

import mesa

from watersellers.agents.boxing import BoxCustomers
from watersellers.agents.cellars import HourCustomers
from watersellers.agents.checks import Auditor
from watersellers.agents.enterprises import AnswerCustomers, SeatCustomers, TokenCustomers
from watersellers.agents.hosting import TokenSellers
from watersellers.agents.opening import open_books
from watersellers.agents.parts import Parts, build
from watersellers.agents.records import Record, Recorder
from watersellers.agents.setting import Setting
from watersellers.market.ledger import Ledger
from watersellers.market.month import Economy, Market


@dataclass(frozen=True)
class Assembly:
    """What a setting was made into: the economy at work, the parts that work in it, and what they write down."""

    economy: Economy
    parts: Parts
    record: Record


class CloseBooks:
    """Closes the month's income into equity; stands between what reads the month's income and what reads stocks."""

    def close(self, ledger: Ledger, month: int) -> None:
        """Close income and expense items."""
        ledger.close_month()


def assemble(model: mesa.Model, setting: Setting, users: int, seed: int) -> Assembly:
    """Build the economy of a setting with a number of simulated users and a seed, and open its books."""
    parts = build(model, setting, users, seed)
    open_books(parts.ledger, parts.common, parts.firms, parts.investors.pools)
    recorder = Recorder(parts)
    markets = markets_of(parts)
    closing = (parts.builders, parts.common.last, CloseBooks(), recorder, Auditor(parts, markets))
    economy = Economy(
        ledger=parts.ledger,
        seed=seed,
        markets=markets,
        happening=(parts.calendar,),
        arriving=(parts.incomes, parts.lenders, parts.owners, parts.chips, parts.builders, parts.boxing),
        expecting=(parts.clouds, parts.chips, parts.labs, parts.investors, parts.trust, parts.pages),
        attending=(parts.advertisers, parts.pages),
        spending=(
            *(parts.chips, parts.clouds, parts.lenders, parts.labs, parts.apps),
            *(parts.search, parts.publishers, parts.merchants, parts.labs.patrons),
            *(parts.pages, parts.boxing, parts.devices, parts.own_models, parts.reservations),
        ),
        investing=(
            *(parts.chips, parts.builders, parts.cellars, parts.boxing, parts.own_models),
            *(parts.reservations, parts.labs, parts.apps),
        ),
        financing=(parts.pages, parts.lenders, parts.redemptions, parts.investors, parts.stakes),
        exiting=(parts.boards, parts.court),
        closing=closing,
    )
    return Assembly(economy, parts, recorder.record)


def markets_of(parts: Parts) -> tuple[Market, ...]:
    """The four markets of the chain, the apps' own for searches, and that for appliances: who sells, and who buys."""
    return (
        Market("chips", parts.chips, (parts.builders, parts.cellars, parts.boxing), parts.chips.ration),
        Market(
            "hours",
            parts.clouds,
            (parts.labs, parts.owners, HourCustomers(parts.cellars), parts.hosts, parts.own_models),
        ),
        Market(
            "tokens",
            TokenSellers(parts.labs, parts.hosts),
            (parts.apps, TokenCustomers(parts.enterprises)),
            parts.labs.ration,
        ),
        Market("search", parts.search, (parts.search,)),
        Market(
            "plans",
            parts.apps,
            (parts.users, AnswerCustomers(parts.enterprises), SeatCustomers(parts.enterprises), parts.devices),
        ),
        Market("appliances", parts.boxing, (BoxCustomers(parts.enterprises),)),
    )
