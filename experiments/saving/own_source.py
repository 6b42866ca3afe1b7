"""The source of a user's own strategies: what is recorded of it, and what cannot be read and is said to be missing.

The source of a class is found by the code of its methods, so also that of a notebook's cell or of a script. It is
recorded only if it is what runs: a file that was changed after Python had loaded it is not.
"""

import linecache
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import CodeType, FunctionType
from typing import Any

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.own_code.definitions import definition
from watersellers.experiments.own_code.own_rules import name_of_rule
from watersellers.experiments.saving.provenance import ROOT
from watersellers.experiments.saving.seal import sha256

ROOMS = tuple(str(ROOT / room) for room in ("market", "agents", "experiments", "viz"))
IDENTITY = ("module", "name", "numbers", "source_sha256")  # by which two strategies are the same


def provenance(strategy: Any) -> dict[str, Any]:
    """Describe a user's own strategy: its module, name and numbers, and its source with its hash.

    ``source`` holds its class, and the classes of the user's that it builds on; ``module_sha256`` is the hash of the
    whole file or cell. Where one can't be read it is None, and ``source_missing`` says why.
    """
    cls = type(strategy)
    numbers = {name: repr(value) for name, value in asdict(strategy).items()}
    module = (name_of_rule(cls) or cls.__module__).partition(":")[0]
    return {"module": module, "name": cls.__qualname__, "numbers": numbers} | source_record(cls)


def source_record(cls: type) -> dict[str, str | None]:
    """Return the source of a strategy's class with its hash, and the hash of its file; see ``provenance``."""
    try:
        found = [_source_of(each) for each in _own_classes(cls)]
    except BadInput as error:
        return {"source": None, "source_sha256": None, "module_sha256": None, "source_missing": str(error)}
    source = "\n\n".join(text for text, _ in found)
    whole = sha256("".join(dict.fromkeys(whole for _, whole in found)).encode())
    return {"source": source, "source_sha256": sha256(source.encode()), "module_sha256": whole}


def same_strategy(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two records are of the same strategy: by module, name, numbers and source."""
    return all(one.get(key) == other.get(key) for key in IDENTITY)


def described(strategy: Mapping[str, Any]) -> str:
    """Describe a recorded strategy: module, name, numbers, and the beginning of its source's hash."""
    numbers = ", ".join(f"{name}={value}" for name, value in strategy["numbers"].items())
    source = strategy.get("source_sha256")
    return f"{strategy['module']}.{strategy['name']}({numbers}), source {source[:12] if source else 'unknown'}"


def _own_classes(cls: type) -> Iterator[type]:
    """Yield a class and those that it builds on, as far as they are written in Python and not Water Sellers' own."""
    for each in cls.__mro__:
        codes = _codes(each)
        if each is cls or (codes and not codes[0].co_filename.startswith(ROOMS) and each.__module__ != "typing"):
            yield each


def _codes(cls: type) -> list[CodeType]:
    """Collect the code of the methods that a class itself defines, or of the function that it was made of.

    What a decorator generated has no file.
    """
    if function := getattr(cls, "made_from", None):
        return [function.__code__]
    methods = [getattr(each, "__func__", each) for each in vars(cls).values()]
    codes = [each.__code__ for each in methods if isinstance(each, FunctionType)]
    return [code for code in codes if code.co_qualname.startswith(f"{cls.__qualname__}.") and code.co_firstlineno > 1]


def _source_of(cls: type) -> tuple[str, str]:
    """Return the source of a class, and the whole text in which it stands.

    Raises
    ------
    BadInput
        If it can't be read, or is no longer what runs.
    """
    codes = _codes(cls)
    if not codes:
        raise BadInput(f"{cls.__qualname__} has no method that is written in Python")
    text = _text_of(codes[0].co_filename)
    source = definition(text, cls.__qualname__, codes[0].co_firstlineno)
    if source is None:
        raise BadInput(f"{cls.__qualname__} was defined at a prompt, or by code that is kept nowhere")
    if any(code not in _compiled(text, code.co_filename) for code in codes):
        raise BadInput(f"the file of {cls.__qualname__} was changed after Python had loaded it")
    return source, text


def _text_of(file: str) -> str:
    """Read a file as it is now, or a cell of a notebook as Python keeps it; empty text if there is neither."""
    linecache.checkcache(file)
    return "".join(linecache.getlines(file))


def _compiled(text: str, file: str) -> set[CodeType]:
    """Compile a text, without running it, and collect the code of all its functions."""
    codes, found = [compile(text, file, "exec", dont_inherit=True)], set()
    while codes:
        code = codes.pop()
        found.add(code)
        codes += [each for each in code.co_consts if isinstance(each, CodeType)]
    return found
