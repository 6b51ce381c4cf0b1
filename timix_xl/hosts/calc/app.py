"""A running LibreOffice as an xlwings app: its books, what it says and what it asks."""

import atexit
import itertools
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xlwings as xw
from xlwings import base_classes

from timix_xl.hosts import preflight
from timix_xl.hosts.alerts import Alert
from timix_xl.hosts.calc.book import Book
from timix_xl.hosts.calc.border import LONG_SECONDS, bordered, outside, patient
from timix_xl.hosts.calc.connection import Connection, connect
from timix_xl.hosts.calc.finding import find_office
from timix_xl.hosts.calc.starting import Started, start_headless
from timix_xl.hosts.locks import check_free
from timix_xl.hosts.refusals import WorkbookDamaged, WorkbookGone

SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
_START_SECONDS = 60.0
_QUIT_SECONDS = 10.0
_LAST_SECONDS = 1.0
_BUTTONS = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}
_BOXES = {"info": "INFOBOX", "critical": "ERRORBOX"}
_ANSWERS = ("cancel", "ok", "yes", "no")
_pids = itertools.count(1)
_ours: "weakref.WeakSet[App]" = weakref.WeakSet()


class Apps(base_classes.Apps):
    """The offices that are reached, the newest first."""

    is_beyond_books = True

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self._apps: list[App] = []

    def keys(self) -> list[int]:
        """Give the ids of the apps."""
        return [app.pid for app in self._apps]

    def add(
        self,
        spec: object = None,
        add_book: object = None,
        xl: object = None,
        visible: object = None,
    ) -> "App":
        """Start a LibreOffice; it has no window, whatever `visible` says."""
        del spec, xl, visible
        app = self.start(seconds=_START_SECONDS)
        if add_book:
            app.books.add()
        return app

    def start(self, *, seconds: float) -> "App":
        """Start a LibreOffice without a window."""
        office = find_office()
        started = start_headless(office)
        try:
            connection = connect(
                office, started.pipe, seconds=seconds, running=lambda: started.runs
            )
        except BaseException:
            started.end()
            raise
        return self._keep(App(self, connection, started))

    def attach(self, pipe: str, *, secret: str, seconds: float) -> "App":
        """Reach a LibreOffice that waits on a pipe; raises NotReached."""
        return self._keep(App(self, connect(find_office(), pipe, secret=secret, seconds=seconds)))

    def _keep(self, app: "App") -> "App":
        self._apps.insert(0, app)
        return app

    def remove(self, app: "App") -> None:
        """Forget an app."""
        self._apps = [other for other in self._apps if other is not app]

    def to_front(self, app: "App") -> None:
        """Make an app the active one."""
        self._apps.sort(key=lambda other: other is not app)

    @staticmethod
    def cleanup() -> None:
        """Do nothing: what we started ends with us."""

    def __iter__(self) -> Iterator["App"]:
        return iter(list(self._apps))

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> "App":
        for app in self._apps:
            if app.pid == pid:
                return app
        raise KeyError(pid)


