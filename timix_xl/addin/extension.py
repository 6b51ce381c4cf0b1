"""Build the extension for LibreOffice Calc: timix.oxt, made from the same ribbon and icons."""

import io
import json
import zipfile
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from timix_xl import __version__
from timix_xl.addin.icons import drawn
from timix_xl.addin.ribbon import Button, buttons
from timix_xl.addin.texts import text

EXTENSION_NAME = "timix.oxt"
IDENTIFIER = "xl.timix.calc"
"""By what LibreOffice knows the extension; it stays, or an update would be a second extension."""
PROTOCOL = "xl.timix:"
"""What the address of a button begins with; its action comes behind."""
COMPONENT = "timix_toolbar.py"
CONFIGURATION_NAME = "timix.json"
"""The one file that is not built: it says which Python is started, and lies beside the component."""
ICON_SIDES = {"16": "ImageSmallURL", "26": "ImageBigURL"}
"""Pixels of an icon, and where an add-on of LibreOffice names the image of that size."""

_CALC = "com.sun.star.sheet.SpreadsheetDocument"
_STATIC = ("LICENSE", "ProtocolHandler.xcu", "description.txt", "timix.components", COMPONENT)
_MANIFEST = "META-INF/manifest.xml"
_KINDS = {
    ".xcu": "application/vnd.sun.star.configuration-data",
    ".components": "application/vnd.sun.star.uno-components",
}
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_REGISTRY = "http://openoffice.org/2001/registry"


@dataclass(frozen=True, slots=True)
class Bar:
    """A toolbar: the groups of the ribbon in it, where it docks, what its buttons show."""

    name: str
    title: str
    groups: tuple[str, ...]
    place: str
    """Pixels from the left, and the row."""
    style: str

    @property
    def known_as(self) -> str:
        """By what LibreOffice knows it."""
        return f"{IDENTIFIER}.{self.name}"


WITH_LABELS, ICONS_ONLY = "2", "0"
BARS = (
    Bar("billing", "Timix", ("Customer", "Review", "Frame order", "Invoice"), "0,3", WITH_LABELS),
    Bar("register", "Timix: register and projects", ("Register", "Projects"), "0,4", WITH_LABELS),
    Bar("set_up", "Timix: set-up", ("Set-up",), "1050,4", ICONS_ONLY),
)
"""Two rows that fit a screen of 1280 pixels; what is seldom pressed has an icon and a tip."""


def build() -> bytes:
    """Return the extension, the same bytes from the same texts."""
    return packed(extension_files())


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a package of these files: nothing is compressed, every date is fixed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0  # else it says on which system it was built
            archive.writestr(entry, files[name])
    return out.getvalue()


def extension_files() -> dict[str, bytes]:
    """Return every file of the extension but its configuration, by its name in the package."""
    files = {
        **{name: text(f"calc/{name}").encode() for name in _STATIC},
        **_icons(),
        "Addons.xcu": addons().encode(),
        "CalcWindowState.xcu": window_state().encode(),
        "buttons.json": button_texts(),
        "description.xml": description().encode(),
    }
    files[_MANIFEST] = manifest(files).encode()
    return dict(sorted(files.items()))


def configuration(python: Path, by: str = "install") -> bytes:
    """Return timix.json: which Python the buttons start, by its whole path, and who says so.

    `by` is "install" or "open": what has to be run again where that Python is gone.
    """
    told = {"python": str(python), "version": __version__, "by": by}
    return json.dumps(told, indent=1).encode()


def button_texts() -> bytes:
    """Return what the component knows of the buttons: the actions that there are, and their tips."""
    told = {one.id: {"label": one.label.rstrip("."), "tip": _tip(one)} for one in buttons()}
    return json.dumps(told, indent=1).encode()


def _tip(button: Button) -> str:
    """Return what is shown below the mouse; LibreOffice breaks long lines where there are several."""
    return f"{button.screentip}\n{button.supertip.replace('Excel', 'Calc')}"


def description() -> str:
    """Return what the extension manager shows and checks."""
    return text("calc/description.xml").format(identifier=IDENTIFIER, version=__version__)


