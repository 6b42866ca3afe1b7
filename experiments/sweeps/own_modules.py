"""A user's own modules: found where their study or script is, and loaded by file in the processes that make runs.

No folder of the user's comes onto the import path there. A ``random.py`` beside a study would be taken for Python's own
by all that is loaded after it, and every run would be lost.
"""

import importlib
import os
import sys
from collections.abc import Iterable, Mapping
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import FrameType, ModuleType

FINDING = ("<frozen importlib", importlib.__file__)  # code between an import and who asks for it

_folders: dict[str, Path] = {}  # of this process, which makes runs for one study: by the first part of a module's name
_names: dict[str, str] = {}  # what such a module is called here: its own name, where nothing else has it


def import_path() -> list[str]:
    """List where this process finds modules and its workers do too.

    That is all but the folder of the script and the one where its user stands, unless PYTHONPATH names it.
    """
    around = _around()
    return [each for each in sys.path if each and os.path.abspath(each) not in around]


def _around() -> set[str]:
    """Give the folders that Python puts on the path by itself: where the script is, and where its user stands."""
    named = {os.path.abspath(each) for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each}
    script = getattr(sys.modules["__main__"], "__file__", None)
    return {os.path.abspath(""), *([os.path.dirname(os.path.abspath(script))] if script else [])} - named


def folders_of(modules: Iterable[str], beside: Path | None) -> dict[str, str]:
    """Find the folders of a user's modules, by the first part of each module's name.

    Parameters
    ----------
    modules : iterable of str
        Their names, with dots.
    beside : Path, optional
        The folder of the study, in which they are sought first.

    What workers find by themselves is left out, and what is nowhere: it is imported, or refused, by them.
    """
    found = {}
    for module in modules:
        top = module.partition(".")[0]
        if beside is not None and _leads_to(module, beside):
            found[top] = str(beside.resolve())
        elif folder := _of_the_script(top):
            found[top] = folder
    return found


def _leads_to(module: str, folder: Path) -> bool:
    """Whether a module is in a folder: a file, a package, or a file in plain folders."""
    spec, places = None, [str(folder)]
    for part in module.split("."):
        spec = PathFinder.find_spec(part, places)
        places = list(spec.submodule_search_locations or []) if spec else []
    return spec is not None and spec.origin is not None


def _of_the_script(top: str) -> str | None:
    """Give the folder in which this process finds a module and its workers do not."""
    try:
        here = find_spec(top)
    except (ImportError, ValueError):  # a module that is half loaded, or was made by hand
        return None
    for folder in _around() if here else ():
        if _same(here, PathFinder.find_spec(top, [folder])):
            return folder
    return None


def _same(one: ModuleSpec | None, other: ModuleSpec | None) -> bool:
    """Whether two finders have found the same file, or the same folders."""
    return one is not None and other is not None and _places(one) == _places(other)


def _places(spec: ModuleSpec) -> tuple[str | None, list[str]]:
    return spec.origin, [os.path.abspath(each) for each in spec.submodule_search_locations or []]


def load_from(folders: Mapping[str, str]) -> None:
    """Load modules of these names from these folders from now on, and from beside them what they import themselves."""
    for top, folder in folders.items():
        here = find_spec(top)
        if _same(here, PathFinder.find_spec(top, [folder])):
            continue  # this process finds the very same by itself
        _names[top] = f"own_{top}" if here else top
        _folders[top] = Path(folder)
    if _folders:
        sys.meta_path.append(_Neighbours())


def module_of(name: str) -> ModuleType:
    """Load a module: a user's own from its folder, and any other as Python does.

    Raises
    ------
    ImportError
        If there is none, or a package of the user's is called as an installed one. Whatever it raises goes through.
    """
    top, dot, rest = name.partition(".")
    if top not in _folders:
        return importlib.import_module(name)
    own = _names[top]
    if own not in sys.modules:
        _execute(own, PathFinder.find_spec(top, [str(_folders[top])]))
    return importlib.import_module(own + dot + rest)


def _execute(own: str, spec: ModuleSpec | None) -> None:
    """Load a user's module under a name; one that fails is not kept."""
    if spec is None:
        raise ImportError(f"it is not where it was found when the study was read, as {own}")
    if own != spec.name:
        if spec.submodule_search_locations is not None:
            raise ImportError(f"the name {spec.name} is that of an installed package; rename the folder")
        spec = spec_from_file_location(own, spec.origin)
    assert spec is not None
    made = module_from_spec(spec)
    sys.modules[own] = made
    try:
        if spec.loader is not None:
            spec.loader.exec_module(made)
    except BaseException:
        del sys.modules[own]
        raise


class _Neighbours:
    """Finds, after all other finders, what a module of the user's imports from beside its own file; for no others."""

    def __init__(self) -> None:
        self.given = {(folder, top) for top, folder in _folders.items()}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Find a module beside the file that asks for it."""
        folder = self._folder_of_who_asks() if path is None else None  # a package finds its modules itself
        spec = PathFinder.find_spec(name, [str(folder)]) if folder else None
        if folder and spec:
            self.given.add((folder, name))
        return spec

    def _folder_of_who_asks(self) -> Path | None:
        """Give the user's folder in which the import stands: in a file there, or in a package that was found there."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename.startswith(FINDING):
            frame = frame.f_back
        file = Path(frame.f_code.co_filename) if frame else Path()
        return next((at for at, top in self.given if file.parent == at or file.is_relative_to(at / top)), None)
