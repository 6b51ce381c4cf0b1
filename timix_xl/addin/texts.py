"""Where the texts of the add-in stand: inside the installed package, or in a checkout."""

from pathlib import Path


def text(name: str) -> str:
    """Return a text of addin/, such as "vba/Timix.bas", its lines ended by a line feed."""
    here = Path(__file__).parent
    installed = here / "sources" / name
    path = installed if installed.exists() else here.parent.parent / "addin" / name
    return path.read_text("utf-8")
