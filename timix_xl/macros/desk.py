"""The desk a macro works at: the store, who acts and when, and whom to ask."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import xlwings as xw

from timix_xl.settings import Settings, documents_folder
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store, open_store


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a macro works: the store, who acts and when, where files go, and who confirms."""

    store: Store
    actor: Actor
    folder: Path | None = None
    ask: Callable[[str], bool] | None = None
    """Asks a person a question and says whether to go on; None: nobody is there to be asked."""

    def folder_for(self, book: xw.Book) -> Path:
        """Return where files go: the folder of the desk, beside the workbook, or the documents.

        A workbook in OneDrive or SharePoint, or one that was never saved, lies in no folder.
        """
        return self.folder or _beside(book) or documents_folder()


def _beside(book: xw.Book) -> Path | None:
    try:
        path = Path(book.fullname)
    except xw.XlwingsError:
        # xlwings looks for the copy on this disk of what Excel knows by a URL only.
        return None
    return path.parent if path.is_absolute() else None


def own_desk(settings: Settings, ask: Callable[[str], bool] | None = None) -> Desk:
    """Return the desk of this user, with the store of the settings open; raises what opening does."""
    return Desk(open_store(settings.place()), own_actor(settings), ask=ask)


def own_actor(settings: Settings) -> Actor:
    """Return the user of the settings, acting now by the clock on the wall."""
    return Actor(settings.name(), dt.datetime.now().astimezone().replace(tzinfo=None))
