"""Statements: income, cash flow and balance sheet of firms, layers and owners, each figure from the journal."""

import polars as pl

from watersellers.market.accounting.cash_flow_lines import FINANCING, INVESTING, cash_lines
from watersellers.market.accounting.journal_tables import Books, named_by
from watersellers.market.accounting.statement_lines import ACCOUNT, account_months, groups, income_lines, stocks
from watersellers.market.chart_of_accounts import ASSETS, ITEMS, STOCKS, Item
from watersellers.market.goods import CHAIN, LAYERS

FINAL = ("users", "enterprises", "advertisers")  # whose purchases from the chain are final spending
OPERATIONS = ("alive", "price", "quantity", "capacity", "used_share", "customers", "quality", "backlog", "overridden")
MONEY = (
    "revenue",
    "cost_of_sales",
    "operating_cost",
    "depreciation",
    "impairment",
    "operating_profit",
    "interest",
    "net_income",
    "capex",
    "operating_cash_flow",
    "free_cash_flow",
    "cash",
    "intra_group",
)


def firms_frame(books: Books, operations: pl.DataFrame) -> pl.DataFrame:
    """What each firm did and earned each month.

    Parameters
    ----------
    books : Books
        The run's books.
    operations : pl.DataFrame
        month (Date), firm, alive, price (USD), quantity, capacity, used_share, customers, overridden (decisions of
        which a rule changed the strategy's answer, joined by a comma; null if none): one row per firm and month.

    Returns
    -------
    pl.DataFrame
        month, firm, layer, owner, region, the columns of ``operations``, then ``MONEY`` in cents: income as in
        ``income_lines``; capex is cash paid for machines, buildings and deposits on them; free_cash_flow =
        operating_cash_flow - capex; cash at the month's end; intra_group is revenue from firms of the same owner.
    """
    words = {name: books.having(name, "account").alias(name) for name in ("layer", "owner", "region")}
    money = account_months(books).select(books.dated(), books.named("account").alias("firm"), *words.values(), *MONEY)
    joined = operations.join(money, on=["month", "firm"], how="left", maintain_order="left")
    return joined.select("month", "firm", *words, *OPERATIONS, *MONEY)


def layers_frame(books: Books, operations: pl.DataFrame) -> pl.DataFrame:
    """Gross sums by layer and month: sales between firms of one layer or one owner count on both sides.

    Columns: month, layer, firms (alive), quantity, capacity, customers (chain only), ``MONEY``,
    bought_from_chain (cents invoiced by firms of the chain), operating_margin (null without revenue), and for
    layers of the chain profit_over_final_spending (operating profit over what users, enterprises and
    advertisers bought from the chain that month, null if nothing), share_of_positive_profit (of the sum over
    layers that made one; 0 for those that made none; null if none did) and external_revenue (cents invoiced to
    accounts outside the chain).
    """
    layer = books.having("layer", "account").alias("layer")
    sums = [pl.col(name).sum() for name in (*MONEY, "bought_from_chain")]
    money = account_months(books).with_columns(layer).group_by("month", "layer").agg(sums)
    names = {row.name: row.layer for row in books.accounts.rows}
    counted = [pl.col("alive").sum().cast(pl.Int64).alias("firms")]
    counted += [pl.col(name).sum() for name in ("quantity", "capacity", "customers")]
    firms = operations.with_columns(layer=pl.col("firm").replace_strict(names, return_dtype=pl.String))
    table = money.with_columns(books.dated()).join(
        firms.group_by("month", "layer").agg(counted), on=["month", "layer"], how="left"
    )
    table = table.join(_external_revenue(books), on=["month", "layer"], how="left")
    order = pl.col("layer").replace_strict(list(LAYERS), range(len(LAYERS)), return_dtype=pl.Int64)
    columns = ["firms", "quantity", "capacity", "customers", *MONEY, "bought_from_chain"]
    external = pl.when(pl.col("layer").is_in(CHAIN)).then(pl.col("external_revenue").fill_null(0))
    return table.sort("month", order).select("month", "layer", *columns, *_ratios(), external_revenue=external)


