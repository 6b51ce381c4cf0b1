"""Put an empty workbook of ours where a command wants to write one."""

from pathlib import Path

from timix_xl.cli import reading
from timix_xl.errors import BadArgument
from timix_xl.hosts.refusals import NotSaved
from timix_xl.settings import bundled


def make_workbook(path: Path, template: str, *, example: str) -> None:
    """Copy a bundled template there; raises BadArgument, NotSaved."""
    if not reading.is_file(path.name):
        expected = "the name of a workbook"
        raise BadArgument(argument="-o", value=str(path), expected=expected, example=example)
    folder = path.parent
    if not folder.is_dir():
        why = "there is no such folder"
        raise NotSaved(where=str(path), path=path.name, why=why, folder=folder)
    try:
        path.write_bytes(bundled(template).read_bytes())
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise NotSaved(where=str(path), path=path.name, why=why, folder=folder) from error
