"""Puts an economy to work: who takes part in which phase of the month, in which order."""

from dataclasses import dataclass

import mesa

from agents.cellars import HourCustomers
from agents.checks import Auditor
from agents.enterprises import AnswerCustomers, TokenCustomers
from agents.hosting import TokenSellers
from agents.opening import open_books
from agents.parts import Parts, build
from agents.records import Record, Recorder
from agents.setting import Setting
from market.ledger import Ledger
from market.month import Economy, Market


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
        arriving=(parts.incomes, parts.lenders, parts.owners, parts.chips, parts.builders),
        expecting=(parts.clouds, parts.chips, parts.labs, parts.investors, parts.trust, parts.pages),
        attending=(parts.advertisers, parts.pages),
        spending=(
            *(parts.chips, parts.clouds, parts.lenders, parts.labs, parts.apps),
            *(parts.search, parts.publishers, parts.merchants, parts.labs.patrons, parts.pages),
        ),
        investing=(parts.chips, parts.builders, parts.cellars, parts.reservations, parts.labs, parts.apps),
        financing=(parts.pages, parts.lenders, parts.redemptions, parts.investors, parts.stakes),
        exiting=(parts.boards, parts.court),
        closing=closing,
    )
    return Assembly(economy, parts, recorder.record)


def markets_of(parts: Parts) -> tuple[Market, ...]:
    """The four markets of the chain and the apps' own for searches, upstream first: who sells, and who buys."""
    return (
        Market("chips", parts.chips, (parts.builders, parts.cellars), parts.chips.ration),
        Market("hours", parts.clouds, (parts.labs, parts.owners, HourCustomers(parts.cellars), parts.hosts)),
        Market(
            "tokens",
            TokenSellers(parts.labs, parts.hosts),
            (parts.apps, TokenCustomers(parts.enterprises)),
            parts.labs.ration,
        ),
        Market("search", parts.search, (parts.search,)),
        Market("plans", parts.apps, (parts.users, AnswerCustomers(parts.enterprises))),
    )