def manifest(names: Iterable[str]) -> str:
    """Return the list of the files that LibreOffice has to do something with."""
    entries = "".join(
        f" <manifest:file-entry manifest:full-path={quoteattr(name)}"
        f" manifest:media-type={quoteattr(kind)}/>\n"
        for name in sorted(names)
        if (kind := _KINDS.get(Path(name).suffix))
    )
    namespace = 'xmlns:manifest="http://openoffice.org/2001/manifest"'
    return f"{_XML}<manifest:manifest {namespace}>\n{entries}</manifest:manifest>\n"


def addons() -> str:
    """Return the toolbar, the menu and their images, from the ribbon's buttons."""
    bars = (_node(bar.known_as, *_entries(bar.groups)) for bar in BARS)
    menu = _node(
        f"{IDENTIFIER}.menu",
        _prop("Title", "Timix", localized=True),
        _prop("Context", _CALC),
        _node("Submenu", *_entries(), replaces=False),
    )
    inside = _node(
        "AddonUI",
        _node("OfficeToolBar", *bars, replaces=False),
        _node("OfficeMenuBar", menu, replaces=False),
        _node("Images", *_images(), replaces=False),
        replaces=False,
    )
    return _component_data("Addons", "org.openoffice.Office", inside)


def window_state() -> str:
    """Return where the toolbars are when they are seen first: docked below the bars of Calc."""
    states = _node("States", *map(_state, BARS), replaces=False)
    inside = _node("UIElements", states, replaces=False)
    return _component_data("CalcWindowState", "org.openoffice.Office.UI", inside)


def _state(bar: Bar) -> str:
    return _node(
        f"private:resource/toolbar/addon_{bar.known_as}",
        _prop("UIName", bar.title, localized=True),
        _prop("Visible", "true"),
        _prop("Docked", "true"),
        _prop("DockingArea", "0"),
        _prop("DockPos", bar.place),
        _prop("Style", bar.style),
    )


def _component_data(name: str, package: str, inside: str) -> str:
    return (
        f'{_XML}<oor:component-data xmlns:oor="{_REGISTRY}"'
        f' oor:name="{name}" oor:package="{package}">\n{inside}</oor:component-data>\n'
    )


def _entries(groups: Container[str] | None = None) -> Iterator[str]:
    """List the buttons with lines between the groups; LibreOffice orders them by their names."""
    number = 0
    chosen = [one for one in buttons() if groups is None or one.group in groups]
    for _, group in groupby(chosen, attrgetter("group")):
        if number:
            number += 1
            yield _node(f"N{number:03}", _prop("URL", "private:separator"), _prop("Context", _CALC))
        for button in group:
            number += 1
            yield _entry(f"N{number:03}", button)


def _entry(name: str, button: Button) -> str:
    return _node(
        name,
        _prop("Context", _CALC),
        _prop("URL", f"{PROTOCOL}{button.id}"),
        _prop("Title", button.label, localized=True),
        _prop("Target", "_self"),
    )


def _images() -> Iterator[str]:
    for button in buttons():
        named = [
            _prop(size, f"%origin%/icons/{button.image}_{side}.png")
            for side, size in ICON_SIDES.items()
        ]
        yield _node(
            f"{IDENTIFIER}.{button.image}",
            _prop("URL", f"{PROTOCOL}{button.id}"),
            _node("UserDefinedImages", *named, replaces=False),
        )


def _icons() -> dict[str, bytes]:
    return {
        f"icons/{one.image}_{side}.png": drawn(text(f"icons/{one.image}.svg"), int(side))
        for one in buttons()
        for side in ICON_SIDES
    }


def _node(name: str, *inside: str, replaces: bool = True) -> str:
    operation = ' oor:op="replace"' if replaces else ""
    return f"<node oor:name={quoteattr(name)}{operation}>\n{''.join(inside)}</node>\n"


def _prop(name: str, value: str, *, localized: bool = False) -> str:
    language = ' xml:lang="en-US"' if localized else ""
    return f"<prop oor:name={quoteattr(name)}><value{language}>{escape(value)}</value></prop>\n"
