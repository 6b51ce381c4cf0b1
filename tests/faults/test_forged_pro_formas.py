"""Pro formas, their invoices and remainders changed past the guards: each promise has its check."""

from pathlib import Path

import pytest

from tests.billing.negotiators import WRITTEN_OFF, by_pro_forma, opened, released, run, typed
from tests.builders import ANN, D, Shop, Template, copy_of, day, on
from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.pro_forma import delete
from timix_xl.billing.pro_forma_edit import add_line
from timix_xl.billing.void import void
from timix_xl.domain.invoices import LineStatus
from timix_xl.domain.manual_lines import NewLine

FIRST, BILLED, VOIDED = "PF-00001", "R:INV-2026-00001:1", "R:INV-2026-00003:1"


@pytest.fixture(scope="module")
def negotiated(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A store with pro formas in every state; its owner has taken the triggers away.

    PF-00001 (document 1) is released into 2, with a line of each kind; what that held back is
    billed by PF-00002 (3) on 4, and reversed. PF-00003 (5) was deleted. PF-00004 (6) was released
    into 7, which was voided. PF-00005 (8), into 9, has a second revision (10), On Hold. PF-00006 is
    11.
    """
    shop = by_pro_forma(copy_of(template, tmp_path_factory.mktemp("negotiated")))
    _first(shop)
    released(shop, run(shop, "2026-02-28"))
    shop.time("F1", hours="3", on="2026-03-02")
    delete(shop.store, run(shop, "2026-03-31"), actor=on("2026-04-01"))
    _voided(shop)
    shop.time("H1", "H2", hours="2", on="2026-04-03")
    revised = run(shop, "2026-04-30")
    released(shop, revised, actor=on("2026-05-01"))
    correct_pro_forma(shop.store, revised, "an hour less", actor=on("2026-05-02"))
    shop.time("I1", on="2026-05-05")
    run(shop, "2026-05-31")
    assert shop.problems() == ()
    return shop.unguarded().template()


def _first(shop: Shop) -> None:
    """Release lines of which something is held, raised, written off in part and whole, added."""
    for at in range(1, 5):
        shop.time(f"E{at}", hours="8", on=f"2026-01-0{at}")
    number = run(shop)
    add_line(
        shop.store,
        number,
        NewLine(task="T", description="By hand", quantity=D(1), amount=D(50)),
        actor=ANN,
    )
    typed(shop, number, line=1, quantity=D(5))
    typed(shop, number, line=2, quantity=D(9))
    typed(shop, number, line=3, amount=D(700), status=WRITTEN_OFF)
    typed(shop, number, line=4, status=LineStatus.WRITE_OFF)
    released(shop, number)


def _voided(shop: Shop) -> None:
    number = run(shop, "2026-03-31")
    typed(shop, number, amount=D(200))
    made = released(shop, number, actor=on("2026-04-01"), issue_date=day("2026-04-01"))
    void(shop.store, made.document, "wrong", actor=on("2026-04-02"))
    opened(shop, number)


def codes(negotiated: Template, tmp_path: Path, *statements: str) -> set[str]:
    """Change something, and verify."""
    shop = copy_of(negotiated, tmp_path)
    assert all(shop.force(*statements)), f"nothing to change: {statements}"
    found = {one.code for one in shop.problems()}
    shop.store.close()
    return found - {"VERIFY-02"}


def test_nothing_is_found_where_nothing_was_changed(negotiated: Template, tmp_path: Path) -> None:
    assert codes(negotiated, tmp_path) == set()


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("VERIFY-35", "UPDATE documents SET kind = 'invoice' WHERE id = 11"),
        ("VERIFY-35", "DELETE FROM pro_formas WHERE document = 11"),
        ("VERIFY-35", "UPDATE pro_formas SET document = 4 WHERE document = 11"),
        ("VERIFY-35", "UPDATE document_lines SET project = 'Q' WHERE document = 11"),
        ("VERIFY-36", "DELETE FROM audit_log WHERE action = 'delete pro forma'"),
        ("VERIFY-36", "DELETE FROM numbers WHERE number = 'PF-00001'"),
        ("VERIFY-36", "UPDATE numbers SET taken_by = 'pro_forma 99' WHERE number = 'PF-00001'"),
        ("VERIFY-36", "UPDATE series SET next_seq = 3 WHERE kind = 'pro_forma'"),
        ("VERIFY-36", "UPDATE series SET next_seq = next_seq + 1 WHERE kind = 'pro_forma'"),
        ("VERIFY-36", "DELETE FROM series WHERE kind = 'pro_forma'"),
        ("VERIFY-36", "UPDATE series SET head = 'x' WHERE kind = 'pro_forma'"),
        ("VERIFY-36", "UPDATE pro_formas SET seq = 77 WHERE document = 11"),
        ("VERIFY-37", "UPDATE pro_formas SET revision = 3 WHERE document = 10"),
        ("VERIFY-37", "UPDATE pro_formas SET seq = 77 WHERE document = 10"),
        (
            "VERIFY-37",
            "UPDATE pro_formas SET state = 'open', released_to = NULL WHERE document = 8",
        ),
        ("VERIFY-38", "UPDATE pro_formas SET released_to = NULL WHERE document = 1"),
        ("VERIFY-38", "UPDATE pro_formas SET state = 'open' WHERE document = 1"),
        ("VERIFY-38", "UPDATE pro_formas SET released_to = 4 WHERE document = 1"),
        ("VERIFY-38", "UPDATE pro_formas SET released_to = 3 WHERE document = 1"),
        (
            "VERIFY-38",
            "UPDATE pro_formas SET released_to = 7, state = 'closed' WHERE document = 6",
        ),
        ("VERIFY-38", "UPDATE documents SET location = 'X' WHERE id = 2"),
        ("VERIFY-13", "UPDATE claims SET document = 1 WHERE entry = 'E1'"),
        ("VERIFY-13", "UPDATE claims SET document = 7 WHERE entry = 'F1'"),
        ("VERIFY-13", "DELETE FROM claims WHERE entry = 'H1'"),
        ("VERIFY-13", "DELETE FROM claims WHERE entry = 'I1'"),
        ("VERIFY-39", "UPDATE document_lines SET held = held + 1 WHERE document = 2 AND held > 0"),
        (
            "VERIFY-39",
            "UPDATE document_lines SET billed_amount = 1 WHERE document = 2 AND line = 1",
        ),
        (
            "VERIFY-39",
            "UPDATE document_entries SET raised = NULL WHERE document = 2 AND raised > 0",
        ),
        ("VERIFY-39", "UPDATE document_lines SET status = 'bill' WHERE document = 2 AND held > 0"),
        ("VERIFY-39", "UPDATE document_lines SET held = 1 WHERE document = 2 AND status = 'bill'"),
        ("VERIFY-40", "UPDATE document_entries SET held = 1 WHERE document = 2 AND entry = 'E1'"),
        ("VERIFY-40", "UPDATE document_entries SET quantity = 1 WHERE document = 2"),
        ("VERIFY-40", "UPDATE document_entries SET own_quantity = 1 WHERE document = 2"),
        (
            "VERIFY-40",
            "UPDATE document_lines SET billed_quantity = 1 WHERE document = 2 AND line = 1",
        ),
        ("VERIFY-41", "UPDATE document_lines SET printed = 0 WHERE document = 2 AND line = 1"),
        (
            "VERIFY-41",
            "UPDATE document_lines SET printed = 0, amount = 0, quantity = 0"
            " WHERE document = 2 AND line = 1",
        ),
        ("VERIFY-42", f"UPDATE entries SET face_amount = 1 WHERE id = '{BILLED}'"),
        ("VERIFY-42", f"UPDATE entries SET tax_percent = 1 WHERE id = '{BILLED}'"),
        ("VERIFY-42", f"UPDATE entries SET of_line = 2 WHERE id = '{BILLED}'"),
        ("VERIFY-42", f"UPDATE entries SET kind = 'time' WHERE id = '{BILLED}'"),
        ("VERIFY-42", f"UPDATE entries SET state = 'cancelled' WHERE id = '{BILLED}'"),
        ("VERIFY-42", f"UPDATE entries SET state = 'open' WHERE id = '{VOIDED}'"),
        ("VERIFY-42", "UPDATE document_lines SET held = NULL WHERE document = 2 AND held > 0"),
        ("VERIFY-43", f"DELETE FROM entries WHERE id = '{BILLED}:x'"),
        ("VERIFY-43", f"UPDATE entries SET state = 'cancelled' WHERE id = '{BILLED}:x'"),
        ("VERIFY-43", f"UPDATE entries SET face_amount = 1 WHERE id = '{BILLED}:x'"),
        ("VERIFY-43", f"UPDATE entries SET task = 'U' WHERE id = '{BILLED}:x'"),
        ("VERIFY-43", f"UPDATE entries SET id = 'R:x' WHERE id = '{BILLED}:x'"),
        ("VERIFY-43", f"UPDATE claims SET document = 3 WHERE entry = '{BILLED}'"),
        ("VERIFY-43", f"UPDATE document_entries SET entry = '{BILLED}:x' WHERE document = 4"),
        (
            "VERIFY-42",
            f"UPDATE entries SET of_document = NULL, of_line = NULL WHERE id = '{BILLED}'",
        ),
        ("VERIFY-43", f"UPDATE entries SET date = '2026-02-01' WHERE id = '{BILLED}:x'"),
        ("VERIFY-45", "UPDATE entries SET state = 'cancelled' WHERE id = 'I1'"),
        ("VERIFY-45", "UPDATE entries SET face_amount = 1 WHERE id = 'I1'"),
        ("VERIFY-45", "UPDATE entries SET of_document = 2 WHERE id = 'I1'"),
        ("VERIFY-14", "UPDATE entries SET billable = 0 WHERE id = 'E1'"),
        ("VERIFY-14", "UPDATE entries SET billable_quantity = 1 WHERE id = 'E1'"),
        ("VERIFY-10", "UPDATE document_lines SET unit_price = 1 WHERE document = 11"),
        ("VERIFY-05", "UPDATE document_lines SET status = 'write_off' WHERE document = 11"),
    ],
)
def test_what_does_not_hold_is_named(
    negotiated: Template, tmp_path: Path, code: str, statement: str
) -> None:
    assert code in codes(negotiated, tmp_path, statement)


def test_an_invoice_whose_sealed_content_does_not_reconcile_is_named(
    negotiated: Template, tmp_path: Path
) -> None:
    forged = "UPDATE documents SET content = replace(content, {}) WHERE id = 2"
    found = codes(negotiated, tmp_path, forged.format('\'"held":"300.00"\', \'"held":"301.00"\''))

    assert "VERIFY-44" in found


def test_a_number_that_its_place_in_the_series_does_not_make_is_named(
    negotiated: Template, tmp_path: Path
) -> None:
    other = "SET number = 'PF-6-00077' WHERE number = 'PF-00006'"
    found = codes(negotiated, tmp_path, f"UPDATE numbers {other}", f"UPDATE pro_formas {other}")

    assert found == {"VERIFY-36"}


def test_a_remainder_that_was_held_here_came_by_no_import(
    negotiated: Template, tmp_path: Path
) -> None:
    nothing = f"UPDATE entries SET of_document = NULL, of_line = NULL WHERE id = '{VOIDED}'"
    imported = "UPDATE audit_log SET action = 'import' WHERE id = 1"

    assert "VERIFY-42" in codes(negotiated, tmp_path, nothing, imported)