def _external_revenue(books: Books) -> pl.DataFrame:
    """Add up what each layer of the chain invoiced to those outside it: month, layer, external_revenue."""
    layers = [row.layer for row in books.accounts.rows]
    outside = [code for code, layer in enumerate(layers) if layer not in CHAIN]
    sold = (pl.col("item") == Item.REVENUE) & pl.col("other").is_in(outside) & (pl.col("month") >= 0)
    sales = books.legs.filter(sold).with_columns(books.dated(), named_by("account", layers).alias("layer"))
    return sales.group_by("month", "layer").agg(external_revenue=-pl.col("cents").sum())


def _ratios() -> list[pl.Expr]:
    """Compare each layer's operating profit with its revenue, with final spending, and with the others' profits."""
    profit, chain = pl.col("operating_profit"), pl.col("layer").is_in(CHAIN)
    spent = pl.col("bought_from_chain").filter(pl.col("layer").is_in(FINAL)).sum().over("month")
    gains = profit.filter(chain & (profit > 0)).sum().over("month")
    return [
        pl.when(pl.col("revenue") != 0).then(profit / pl.col("revenue")).alias("operating_margin"),
        pl.when(chain & (spent != 0)).then(profit / spent).alias("profit_over_final_spending"),
        pl.when(chain & (gains != 0)).then(profit.clip(0) / gains).alias("share_of_positive_profit"),
    ]


def owners_frame(books: Books) -> pl.DataFrame:
    """Sums by owner and month, with sales inside the group taken out of revenue and of the buyers' costs.

    A firm without an owner is a group of its own. Operating profit is therefore the sum over the group's firms.
    Machines sold inside a group stay in, because what they cost is still in the buyer's fleet.
    Columns: month, owner, layers (joined by +), ``MONEY`` (intra_group: what was taken out), operating_margin.
    """
    table = (
        account_months(books)
        .with_columns(owner=named_by("account", groups(books)), layer=books.having("layer", "account"))
        .filter(pl.col("owner").is_not_null())
    )
    inside = pl.col("intra_cost_of_sales") + pl.col("intra_operating_cost")
    net = table.with_columns(
        revenue=pl.col("revenue") - inside,
        cost_of_sales=pl.col("cost_of_sales") - pl.col("intra_cost_of_sales"),
        operating_cost=pl.col("operating_cost") - pl.col("intra_operating_cost"),
        intra_group=inside,
    )
    layers = pl.col("layer").unique(maintain_order=True).str.join("+").alias("layers")
    grouped = net.group_by("month", "owner", maintain_order=True).agg(layers, *(pl.col(name).sum() for name in MONEY))
    margin = pl.when(pl.col("revenue") != 0).then(pl.col("operating_profit") / pl.col("revenue"))
    dated = grouped.sort("month", "owner").with_columns(books.dated(), operating_margin=margin)
    return dated.select("month", "owner", "layers", *MONEY, "operating_margin")


def companies_frame(books: Books) -> pl.DataFrame:
    """What each company earns with its AI business, with an older line of its own, and with both together.

    Only owners that have an older line with books of its own (an account outside the chain) are listed.
    Columns: month, owner, scope (AI, older, company), then ``MONEY`` without intra_group; cents. Nothing is sold
    between the two, so that a company's sums are those of its scopes.
    """
    world = LAYERS[-1]
    owned = {row.owner for row in books.accounts.rows if row.layer == world and row.owner != world}
    companies = [row.owner if row.owner in owned else None for row in books.accounts.rows]
    scope = named_by("account", ["AI" if row.layer in CHAIN else "older" for row in books.accounts.rows])
    names = [name for name in MONEY if name != "intra_group"]
    table = account_months(books).with_columns(owner=named_by("account", companies), scope=scope)
    table = table.filter(pl.col("owner").is_not_null())
    inside = pl.col("intra_cost_of_sales") + pl.col("intra_operating_cost")
    net = table.with_columns(
        revenue=pl.col("revenue") - inside,
        cost_of_sales=pl.col("cost_of_sales") - pl.col("intra_cost_of_sales"),
        operating_cost=pl.col("operating_cost") - pl.col("intra_operating_cost"),
    )
    both = pl.concat([net, net.with_columns(scope=pl.lit("company"))])
    sums = both.group_by("month", "owner", "scope").agg(*(pl.col(name).sum() for name in names))
    return sums.sort("month", "owner", "scope").with_columns(books.dated()).select("month", "owner", "scope", *names)


