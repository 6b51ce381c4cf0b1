"""The month worked out on paper, in a live LibreOffice: the tests are those on files, unchanged."""

import pytest

from tests.acceptance.test_hand_worked_month import *  # noqa: F403  the same tests

pytestmark = [
    pytest.mark.usefixtures("live"),
    pytest.mark.stores("sqlite"),
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),  # openpyxl on Calc's files
]
