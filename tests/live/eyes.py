"""What stands where in LibreOffice's windows, as its accessibility interfaces tell it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple

from tests.live.screen import Box


class Role(IntEnum):
    """Numbers of com.sun.star.accessibility.AccessibleRole."""

    ALERT = 1
    DIALOG = 12
    FRAME = 21
    LIST = 32
    MENU_BAR = 35
    PAGE_TAB = 38
    PUSH_BUTTON = 44
    TABLE = 58
    TEXT = 60
    TOOL_BAR = 63
    SPREADSHEET = 84
    WORDS = 86


CLOSED = {Role.MENU_BAR, Role.LIST, Role.TABLE}
"""What is not looked into: thousands of cells, items of menus that are not open."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing in a window."""

    context: Any

    @property
    def role(self) -> int:
        """What it is."""
        return int(self.context.getAccessibleRole())

    @property
    def name(self) -> str:
        """What it is called, or what it says."""
        return str(self.context.getAccessibleName())

    @property
    def box(self) -> Box:
        """Where it stands."""
        place, size = self.context.getLocationOnScreen(), self.context.getSize()
        return Box(place.X, place.Y, size.Width, size.Height)

    def children(self) -> Iterator["Seen"]:
        """Go through what it holds."""
        for number in range(self.context.getAccessibleChildCount()):
            if child := self.context.getAccessibleChild(number):
                yield Seen(child.getAccessibleContext())

    def within(self, role: Role, name: str | None = None) -> Iterator["Seen"]:
        """Go through all of a role, and of a name, in it; itself too."""
        mine = self.role
        if mine == role and name in {None, self.name}:
            yield self
        if mine not in CLOSED or mine == role:
            for child in self.children():
                yield from child.within(role, name)


@dataclass(frozen=True, slots=True)
class MessageBox:
    """A message box that waits for an answer."""

    title: str
    words: str
    buttons: dict[str, Box]


class Eyes:
    """Eyes on one LibreOffice: on the window of its document, and on what lies over it."""

    def __init__(self, toolkit: Any, frame: Callable[[], Any]) -> None:
        self._toolkit = toolkit
        self._frame = frame

    def window(self) -> Seen:
        """Give the document's window."""
        return Seen(self._frame().getContainerWindow().getAccessibleContext())

    def tab(self, title: str) -> Box | None:
        """Find the tab of a sheet."""
        return self._first(Role.PAGE_TAB, title)

    def button(self, label: str) -> Box | None:
        """Find a button of a toolbar of ours, if it is in sight."""
        for bar in self.window().within(Role.TOOL_BAR):
            if bar.name.startswith("Timix"):
                for button in bar.within(Role.PUSH_BUTTON, label):
                    if button.box.is_shown:
                        return button.box
        return None

    def name_box(self) -> Box | None:
        """Find where the address of the cell is shown, and is typed."""
        for bar in self.window().within(Role.TOOL_BAR, "Formula Tool Bar"):
            return next(bar.within(Role.TEXT)).box
        return None

    def cell(self, address: str) -> Box | None:
        """Find a cell of the sheet that is in front, if it is in sight."""
        row, column = coordinate_to_tuple(address)
        for pane in self.window().within(Role.SPREADSHEET):
            table = next(pane.children()).context
            cell = Seen(table.getAccessibleCellAt(row - 1, column - 1).getAccessibleContext())
            if cell.box.is_shown:
                return cell.box
        return None

    def dropped(self) -> dict[str, Box]:
        """Give the choices of the list that has dropped down."""
        for top in self._over_it({Role.FRAME}):
            for found in top.within(Role.LIST):
                choices = {choice.name: choice.box for choice in found.children()}
                if any(box.is_shown for box in choices.values()):
                    return choices
        return {}

    def message_box(self) -> MessageBox | None:
        """Give the message box that is open."""
        for top in self._over_it({Role.ALERT, Role.DIALOG}):
            if top.box.is_shown:
                words = "\n".join(one.name for one in top.within(Role.WORDS))
                buttons = {one.name: one.box for one in top.within(Role.PUSH_BUTTON)}
                return MessageBox(top.name, words, buttons)
        return None

    def dialog(self, title: str) -> Box | None:
        """Find a dialog that is open."""
        found = (one.box for one in self._over_it({Role.ALERT, Role.DIALOG}) if one.name == title)
        return next((box for box in found if box.is_shown), None)

    def _first(self, role: Role, name: str) -> Box | None:
        boxes = (one.box for one in self.window().within(role, name))
        return next((box for box in boxes if box.is_shown), None)

    def _over_it(self, roles: set[Role]) -> Iterator[Seen]:
        for number in range(self._toolkit.getTopWindowCount()):
            window = self._toolkit.getTopWindow(number)
            if window and window.isVisible():
                seen = Seen(window.getAccessibleContext())
                if seen.role in roles:
                    yield seen
