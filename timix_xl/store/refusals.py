"""Why a store cannot be opened, read or written."""

from timix_xl.errors import NotFound, StoreError


class StoreNotThere(NotFound):
    """No store at the place."""

    code = "STORE-01"
    says = "There is no store at {place}."
    do = (
        "Make one: timix-xl --store {place} init. Or name another: --store PATH, TIMIX_STORE, or the"
        " store in settings.toml (timix-xl addin doctor says where that is)."
    )


class StoreBusy(StoreError):
    """Somebody else keeps the store locked."""

    code = "STORE-02"
    says = "The store {place} has been locked by another program for 30 seconds."
    do = "Close other timix-xl windows, Excel functions or database viewers on it, then try again."


class StoreDamaged(StoreError):
    """The file is no store, or is damaged."""

    code = "STORE-03"
    says = "{place} cannot be used as a store: {why}."
    do = "Name another file with --store, or restore a backup."


class StoreNewer(StoreError):
    """A store written by a newer version."""

    code = "STORE-04"
    says = "The store {place} was written by a newer version of timix-xl."
    do = "Install that version (or a newer one)."


class StoreOnShare(StoreError):
    """SQLite on a network share or in a synced folder."""

    code = "STORE-05"
    says = "The store {place} lies {lies}; SQLite loses data there."
    do = "Keep the file on a disk of this computer."


class StoreRefuses(StoreError):
    """A constraint or trigger of the database stopped a write."""

    code = "STORE-06"
    says = "The store refused to write: {why}. Nothing was written."
    do = "Run timix-xl verify; if it finds nothing, please report this message."


class StoreKindUnknown(StoreError):
    """A URL of another database."""

    code = "STORE-07"
    says = "{place} is not a store that this version opens."
    do = "Give the path of a SQLite file, for example --store books/timix.db."


class StoreUnwritable(StoreError):
    """The disk is full, or the file may not be written."""

    code = "STORE-08"
    says = "The store {place} cannot be written: {why}. Nothing was written."
    do = "Free disk space, or get the right to write there, then try again."


class StoreOlder(StoreError):
    """A store of an older version, opened to be read only."""

    code = "STORE-09"
    says = "The store {place} is of an older version; it has to be brought up to date to be read."
    do = "Ask somebody who may write there to run: timix-xl --store {place} init."


class StoreHalfWritten(StoreError):
    """A program was stopped in the middle of a write, and nobody has undone it yet."""

    code = "STORE-10"
    says = "A program was stopped while it wrote to the store {place}; that has to be undone first."
    do = "Run a timix-xl command that may write there, for example: timix-xl --store {place} init."
