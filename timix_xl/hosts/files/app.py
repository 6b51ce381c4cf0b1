"""The program that is not there: apps and books, and alerts that are written down."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from xlwings import base_classes

from timix_xl.hosts.alerts import Alert
from timix_xl.hosts.files.book import Book
from timix_xl.hosts.files.loading import Loaded, load

_pids = itertools.count(1)


class Apps(base_classes.Apps):
    """The apps of the engine, the newest first."""

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
        """Make an app; it has no window, whatever `visible` says."""
        del spec, xl, visible
        app = App(self)
        self._apps.insert(0, app)
        if add_book:
            app.books.add()
        return app

    def remove(self, app: "App") -> None:
        """Forget an app."""
        self._apps = [other for other in self._apps if other is not app]

    def to_front(self, app: "App") -> None:
        """Make an app the active one."""
        self._apps.sort(key=lambda other: other is not app)

    @staticmethod
    def cleanup() -> None:
        """Do nothing: there are no processes."""

    def __iter__(self) -> Iterator["App"]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> "App":
        for app in self._apps:
            if app.pid == pid:
                return app
        raise KeyError(pid)


class App(base_classes.App):
    """One app: plain properties, the alerts it was asked to show, and the answers to give."""

    # Plain values stand where xlwings declares properties.
    screen_updating = True
    display_alerts = True
    enable_events = True
    interactive = True
    visible = False
    calculation = "automatic"
    status_bar: Any = False
    cut_copy_mode = None
    version = "16.0"
    hwnd = None
    path = ""
    selection = None
    engine: Any = None
    books: Any = None
    pid: Any = None
    api: Any = None

    def __init__(self, apps: Apps) -> None:
        self._apps = apps
        self.engine = apps.engine
        self.pid = next(_pids)
        self.books = Books(self)
        self.alerts: list[Alert] = []
        self.answers: list[str] = []

    def activate(self, steal_focus: object = None) -> None:
        """Make this the active app."""
        del steal_focus
        self._apps.to_front(self)

    def quit(self) -> None:
        """Close the app; what is not saved is gone."""
        self._apps.remove(self)

    kill = quit

    def calculate(self) -> None:
        """Calculate all books anew."""
        for book in self.books:
            book.calculate()

    def alert(
        self,
        prompt: str,
        title: str | None,
        buttons: str,
        mode: str | None,
        callback: Callable[..., object] | None,
    ) -> str:
        """Write the message down; give the next answer, or "ok": nobody is there to press it."""
        del callback
        self.alerts.append(Alert(prompt, title, buttons, mode))
        return self.answers.pop(0) if self.answers else "ok"


class Books(base_classes.Books):
    """The open books of an app, the newest first."""

    app: Any = None
    api: Any = None

    def __init__(self, app: App) -> None:
        self.app = app
        self._books: list[Book] = []

    @property
    def active(self) -> Book:
        """Give the newest book."""
        return self._books[0]

    def __call__(self, key: int | str) -> Book:
        """Give a book by its place, its name or its path."""
        if isinstance(key, int):
            return self._books[key - 1]
        for book in self._books:
            if key.lower() in (book.name.lower(), book.fullname.lower()):
                return book
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self._books))

    def add(self) -> Book:
        """Make an empty book."""
        name = f"Book{len(self._books) + 1}"
        return self._keep(Book(self, Path.cwd() / name, Loaded.of_new(Workbook())))

    def open(self, fullname: str, *_options: object) -> Book:
        """Open a file; xlwings' further options have no meaning here."""
        path = Path(fullname).resolve()
        return self._keep(Book(self, path, load(path)))

    def remove(self, book: Book) -> None:
        """Forget a book, and its app with the last one."""
        self._books = [other for other in self._books if other is not book]
        if not self._books:
            self.app.quit()

    def to_front(self, book: Book) -> None:
        """Make a book the active one."""
        self._books.sort(key=lambda other: other is not book)

    def _keep(self, book: Book) -> Book:
        self._books.insert(0, book)
        return book