@bordered
class App(base_classes.App):
    """One LibreOffice; one without a window writes its alerts down and answers by itself."""

    # Plain values stand where xlwings declares properties.
    is_beyond_books = True
    display_alerts = True
    enable_events = True
    interactive = True
    cut_copy_mode = None
    hwnd = None
    startup_path = ""
    visible: Any = False
    engine: Any = None
    books: Any = None
    pid: Any = None
    api: Any = None
    path: Any = ""

    def __init__(self, apps: Apps, connection: Connection, started: Started | None = None) -> None:
        self._apps = apps
        self._started = started
        self.connection = connection
        self.engine = apps.engine
        self.pid = next(_pids)
        self.api = connection.desktop
        self.path = str(connection.office.program)
        self.books = Books(self)
        self.headless = started is not None
        self.visible = not self.headless
        self.ends_with_last_book = False
        self.alerts: list[Alert] = []
        self.answers: list[str] = []
        self._locked: list[Book] = []
        self._shown: Any = False
        self._indicator: Any = None
        self._pressed: list[Book] = []
        if started is not None:
            _ours.add(self)
            # Anew with each app: what is registered last runs first, before all is ended by force.
            atexit.unregister(quit_all)
            atexit.register(quit_all)

    @property
    def version(self) -> str:
        """Give LibreOffice's version."""
        return ".".join(str(part) for part in self.connection.office.version)

    @property
    def selection(self) -> Any:
        """Give nothing: what is selected is not ours to know."""
        return None

    def activate(self, steal_focus: object = None) -> None:
        """Make this the active app, and its engine the active one: xlwings looks nowhere else."""
        del steal_focus
        self._apps.to_front(self)
        xw.engines[self.engine.name].activate()

    @outside
    def quit(self) -> None:
        """End a LibreOffice of our own, without saving; let go of one with a window."""
        if self._started is None:
            self.kill()
            return
        connection = self.connection
        connection.expect_end()
        seconds = _QUIT_SECONDS
        connection.enter(_QUIT_SECONDS)
        try:
            connection.desktop.terminate()
        except connection.exception:
            # It has ended before it answered, or it hangs: force will tell.
            seconds = _LAST_SECONDS
        finally:
            connection.leave()
        self._end(seconds)

    @outside
    def kill(self) -> None:
        """End a LibreOffice of our own by force."""
        self._end(0)

    @property
    def calculation(self) -> str:
        """Say when formulas of the active book are calculated."""
        book = self.books.active
        manual = book is not None and not book.doc.isAutomaticCalculationEnabled()
        return "manual" if manual else "automatic"

    @calculation.setter
    @patient(LONG_SECONDS)
    def calculation(self, value: str) -> None:
        """Have formulas calculated so; Calc has no "semiautomatic", it calculates all."""
        if value not in ("automatic", "manual", "semiautomatic"):
            raise ValueError(value)
        for book in self.books:
            book.doc.enableAutomaticCalculation(value != "manual")

    @patient(LONG_SECONDS)
    def calculate(self) -> None:
        """Calculate all books anew."""
        for book in self.books:
            book.doc.calculateAll()

    @property
    def screen_updating(self) -> bool:
        """Whether what changes is shown at once."""
        return not self._locked

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if not value and not self._locked:
            for book in self.books:
                book.doc.lockControllers()
                self._locked.append(book)
        elif value:
            locked, self._locked = self._locked, []
            for book in locked:
                if not book.is_gone:
                    book.doc.unlockControllers()

    @property
    def status_bar(self) -> Any:
        """Give the text that we show in the status bar, or False."""
        return self._shown

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        if value is False or value is None:
            if self._indicator is not None:
                self._indicator.end()
            self._indicator = None
        elif self._indicator is None:
            self._indicator = self._new_indicator(str(value))
        else:
            self._indicator.setText(str(value))
        self._shown = False if value is None else value

    @patient(None)
    def alert(
        self,
        prompt: str,
        title: str | None,
        buttons: str,
        mode: str | None,
        callback: Callable[..., object] | None,
    ) -> str:
        """Ask in a message box, for as long as it takes; without a window write it down."""
        del callback
        if self.headless:
            self.alerts.append(Alert(prompt, title, buttons, mode))
            return self.answers.pop(0) if self.answers else "ok"
        kind = self.connection.uno.Enum(
            "com.sun.star.awt.MessageBoxType", _BOXES.get(mode or "", "MESSAGEBOX")
        )
        toolkit = self.connection.create("com.sun.star.awt.Toolkit")
        box = toolkit.createMessageBox(
            self._window(), kind, _BUTTONS[buttons or "ok"], title or "", prompt or ""
        )
        try:
            return _ANSWERS[box.execute()]
        finally:
            # It would stay behind, hidden.
            box.dispose()

    def _end(self, seconds: float) -> None:
        _ours.discard(self)
        self._apps.remove(self)
        if self._started is None:
            self.connection.close()
            return
        self.connection.drop()
        self._started.end(seconds=seconds)

    @outside
    def note_pressed(self, book: Book) -> None:
        """Note where a button was pressed."""
        self._pressed = [book]

    @outside
    def note_file(self, path: Path) -> None:
        """Note that a file is open in a LibreOffice of our own."""
        if self._started is not None:
            self._started.watcher.note(path)

    def _window(self) -> Any:
        frame = self._frame()
        return frame.ContainerWindow if frame is not None else None

    def _frame(self) -> Any:
        """Give the frame of the workbook whose button was pressed; the user may look elsewhere."""
        for book in self._pressed:
            controller = None if book.is_gone else book.doc.CurrentController
            if controller is not None:
                return controller.Frame
        return self.connection.desktop.getCurrentFrame()

    def _new_indicator(self, text: str) -> Any:
        frame = self._frame()
        if frame is None:
            return None
        indicator = frame.createStatusIndicator()
        indicator.start(text, 0)
        return indicator


