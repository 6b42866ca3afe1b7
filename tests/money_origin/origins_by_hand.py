"""Seven accounts, and the origins of their money followed row by row, as each convention is defined."""

from fractions import Fraction

from watersellers.market.accounting.accounts import Account, Accounts
from watersellers.market.accounting.ledger import Ledger, opening
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import whole
from watersellers.market.goods import Good
from watersellers.market.money_origin.origins import Origins, payments

NAMED = [
    *(("world", "world"), ("users_west", "users"), ("fund", "investors")),
    *(("nvidia", "chips"), ("aws", "cloud"), ("openai", "labs"), ("chatgpt", "apps")),
]
WORLD, USERS, FUND, NVIDIA, AWS, OPENAI, CHATGPT = range(len(NAMED))
OWN = 3  # number of the source "opening"


def books(**cash: int) -> Ledger:
    """Books of seven accounts with some opening cash."""
    accounts = Accounts.of([Account(key, name, layer, "", "") for key, (name, layer) in enumerate(NAMED)])
    ledger = Ledger(accounts)
    for name, cents in cash.items():
        opening(ledger, accounts.index[name], Item.CASH, cents)
    return ledger


def pay(ledger: Ledger, *rows: tuple[int, int, int], good: Good = Good.CONTRIBUTION) -> None:
    """Pay (payer, payee, cents) in one batch."""
    payer, payee, cents = (whole(column) for column in zip(*rows, strict=True))
    ledger.transfer(payer, payee, cents, (Item.OPERATING_COST, Item.EQUITY), good)


def held(ledger: Ledger, by: str = "pro-rata") -> list[list[int]]:
    """What each account holds of world, users, fund and opening."""
    origins = Origins(ledger.accounts, by)
    origins.follow(ledger)
    return origins.held.tolist()


def slowly(ledger: Ledger) -> list[list[int]]:
    """Origins pro rata by the definition alone: batch by batch, row by row, in fractions."""
    n, own = len(ledger.accounts), [0, 1, 2, OWN, OWN, OWN, OWN]
    has = [[0] * 4 for _ in range(n)]
    for chunk in ledger.chunks:
        rows = [(payer, payee, cents) for _, _, _, payee, _, payer, *_, cents in payments(chunk).rows()]
        if not rows:
            has[chunk.debit_account[0]][own[chunk.debit_account[0]]] += int(chunk.cents[0])
        moved = []
        for payer in {row[0] for row in rows}:
            mine = [row for row in rows if row[0] == payer]
            parts = [rounded(has[payer], cents) for _, _, cents in mine]
            if any(sum(column) > had for column, had in zip(zip(*parts, strict=True), has[payer], strict=True)):
                left, parts = has[payer], []
                for _, _, cents in mine:
                    parts.append(rounded(left, cents))
                    left = [had - part for had, part in zip(left, parts[-1], strict=True)]
            moved += list(zip(mine, parts, strict=True))
        for (payer, payee, cents), part in moved:
            carried = part if own[payer] == OWN else [cents * (source == own[payer]) for source in range(4)]
            has[payer] = [had - gone for had, gone in zip(has[payer], part, strict=True)]
            has[payee] = [had + came for had, came in zip(has[payee], carried, strict=True)]
    return has


def rounded(has: list[int], cents: int) -> list[int]:
    shares = [Fraction(cents * each, sum(has)) for each in has]
    parts = [int(share) for share in shares]
    order = sorted(range(len(has)), key=lambda source: (parts[source] - shares[source], source))
    for source in order[: cents - sum(parts)]:
        parts[source] += 1
    return parts


def by_entry(ledger: Ledger) -> list[list[int]]:
    """Origins first in, first out, cent by cent; an entry holds the origins of its cents."""
    own = [0, 1, 2, OWN, OWN, OWN, OWN]
    queues: list[list[list[int]]] = [[] for _ in own]
    for chunk in ledger.chunks:
        paid, came = payments(chunk), []
        if not len(paid):
            queues[chunk.debit_account[0]].append([own[chunk.debit_account[0]]] * int(chunk.cents[0]))
        for payer, payee, cents in zip(paid.credit_account, paid.debit_account, paid.cents.tolist(), strict=True):
            got: list[int] = []
            while len(got) < cents:
                entry = queues[payer].pop(0)
                if len(got) + len(entry) > cents:
                    part = rounded([entry.count(source) for source in range(4)], cents - len(got))
                    spent = [source for source in range(4) for _ in range(part[source])]
                    for source in spent:
                        entry.remove(source)
                    queues[payer].insert(0, entry)
                    entry = spent
                got += entry
            came.append((payee, got if own[payer] == OWN else [own[payer]] * cents))
        for payee, got in came:
            queues[payee].append(got)
    return [[sum(entry.count(source) for entry in queue) for source in range(4)] for queue in queues]
