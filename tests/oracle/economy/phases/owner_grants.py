"""Chapter 9.64 of the rules: owners who ask for a return on what they pay in."""

from tests.oracle.economy.arithmetic import uniform
from tests.oracle.economy.books import OLDER
from tests.oracle.economy.mechanisms import belief_and_stakes
from tests.oracle.economy.participants import Firm
from tests.oracle.economy.state import Economy, alive


def ask_for_returns(economy: Economy) -> None:
    rate = economy.numbers["owner_hurdle"]
    granted = [firm for firm in alive(economy.firms) if firm.numbers.get("owner_funds", 0.0) > 0]
    owned = [firm for firm in granted if rate > 0 and not firm.abandoned]
    paying = {firm.name: not firm.withheld for firm in owned}
    for firm in economy.firms:
        if firm not in owned:
            firm.worth_asked, firm.withheld = None, False
    worths = {}
    for firm in owned:
        stake = firm.holders.get(OLDER, 0) / sum(firm.holders.values()) if firm.holders else 0.0
        worth = worths[firm.name] = stake * mean_value(economy, firm)
        if firm.worth_asked is None:
            firm.worth_asked = worth
        else:
            came_back = stake * economy.last_month(firm, "dividends") / 100
            firm.worth_asked = firm.worth_asked * (1 + rate) + economy.put_in.get(firm.account, 0) / 100 - came_back
    for firm in owned:
        family = [each for each in owned if each.owner == firm.owner]
        lacking = sum((each.worth_asked or 0.0) - worths[each.name] for each in family) > 0
        others = [
            paying[each.name]
            for each in owned
            if each.owner != firm.owner and type(each) is type(firm) and each.region == firm.region
        ]
        longer = 1 + economy.numbers["owner_rivalry"] * (sum(others) / len(others) if others else 0.0)
        chance = min(1.0, 1 / (economy.numbers["owner_patience"] * longer))
        gives_up = float(uniform(economy.hash("grants", firm.key))) < chance
        firm.withheld = lacking and worths[firm.name] < (firm.worth_asked or 0.0) and (firm.withheld or gives_up)


def mean_value(economy: Economy, firm: Firm) -> float:
    """What the mean investor thinks a firm is worth, in dollars."""
    cash = economy.books.cash(firm.account) / 100
    values = [belief_and_stakes.worth_of(economy, investor, firm, cash) for investor in economy.investors]
    return sum(values) / len(values) if values else 0.0
