"""The ribbon's tab: its XML, and the buttons that stand in it."""

from dataclasses import dataclass
from enum import Enum

from defusedxml.ElementTree import fromstring

from timix_xl.addin.texts import text

_TAG = "{http://schemas.microsoft.com/office/2009/07/customui}"


class Size(Enum):
    """How large a button is: with its label below its image, or beside it."""

    LARGE = "large"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the ribbon; its id is the action that it asks for."""

    id: str
    group: str
    label: str
    size: Size
    screentip: str
    supertip: str
    keytip: str
    image: str


def ribbon_xml() -> str:
    """Return the XML of the tab, as Excel reads it."""
    return text("ribbon/customUI14.xml")


def actions() -> tuple[str, ...]:
    """Return what the buttons ask for, in their order."""
    return tuple(button.id for button in buttons())


def buttons() -> tuple[Button, ...]:
    """Return the buttons of the tab, group by group."""
    return tuple(
        Button(
            id=button.attrib["id"],
            group=group.attrib["label"],
            label=button.attrib["label"],
            size=Size(button.get("size", "normal")),
            screentip=button.attrib["screentip"],
            supertip=button.attrib["supertip"],
            keytip=button.attrib["keytip"],
            image=button.attrib["image"],
        )
        for group in fromstring(ribbon_xml()).iter(f"{_TAG}group")
        for button in group.iter(f"{_TAG}button")
    )
