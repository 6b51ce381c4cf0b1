"""Make xlwings' VBA safe to sit in an add-in: less of it, all of it private, none of it trusting.

The VBA of xlwings is read from the installed package; its text is not kept here. As it comes, every
procedure of it can be called from a cell of any workbook, and the workbook that is open says which
Python is started and from which folder it imports. What is changed, and what it is good for:

* Only the version that was read word by word is taken (its digest stands below).
* `addin/vba/Guards.bas` stands in for the procedures that start Python or read a file. Ours take no
  argument, because Excel may run private procedures by name: that they are private is not enough.
* What nothing of ours calls is left out, with its constants and declarations; the rest is private.
* RunPython, which takes any command, is not there; a button is started by its id. Starting through
  the server of the worksheet functions (xlwings' USE UDF SERVER) is left out too: a process of its
  own for each button costs a second and keeps no state of the last one.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from timix_xl.addin.refusals import XlwingsDiffers
from timix_xl.addin.texts import text
from timix_xl.addin.vba_text import Procedure, code_of, names_in, parts

XLWINGS = "0.37.8"
"""The version of xlwings whose VBA the add-in is made from."""

DIGESTS = {
    "xlwings_custom_addin.bas": "b9df9e20d54d6f04220e8382068f4b4c82bc5a8f920148daf94d9ddbda6251d6",
}
"""SHA-256 of the text that is taken, its lines ended by a line feed."""

ENTRANCES = ("StartPython", "XLPy", "CleanUp")
"""What our own modules call; CleanUp is called by xlwings on a Mac, when Python ends."""

CHANGED = """\
' The part of xlwings in this module is changed for Timix: what is not needed is left out, all of it
' is private, and what trusted an open workbook reads otherwise. Its licence:"""


def shipped(name: str) -> str:
    """Return a text of the installed xlwings, the very one that was read, else ADDIN-01."""
    found = find_spec("xlwings")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / name
    return known(name, path.read_text("utf-8", "replace") if path.exists() else "")


def known(name: str, content: str) -> str:
    """Return the content if it is the one that was read, else ADDIN-01."""
    content = "\n".join(content.splitlines()) + "\n"
    if hashlib.sha256(content.encode()).hexdigest() != DIGESTS[name]:
        raise _differs(f"its {name} is another text")
    return content


def hardened(stock: str) -> str:
    """Return what the add-in takes of xlwings' VBA, all of it private."""
    head, procedures = parts(known("xlwings_custom_addin.bas", stock))
    kept = reachable(replaced(procedures, parts(text("vba/Guards.bas"))[1]), ENTRANCES)
    spoken = names_in("\n".join(one.text for one in kept))
    return "\n\n".join([CHANGED, declared(head, spoken), *map(private, kept)]) + "\n"


def replaced(theirs: Sequence[Procedure], ours: Sequence[Procedure]) -> list[Procedure]:
    """Put our procedures in the place of theirs of the same name, and those that are new behind."""
    new = {one.name: one for one in ours}
    out = [new.pop(one.name, Procedure(one.name, one.text)) for one in theirs]
    return [*out, *new.values()]


def reachable(procedures: Sequence[Procedure], entrances: Iterable[str]) -> list[Procedure]:
    """Keep what the entrances call, and what that calls."""
    by_name = {one.name.lower(): one for one in procedures}
    wanted, waiting = set[str](), [name.lower() for name in entrances]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in wanted:
            wanted.add(name)
            waiting += names_in(by_name[name].text)
    return [one for one in procedures if one.name.lower() in wanted]


def declared(head: str, spoken: set[str]) -> str:
    """Keep the licence, and of the declarations those that are spoken of, private."""
    lines: list[str] = []
    for line in head.splitlines():
        name = re.search(r"\b(?:Const|Function|Sub) (\w+)", code_of(line))
        if name is None:
            lines.append(line)
        elif name[1].lower() in spoken:
            lines.append(re.sub(r"^( *)(?:Public |Private )?", r"\1Private ", line))
    content = "\n".join(line for line in lines if not line.lstrip("'").startswith("Attribute "))
    # A condition around nothing goes too.
    content = re.sub(r"^ *#If .*\n *#End If\n", "", content, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", content).strip("\n")


def private(procedure: Procedure) -> str:
    """Return the procedure with its comment, callable from its own module only."""
    closed = re.sub(r"\A(?:Public |Private |Friend )?", "Private ", procedure.text)
    return "\n".join(filter(None, [procedure.comment, closed]))


def _differs(what: str) -> XlwingsDiffers:
    return XlwingsDiffers(wanted=XLWINGS, installed=metadata.version("xlwings"), what=what)
