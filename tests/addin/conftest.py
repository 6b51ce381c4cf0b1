"""LibreOffice, started once for a test module that runs VBA."""

from collections.abc import Iterator

import pytest

from tests.addin.office import Office, libreoffice


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A LibreOffice of this module's own."""
    with libreoffice(tmp_path_factory.mktemp("office")) as started:
        yield started
