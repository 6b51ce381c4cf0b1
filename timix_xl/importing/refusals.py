"""Whole files that cannot be taken: beside errors.FileUnreadable and errors.FileRefused."""

from timix_xl.errors import InputError


class FormatNotUnderstood(InputError):
    """A file of a kind that this version does not read."""

    code = "IMP-03"
    says = "{file} is {what}, which this version does not read."
    do = (
        "Understood are a books file (JSON) and an entries CSV whose first line names its columns: "
        "id, date, project, quantity and more."
    )


class FileTooBig(InputError):
    """A file beyond what is read."""

    code = "IMP-04"
    says = "{file} has {size} MB; at most {limit} MB are read."
    do = "Split it into several files; they can be given to one import, in order."
