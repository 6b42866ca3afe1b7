"""A folder with a module of own rules in it, from which everything here is called."""

from itertools import count
from pathlib import Path

import pytest

RULES = '''
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Share:
    """Spend a share of last month's revenue on training."""

    share: float = field(default=0.5, metadata={"unit": "share of revenue", "low": 0.0, "high": 2.0})

    def __call__(self, seen, chance):
        return self.share * seen.revenue


@dataclass(frozen=True)
class Given:
    """A rule whose number has no usual value."""

    dollars: float
    sure: bool = True

    def __call__(self, seen, chance):
        return self.dollars


@dataclass
class Loose:
    """A class that is not frozen."""

    def __call__(self, seen, chance):
        return 1.0


@dataclass(frozen=True)
class Listed:
    """A rule with a field that is no number."""

    names: list

    def __call__(self, seen, chance):
        return 1.0


@dataclass(frozen=True)
class Misspelt:
    """A rule with a type that there is not."""

    share: "flaot" = 1.0

    def __call__(self, seen, chance):
        return 1.0


def share_of(seen, chance, share=0.5):
    return share * seen.revenue


def short(seen):
    return 1.0


LIMIT = 3
'''
_number = count(1)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name a module of own rules that stands where everything is called; a process has one module of a name."""
    name = f"rules_{_number.__next__()}_{tmp_path.name[:20].replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return name
