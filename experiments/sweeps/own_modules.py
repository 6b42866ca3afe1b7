"""A user's own modules: found where their study or script is, and loaded by file in the processes that make runs.

No folder of the user's comes onto the import path. A ``random.py`` that stands beside a study would be taken there for
Python's own by all that is loaded after it, and every run would be lost.
"""

import importlib
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import FrameType, ModuleType

PYTHONS_OWN = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
FINDING = ("<frozen importlib", importlib.__file__)  # code between an import and who asks for it

_files: dict[str, Path] = {}  # of this process, which makes runs for one study


def files_of(modules: Iterable[str], beside: Path | None) -> dict[str, str]:
    """Find a user's modules: the file of each, or its folder if it is a package, by the first part of its name.

    Parameters
    ----------
    modules : iterable of str
        Their names, with dots.
    beside : Path, optional
        The folder of the study, in which they are sought first.

    Whatever is installed is left out, and what can't be found: it is imported, or refused, where runs are made.
    """
    found = {}
    for module in modules:
        top = module.partition(".")[0]
        file = (beside and _in(beside, top)) or _imported(top)
        if file is not None:
            found[top] = str(file.resolve())
    return found


def know(files: Mapping[str, str]) -> None:
    """Load modules of these names from these files from now on, and from beside them what they import themselves."""
    _files.update({name: Path(file) for name, file in files.items()})
    if files:
        sys.meta_path.append(_Neighbours({file.parent for file in _files.values()}))


def loaded(module: str) -> ModuleType:
    """Load a module: a user's own from its file, and any other as Python does.

    Raises
    ------
    ImportError
        If there is none. Whatever else it raises goes through.
    """
    top, dot, rest = module.partition(".")
    if top not in _files:
        return importlib.import_module(module)
    name = f"own_{top}" if top in sys.builtin_module_names or _installed(top) else top
    if name not in sys.modules:
        _execute(_spec(name, _files[top]))
    return importlib.import_module(name + dot + rest)


def _execute(spec: ModuleSpec) -> None:
    """Load a module from its file; one that fails is not kept."""
    made = module_from_spec(spec)
    sys.modules[spec.name] = made
    try:
        if spec.loader is not None:
            spec.loader.exec_module(made)
    except BaseException:
        del sys.modules[spec.name]
        raise


class _Neighbours:
    """Finds, after all other finders, what a module of the user's imports from beside its own file; for no others."""

    def __init__(self, folders: set[Path]):
        self.folders = folders

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Find a module beside the file that asks for it."""
        folder = self._asking() if path is None else None  # a package finds its modules itself
        file = folder and _in(folder, name)
        return _spec(name, file) if file else None

    def _asking(self) -> Path | None:
        """Find the folder of the user's in which the import stands."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename.startswith(FINDING):
            frame = frame.f_back
        file = Path(frame.f_code.co_filename) if frame else Path()
        return next((folder for folder in self.folders if file.is_relative_to(folder)), None)


def _in(folder: Path, name: str) -> Path | None:
    """Find a module's file, or a package's folder, in a folder."""
    file, package = folder / f"{name}.py", folder / name
    return file if file.is_file() else package if any(package.glob("*.py")) else None


def _imported(name: str) -> Path | None:
    """Find the file of a module that this process can import, or its folder; none of what is installed."""
    if name in sys.builtin_module_names:
        return None
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):  # a module that is half loaded, or was made by hand
        return None
    if spec is None:
        return None
    places = [Path(each) for each in spec.submodule_search_locations or [spec.origin or ""]]
    of_the_user = (place for place in places if place.exists() and not _is_installed(place))
    return next(of_the_user, None)


def _installed(name: str) -> bool:
    """Whether Python finds a module of a name by itself."""
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return True


def _is_installed(place: Path) -> bool:
    """Whether a file belongs to Python or to an installed package."""
    return any(place.resolve().is_relative_to(folder.resolve()) for folder in PYTHONS_OWN)


def _spec(name: str, file: Path) -> ModuleSpec:
    """Say how to load a module's file, or a package's folder."""
    if not file.is_dir():
        spec = spec_from_file_location(name, file)
    elif (init := file / "__init__.py").is_file():
        spec = spec_from_file_location(name, init, submodule_search_locations=[str(file)])
    else:
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(file)]
    assert spec is not None
    return spec
