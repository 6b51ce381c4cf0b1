"""The demo's folder: which files in it are the demo's own, and starting anew without harm."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from timix_xl.cli.refusals import DemoFolderTaken, DemoFolderUnwritable

NOTE = ".timix-demo.json"
"""Notes which files the demo made, and what it did; nothing else is ever deleted."""
STORE = "timix.db"
INVOICES = "invoices"


class DemoFolder:
    """A folder with the demo in it, or room for it. A file is noted before it is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        note = self._read_note()
        self._own: list[str] = note.get("files", [])
        self.summary: dict[str, Any] | None = note.get("summary")

    @property
    def store(self) -> Path:
        """Where the store is."""
        return self.path / STORE

    @property
    def invoices(self) -> Path:
        """Where the PDFs are."""
        return self.path / INVOICES

    @property
    def is_done(self) -> bool:
        """Whether a demo ran to its end here, and its store is still there."""
        return self.summary is not None and self.store.is_file()

    def own(self) -> list[Path]:
        """List what the demo made and is still there."""
        return [path for name in self._own if (path := self._inside(name)) and path.is_file()]

    def begin(self, names: Iterable[str]) -> None:
        """Clear away an earlier demo and make room for these files.

        Raises DemoFolderTaken, DemoFolderUnwritable.
        """
        names = list(names)
        own = {path.relative_to(self.path).as_posix() for path in self.own()}
        foreign = [name for name in names if name not in own and self._is_there(name)]
        if foreign:
            raise DemoFolderTaken(folder=self.path, files=", ".join(foreign))
        try:
            for path in self.own():
                path.unlink()
            self.invoices.mkdir(parents=True, exist_ok=True)
            self._own, self.summary = names, None
            self._write_note()
        except OSError as error:
            why = (error.strerror or "no reason given").lower()
            raise DemoFolderUnwritable(folder=self.path, why=why) from error

    def finish(self, summary: dict[str, Any]) -> None:
        """Note what the demo did."""
        self.summary = summary
        self._write_note()

    def _is_there(self, name: str) -> bool:
        path = self.path / name
        return path.exists() or path.is_symlink()

    def _inside(self, name: str) -> Path | None:
        """Return the path of a noted file, unless the note was made to point elsewhere."""
        path = self.path / name
        is_inside = path.resolve().is_relative_to(self.path.resolve())
        return path if is_inside and not path.is_symlink() else None

    def _read_note(self) -> dict[str, Any]:
        try:
            note = json.loads((self.path / NOTE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}

    def _write_note(self) -> None:
        note = {"files": self._own, "summary": self.summary}
        text = json.dumps(note, ensure_ascii=False, indent=2)
        (self.path / NOTE).write_text(text, encoding="utf-8")
