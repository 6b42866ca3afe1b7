"""Patches of the rules of the real month, for tests that break a rule on purpose."""

from collections.abc import Callable
from typing import Any

import pytest

from watersellers.experiments.runs.world import World
from watersellers.market.accounting.ledger import Ledger

Patch = pytest.MonkeyPatch
type Mutations = dict[Callable[[World, Patch], None], tuple[str, str]]


def after(patch: Patch, cls: type, name: str, act: Callable[..., object]) -> None:
    """Do something more, with the same arguments, each time that a rule has been applied."""
    rule = getattr(cls, name)

    def more(*given: Any) -> Any:
        done = rule(*given)
        act(*given)
        return done

    patch.setattr(cls, name, more)


def changed(patch: Patch, owner: Any, name: str, change: Callable[..., Any]) -> None:
    """Change what a rule gives: ``change`` is shown that, and what the rule was given."""
    rule = getattr(owner, name)
    patch.setattr(owner, name, lambda *given: change(rule(*given), *given))


def trusting(patch: Patch) -> None:
    """Let the ledger write whatever it is given; it refuses some of this by itself, before any month is closed."""
    patch.setattr(Ledger, "_refuse", lambda ledger, rows: None)
