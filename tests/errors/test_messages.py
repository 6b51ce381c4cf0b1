"""What people are told: every message word by word, none forgotten, each with a way on."""

import importlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import timix_xl
from tests.errors.catalogue import ERRORS, FAULTS
from timix_xl.domain import faults
from timix_xl.domain.faults import FaultKind
from timix_xl.domain.pricing import Reason
from timix_xl.errors import TimixError
from timix_xl.importing import faults as row_faults

ROOMS = (
    *("hosts", "documents", "store", "workbook", "importing", "billing"),
    *("cli", "addin", "macros"),
)
HERE = Path(timix_xl.__file__).parent
FAMILIES = {2: "Input", 3: "Rule", 4: "NotFound", 5: "Conflict", 6: "Host", 7: "Store", 8: "Export"}


def leaves(kind: type[TimixError] = TimixError) -> Iterator[type[TimixError]]:
    """Return every error that can be raised."""
    for room in ROOMS:
        importlib.import_module(f"timix_xl.{room}.refusals")
    below = [one for one in kind.__subclasses__() if one.__module__.startswith("timix_xl")]
    if not below:
        yield kind
    for one in below:
        yield from leaves(one)


def kinds(module: object, kind: type) -> list[object]:
    """Return the constants of a module that are fault kinds."""
    return [value for value in vars(module).values() if type(value) is kind]


def every_code() -> list[str]:
    """List the codes of all catalogues, each as often as it is given out."""
    imported = kinds(row_faults, row_faults.FaultKind)
    return [
        *(leaf.code for leaf in leaves()),
        *(kind.code for kind in kinds(faults, FaultKind)),  # type: ignore[attr-defined]
        *(kind.code for kind in imported),  # type: ignore[attr-defined]
        *(reason.code for reason in Reason),
        *verify_codes(),
    ]


def verify_codes() -> set[str]:
    """Return the codes that verify gives out; one stands for one promise, said in several words."""
    source = (HERE / "billing" / "verify.py").read_text("utf-8")
    return set(re.findall(r'"(VERIFY-\d\d)"', source))


@pytest.mark.parametrize(("kind", "facts", "text"), ERRORS, ids=[row[0].__name__ for row in ERRORS])
def test_an_error_says_this(kind: type[TimixError], facts: dict[str, object], text: str) -> None:
    assert str(kind(**facts)) == text  # type: ignore[arg-type]  # facts are the leaf's own


@pytest.mark.parametrize(("kind", "facts", "text"), FAULTS, ids=[row[0].code for row in FAULTS])
def test_a_fault_says_this(kind: FaultKind, facts: dict[str, object], text: str) -> None:
    place = "Entries!C14" if kind.code.startswith("ENTRY") else "Preview"
    entry = str(facts.get("entry", "E1"))
    more = {name: value for name, value in facts.items() if name != "entry"}
    assert str(kind.at(place, entry=entry, **more)) == text


def test_no_error_is_missing_from_the_catalogue() -> None:
    assert {leaf.__name__ for leaf in leaves()} == {kind.__name__ for kind, _, _ in ERRORS}


def test_no_fault_is_missing_from_the_catalogue() -> None:
    assert set(kinds(faults, FaultKind)) == {kind for kind, _, _ in FAULTS}


def test_no_code_is_given_out_twice() -> None:
    counted = Counter(every_code())
    assert [code for code, count in counted.items() if count > 1] == []


def test_a_code_is_an_area_and_a_number() -> None:
    assert [code for code in every_code() if not re.fullmatch(r"[A-Z]+-\d\d", code)] == []


def test_every_error_belongs_to_a_family_with_an_exit_code() -> None:
    assert {leaf.exit_code for leaf in leaves()} <= set(FAMILIES)


TEXTS = [text for *_, text in (*ERRORS, *FAULTS)]
UNKIND = re.compile(
    r"(?<!-)\b(invalid|failed to|illegal|error|unable|bad|wrong input)\b", re.IGNORECASE
)


@pytest.mark.parametrize("text", TEXTS, ids=[text[-12:].strip("[] ") for text in TEXTS])
def test_a_message_is_in_plain_words(text: str) -> None:
    assert not UNKIND.search(text)


def every_hint() -> list[tuple[str, str]]:
    """Return every code with its hint, as written."""
    found = [(leaf.code, leaf.do) for leaf in leaves()]
    for kind in (*kinds(faults, FaultKind), *kinds(row_faults, row_faults.FaultKind)):
        found.append((kind.code, kind.do))  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize(("code", "hint"), every_hint(), ids=[code for code, _ in every_hint()])
def test_every_message_says_what_to_do(code: str, hint: str) -> None:
    assert hint.endswith((".", "{instead}"))
    assert re.match(r"[A-Z{]", hint)


@pytest.mark.parametrize(
    "kind", kinds(row_faults, row_faults.FaultKind), ids=lambda kind: kind.code
)
def test_a_row_fault_is_in_plain_words_too(kind: row_faults.FaultKind) -> None:
    assert not UNKIND.search(f"{kind.says} {kind.do}")
    assert kind.says.endswith(".")
