"""Seals of a period: whatever stands in the file, it is compared with the store or refused."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.builders import ANN, Shop, a_full_year, copy_of
from tests.fuzz.damage import changed_json, spoilt
from tests.fuzz.running import attempt, for_long
from timix_xl.billing import seal_files
from timix_xl.billing.seal_period import seal_period
from timix_xl.billing.verify_against import against
from timix_xl.errors import TimixError


class Cabinet:
    """A store, its seal, and files that are taken for one."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.store = shop.store
        self.file = folder / "seal.json"
        until = dt.date(2026, 12, 31)
        seal_period(self.store, self.file, since=None, until=until, actor=ANN)
        self.whole: dict[str, Any] = json.loads(self.file.read_bytes())

    def compare(self, content: bytes) -> None:
        """Compare the store with a file; it may be refused, and its text can be shown."""
        self.file.write_bytes(content)
        found, refusal = attempt(self._compared, TimixError)
        assert found is not None or refusal.message

    def _compared(self) -> list[str]:
        found = against(self.store, [seal_files.read_seal(self.file)])
        return [problem.message for one in found for problem in one.problems]

    def fitted(self, content: bytes) -> bytes:
        """Put the fingerprint into a file that fits, as anybody can who changes one."""
        whole = json.loads(content)
        if not isinstance(whole, dict):
            return content
        inner = {name: whole[name] for name in whole if name not in ("format", "fingerprint")}
        return json.dumps(whole | {"fingerprint": seal_files._fingerprint(inner)}).encode()


@pytest.fixture(scope="module")
def cabinet(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cabinet]:
    """A store of a year, and a seal of it."""
    folder = tmp_path_factory.mktemp("cabinet")
    shop = copy_of(template, folder)
    a_full_year(shop)
    yield Cabinet(shop, folder)
    shop.store.close()


@st.composite
def files(draw: st.DrawFn, cabinet: Cabinet) -> bytes:
    content = draw(changed_json(cabinet.whole, most=2))
    kind = draw(st.integers(0, 5))
    return draw(spoilt(content)) if kind == 0 else cabinet.fitted(content)


def with_sum(cabinet: Cabinet, total: str) -> bytes:
    whole = json.loads(json.dumps(cabinet.whole))
    whole["series"][0]["sums"][0]["total"] = total
    return cabinet.fitted(json.dumps(whole).encode())


@settings(max_examples=150)
@given(st.data())
def test_a_seal_is_compared_or_refused(cabinet: Cabinet, data: st.DataObject) -> None:
    cabinet.compare(data.draw(files(cabinet)))


@given(
    st.sampled_from(
        ("NaN", "sNaN", "Infinity", "1E+999999", "1E-999999", "0E-999999", "-0", "9" * 4000)
    )
)
@example("1E+999999999999")
def test_a_sum_that_is_none_is_compared_or_refused(cabinet: Cabinet, total: str) -> None:
    cabinet.compare(with_sum(cabinet, total))


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 900 + b"1" + b"}" * 900, b"", b"\0"]
)
def test_a_file_of_another_kind_is_refused(cabinet: Cabinet, content: bytes) -> None:
    cabinet.compare(content)


@pytest.mark.long
def test_many_seals_are_compared_or_refused(cabinet: Cabinet) -> None:
    for_long(files(cabinet), cabinet.compare)
