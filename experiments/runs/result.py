"""The result of a run: its tables, its manifest, and the books of any firm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from watersellers.agents.recorder import APPS, EVENTS, OPERATIONS, USERS, Record
from watersellers.agents.records.chain_rows import ADOPTION, CHAIN
from watersellers.agents.records.contract_rows import CONTRACTS, DATES_OF_CONTRACTS
from watersellers.agents.records.market_rows import MARKETS
from watersellers.agents.records.pool_rows import POOLS
from watersellers.agents.records.shock_rows import SHOCKS
from watersellers.agents.shadows.shadow_payments import SHADOWS
from watersellers.experiments.figures.economic_figures import EconomicFigures
from watersellers.experiments.figures.pandas_frames import in_pandas
from watersellers.experiments.figures.pictures import Picture, drawn, drawn_html
from watersellers.experiments.input.errors import BadFolder, BadInput, shown, unknown
from watersellers.experiments.input.months import first_of_month
from watersellers.experiments.runs.event_text import events_in_words
from watersellers.experiments.runs.run_warnings import contracts_cut, firms_that_never_trade
from watersellers.experiments.saving import run_folder
from watersellers.experiments.saving.digest import accounts_of, digest, journal_of
from watersellers.market.accounting import statements
from watersellers.market.accounting.consolidation import chain_frame
from watersellers.market.accounting.journal_tables import Books, balances_frame, flows_frame, journal_frame
from watersellers.market.accounting.payment_graph import supply_graph
from watersellers.market.accounting.segments import segments_frame
from watersellers.market.accounting.stock_flow_matrices import flow_matrix
from watersellers.market.money_origin.origins import CONVENTIONS
from watersellers.market.money_origin.pinned_payments import input_shares
from watersellers.market.money_origin.tracing import Trace, trace

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, eq=False)
class Result(EconomicFigures):
    """A finished run. It has the tables of the run folder; money in them is in whole cents, months are dates.

    ``margin``, ``price`` and so on are figures by their economic names, in US dollars; ``statistics`` has those of the
    layers by year. A notebook shows it with pictures; ``plot`` draws one, ``to_pandas`` gives the tables to pandas.
    """

    manifest: dict[str, Any]
    books: Books
    journal: pl.DataFrame
    flows: pl.DataFrame
    balances: pl.DataFrame
    firms: pl.DataFrame
    layers: pl.DataFrame
    owners: pl.DataFrame
    apps: pl.DataFrame
    users: pl.DataFrame
    markets: pl.DataFrame
    adoption: pl.DataFrame
    chain: pl.DataFrame
    contracts: pl.DataFrame
    shocks: pl.DataFrame
    pools: pl.DataFrame
    shadows: pl.DataFrame
    events: pl.DataFrame

    def __repr__(self) -> str:
        facts = {key: self.manifest.get(key) for key in ("seed", "users", "digest")}
        name = self.manifest.get("scenario", {}).get("name")
        lived = f"{self.books.months} months from {self.books.start:%Y-%m}"
        return f"<Result of {name!r}, seed {facts['seed']}: {lived}, {facts['users']} users, digest {facts['digest']}>"

    @classmethod
    def of(cls, books: Books, record: Record, manifest: Mapping[str, Any]) -> Self:
        """Make the tables of a run from its books and its record."""
        operations = _rows(record.operations, OPERATIONS, books)
        manifest = dict(manifest)
        shadows = pl.DataFrame(record.shadows, schema=SHADOWS, orient="row")
        shares = input_shares(books.journal, books.accounts, shadows).with_columns(books.dated())
        layers = statements.layers_frame(books, operations)
        sums = {
            "firms": statements.firms_frame(books, operations),
            "layers": layers.join(shares, on=["month", "layer"], how="left", maintain_order="left"),
        }
        contracts = _contracts(record.contracts, books)
        manifest["warnings"] = [*manifest.get("warnings", ()), *firms_that_never_trade(sums["firms"])]
        manifest["notes"] = [*manifest.get("notes", ()), *contracts_cut(contracts, sums["firms"])]
        return cls(
            manifest=manifest,
            books=books,
            journal=journal_frame(books),
            flows=flows_frame(books),
            balances=balances_frame(books),
            **sums,
            owners=statements.owners_frame(books),
            apps=_rows(record.apps, APPS, books),
            users=_rows(record.users, USERS, books),
            markets=_rows(record.markets, MARKETS, books),
            adoption=_rows(record.adoption, ADOPTION, books),
            chain=chain_frame(books, pl.DataFrame(record.chain, schema=CHAIN, orient="row")),
            contracts=contracts,
            shocks=_rows(record.shocks, SHOCKS, books),
            pools=_rows(record.pools, POOLS, books),
            shadows=shadows.with_columns(books.dated(), books.named("payer"), books.named("payee")),
            events=events_in_words(_rows(record.events, EVENTS, books), sums, manifest.get("titles", {})),
        )

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Read a run folder.

        Raises
        ------
        BadInput
            If it is damaged, has another schema, or its journal is not the one that its manifest names.
        """
        folder = Path(path)
        frames, manifest = run_folder.read(folder)
        try:
            start = date.fromisoformat(manifest["start"])
            accounts = accounts_of(manifest["accounts"])
            journal = journal_of(frames["journal"], accounts, start)
            if len(journal.month) and int(journal.month.max()) + 1 != manifest["months"]:
                raise ValueError(f"found {int(journal.month.max()) + 1} months, expected {manifest['months']}")
        except (KeyError, TypeError, ValueError, pl.exceptions.PolarsError) as error:
            raise BadFolder(f"{folder}: its journal does not fit its manifest ({error})", "damaged") from None
        if digest(journal) != manifest.get("digest"):
            raise BadFolder(f"{folder}: its journal is not the one that its manifest was written for", "damaged")
        return cls(manifest, Books(accounts, journal, start, manifest["months"]), **frames)

    def save(self, path: str | Path, force: bool = False) -> Path:
        """Write the run folder, whole or not at all; with ``force`` it may replace an existing run folder."""
        with run_folder.new_folder(Path(path), force) as folder:
            run_folder.write(folder, self.frames(), self.manifest)
        return Path(path)

    @property
    def warnings(self) -> list[str]:
        """Return what never did what it was there for: found in the scenario, and in the months that were run."""
        return list(self.manifest.get("warnings", ()))

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return all tables by name."""
        return {name: getattr(self, name) for name in run_folder.COLUMNS}

    def summary(self) -> pl.DataFrame:
        """Return who earned what by year, in US dollars; the same as ``statistics``."""
        return self.statistics

    def plot(self, column: str = "operating_margin") -> Picture:
        """Draw a figure of each layer over time: operating_margin, profit_over_final_spending or cash.

        Raises
        ------
        BadInput
            If there is no such picture.
        """
        return drawn("layers", self.layers, column)

    def to_pandas(self, table: str | None = None) -> Any:
        """Return a table of the run, or all by name, as pandas has them; ``watersellers columns`` describes them."""
        return in_pandas(self.frames(), table)

    def _repr_html_(self) -> str:
        return drawn_html("result", self)

    @property
    def companies(self) -> pl.DataFrame:
        """Return what owners earn with their older business, with AI, and together: one row per month and scope."""
        return statements.companies_frame(self.books)

    @property
    def segments(self) -> pl.DataFrame:
        """Return what clouds sold to their own group and to others, at list prices and at cost."""
        return segments_frame(self.books)

    def income(self, firm: str) -> pl.DataFrame:
        """Return the income statement of a firm or sector, one row per month, in cents."""
        return statements.income(self.books, self._account(firm))

    def cash_flow(self, firm: str) -> pl.DataFrame:
        """Return the cash-flow statement of a firm or sector, one row per month, in cents."""
        return statements.cash_flow(self.books, self._account(firm))

    def balance_sheet(self, firm: str) -> pl.DataFrame:
        """Return the balance sheet of a firm or sector at each month's end, in cents."""
        return statements.balance_sheet(self.books, self._account(firm))

    def flow_matrix(self, month: str | date) -> pl.DataFrame:
        """Return the flow matrix of a month, layer by layer: rows and columns add up to zero."""
        return flow_matrix(self.books, self._month(month))

    def graph_at(self, month: str | date) -> "nx.DiGraph":
        """Return the supply graph of a month: firms and sectors, with edges from buyers to their sellers."""
        return supply_graph(self.flows, self.firms, self._month(month))

    def trace(self, by: str = "pro-rata") -> Trace:
        """Trace all money from its origin; ``by`` is the convention, pro-rata or fifo."""
        if by not in CONVENTIONS:
            raise BadInput(f"by: {unknown('convention', str(by), CONVENTIONS)}")
        return trace(self.books.journal, self.books.accounts, by)

    def _account(self, name: str) -> str:
        """Check the name of a firm or sector of the run."""
        known = self.books.accounts.names
        if name not in known:
            raise BadInput(unknown("firm or sector", str(name), known))
        return name

    def _month(self, month: str | date) -> date:
        """Find a month of the run, given as "2025-02" or as any of its days."""
        try:
            first = first_of_month(month)
        except ValueError:
            raise BadInput(f"month: found {shown(month)}, expected one as in '2025-02'") from None
        lived = self.layers["month"].unique().sort().to_list()
        if first not in lived:
            raise BadInput(f"month: found '{first:%Y-%m}', expected {lived[0]:%Y-%m} to {lived[-1]:%Y-%m}")
        return first


def _contracts(rows: list[tuple], books: Books) -> pl.DataFrame:
    """Make the table of contracts: months become dates, also those after the run's end, and account ids names."""
    dates = [pl.lit(books.start).dt.offset_by(pl.format("{}mo", name)).alias(name) for name in DATES_OF_CONTRACTS]
    names = [books.named(name) for name in ("buyer", "seller")]
    return pl.DataFrame(rows, schema=CONTRACTS, orient="row").with_columns(*dates, *names)


def _rows(rows: list[tuple], columns: Mapping[str, Any], books: Books) -> pl.DataFrame:
    """Make a table of recorded rows: months become dates, account ids become names."""
    frame = pl.DataFrame(rows, schema=dict(columns), orient="row")
    named = [books.named(column) for column in ("firm", "app", "pool") if column in columns]
    return frame.with_columns(books.dated(), *named)
