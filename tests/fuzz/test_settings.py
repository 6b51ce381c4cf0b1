"""The settings file: whatever stands in it, it is read or refused with its line."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz.damage import odd_texts, spoilt, utf8
from tests.fuzz.running import attempt, for_long
from timix_xl.errors import SettingsUnreadable, SettingUnknown
from timix_xl.settings import KEYS, Settings, file_with, settings_file

SURROGATE = re.compile("[\ud800-\udfff]")
"""What no text has; an argument with one is refused before it comes here."""
WHOLE = b"""# ours
store = "/books/timix.db"
user = 'maja'
"""
REFUSALS = (SettingsUnreadable, SettingUnknown)
TOML = (
    *("store", "user", "Store", '"store"', "a.b", "=", '"', "'", '"""', "'''", "[", "]", "{", "}"),
    *(
        "\n",
        "\r\n",
        "\r",
        "#",
        "\\",
        '"\\u0000"',
        '"\\ud800"',
        '"\\U00110000"',
        "true",
        "1979-05-27",
    ),
    *("[store]", "[[user]]", "1_000", "0x1", "inf", "store = 'x'\n", 'user = "y"\n', "9" * 5000),
    *('"C:\\books\\t.db"', "\ufeff", "~", "~nobody/x", "://", "{a = 1}", "[1, 2]", "\0", "\x7f"),
)
pieces = st.lists(st.one_of(st.sampled_from(TOML), odd_texts), max_size=12)
lines = st.lists(
    st.tuples(st.sampled_from((*KEYS, "x")), odd_texts).map(lambda it: f"{it[0]} = {it[1]!r}"),
    max_size=4,
)
contents = st.one_of(
    spoilt(WHOLE),
    pieces.map("".join).map(utf8),
    pieces.map(" ".join).map(utf8),
    lines.map("\n".join).map(utf8),
    st.binary(max_size=60),
)
values = odd_texts.filter(lambda text: text.isascii() or not SURROGATE.search(text))
files = st.tuples(contents, st.dictionaries(st.sampled_from(tuple(KEYS)), values, max_size=2))


def read_and_change(given_file: tuple[bytes, dict[str, str]]) -> None:
    """Read the file, and put values into it; only refusals come out."""
    content, values = given_file
    path = settings_file()
    assert "pytest" in str(path) or "fuzz" in str(path), "this is a user's own"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    _read()
    _change(values)


def _read() -> None:
    found, refusal = attempt(Settings, *REFUSALS, seconds=5)
    assert refusal.where if found is None else found.place() and found.name()


def _change(values: dict[str, str]) -> None:
    path = settings_file()
    before = path.read_bytes()
    after, _ = attempt(lambda: file_with(values), SettingsUnreadable, seconds=5)
    assert path.read_bytes() == before
    if after is not None:
        path.write_bytes(after)
        found, _ = attempt(Settings, *REFUSALS)
        assert found is None or found.user == values.get("user", found.user)


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A settings file of this module's own."""
    with pytest.MonkeyPatch.context() as patch:
        place = str(tmp_path_factory.mktemp("settings"))
        for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
            patch.setenv(name, place)
        yield Path(place)


@given(files)
@example((b"s = '\x1d\0", {}))
@example((WHOLE, {"store": "a\0b"}))
@example((b"store = " + b"[" * 50_000, {}))
@example((b"a." * 50_000 + b"b = 1", {}))
@example((b"x = " + b"9" * 5_000, {}))
@example((b"store = '\xef\xbb\xbf'\r\nuser='a'", {"user": "b"}))
def test_a_file_is_read_or_refused(given_file: tuple[bytes, dict[str, str]]) -> None:
    read_and_change(given_file)


@pytest.mark.long
def test_many_files_are_read_or_refused() -> None:
    for_long(files, read_and_change)
