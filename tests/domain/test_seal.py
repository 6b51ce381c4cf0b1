"""The seal: one way to write content, and a hash over the one before."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timix_xl.domain.seal import canonical, sealed

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_content_is_written_with_sorted_keys_and_no_spaces() -> None:
    assert canonical({"b": [1, None], "a": "ü"}) == '{"a":"ü","b":[1,null]}'


@given(st.dictionaries(st.text(), PLAIN))
def test_the_order_of_the_keys_does_not_matter(content: dict[str, object]) -> None:
    backwards = dict(reversed(list(content.items())))
    assert canonical(backwards) == canonical(content)


@given(PLAIN)
def test_content_reads_back_as_it_was(content: object) -> None:
    assert json.loads(canonical(content)) == content


def test_a_seal_is_the_sha256_of_version_predecessor_and_content() -> None:
    expected = hashlib.sha256(b"timix1\nbefore\ncontent").hexdigest()
    assert sealed("before", "content") == expected


def test_the_first_seal_of_a_chain_is_for_ever() -> None:
    assert sealed("", "content") == (
        "a464071df00e8a4ef8aba6bb704e856b6d4bd5a3a9626e4f50e1b13f93b0dda7"
    )


@pytest.mark.parametrize(("previous", "text"), [("x", "content"), ("", "Content")])
def test_another_predecessor_or_another_content_makes_another_seal(
    previous: str, text: str
) -> None:
    assert sealed(previous, text) != sealed("", "content")


def test_where_the_predecessor_ends_and_the_content_begins_is_part_of_the_seal() -> None:
    assert sealed("ab", "c") != sealed("a", "bc")


def test_a_lone_surrogate_can_be_sealed() -> None:
    assert sealed("", "\ud800")
