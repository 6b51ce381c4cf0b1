"""Write the PDF of a month-end pack."""

from pathlib import Path

from timix_xl.billing.pack import Pack
from timix_xl.documents.export import Exported, warnings_of
from timix_xl.documents.files import write_whole
from timix_xl.documents.month_end_pack import month_end_pack
from timix_xl.documents.refusals import PackNotWritten


def export_pack(pack: Pack, folder: Path, name: str) -> Exported:
    """Write a pack into a folder, over an older one; raises PackNotWritten, OutsideFolder."""
    if not folder.is_dir():
        why = f"there is no folder {folder}"
        raise PackNotWritten(path=folder / name, why=why, month=pack.month)
    made = month_end_pack(pack)
    try:
        path = write_whole(folder, name, made.content)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise PackNotWritten(path=folder / name, why=why, month=pack.month) from error
    return Exported(path, tuple(warnings_of(f"Month-end pack {pack.month}", made)))
