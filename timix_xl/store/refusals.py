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
    do = (
        "Keep the file on a disk of this computer; for a team use PostgreSQL (docs/teams.md). To go"
        " on all the same: --i-accept-that-sqlite-loses-data-here."
    )


class StoreRefuses(StoreError):
    """A constraint or trigger of the database stopped a write."""

    code = "STORE-06"
    says = "The store refused to write: {why}. Nothing was written."
    do = "Run timix-xl verify; if it finds nothing, please report this message."


class StoreKindUnknown(StoreError):
    """A URL of another database."""

    code = "STORE-07"
    says = "{place} is not a store that this version opens."
    do = (
        "Give the path of a SQLite file, for example --store books/timix.db, or the URL of a"
        " PostgreSQL database: postgresql+psycopg://USER@SERVER/DATABASE."
    )


class StoreUnwritable(StoreError):
    """The disk is full, or the file may not be written."""

    code = "STORE-08"
    says = "The store {place} cannot be written: {why}. Nothing was written."
    do = "Free disk space, or get the right to write there, then try again."


class StoreOlder(StoreError):
    """A store of an older version, opened to be read only."""

    code = "STORE-09"
    says = "The store {place} is of an older version; it has to be brought up to date to be read."
    do = "Ask whoever owns it to run: timix-xl --store {place} init."


class StoreHalfWritten(StoreError):
    """A program was stopped in the middle of a write, and nobody has undone it yet."""

    code = "STORE-10"
    says = "A program was stopped while it wrote to the store {place}; that has to be undone first."
    do = "Run a timix-xl command that may write there, for example: timix-xl --store {place} init."


class StoreUrlUnreadable(StoreError):
    """A URL that names no database, or says more than where it is."""

    code = "STORE-11"
    says = "{place} cannot be taken as a store: {why}."
    do = "It looks like this: postgresql+psycopg://USER@SERVER/DATABASE?sslmode=verify-full."


class StoreNeedsDriver(StoreError):
    """A PostgreSQL store where psycopg is not installed."""

    code = "STORE-12"
    says = "The store {place} is on a PostgreSQL server, which needs a package that is missing."
    do = "Install it: pip install 'timix-xl[postgres]'."


class StoreServerUnfit(StoreError):
    """A server too old, or a database that cannot hold every name."""

    code = "STORE-13"
    says = "The server is PostgreSQL {version} and its database is encoded in {encoding}."
    do = "A store needs PostgreSQL {oldest} or newer, and a database made with ENCODING 'UTF8'."


class StoreForbidden(StoreError):
    """Something that the user of the server has no right to."""

    code = "STORE-14"
    says = "You have no right to do this in the store {place}: {why}. Nothing was written."
    do = (
        "A viewer reads, a reviewer also decides, an issuer also imports, issues and closes. Ask"
        " whoever owns the store to run: timix-xl store grant ROLE --to LOGIN."
    )


class StoreUnreachable(StoreError):
    """A server that does not answer, or lets nobody in."""

    code = "STORE-15"
    says = "The store {place} cannot be reached: {why}."
    do = "Look whether server, database, user and password are right, and the network is there."


class StoreLost(StoreError):
    """A connection that broke off while something was done."""

    code = "STORE-16"
    says = "The connection to the store {place} broke off. {wrote}."
    do = "Look whether it is there (timix-xl log); only if it is not, do it again."


class NoUsersInFile(StoreError):
    """A grant on a store in a file."""

    code = "STORE-23"
    says = "The store {place} is a file, and a file has no users to grant anything to."
    do = (
        "Who may open it is decided by the rights of the file and its folder. For roles, move it to a"
        " PostgreSQL server: timix-xl store copy {place} postgresql+psycopg://USER@SERVER/DATABASE."
    )


class LoginUnknown(NotFound):
    """A user whom the server does not have."""

    code = "STORE-24"
    says = "The server has no user {logins}. Nothing was granted or revoked."
    do = "Check the name, or have an administrator of the server run: {run} Then do it again."


