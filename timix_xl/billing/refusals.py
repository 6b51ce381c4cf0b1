"""Why a seal or a backup cannot be written, read or taken: the leaves of this room."""

from timix_xl.errors import Conflict, ExportError, InputError, RuleError, StoreError


class NotASeal(InputError):
    """A file that no seal export wrote."""

    code = "SEAL-01"
    says = "{file} is not a seal of timix-xl: {why}."
    do = "Give the file that timix-xl seal export wrote, as it was written."


class SealEdited(InputError):
    """A seal that is not as it was written."""

    code = "SEAL-02"
    says = (
        "{file} is not as it was written: it says that its fingerprint is {said}, and its content"
        " makes {made}."
    )
    do = "Take another copy of it: the one that was mailed, or kept apart from the store."


class SealNewer(InputError):
    """A seal of a later version."""

    code = "SEAL-03"
    says = "{file} was written by a newer version of timix-xl ({format})."
    do = "Install that version (or a newer one)."


class SealNotWritten(ExportError):
    """A seal that the operating system does not let us write."""

    code = "SEAL-04"
    says = "{path} cannot be written ({why}). Nothing was sealed."
    do = "Choose another place: timix-xl seal export -o FILE.json."


class SealPlaceTaken(ExportError):
    """A seal that would take the place of another file, or of a seal that covers more."""

    code = "SEAL-05"
    says = "{path} is there, and {what}. Nothing was sealed."
    do = "Choose another name: timix-xl seal export -o FILE.json."


class NotSealable(StoreError):
    """A store whose numbers do not hold: a seal would vouch for it."""

    code = "SEAL-06"
    says = "The store does not hold: {why}. Nothing was sealed."
    do = "See what is wrong: timix-xl verify."


class SealContradicted(Conflict):
    """An earlier seal in the same place, which the store does not agree with any more."""

    code = "SEAL-07"
    says = "{path} seals what this store does not hold any more. Nothing was sealed."
    do = "Keep that file, and see what differs: timix-xl verify --against {path}."


class BackupDoesNotHold(Conflict):
    """A backup in which verify finds something."""

    code = "STORE-21"
    says = "The backup {path} does not hold: verify finds {count}. The store is as it was."
    do = "Take another backup; an older one may hold. What is wrong stands below."


class BackupOfAnotherStore(Conflict):
    """A backup of other books."""

    code = "STORE-22"
    says = "{path} is a backup of another store than {place}. Nothing was changed."
    do = "Name a place where no store is: timix-xl --store NEW.db store restore FILE."


class BackupLosesWork(RuleError):
    """A backup that does not have what was done since."""

    code = "STORE-30"
    says = (
        "The backup {path} does not have what was done since {since}, and it would be lost: {lost}."
        " The store {place} is as it was."
    )
    do = (
        "Take a newer backup. If there is none, and the store is beyond help:"
        " --lose-what-was-done-since."
    )
