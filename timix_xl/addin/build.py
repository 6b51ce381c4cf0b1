"""Build the add-in: timix.xlam, the same bytes from the same texts."""

from timix_xl import __version__
from timix_xl.addin.hardening import XLWINGS
from timix_xl.addin.icons import images
from timix_xl.addin.modules import CONFIG_SHEET, INTELLISENSE_SHEET, modules
from timix_xl.addin.package import Sheet, package
from timix_xl.addin.ribbon import ribbon_xml
from timix_xl.addin.wrappers import intellisense
from timix_xl.functions import FUNCTIONS

ADDIN_NAME = "timix.xlam"


def build() -> bytes:
    """Return the add-in."""
    return package(modules(), sheets=sheets(), ribbon=ribbon_xml(), images=images())


def sheets() -> tuple[Sheet, ...]:
    """Return its sheets; Excel-DNA looks for descriptions of functions in the last one."""
    return (
        Sheet("timix.conf", CONFIG_SHEET, config_rows()),
        Sheet("_IntelliSense_", INTELLISENSE_SHEET, intellisense(FUNCTIONS), hidden=True),
    )


def config_rows() -> list[list[str]]:
    """Return the settings that the add-in brings; where Python is, the user's own file says."""
    return [["VERSION", __version__], ["XLWINGS_VERSION", XLWINGS]]
