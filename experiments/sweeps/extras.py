"""Packages that only some questions need: loaded when one is asked, with a sentence where they are missing."""

from importlib import import_module
from typing import Any

from watersellers.experiments.errors import BadInput


def needed(module: str, extra: str) -> Any:
    """Load a module of a package that an extra installs.

    Raises
    ------
    BadInput
        If it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        cure = f"pip install 'watersellers[{extra}]' installs it"
        raise BadInput(f"{module}: needs the package {error.name!r}, which is not installed; {cure}") from None
