"""Exact arithmetic of money: prices in whole nano-dollars, quantities in whole units, invoices in whole cents."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from watersellers.market.goods import GOODS, NANO, NANO_A_CENT, Good

Column = np.ndarray  # one value per row; whole numbers are int64


class TooLarge(ArithmeticError):
    """A quantity or a price does not fit into 64 bits: some number is out of all proportion to the others.

    ``row`` is the row of an order, an offer or a deal in which it stood, by the names of its columns; {} if in none.
    """

    def __init__(self, problem: str, row: Mapping[str, int] | None = None):
        super().__init__(problem)
        self.row = dict(row or {})


def whole(values: Iterable[int] | Iterable[Sequence[int]]) -> Column:
    """Make an int64 column, or a table of int64 from rows.

    Raises
    ------
    TooLarge
        If a value does not fit into 64 bits, rather than wrapping round.
    """
    listed = list(values)
    try:
        return np.array(listed, dtype=np.int64)
    except OverflowError:
        worst = max(np.ravel(np.array(listed, dtype=object)), key=abs)
        raise TooLarge(
            f"{worst:.3g} does not fit into 64 bits: a price has come near nothing, or a number is far from the others"
        ) from None


def among(codes: Column, some: Iterable[int]) -> Column:
    """Say which codes of a column are among some; codes are few, and count from 0, so that a table tells."""
    chosen = [*some]
    table = np.zeros(max(int(codes.max(initial=0)), *chosen, 0) + 1, dtype=bool)
    table[chosen] = True
    return np.asarray(table[codes])


def nano(dollars: float) -> int:
    """Turn dollars per unit into whole nano-dollars, rounded half to even."""
    return round(dollars * NANO)


def posted(dollars: float) -> int:
    """Turn dollars per unit into a price that can be posted: whole nano-dollars, at least one."""
    return max(1, nano(dollars))


def dollars(price: int) -> float:
    """Turn a posted price, in whole nano-dollars, into dollars per unit."""
    return price / NANO


def cents(amount: float) -> int:
    """Turn a sum in dollars into whole cents, rounded half to even."""
    return round(amount * 100)


def half_even(numerator: int, denominator: int) -> int:
    """Divide whole numbers and round to the nearest, a half to the even neighbour; every invoice is rounded so."""
    quotient, remainder = divmod(numerator, denominator)
    past_half = 2 * remainder - denominator
    return quotient + (past_half > 0 or (past_half == 0 and quotient % 2))


def invoice(good: Column, quantity: Column, price: Column) -> Column:
    """Price a delivery: cents = round(quantity x price), once for each row, exact in whole numbers.

    Parameters
    ----------
    good, quantity, price : Column
        Codes of goods, units delivered, nano-dollars for each priced lot (a million tokens, one hour); shape (n,).

    Returns
    -------
    Column
        Whole US cents, shape (n,), rounded half to even.
    """
    lots = {code: GOODS[Good(code)].per * NANO_A_CENT for code in set(good.tolist())}
    rows = zip(good.tolist(), quantity.tolist(), price.tolist(), strict=True)
    return whole(half_even(units * each, lots[code]) for code, units, each in rows)


def split(total: int, weights: Sequence[int], order: Sequence[int]) -> list[int]:
    """Split a whole amount in proportion to whole weights, leaving nothing over.

    Each part is rounded down. The units that are left go one by one to the largest remainders.

    Parameters
    ----------
    total : int
        Units or cents to split, not negative.
    weights : sequence of int
        Weights, not negative, at least one positive unless ``total`` is 0; length n.
    order : sequence of int
        Tie-breaking numbers, length n: of equal remainders, the one with the smallest number gets the unit.

    Returns
    -------
    list of int
        Parts, length n, that add up to ``total``.

    Raises
    ------
    ValueError
        If the total is not 0 and all weights are.
    """
    base = sum(weights)
    if base == 0:
        if total:
            raise ValueError(f"cannot split {total} over weights that are all zero")
        return [0] * len(weights)
    quotients, remainders = zip(*[divmod(total * weight, base) for weight in weights], strict=True)
    parts = list(quotients)
    for row in _largest(remainders, total - sum(parts), order):
        parts[row] += 1
    return parts


def _largest(remainders: Sequence[int], count: int, order: Sequence[int]) -> list[int]:
    """Rows of so many of the largest remainders; ``order`` is read only where equal ones compete for the last units."""
    ranked = sorted(range(len(remainders)), key=remainders.__getitem__, reverse=True)
    if 0 < count < len(ranked) and remainders[ranked[count - 1]] == remainders[ranked[count]]:
        ranked.sort(key=lambda row: (-remainders[row], order[row]))
    return ranked[:count]


def split_evenly(total: int, order: Column) -> Column:
    """Split a whole amount into equal parts: like ``split`` with weights of 1, but in columns, for millions of parts.

    Parameters
    ----------
    total : int
        Units to split, not negative.
    order : Column
        Tie-breaking numbers, shape (n,): the smallest get the units that are left.

    Returns
    -------
    Column
        Parts, shape (n,), that add up to ``total``.

    Raises
    ------
    ValueError
        If the total is not 0 and there are no parts.
    """
    if not len(order):
        if total:
            raise ValueError(f"cannot split {total} over nobody")
        return np.zeros(0, dtype=np.int64)
    part, remainder = divmod(total, len(order))
    parts = np.full(len(order), part, dtype=np.int64)
    parts[np.argsort(order, kind="stable")[:remainder]] += 1
    return parts
