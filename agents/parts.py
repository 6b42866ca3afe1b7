"""The parts of an economy, each built by its own rule when it is first asked for, and not yet at work."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, Self

import mesa

from watersellers.agents.firm import Common, Firm, LastMonth
from watersellers.agents.news import News
from watersellers.agents.setting import Member, Setting, Traits
from watersellers.market.accounts import Account, Accounts
from watersellers.market.backlog import Backlog
from watersellers.market.clock import Clock
from watersellers.market.fleet import Fleets
from watersellers.market.goods import CHAIN, HOME, SECTORS
from watersellers.market.ledger import Ledger
from watersellers.market.month import Market
from watersellers.market.shares import ShareRegister

OUTSIDE = (
    Account(1, "world", "world", "world", HOME),
    Account(2, "older_businesses", "world", "world", HOME),
    Account(3, "lenders", "lenders", "lenders", HOME),
)
LINE_KEY = 10**9  # above all members' keys: an older line's is this much above its app's


def accounts_of(setting: Setting) -> Accounts:
    """All accounts of a setting: what is always there, the outside sectors by region, investors, and the firms."""
    rows = []
    for sector in SECTORS:
        names = [(m, f"{sector}_{m.name}") for m in setting.groups[sector]]
        rows += [Account(m.key, name, sector, name, m.name) for m, name in names]
    for group in ("investors", *CHAIN):
        rows += [Account(m.key, m.name, group, m.owner, m.region) for m in setting.groups[group]]
    pages = [m for m in setting.groups["apps"] if m.numbers["opening_pages"] > 0]
    lines = [Account(LINE_KEY + m.key, f"{m.name}_pages", "world", m.owner, m.region) for m in pages]
    return Accounts.of([*OUTSIDE, *rows, *lines])


class Part(Protocol):
    """A layer, a sector, an office or a mechanism: whoever takes part in the month, or is asked by those who do."""

    @classmethod
    def build(cls, parts: "Parts") -> Self:
        """Build it out of the setting and of other parts."""


class Parts:
    """What an economy is made of: ``parts[Labs]`` is its layer of labs, built with what it needs on first asking.

    ``firms`` are the firms of each layer of the chain, in the order of their keys; they are agents of the model.
    """

    def __init__(self, model: mesa.Model, setting: Setting, users: int, seed: int):
        self.setting, self.users, self.seed = setting, users, seed  # how many simulated users
        accounts = accounts_of(setting)
        registers = Backlog(), Fleets(len(accounts)), ShareRegister(), News(), LastMonth(len(accounts)), Clock()
        self.common = Common(accounts, dict(setting.numbers), *registers)
        self.ledger = Ledger(accounts, self.common.clock)
        self.firms: dict[str, list[Firm]] = {}
        self.markets: tuple[Market, ...] = ()
        self._model = model
        self._built: dict[type, Any] = {}

    def __getitem__[P: Part](self, kind: type[P]) -> P:
        """Give a part, and build it first if nobody has asked for it before."""
        if kind not in self._built:
            self._built[kind] = kind.build(self)
        built: P = self._built[kind]
        return built

    def __getattr__(self, name: str) -> Any:
        """Say how a part is asked for, which once was by its name."""
        how = "a part is asked for by its class, as in parts[Labs], with Labs from watersellers.agents.labs"
        raise AttributeError(f"parts.{name}: {how}", name=name, obj=self)

    def __iter__(self) -> Iterator[Any]:
        """Go through all parts, by the names of their classes."""
        return iter(sorted(self._built.values(), key=lambda part: type(part).__name__))

    def found(self, kinds: Mapping[str, type[Firm]], records: Mapping[str, Sequence[type[Traits]]]) -> None:
        """Make the firms of each layer, upstream first; ``records`` are the numbers of mechanisms, by layer."""
        for layer, kind in kinds.items():
            places = ((member, self.common.place(member.name)) for member in self.members(layer))
            self.firms[layer] = [kind(self._model, member, place, records[layer]) for member, place in places]

    def members(self, group: str) -> list[Member]:
        """Members of a group as the setting describes them, in the order of their keys, whatever the file's."""
        return sorted(self.setting.groups[group], key=lambda member: member.key)

    def those[F: Firm](self, kind: type[F]) -> list[F]:
        """Firms of a kind."""
        return [firm for firm in self.everybody if isinstance(firm, kind)]

    @property
    def everybody(self) -> list[Firm]:
        """All firms of the chain, upstream first."""
        return [firm for firms in self.firms.values() for firm in firms]
