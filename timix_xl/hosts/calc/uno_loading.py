"""LibreOffice's uno, loaded by file: nothing else of the folder where it lies is importable."""

import builtins
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from timix_xl.hosts.calc.finding import Office
from timix_xl.hosts.refusals import UnoMissing

_BOOTSTRAP = ("fundamentalrc", "../Resources/fundamentalrc", "fundamental.ini")
_BINARIES = ("pyuno.so", "pyuno.pyd")


def load(office: Office) -> ModuleType:
    """Give the module `uno` of an office, loaded on first use."""
    present = sys.modules.get("uno")
    return present if present is not None else _loaded(office)


def _loaded(office: Office) -> ModuleType:
    # uno.py puts a folder in sys.path and its own function in the place of `import`; neither is
    # wanted by the rest of the program.
    path, importing = list(sys.path), builtins.__import__
    _point_to(office)
    try:
        _by_file("pyuno", _binary(office))
        uno = _by_file("uno", office.uno / "uno.py")
        _by_file("unohelper", office.uno / "unohelper.py")
    except (ImportError, OSError) as error:
        for name in ("pyuno", "uno", "unohelper"):
            sys.modules.pop(name, None)
        raise UnoMissing(folder=office.program, missing=f"uno ({error})") from error
    finally:
        sys.path[:] = path
        builtins.__import__ = importing
    return uno


def _point_to(office: Office) -> None:
    """Say where LibreOffice's own types are, in the environment of the process.

    os.environ does not know of it: children that are given an environment do not inherit it, those
    that are given none do.
    """
    for name in _BOOTSTRAP:
        settings = office.program / name
        if settings.is_file():
            os.putenv("URE_BOOTSTRAP", f"vnd.sun.star.pathname:{settings.resolve()}")
            return


def _binary(office: Office) -> Path:
    for name in _BINARIES:
        if (office.program / name).is_file():
            return office.program / name
    raise UnoMissing(folder=office.program, missing=_BINARIES[0])


def _by_file(name: str, path: Path) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module: Any = importlib.util.module_from_spec(spec)
    # pyuno looks it up by name while it is still being loaded.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