class LoginOwns(StoreError):
    """A grant to somebody who may do everything anyway."""

    code = "STORE-25"
    says = "{login} owns the store or is a superuser of the server, and may do everything there."
    do = "Grant the role to a user of its own; nobody should work as the owner."


class AdministratorNeeded(StoreError):
    """Something that only an administrator of the server may do."""

    code = "STORE-26"
    says = (
        "An administrator of the server has to do something first. Nothing was granted or revoked."
    )
    do = "Have one run, in the database of the store: {run} Then do it again."


class SchemaNotOurs(StoreError):
    """A schema where somebody made what statements of others may run into."""

    code = "STORE-35"
    says = (
        "The schema {schema} holds what neither the owner of the store nor an administrator made:"
        " {things}. Nothing was granted."
    )
    do = (
        "Have an administrator of the server look at it and run, in the database of the store:"
        " {run} Then run timix-xl verify, and grant again."
    )


class PlaceTaken(StoreError):
    """A copy into a place where something is."""

    code = "STORE-27"
    says = "There is something at {place} already; a store is copied into an empty place only."
    do = "Name a file that is not there, or an empty database."


class CopyRefused(StoreError):
    """A store that is not copied because one of the ends does not hold."""

    code = "STORE-28"
    says = "{source} was not copied: {why}. Nothing is at {target}."
    do = "{instead}"


class TextUnfit(StoreError):
    """Text that the other database cannot hold."""

    code = "STORE-29"
    says = (
        "{column} of the row {key} in {table} holds a character NUL, which PostgreSQL cannot keep."
    )
    do = "Correct it where it came from and import it again; nothing was copied."


class StoreOnServer(StoreError):
    """A backup or a restore of a store on a server."""

    code = "STORE-17"
    says = "The store {place} is on a server, which is backed up as a whole."
    do = "Use pg_dump and pg_restore (docs/teams.md), or take a copy: timix-xl store copy FROM TO."


class BackupInTheWay(StoreError):
    """A backup where a file is already."""

    code = "STORE-18"
    says = "{path} is there already; nothing was written."
    do = "Give the backup another name, for example one with the date."


class BackupNotThere(NotFound):
    """A restore of a file that is not there."""

    code = "STORE-19"
    says = "There is no backup at {path}."
    do = "Give the path of a file that store backup wrote."


class BackupUnreadable(StoreError):
    """A restore of what is no store."""

    code = "STORE-20"
    says = "{path} cannot be read as a backup: {why}. The store is as it was."
    do = "Take another backup; an older one may hold."


class StoreInNewerHands(StoreError):
    """A store that a program with a newer SQLite has open, in a way that this one may damage."""

    code = "STORE-31"
    says = (
        "The store {place} is open in a program with a newer SQLite than {version}, the one here."
    )
    do = (
        "Close that program (another timix-xl, Excel with its functions) and try again; or use one"
        " Python for all of them, best one with SQLite 3.51.3 or newer."
    )


class StoreInterrupted(StoreError):
    """Something that the server stopped: another program's doing, or its administrator's."""

    code = "STORE-32"
    says = "The server of the store {place} stopped this: {why}. Nothing was written."
    do = "Do it again; if that does not help, ask whoever runs the server."


class StoreOnlyRead(StoreError):
    """A write to a server, or by a connection, that only reads."""

    code = "STORE-33"
    says = "The store {place} is only read here: it is a replica, or was opened to be read."
    do = "Name the server that is written to, with --store, TIMIX_STORE or settings.toml."


class StoreLogOutOfReach(StoreError):
    """A store with a write-ahead log, to somebody who may not make files in its folder."""

    code = "STORE-34"
    says = (
        "The store {place} keeps a log of what is written, and cannot be read by somebody without"
        " the right to write beside it."
    )
    do = (
        "Have whoever owns it give you the right to write in its folder; or read a backup: timix-xl"
        " store backup FILE writes one."
    )
