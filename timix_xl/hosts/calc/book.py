"""A workbook that is open in LibreOffice."""

from pathlib import Path
from typing import Any

from xlwings import base_classes

from timix_xl.hosts.calc.border import LONG_SECONDS, bordered, patient
from timix_xl.hosts.calc.briefly import Briefly
from timix_xl.hosts.calc.listening import closing_listener
from timix_xl.hosts.calc.names import Names
from timix_xl.hosts.calc.saving import Stamp, save, stamp_of
from timix_xl.hosts.calc.sheets import Sheets


@bordered
class Book(base_classes.Book):
    """One open workbook; `doc` is LibreOffice's model of it."""

    app: Any = None
    api: Any = None

    def __init__(self, books: Any, doc: Any, uid: str) -> None:
        self._books = books
        self.app = books.app
        self.connection = books.connection
        self.doc = doc
        self.api = doc
        self.uid = uid
        self.is_gone = False
        self._place = Briefly(self._ask_place)
        self.is_closing = False
        self.stamp = self._stamp(Path(self.fullname))
        self.known_name = self._name()
        doc.addCloseListener(closing_listener(self.connection.uno, self._note_end))

    @property
    def name(self) -> str:
        """Give the file's name, or the title of a book without a file."""
        self.known_name = self._name()
        return self.known_name

    @property
    def fullname(self) -> str:
        """Give the file's path, or the title of a book without a file."""
        return self._place()

    @property
    def sheets(self) -> Sheets:
        """Give the sheets."""
        return Sheets(self)

    @property
    def names(self) -> Names:
        """Give the defined names of the workbook."""
        return Names(self)

    def activate(self, steal_focus: object = None) -> None:
        """Bring the book to the front."""
        del steal_focus
        frame = self.doc.CurrentController.Frame
        frame.activate()
        frame.ContainerWindow.toFront()

    @patient(LONG_SECONDS)
    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Write the file, as .xlsx or .xlsm."""
        if password is not None:
            raise NotImplementedError
        self._place.forget()
        written = save(self, Path(path).resolve() if path else None)
        self._place.forget()
        self.stamp = self._stamp(written)

    @patient(LONG_SECONDS)
    def close(self) -> None:
        """Close the book without a question; what is not saved is gone."""
        self.is_closing = True
        self.doc.setModified(False)
        self.doc.close(True)
        self._books.forget(self)

    def _ask_place(self) -> str:
        url = self.doc.getURL()
        return self.connection.path(url) if url else str(self.doc.getTitle())

    def _name(self) -> str:
        return Path(self.fullname).name

    def _stamp(self, path: Path) -> Stamp | None:
        """Note how the file is, where nobody but us can save it from LibreOffice."""
        if not self.app.headless or not path.is_absolute():
            return None
        self.app.note_file(path)
        return stamp_of(path)

    def _note_end(self) -> None:
        self.is_gone = True
        self.connection.closed_books = True
        if not self.is_closing:
            self.connection.closings += 1