def _statement(books: Books, firm: str, lines: pl.DataFrame) -> pl.DataFrame:
    """Put one account's flows of each month beside its stocks then and, as ``*_opening``, a month before."""
    code = books.account_id(firm)
    held = stocks(books).filter(pl.col("account") == code)
    before = held.with_columns(pl.col("month") + 1).rename({ITEMS[item]: f"{ITEMS[item]}_opening" for item in STOCKS})
    table = held.filter(pl.col("month") >= 0).join(before, on=ACCOUNT, how="left").join(lines, on=ACCOUNT, how="left")
    return table.fill_null(0).sort("month").with_columns(books.dated())


def income(books: Books, firm: str) -> pl.DataFrame:
    """Income statement of one account, one row per month, in cents.

    It ends with how equity changed: equity_opening + net_income - dividends + paid_in (shares issued and
    contributions, less what went back) = equity.
    """
    costs = ("cost_of_sales", "operating_cost", "depreciation", "impairment", "operating_profit")
    other = ("interest", "income", "revaluation", "consumption", "net_income")
    equity = ("equity_opening", "dividends", "paid_in", "equity")
    return _statement(books, firm, income_lines(books)).select("month", "revenue", *costs, *other, *equity)


def cash_flow(books: Books, firm: str) -> pl.DataFrame:
    """Cash-flow statement of one account, one row per month, in cents; payments are below 0.

    The operating cash flow is shown twice: as receipts + payments, and led over from net income by adding back
    depreciation, impairment and what working_capital released (payables + customer_deposits - receivables, change
    in the month); other_non_cash is what then remains, such as write-offs or machines bought on credit.
    cash_opening + operating_cash_flow + investing_cash_flow + financing_cash_flow = cash.
    """
    earned = income_lines(books).select(*ACCOUNT, "net_income", "depreciation", "impairment")
    table = _statement(books, firm, cash_lines(books).join(earned, on=ACCOUNT, how="full", coalesce=True))
    released = [
        sign * (pl.col(name) - pl.col(f"{name}_opening"))
        for name, sign in (("payables", 1), ("customer_deposits", 1), ("receivables", -1))
    ]
    led_over = ("net_income", "depreciation", "impairment", "working_capital", "other_non_cash")
    table = table.with_columns(working_capital=pl.sum_horizontal(released)).with_columns(
        other_non_cash=pl.col("operating_cash_flow") - pl.sum_horizontal(led_over[:-1])
    )
    operating = ("receipts", "payments", "operating_cash_flow")
    investing, financing = (*INVESTING, "investing_cash_flow"), (*FINANCING, "financing_cash_flow")
    return table.select("month", *led_over, *operating, *investing, *financing, "cash_opening", "cash")


def balance_sheet(books: Books, firm: str) -> pl.DataFrame:
    """Balance sheet of one account in cents, one row per month, the opening first: ``STOCKS``, then the sum of assets.

    assets = payables + customer_deposits + loans + equity.
    """
    held = stocks(books).filter(pl.col("account") == books.account_id(firm)).sort("month")
    assets = pl.sum_horizontal(ITEMS[item] for item in ASSETS)
    return held.with_columns(books.dated(), assets=assets).drop("account")
