"""Where files go, whatever kind of place the workbook lies in."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import xlwings as xw

from tests.builders import ANN, Shop
from timix_xl.macros import Desk


@dataclass
class Lying:
    """A workbook as far as its place goes."""

    place: str

    @property
    def fullname(self) -> str:
        if "://" in self.place:
            raise xw.XlwingsError("Couldn't find your local OneDrive file")
        return self.place


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def test_files_go_beside_a_workbook_on_the_disk(shop: Shop, home: Path) -> None:
    desk = Desk(shop.store, ANN)
    assert desk.folder_for(Lying(str(home / "here" / "a.xlsx"))) == home / "here"


@pytest.mark.parametrize("place", ["https://contoso.sharepoint.com/sites/x/a.xlsx", "Book1"])
def test_files_of_a_workbook_that_is_not_on_the_disk_go_into_the_documents(
    shop: Shop, home: Path, place: str
) -> None:
    assert Desk(shop.store, ANN).folder_for(Lying(place)) == home / "Documents"


def test_the_folder_of_a_desk_goes_before_all(shop: Shop, home: Path) -> None:
    assert Desk(shop.store, ANN, home / "out").folder_for(Lying("Book1")) == home / "out"
