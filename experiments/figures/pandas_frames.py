"""Tables as pandas has them, for whoever goes on with them there: months as timestamps, a missing number as NaN."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import polars as pl

from watersellers.experiments.input.errors import BadInput, unknown

PANDAS = "pandas"  # which Mesa needs, so that it is always there


def in_pandas(tables: Mapping[str, pl.DataFrame], table: str | None) -> Any:
    """Turn a table by its name, or all of them, into pandas' own.

    Whole numbers of a column without a gap stay whole; with gaps they become numbers with NaN, as pandas has them.

    Raises
    ------
    BadInput
        If there is no such table.
    """
    if table is None:
        return {name: _frame(each) for name, each in tables.items()}
    if table not in tables:
        raise BadInput(f"to_pandas: {unknown('table', str(table), tables)}")
    return _frame(tables[table])


def _frame(table: pl.DataFrame) -> Any:
    """Copy a table column by column; pyarrow is not needed for it."""
    pandas = import_module(PANDAS)
    columns = {name: table[name].to_numpy() for name in table.columns}
    dates = [name for name, kind in table.schema.items() if kind == pl.Date]
    return pandas.DataFrame(columns).astype(dict.fromkeys(dates, "datetime64[s]"))
