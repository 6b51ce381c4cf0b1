"""The software company's ten years, in a live LibreOffice: the tests are those on files, unchanged."""

import pytest

from tests.acceptance.test_real_work import *  # noqa: F403  the same tests

pytestmark = [
    pytest.mark.usefixtures("live"),
    pytest.mark.stores("sqlite"),
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),  # openpyxl on Calc's files
]

# What LibreOffice writes is its own affair, and nothing of it is shipped as ours: whether Excel
# opens a file is asked of those that the files host writes.
del test_excel_opens_the_workbook_without_a_question  # noqa: F821  imported above
