"""Books as JSON: whatever stands in the file, it is taken in or refused with a place."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz.damage import changed_json, odd_values, spoilt, utf8
from tests.fuzz.intake import Intake
from tests.fuzz.running import for_long
from tests.importing.conftest import BOOKS

WHOLE = utf8(json.dumps(BOOKS))
files = st.one_of(
    changed_json(BOOKS),
    changed_json(BOOKS),
    spoilt(WHOLE),
    odd_values.map(lambda value: utf8(json.dumps(value))),
    st.binary(max_size=40),
)


@given(files)
@example(WHOLE)
@example(b"[" * 100_000)
@example(b'{"a":' * 50_000)
@example(b'{"customers": [{"code": ' + b"9" * 10_000 + b"}]}")
@example(b'{"customers": [{"code": "\\ud800"}]}')
@example(b'{"\\ud800": 1}')
@example(b'{"customers": [{"code": "a\\u0000b"}]}')
def test_a_file_is_taken_in_or_refused(intake: Intake, content: bytes) -> None:
    intake("books.json", content)


@pytest.mark.long
def test_many_files_are_taken_in_or_refused(intake: Intake) -> None:
    for_long(files, lambda content: intake("books.json", content))