@bordered
class Books(base_classes.Books):
    """The open workbooks of a LibreOffice."""

    is_beyond_books = True
    app: Any = None
    api: Any = None

    def __init__(self, app: App) -> None:
        self.app = app
        self.connection = app.connection
        self._books: dict[str, Book] = {}

    @property
    def active(self) -> Book | None:
        """Give the workbook that is in front."""
        doc = self.connection.desktop.getCurrentComponent()
        if _is_workbook(doc):
            return self._of(doc)
        return next(iter(self), None)

    def __call__(self, key: int | str) -> Book:
        """Give a book by its place, its name or its path."""
        if isinstance(key, int):
            return list(self)[key - 1]
        for book in self:
            if key.lower() in (book.name.lower(), book.fullname.lower()):
                return book
        raise KeyError(key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Book]:
        found = self.connection.desktop.Components.createEnumeration()
        books = []
        while found.hasMoreElements():
            doc = found.nextElement()
            if _is_workbook(doc):
                books.append(self._of(doc))
        return iter(books)

    def of_uid(self, uid: str) -> Book:
        """Give the book with this id of LibreOffice's."""
        for book in self:
            if book.uid == uid:
                return book
        raise WorkbookGone(name="The workbook")

    @patient(LONG_SECONDS)
    def add(self) -> Book:
        """Make an empty book."""
        return self._load("private:factory/scalc")

    @patient(LONG_SECONDS)
    def open(self, fullname: str, *_options: object) -> Book:
        """Open a file, or bring it to the front if it is open; no macro of it runs."""
        path = Path(fullname).resolve()
        for book in self:
            if book.fullname == str(path):
                book.activate()
                return book
        preflight.read(path)
        check_free(path)
        return self._load(self.connection.url(path))

    def forget(self, book: Book) -> None:
        """Forget a book that was closed; the app of a single book ends with it."""
        self._books.pop(book.uid, None)
        if self.app.ends_with_last_book and not self._books:
            self.app.quit()

    def _load(self, url: str) -> Book:
        connection = self.connection
        options = connection.props(MacroExecutionMode=0, UpdateDocMode=0)
        doc = connection.desktop.loadComponentFromURL(url, "_blank", 0, options)
        if doc is None or not _is_workbook(doc):
            name = Path(url).name
            raise WorkbookDamaged(where=url, path=name, why="LibreOffice cannot read it")
        return self._of(doc)

    def _of(self, doc: Any) -> Book:
        uid = doc.RuntimeUID
        if uid not in self._books:
            self._books[uid] = Book(self, doc, uid)
        return self._books[uid]


def quit_all() -> None:
    """End every LibreOffice of our own in order: the locks of its files go with it."""
    for app in list(_ours):
        app.quit()


def _is_workbook(doc: Any) -> bool:
    return doc is not None and hasattr(doc, "supportsService") and doc.supportsService(SPREADSHEET)
