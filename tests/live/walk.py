"""What the steps of a month at the window share: the store, the window, and a camera."""

from dataclasses import dataclass
from pathlib import Path

from tests.live.window import Window
from timix_xl.cli.demo.afterwards import book_the_payments, send_and_void
from timix_xl.cli.demo.coming_in import take_in_the_month, write_the_workbooks
from timix_xl.cli.demo.month import Month
from timix_xl.cli.demo.runs import bill_the_others, meet_the_frame_order
from timix_xl.store.database import Store, make_store

STEPS = (
    take_in_the_month,
    write_the_workbooks,
    meet_the_frame_order,
    bill_the_others,
    send_and_void,
    book_the_payments,
)
"""Of the demo's month: everybody is billed but the customer of the walk."""
RIGHT, BOTTOM = 1378, 876
"""Where the sheet ends on the screen; what lies beyond is LibreOffice's alone."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One month at the window."""

    window: Window
    store: Store
    folder: Path
    pictures: Path | None

    def picture(self, name: str, *, right: int = RIGHT, bottom: int = BOTTOM) -> None:
        """Take one of the README's pictures, if they are wanted."""
        if self.pictures:
            taken = self.window.picture().crop((0, 0, right, bottom))
            path = self.pictures / f"live-{name}.png"
            taken.quantize(256, kmeans=1).save(path, optimize=True)


def nearly_billed(folder: Path) -> Path:
    """Run the demo's month up to its last customer; returns where the store is."""
    (folder / "invoices").mkdir(parents=True)
    store, _ = make_store(str(folder / "timix.db"))
    month = Month(folder, folder / "invoices", store)
    for step in STEPS:
        step(month)
    store.close()
    return folder / "timix.db"
