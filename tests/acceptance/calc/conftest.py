"""LibreOffice in place of the files host, for the months that are imported into this folder."""

import os
from collections.abc import Iterator

import pytest

from tests.acceptance.calc.live import LiveDesk
from tests.acceptance.conftest import Desk, with_the_extract
from timix_xl.errors import HostError
from timix_xl.hosts import calc, files


@pytest.fixture(scope="session")
def calc_desk() -> Iterator[LiveDesk]:
    """One LibreOffice without a window, for as long as the tests of this process run."""
    try:
        app = calc.start()
    except HostError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    desk = LiveDesk(app)
    yield desk
    desk.clear()
    app.quit()


@pytest.fixture(scope="module")
def live(calc_desk: LiveDesk) -> Iterator[LiveDesk]:
    """The way into workbooks leads into LibreOffice, as long as a module runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "open_book", calc_desk.open_book)
        patch.setattr(files, "check_free", calc_desk.check_free)
        yield calc_desk
    calc_desk.clear()


@pytest.fixture(scope="module")
def month(live: LiveDesk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk whose store has the small extract in it, for tests that work live."""
    return with_the_extract(tmp_path_factory.mktemp("live-month"))
