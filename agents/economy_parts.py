"""The parts of an economy: each is built by its own rule when it is first asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import mesa

from watersellers.agents.firm import Firm, LastMonth, Registers
from watersellers.agents.public_information import PublicInformation
from watersellers.agents.scenario_spec import ParticipantSpec, ScenarioSpec, Traits
from watersellers.market.accounting.accounts import Account, Accounts
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.accounting.share_register import ShareRegister
from watersellers.market.clock import Clock
from watersellers.market.goods import CHAIN, HOME, SECTORS
from watersellers.market.month import Market
from watersellers.market.trade.backlog import Backlog
from watersellers.market.trade.fleet import Fleets
from watersellers.market.write_guard import FixedTable

OUTSIDE = (
    Account(1, "world", "world", "world", HOME),
    Account(2, "older_businesses", "world", "world", HOME),
    Account(3, "lenders", "lenders", "lenders", HOME),
)
SEARCH_BUSINESS_KEY = 10**9  # above all members' keys: an older search business has its app's key plus this


def accounts_of(spec: ScenarioSpec) -> Accounts:
    """All accounts of a scenario: those that are always there, outside sectors by region, investors, and firms."""
    rows = []
    for sector in SECTORS:
        names = [(m, f"{sector}_{m.name}") for m in spec.groups[sector]]
        rows += [Account(m.key, name, sector, name, m.name) for m, name in names]
    for group in ("investors", *CHAIN):
        rows += [Account(m.key, m.name, group, m.owner, m.region) for m in spec.groups[group]]
    owners = [Account(m.key, m.name, "world", m.owner, m.region) for m in spec.groups["owners"]]
    paged = [m for m in spec.groups["apps"] if m.numbers["opening_pages"] > 0]
    search = [Account(SEARCH_BUSINESS_KEY + m.key, f"{m.name}_pages", "world", m.owner, m.region) for m in paged]
    states = [Account(m.key, m.name, "world", "world", m.region) for m in spec.groups["states"]]
    return Accounts.of([*OUTSIDE, *rows, *owners, *states, *search])


class Part(Protocol):
    """A layer, a sector or a mechanism: whatever acts in the month, or is used by a part that acts."""

    @classmethod
    def build(cls, parts: "Parts") -> Self:
        """Build it from the specification of the scenario and from other parts."""


@dataclass(frozen=True)
class Turn:
    """The turn of a part in a phase: what it does there, and which parts must act before it, with the reason."""

    part: type[Any]
    does: str
    after: Mapping[type[Any], str] = field(default_factory=dict)


@dataclass(frozen=True)
class MarketTurns:
    """A market: its sellers, its buyers, and the part that rations scarce goods (none: all buyers pro rata)."""

    good: str
    sellers: tuple[Turn, ...]
    buyers: tuple[Turn, ...]
    rations: type[Any] | None = None


class Parts:
    """All parts of an economy: ``parts[Labs]`` is its layer of labs, which is built when it is first asked for.

    ``firms`` are the firms of each layer of the chain, in the order of their keys; they are agents of the model.
    """

    def __init__(self, model: mesa.Model, spec: ScenarioSpec, users: int, seed: int):
        self.spec, self.users, self.seed = spec, users, seed  # how many simulated users
        accounts = accounts_of(spec)
        empty = (
            Backlog(),
            Fleets(len(accounts)),
            ShareRegister(),
            PublicInformation(),
            LastMonth(len(accounts)),
            Clock(),
        )
        self.registers = Registers(accounts, FixedTable(spec.numbers), *empty)
        self.ledger = Ledger(accounts, self.registers.clock)
        self.firms: dict[str, list[Firm]] = {}
        self.markets: tuple[Market, ...] = ()
        self._model = model
        self._built: dict[type, Any] = {}

    def __getitem__[P: Part](self, kind: type[P]) -> P:
        """Return a part; build it if it is not there yet."""
        if kind not in self._built:
            self._built[kind] = kind.build(self)
        built: P = self._built[kind]
        return built

    def __getattr__(self, name: str) -> Any:
        """Refuse a part that is asked for by a name, and say how it is asked for."""
        how = "a part is asked for by its class, as in parts[Labs], with Labs from watersellers.agents.labs.month"
        raise AttributeError(f"parts.{name}: {how}", name=name, obj=self)

    def __iter__(self) -> Iterator[Any]:
        """Iterate over all parts, in the order of the names of their classes."""
        return iter(sorted(self._built.values(), key=lambda part: type(part).__name__))

    def create_firms(self, kinds: Mapping[str, type[Firm]], records: Mapping[str, Sequence[type[Traits]]]) -> None:
        """Create the firms of each layer, upstream first; ``records`` are the numbers of mechanisms, by layer."""
        for layer, kind in kinds.items():
            account_ids = ((member, self.registers.account_id(member.name)) for member in self.members(layer))
            self.firms[layer] = [
                kind(self._model, member, account_id, records[layer]) for member, account_id in account_ids
            ]

    def members(self, group: str) -> list[ParticipantSpec]:
        """Participants of a group as the scenario describes them, in the order of their keys, not of the file."""
        return sorted(self.spec.groups[group], key=lambda member: member.key)

    def firms_of[F: Firm](self, kind: type[F]) -> list[F]:
        """Firms of a kind, in the order of their keys."""
        return [firm for firm in self.all_firms if isinstance(firm, kind)]

    @property
    def all_firms(self) -> list[Firm]:
        """All firms of the chain, upstream first."""
        return [firm for firms in self.firms.values() for firm in firms]
