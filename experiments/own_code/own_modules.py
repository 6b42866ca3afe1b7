"""The user's own modules: found beside their study, scenario or script, and loaded by file.

No folder of the user's is put on the import path there: a ``random.py`` beside a study would replace Python's own
module for everything that is loaded after it, and every run would fail.
"""

import importlib
import os
import sys
from collections.abc import Iterable, Mapping
from importlib.abc import SourceLoader
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import FrameType, ModuleType

from watersellers.experiments.input.errors import BadInput

IMPORT_MACHINERY = ("<frozen importlib", importlib.__file__)  # frames between an import statement and a finder

_folders: dict[str, Path] = {}  # where modules of the user's stand, by the first part of a module's name
_imported_as: dict[str, str] = {}  # the name of such a module in this process: its own, unless that is taken


def import_path() -> list[str]:
    """Return the part of this process's import path that its workers share.

    It leaves out the folder of the script and the working folder, unless PYTHONPATH names them.
    """
    implicit = _implicit_folders()
    return [each for each in sys.path if each and os.path.abspath(each) not in implicit]


def _implicit_folders() -> set[str]:
    """Return the folders that Python puts on the path by itself: that of the script, and the working folder."""
    named = {os.path.abspath(each) for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each}
    script = getattr(sys.modules["__main__"], "__file__", None)
    return {os.path.abspath(""), *([os.path.dirname(os.path.abspath(script))] if script else [])} - named


def module_folders(modules: Iterable[str], beside: Path | None) -> dict[str, str]:
    """Find the folders of a user's modules, by the first part of each module's name.

    Parameters
    ----------
    modules : iterable of str
        Their names, with dots.
    beside : Path, optional
        The folder of the study, which is searched first.

    Modules that workers find by themselves are left out, and so are modules that do not exist, which they refuse.
    """
    found = {}
    for module in modules:
        top = module.partition(".")[0]
        if beside is not None and _is_in(module, beside):
            found[top] = str(beside.resolve())
        elif folder := _script_folder(top):
            found[top] = folder
    return found


def _is_in(module: str, folder: Path) -> bool:
    """Whether a module is in a folder: a file, a package, or a file in plain folders."""
    spec, search_paths = None, [str(folder.resolve())]  # Python remembers what "." was when it was first searched
    for part in module.split("."):
        spec = PathFinder.find_spec(part, search_paths)
        search_paths = list(spec.submodule_search_locations or []) if spec else []
    return spec is not None and spec.origin is not None


def _script_folder(top: str) -> str | None:
    """Return the folder in which this process finds a module but its workers do not."""
    try:
        here = find_spec(top)
    except (ImportError, ValueError):  # a module that is partly loaded, or was made by hand
        return None
    for folder in _implicit_folders() if here else ():
        if _same_module(here, PathFinder.find_spec(top, [folder])):
            return folder
    return None


def _same_module(one: ModuleSpec | None, other: ModuleSpec | None) -> bool:
    """Whether two finders have found the same file, or the same folders."""
    return one is not None and other is not None and _locations(one) == _locations(other)


def _locations(spec: ModuleSpec) -> tuple[str | None, list[str]]:
    return spec.origin, [os.path.abspath(each) for each in spec.submodule_search_locations or []]


def register_modules(folders: Mapping[str, str]) -> None:
    """From now on, load modules of these names, and the modules that they import, from these folders."""
    for top, folder in folders.items():
        here = find_spec(top)
        if _same_module(here, PathFinder.find_spec(top, [folder])):
            continue  # this process finds the same module by itself
        _imported_as[top] = f"own_{top}" if here else top
        _folders[top] = Path(folder)
        _neighbours.given.add((Path(folder), top))
    if _folders and _neighbours not in sys.meta_path:
        sys.meta_path.append(_neighbours)


def registered_folders() -> dict[str, str]:
    """Return what another process has to register to load the same modules."""
    return {top: str(folder) for top, folder in _folders.items()}


def register_beside(module: str, folders: Iterable[Path]) -> None:
    """From now on, load a module from the first of these folders that has it, or else from the working folder.

    Raises
    ------
    BadInput
        If a module of this name was loaded from another folder: a process has one module of a name.
    """
    top = module.partition(".")[0]
    named = next((folder.resolve() for folder in folders if _is_in(module, folder)), None)
    known = _folders.get(top)
    if named is not None and known is not None and named != known and _imported_as[top] in sys.modules:
        cure = "rename one of the two, or start again"
        raise BadInput(f"found the module {module} in {named}, but {top} was loaded from {known}; {cure}")
    if named is None and known is None and _is_in(module, Path()):
        named = Path().resolve()
    if named is not None and named != known:
        register_modules({top: str(named)})


def file_of(module: str) -> Path | None:
    """Find the file of a module, without loading anything; None if it has none that is written in Python."""
    top, *rest = module.split(".")
    spec = PathFinder.find_spec(top, [str(_folders[top])] if top in _folders else None)
    for part in rest:
        spec = PathFinder.find_spec(part, list(spec.submodule_search_locations or [])) if spec else None
    found = spec.origin if spec else None
    return Path(found) if found and found.endswith(".py") else None


def load_module(name: str, again: bool = False) -> ModuleType:
    """Load a module: the user's own from its folder, any other as Python does; ``again`` if its file was changed.

    Raises
    ------
    ImportError
        If there is none, or a package of the user's has the name of an installed one. Its own exceptions propagate.
    """
    top, dot, rest = name.partition(".")
    if top in _folders:
        own = _imported_as[top]
        if own not in sys.modules:
            _execute(own, PathFinder.find_spec(top, [str(_folders[top])]))
        name = own + dot + rest
    known = sys.modules.get(name)
    if known is None or not again:
        return importlib.import_module(name)
    loader = known.__spec__.loader if known.__spec__ else None
    if isinstance(loader, SourceLoader) and known.__file__:  # its compiled file may be as old as the second
        exec(loader.source_to_code(loader.get_data(known.__file__), known.__file__), known.__dict__)
    return known


def _execute(own: str, spec: ModuleSpec | None) -> None:
    """Load a user's module under a name; a module that fails is not kept."""
    if spec is None:
        raise ImportError(f"the file of {own} is gone since the study was read; put it back")
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


class _NeighbourFinder:
    """Finds, after all other finders, modules that a user's module imports from its own folder."""

    def __init__(self) -> None:
        self.given: set[tuple[Path, str]] = set()

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Find a module in the folder of the file that imports it."""
        folder = self._importing_folder() if path is None else None  # a package finds its own modules
        spec = PathFinder.find_spec(name, [str(folder)]) if folder else None
        if folder and spec:
            self.given.add((folder, name))
        return spec

    def _importing_folder(self) -> Path | None:
        """Return the user's folder whose file, or package, contains the import statement."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename.startswith(IMPORT_MACHINERY):
            frame = frame.f_back
        file = Path(frame.f_code.co_filename) if frame else Path()
        return next((at for at, top in self.given if file.parent == at or file.is_relative_to(at / top)), None)


_neighbours = _NeighbourFinder()
