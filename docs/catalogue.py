"""Write the catalogue of messages into the README: python docs/catalogue.py."""

import importlib
import pkgutil
import re
from pathlib import Path

import timix_xl
from timix_xl.billing import verify
from timix_xl.domain import faults
from timix_xl.domain.pricing import Reason
from timix_xl.errors import TimixError
from timix_xl.importing import faults as import_faults

README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- messages -->", "<!-- end of messages -->"


def rows() -> dict[str, tuple[str, str]]:
    """Return what every code says and what to do, by code."""
    for module in pkgutil.walk_packages(timix_xl.__path__, "timix_xl."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = {leaf.code: (leaf.says, leaf.do) for leaf in leaves(TimixError)}
    for catalogue in (faults, import_faults):
        for kind in vars(catalogue).values():
            if type(kind).__name__ == "FaultKind":
                found[kind.code] = (kind.says, kind.do)
    found |= {reason.code: ("Left out: " + reason.value[1], "") for reason in Reason}
    found |= {
        code: (says, "Restore a backup, or ask for help.") for code, says in verify.CODES.items()
    }
    return dict(sorted(found.items()))


def leaves(family: type[TimixError]) -> list[type[TimixError]]:
    """Return the errors that word a message."""
    below = [leaf for one in family.__subclasses__() for leaf in leaves(one)]
    return [*([family] if "code" in vars(family) else []), *below]


def section() -> str:
    """Return the catalogue as Markdown."""
    lines = ["| code | what it says | what to do |", "| --- | --- | --- |"]
    for code, (says, do) in rows().items():
        lines.append(f"| {code} | {_cell(says)} | {_cell(do)} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Show the facts of a case as an ellipsis."""
    return re.sub(r"\{[^}]*\}", "…", text).replace("|", "\\|")


def written(text: str) -> str:
    """Return the README with the catalogue of today in it."""
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    return f"{head}{START}\n{section()}\n{END}{tail}"


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
