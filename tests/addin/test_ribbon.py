"""The ribbon: an allow-list of what Excel takes, and every button in words and in deeds."""

import re
from itertools import groupby

import pytest

from tests.addin.ribbon_rules import problems_in
from timix_xl.addin.icons import images
from timix_xl.addin.ribbon import Button, Size, actions, buttons, ribbon_xml
from timix_xl.addin.texts import text
from timix_xl.macros.ribbon import ACTIONS
from timix_xl.workbook import layout
from timix_xl.workbook.projects_layout import PROJECTS

SHEETS = (
    layout.BILLING_SHEET,
    layout.ENTRIES_SHEET,
    layout.LEFT_OUT_SHEET,
    layout.FRAME_ORDERS_SHEET,
    layout.PREVIEW_SHEET,
    layout.INVOICES_SHEET,
    layout.CHECKS_SHEET,
    layout.PRO_FORMA_SHEET,
    PROJECTS.sheet,
)
ASKS = {"import_entries", "issue", "run_actions", "release_pro_forma"}
FOR_GOOD = {"issue", "run_actions", "release_pro_forma"}
EXCEL_CANNOT_UNDO = {
    *("bill_all", "defer_all", "fit_to_frame_order"),
    *("save_draft", "bill_project", "save_pro_forma"),
}


every_button = pytest.mark.parametrize("button", buttons(), ids=actions())


def procedures() -> set[str]:
    """What the module Timix lets others call."""
    found = re.findall(r"^Public (?:Sub|Function) (\w+)", text("vba/Timix.bas"), re.MULTILINE)
    return {f"Timix.{name}" for name in found}


def problems(xml: str) -> list[str]:
    return problems_in(xml, {one.image for one in buttons()}, procedures())


def test_the_ribbon_holds_only_what_excel_takes() -> None:
    assert problems_in(ribbon_xml(), images(), procedures()) == []


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        (
            'label="Preview"',
            'label="Preview" colour="red"',
            "button preview: colour 'red' is unknown",
        ),
        (
            'size="large" image="issue"',
            'size="huge" image="issue"',
            "button issue: size 'huge' is not a size",
        ),
        (
            'keytip="DR"',
            'keytip="DRAF"',
            "button save_draft: keytip 'DRAF' is not 1 to 3 characters without a space",
        ),
        (
            'keytip="DR"',
            'keytip="D R"',
            "button save_draft: keytip 'D R' is not 1 to 3 characters without a space",
        ),
        ('id="bill_all"', 'id="1bill"', "button 1bill: id '1bill' is not a name"),
        ('id="bill_all"', 'id="defer_all"', "id defer_all stands 2 times"),
        ("<labelControl ", "<labelcontrol ", "there is no {http://schemas.microsoft.com/office"),
        ('image="help"', 'image="life_belt"', "there is no image life_belt"),
        ('image="help"', 'imageMso="Help"', "button help: imageMso 'Help' is unknown"),
        ('keytip="V"', 'keytip="R"', "keytip RC begins with keytip R"),
        ('keytip="V"', 'keytip="P"', "keytip P begins with keytip P"),
        (
            'getLabel="Timix.RibbonLabel"',
            'getLabel="Timix.RibbonLable"',
            "there is no procedure Timix.RibbonLable",
        ),
        (
            'onLoad="Timix.RibbonLoad"',
            'onLoad="RibbonLoad"',
            "customUI: onLoad 'RibbonLoad' is not a procedure of a module",
        ),
        (
            'autoScale="true">\n          <button id="bill_all"',
            'autoScale="yes">\n          <button id="bill_all"',
            "group review_group: autoScale 'yes' is neither true nor false",
        ),
        ('screentip="Issue the invoices"', "", "button issue has no screentip"),
        (
            'screentip="Issue the invoices"',
            f'screentip="{"x" * 1025}"',
            f"button issue: screentip '{'x' * 1025}' has 1025 characters",
        ),
        ("2009/07/customui", "2006/01/customui", "is not the customUI of Excel 2010"),
        ("</customUI>", "", "not XML: no element found"),
        ("</tab>", "Timix</tab>", "group set_up_group is followed by text"),
    ],
)
def test_a_spoiled_ribbon_is_found(right: str, wrong: str, found: str) -> None:
    spoiled = ribbon_xml().replace(right, wrong, 1)

    assert spoiled != ribbon_xml()
    assert found in "\n".join(problems(spoiled))


def test_the_groups_stand_in_the_order_of_the_work() -> None:
    groups = [name for name, _ in groupby(buttons(), key=lambda button: button.group)]

    assert groups == [
        *("Customer", "Review", "Frame order", "Invoice", "Register", "Projects", "Set-up"),
    ]


def test_every_button_has_a_macro_and_every_macro_a_button() -> None:
    assert sorted(actions()) == sorted(ACTIONS)


def test_the_vba_lets_every_action_pass() -> None:
    assert [one for one in actions() if not re.fullmatch(r"[a-z_]+", one)] == []


def test_the_buttons_ask_the_one_generic_procedure() -> None:
    assert re.findall(r'onAction="(.*?)"', ribbon_xml()) == ["Timix.RibbonAction"] * len(actions())


def test_nothing_is_asked_of_python_to_draw_the_ribbon() -> None:
    assert re.findall(r"get[A-Z]\w+", ribbon_xml()) == ["getLabel"]


@pytest.mark.parametrize("group", sorted({one.group for one in buttons()}))
def test_a_group_has_at_most_three_large_buttons(group: str) -> None:
    large = [one for one in buttons() if one.group == group and one.size is Size.LARGE]

    assert len(large) <= 3


@every_button
def test_a_label_begins_with_a_capital_and_goes_on_small(button: Button) -> None:
    assert re.fullmatch(r"[A-Z][a-z]+( [a-z]+| PDF)*([.]{3})?", button.label)


@every_button
def test_a_label_says_by_dots_that_more_is_asked(button: Button) -> None:
    assert button.label.endswith("...") is (button.id in ASKS)


@every_button
def test_a_tip_is_a_title_and_two_sentences(button: Button) -> None:
    assert not button.screentip.endswith(".")
    assert re.fullmatch(r"[A-Z][^.]+[.] [A-Z][^.]+[.]", button.supertip)


@every_button
def test_a_tip_names_sheets_that_the_workbook_has(button: Button) -> None:
    one = f"(?:{'|'.join(SHEETS)})"
    named = re.findall(
        rf"\bsheets? {one}(?:, {one})*(?: and {one})?\b(?!(?:,| and) [A-Z])", button.supertip
    )

    assert len(named) == len(re.findall(r"\bsheets?\b", button.supertip))


@every_button
def test_a_tip_says_what_cannot_be_undone(button: Button) -> None:
    assert ("cannot be undone" in button.supertip) is (button.id in FOR_GOOD)
    assert ("Excel cannot undo" in button.supertip) is (button.id in EXCEL_CANNOT_UNDO)
