"""Why a document cannot be written out: the leaves of this room."""

from timix_xl.errors import ExportError


class FileNotWritten(ExportError):
    """A file that the operating system does not let us write."""

    code = "EXP-01"
    says = (
        "{path} cannot be written ({why}). The document {number} stands; only its file is missing."
    )
    do = (
        "Close the file if it is open in another program, or choose another folder, "
        "then write it again: timix-xl invoice pdf {number}."
    )


class OutsideFolder(ExportError):
    """A file name that leads out of the folder that was chosen."""

    code = "EXP-02"
    says = "{name!r} lies outside the folder {folder}. Nothing was written."
    do = "Please give a plain file name, for example INV-2026-00001.pdf."


class LocaleUnknown(ExportError):
    """A locale for numbers and dates that nobody knows."""

    code = "EXP-03"
    says = "The locale {locale!r} is not known; numbers and dates cannot be written."
    do = "Please set locale in the settings to one such as en, en_GB, de or fr_CH."


class PackNotWritten(ExportError):
    """A month-end pack that the operating system does not let us write."""

    code = "PDF-10"
    says = "{path} cannot be written ({why})."
    do = (
        "Close the file if it is open in another program, or choose another place: "
        "timix-xl pack {month} -o FILE.pdf."
    )
