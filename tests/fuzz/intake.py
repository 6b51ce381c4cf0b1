"""Imports under test: a file is taken in or refused; then the store is as it was."""

from pathlib import Path
from typing import Any

from tests.fuzz.running import attempt
from tests.importing.conftest import LATE
from timix_xl.errors import TimixError
from timix_xl.importing.take_in import ImportReport, take_in
from timix_xl.store.database import Store, open_store


class Intake:
    """A store into which one file after the other is imported."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.whole = template.read_bytes()
        self.folder = folder
        self.place = folder / "timix.db"
        self.place.write_bytes(self.whole)
        self.store: Store = open_store(str(self.place))
        self.store.close()
        self.whole = self.place.read_bytes()

    def __call__(self, name: str, content: bytes, **terms: Any) -> ImportReport | None:
        """Import a file; nothing but a refusal comes out, and a refusal writes nothing."""
        file = self.folder / name
        file.write_bytes(content)
        return self.again(file, **terms)

    def again(self, file: Path, **terms: Any) -> ImportReport | None:
        """Import a file that is there."""
        report, refusal = attempt(
            lambda: take_in(self.store, [file], actor=LATE, **terms), TimixError
        )
        assert report or (refusal.code and refusal.message)
        self._is_as_it_was(report)
        return report

    def _is_as_it_was(self, report: ImportReport | None) -> None:
        if report and report.written:
            assert not report.refused
            self.store.close()
            self.place.write_bytes(self.whole)
            return
        assert self.place.read_bytes() == self.whole, "a refusal has written something"
        for fault in report.refused if report else ():
            assert fault.code
            assert fault.message

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()
