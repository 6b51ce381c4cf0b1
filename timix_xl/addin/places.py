"""Where the files of the add-in belong, on Windows and on a Mac."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath
from typing import Generic, TypeVar

ADDIN = "timix.xlam"
CONFIGURATION = "timix.conf"
SCRIPT = "timix-xl.applescript"

P = TypeVar("P", bound=PurePath)
"""Paths of this computer, or pure ones of the other system."""


class System(Enum):
    """The systems that have an Excel for add-ins, and all others."""

    WINDOWS = "Windows"
    MAC = "Mac"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Places(Generic[P]):
    """Where the add-in, its configuration and (on a Mac) its script belong."""

    addin: P
    configuration: P
    script: P | None
    start_ups: tuple[P, ...]
    """Every start-up folder that Excel may read, the add-in's first."""


def places(
    system: System, home: P, environment: Mapping[str, str], start_up: str | None = None
) -> Places[P]:
    """Return the places for a user; `start_up` is what a running Excel says, if one is running."""
    known = _on_mac(home) if system is System.MAC else _on_windows(home, environment)
    told = (type(home)(start_up),) if start_up else ()
    start_ups = tuple(dict.fromkeys((*told, *known)))
    excels = home / "Library" / "Application Scripts" / "com.microsoft.Excel"
    return Places(
        addin=start_ups[0] / ADDIN,
        configuration=_configuration(system, home),
        script=excels / SCRIPT if system is System.MAC else None,
        start_ups=start_ups,
    )


def container(home: P) -> P:
    """Return the folder that a Mac makes for Excel when it is first started."""
    return home / "Library" / "Containers" / "com.microsoft.Excel" / "Data"


def _on_windows(home: P, environment: Mapping[str, str]) -> tuple[P, ...]:
    told = environment.get("APPDATA")
    roaming = type(home)(told) if told else home / "AppData" / "Roaming"
    return (roaming / "Microsoft" / "Excel" / "XLSTART",)


def _on_mac(home: P) -> tuple[P, ...]:
    offices = home / "Library" / "Group Containers" / "UBF8T346G9.Office"
    return (
        offices / "User Content.localized" / "Startup.localized" / "Excel",
        offices / "User Content" / "Startup" / "Excel",  # as Excel 2016 first had it
    )


def _configuration(system: System, home: P) -> P:
    """Return where the VBA of the add-in looks, and nowhere else."""
    folder = container(home) if system is System.MAC else home / ".timix"
    return folder / CONFIGURATION
