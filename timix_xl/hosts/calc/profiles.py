"""The settings that a LibreOffice profile of ours starts with."""

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

NEVER = 1
ALWAYS = 0
_OFFICE = "/org.openoffice.Office"
SETTINGS: Mapping[str, str | int | bool] = {
    # What our files show is calculated by other programs; Calc is to show its own results.
    f"{_OFFICE}.Calc/Formula/Load/OOXMLRecalcMode": ALWAYS,
    f"{_OFFICE}.Common/Misc/FirstRun": False,
    f"{_OFFICE}.Common/Misc/ShowTipOfTheDay": False,
    f"{_OFFICE}.Common/Security/Scripting/MacroSecurityLevel": 3,
    f"{_OFFICE}.Common/Save/Document/WarnAlienFormat": False,
    f"{_OFFICE}.Calc/Content/Update/Link": NEVER,
}
"""For every LibreOffice that we start: no wizards and questions, no macros, no links followed."""
HEADLESS: Mapping[str, str | int | bool] = {
    **SETTINGS,
    "/org.openoffice.Setup/L10N/ooSetupSystemLocale": "en-US",
    f"{_OFFICE}.Recovery/AutoSave/Enabled": False,
    f"{_OFFICE}.Recovery/RecoveryInfo/Enabled": False,
}
"""For one that nobody sees: the same dates and numbers everywhere, nothing to recover."""
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
)


def write_profile(folder: Path, settings: Mapping[str, str | int | bool]) -> None:
    """Write the settings of a profile that has none yet."""
    target = folder / "user" / "registrymodifications.xcu"
    target.parent.mkdir(parents=True, exist_ok=True)
    items = "".join(_item(path, value) for path, value in settings.items())
    target.write_text(f"{_HEAD}{items}</oor:items>\n", "utf-8")


def _item(path: str, value: str | int | bool) -> str:
    node, _, name = path.rpartition("/")
    text = str(value).lower() if isinstance(value, bool) else escape(str(value))
    return (
        f"<item oor:path={quoteattr(node)}><prop oor:name={quoteattr(name)} oor:op="
        f'"fuse"><value>{text}</value></prop></item>\n'
    )
