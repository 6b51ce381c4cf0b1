"""The component of the extension in a LibreOffice with a window, with a stand-in for timix-xl."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.addin.calc.desks import Desk, a_desk
from tests.live.screen import Screen, a_screen
from timix_xl import __version__
from timix_xl.addin.extension import configuration
from timix_xl.addin.ribbon import buttons
from timix_xl.hosts.calc.finding import find_office

BROKEN = {
    b"PATIENCE_SECONDS = 60": b"PATIENCE_SECONDS = 5",
    b'"pipe,name="': b'("pipe" if self.action != "load_unbilled" else "pip") + ",name="',
    b"getUndoManager().lock()": b"getUndoManager().lock(*[1] * (self.action == 'preview'))",
}
"""What makes the component lose its patience in seconds, or fail at a button."""
STRANGE = {"PYTHONPATH": "/nowhere", "PYTHONSTARTUP": "/nowhere.py", "TIMIX_STORE": "/data/t.db"}
IMPORT_CELL = "timix_import_file"
PICKER = "Timix: import entries"
NOT_HERE = "The toolbar is here, timix-xl is not"
INSTALL = "timix-xl addin install --host calc"


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A screen of this module's own."""
    with a_screen(tmp_path_factory.mktemp("screen")) as shown:
        yield shown


@pytest.fixture(scope="module")
def shared(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A LibreOffice of this module's own."""
    with a_desk(screen, tmp_path_factory.mktemp("desk"), **STRANGE) as made:
        yield made


@pytest.fixture
def desk(shared: Desk) -> Iterator[Desk]:
    """That LibreOffice, with a stand-in that connects and ends, and nothing in the cells."""
    shared.behave("connects")
    for name in ("go.txt", "presses.txt", "ways.txt"):
        (shared.folder / name).unlink(missing_ok=True)
    for address in ("A1", "A8", "A9"):
        shared.cell(address).String = ""
    shared.settings.write_bytes(configuration(shared.stand_in))
    yield shared
    shared.settings.write_bytes(configuration(shared.stand_in))
    shared.go_on()


def test_every_button_of_the_ribbon_is_in_sight(desk: Desk) -> None:
    assert [one.label for one in buttons() if desk.eyes.button(one.label) is None] == []


def test_a_press_starts_our_python_with_constant_words(desk: Desk) -> None:
    desk.press("Preview")

    (words, environment, folder), *_ = map(json.loads, desk.presses)
    *constant, uid = words
    assert constant == ["-I", "-B", "-m", "timix_xl.macros.toolbar", "preview", __version__]
    assert uid == desk.document.RuntimeUID
    ((pipe, secret),) = desk.ways
    assert (len(pipe), len(secret)) == (len("timix") + 32, 64)
    assert not {pipe, secret} & set(environment.values())
    assert environment["TIMIX_STORE"] == STRANGE["TIMIX_STORE"]
    assert not {"LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONSTARTUP", "URE_BOOTSTRAP"} & set(
        environment
    )
    assert Path(environment["TIMIX_SOFFICE"]).resolve() == find_office().soffice.resolve()
    assert folder == str(desk.folder)


def test_each_press_has_a_pipe_and_a_secret_of_its_own(desk: Desk) -> None:
    desk.press("Preview")
    desk.press("Issue...")

    first, second = desk.ways
    assert not set(first) & set(second)


def test_what_is_being_typed_is_in_its_cell_before_the_press_reads_it(desk: Desk) -> None:
    desk.select("A1")
    desk.screen.type("not yet confirmed")
    desk.press("Preview")

    assert desk.cell("A9").String == "not yet confirmed"


def test_text_that_its_cell_refuses_is_told_by_calc_and_nothing_is_started(desk: Desk) -> None:
    refuse_texts(desk, "A2")
    desk.select("A2")
    desk.screen.type("no number")

    assert "Only numbers" in desk.refused("Preview")
    assert "Preview was not begun: Calc was busy with what is being typed" in desk.answer("OK")
    assert desk.presses == []
    desk.press("Preview")


def test_an_import_asks_for_its_file_and_writes_its_path_into_the_workbook(desk: Desk) -> None:
    name_import_cell(desk, "A8")
    desk.click("Import entries...")
    wait_for_picker(desk)
    path = desk.folder / "hours.csv"
    path.write_text("id\n")
    desk.screen.type(str(path))
    desk.screen.key("Return")

    desk.screen.until(lambda: desk.presses, "import_entries started")
    assert "import_entries" in desk.presses[0]
    assert desk.cell("A8").String == str(path)
    desk.screen.until(desk.is_free, "its end")


def test_an_import_for_which_no_file_is_chosen_starts_nothing(desk: Desk) -> None:
    name_import_cell(desk, "A8")
    desk.cell("A8").String = "/what/the/sender/chose.csv"
    desk.click("Import entries...")
    wait_for_picker(desk)
    desk.screen.key("Escape")

    desk.screen.until(lambda: not desk.eyes.dialog(PICKER), "the dialog gone")
    desk.press("Preview")
    assert [json.loads(one)[0][-3] for one in desk.presses] == ["preview"]


def test_while_it_works_the_sheet_takes_nothing_and_another_press_begins_nothing(
    desk: Desk,
) -> None:
    desk.behave("waits")
    desk.select("A1")
    desk.begin("Preview")
    desk.screen.until(desk.is_held, "the window held")
    desk.screen.type("typed meanwhile")
    desk.screen.key("Return")
    desk.click("Issue...")
    desk.go_on()
    desk.screen.until(desk.is_free, "the end")

    assert desk.cell("A1").String == ""
    assert len(desk.presses) == 1


def test_afterwards_one_types_on(desk: Desk) -> None:
    desk.select("A1")
    desk.press("Preview")
    desk.screen.type("after it")
    desk.screen.key("Return")

    desk.screen.until(lambda: desk.cell("A1").String == "after it", "the text in its cell")


def test_its_own_message_box_can_be_answered(desk: Desk) -> None:
    desk.behave("asks")
    desk.begin("Issue...")
    assert "Issue 3 invoices?" in desk.answer("Yes")
    desk.screen.until(desk.is_free, "the end")

    assert desk.cell("A8").String == "yes"


def test_a_python_without_timix_is_told_with_its_last_words(desk: Desk) -> None:
    desk.behave("dies")
    desk.begin("Load unbilled")

    words = desk.answer("OK")
    assert "Load unbilled did not work: ModuleNotFoundError: No module named 'timix_xl'" in words
    assert "timix-xl addin doctor --host calc" in words
    assert desk.is_free()


def test_a_python_that_is_killed_leaves_no_dead_window(desk: Desk) -> None:
    desk.behave("is killed")
    desk.begin("Issue...")

    words = desk.answer("OK")
    assert "Issue broke off" in words
    assert "timix-xl verify" in words
    assert desk.is_free()
    assert not desk.document.hasControllersLocked()
    assert not desk.document.isActionLocked()
    assert desk.document.isAutomaticCalculationEnabled()
    desk.behave("connects")
    desk.press("Preview")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "nothing says where its Python is"),
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"python": "python3", "version": "0.1.0"}', "does not name a Python"),
        (b'{"python": "/bin/sh", "version": "0.1.0; rm"}', "does not name a Python"),
        (b'{"python": "/gone/bin/python", "version": "0.1.0"}', "/gone/bin/python is not there"),
        (b'{"python": "/etc/passwd", "version": "0.1.0"}', "/etc/passwd (Permission denied)"),
    ],
    ids=["none", "no JSON", "a list", "no path", "no version", "gone", "no program"],
)
def test_an_extension_without_timix_says_what_to_install(
    desk: Desk, content: bytes | None, why: str
) -> None:
    if content is None:
        desk.settings.unlink()
    else:
        desk.settings.write_bytes(content)

    words = desk.refused("Preview")
    assert words.startswith(NOT_HERE)
    assert why in words
    assert INSTALL in words
    assert desk.is_free()


def test_a_window_of_the_command_open_says_to_open_the_workbook_again(desk: Desk) -> None:
    desk.settings.write_bytes(configuration(Path("/gone/bin/python"), by="open"))

    words = desk.refused("Preview")
    assert words.startswith(NOT_HERE)
    assert "timix-xl open FILE --host calc" in words
    assert INSTALL not in words


def test_one_without_the_secret_is_not_let_in(desk: Desk) -> None:
    desk.behave("has no secret")
    desk.begin("Issue...")

    words = desk.answer("OK")
    assert "Issue did not work" in words
    assert "could not be reached: it does not" in words  # let us in, or answer at all
    assert desk.cell("A9").String == ""
    assert desk.is_free()


def test_every_window_of_the_spreadsheet_takes_nothing_while_it_works(desk: Desk) -> None:
    desk.behave("waits")
    frames = desk.connection.desktop.Frames
    before = frames.Count
    dispatch(desk, ".uno:NewWindow", {})
    desk.screen.until(lambda: frames.Count > before, "a second window")
    second = frames.getByIndex(before)
    try:
        desk.begin("Preview")
        for one in desk.frames:
            assert not one.ComponentWindow.isEnabled()
            assert not one.ContainerWindow.isEnabled()
        assert len(desk.frames) == 2
        desk.go_on()
        desk.screen.until(desk.is_free, "the end")
    finally:
        second.close(False)


def test_menus_and_toolbars_do_nothing_while_it_works(desk: Desk) -> None:
    desk.cell("A1").String = "stays"
    desk.behave("waits")
    desk.select("A1")
    desk.begin("Preview")
    desk.screen.key("ctrl+minus", "Return")
    desk.screen.key("alt+s", "Return")
    desk.screen.key("Delete", "ctrl+x")
    desk.go_on()
    desk.screen.until(desk.is_free, "the end")

    assert desk.eyes.message_box() is None
    assert desk.cell("A1").String == "stays"


@pytest.mark.parametrize("how", ["connects", "is killed"])
def test_after_a_press_there_is_nothing_to_undo(desk: Desk, how: str) -> None:
    desk.behave(how)
    desk.cell("A1").String = "before"
    undo = desk.document.getUndoManager()
    assert undo.isUndoPossible()
    desk.begin("Preview")
    if how == "is killed":
        desk.answer("OK")
    desk.screen.until(desk.is_free, "the end")

    assert desk.cell("A9").String == "before"
    assert not undo.isUndoPossible()
    assert not undo.isLocked()


@pytest.mark.parametrize("kind", ["toolbar", "menubar"])
def test_a_document_with_a_button_of_ours_of_its_own_presses_nothing(desk: Desk, kind: str) -> None:
    bars = desk.document.getUIConfigurationManager()
    name = f"private:resource/{kind}/custom_timix_test"
    bars.insertSettings(name, settings_with(desk, bars, "xl.timix:issue"))
    try:
        words = desk.refused("Preview")
    finally:
        bars.removeSettings(name)

    assert words.startswith("Something in this document asks for Preview: it brings toolbars")
    assert desk.presses == []


def test_a_document_with_other_buttons_of_its_own_may_be_worked_on(desk: Desk) -> None:
    bars = desk.document.getUIConfigurationManager()
    name = "private:resource/toolbar/custom_timix_test"
    bars.insertSettings(name, settings_with(desk, bars, ".uno:Save"))
    try:
        desk.press("Preview")
    finally:
        bars.removeSettings(name)


def test_a_text_document_is_told_from_a_spreadsheet(desk: Desk) -> None:
    desktop = desk.connection.desktop
    frame = desktop.findFrame("_blank", 0)
    try:
        asking = threading.Thread(
            target=dispatch, args=(desk, "xl.timix:issue", {"KeyModifier": 0}, frame)
        )
        asking.start()
        assert "Issue was not begun: this is no spreadsheet" in desk.answer("OK")
        asking.join(10)
    finally:
        frame.dispose()


def test_one_that_hangs_or_cannot_begin_is_told_and_gives_the_window_back(
    screen: Screen, tmp_path: Path
) -> None:
    with a_desk(screen, tmp_path, component=BROKEN) as desk:
        desk.behave("never connects")
        desk.begin("Issue...")
        words = desk.answer("OK")
        assert "Issue did not work: it did not reach LibreOffice within 5 seconds" in words
        assert desk.is_free()

        desk.behave("waits")
        desk.begin("Issue...")
        container = desk.frames[0].ContainerWindow
        screen.until(container.isEnabled, "the buttons")
        assert desk.is_held()
        desk.click("Preview")
        assert "Issue has been at work for more than a minute" in desk.answer("Yes")
        assert "Issue broke off: you have stopped it" in desk.answer("OK")
        assert desk.is_free()

        words = desk.refused("Load unbilled")
        assert "Load unbilled did not work: LibreOffice could not wait for it" in words
        assert desk.is_free()

        assert desk.refused("Preview").startswith("Preview did not work: ")
        assert desk.is_free()
        assert not desk.document.getUndoManager().isLocked()


@pytest.mark.parametrize(
    "arguments",
    [
        {"URL": "xl.timix:issue", "FrameName": ""},
        {"Referer": "file:///home/maja/from-outside.ods"},
        {"Referer": "private:user", "URL": "xl.timix:issue"},
        {},
    ],
    ids=["link", "button", "both", "nothing"],
)
def test_what_does_not_come_from_a_button_of_ours_starts_nothing(
    desk: Desk, arguments: dict[str, str]
) -> None:
    asking = threading.Thread(target=dispatch, args=(desk, "xl.timix:issue", arguments))
    asking.start()

    words = desk.answer("OK")
    asking.join(10)
    assert words.startswith("Something in this document asks for Issue. Nothing was done")
    assert desk.presses == []


def test_a_link_in_a_cell_presses_nothing(desk: Desk) -> None:
    link = desk.document.createInstance("com.sun.star.text.TextField.URL")
    link.URL, link.Representation = "xl.timix:issue", "open the price list of this year here"
    text = desk.cell("A4").Text
    text.insertTextContent(text.createTextCursor(), link, False)
    box = desk.screen.until(lambda: desk.eyes.cell("A4"), "the link")
    desk.screen.move((box.left + 20, box.centre[1]))
    desk.screen._do("keydown", "ctrl")
    desk.screen._do("click", "1")
    desk.screen._do("keyup", "ctrl")

    assert desk.answer("OK").startswith("Something in this document asks for Issue.")
    assert desk.presses == []


@pytest.mark.parametrize("action", ["unknown", "", "issue;help", "../issue"])
def test_an_action_that_there_is_not_is_nobodys(desk: Desk, action: str) -> None:
    assert dispatch_of(desk, f"xl.timix:{action}")[0] is None


@pytest.mark.parametrize("how", ["connects", "waits", "never connects"])
def test_libreoffice_ends_in_some_seconds_after_a_press_or_in_one(
    screen: Screen, tmp_path: Path, how: str
) -> None:
    with a_desk(screen, tmp_path) as desk:
        desk.behave(how)
        desk.begin("Preview")
        if how == "connects":
            screen.until(desk.is_free, "the end of it")
        desk.document.setModified(False)
        desk.connection.desktop.terminate()

        assert desk.ends_within(15)


def wait_for_picker(desk: Desk) -> None:
    """Wait for the dialog that asks for a file, and give it the keys."""
    desk.screen.until(lambda: desk.eyes.dialog(PICKER), "the file dialog")
    desk.screen.focus(PICKER)


def name_import_cell(desk: Desk, address: str) -> None:
    """Give the spreadsheet the cell in which a billing workbook names the file to import."""
    names, at = desk.document.NamedRanges, desk.cell("A1").CellAddress
    if not names.hasByName(IMPORT_CELL):
        title = desk.document.Sheets.getByIndex(0).Name
        names.addNewByName(IMPORT_CELL, f"${title}.${address[0]}${address[1:]}", at, 0)


def refuse_texts(desk: Desk, address: str) -> None:
    """Have a cell take numbers only, and Calc say so."""
    uno = desk.connection.uno
    cell = desk.cell(address)
    rule = cell.Validation
    rule.Type = uno.Enum("com.sun.star.sheet.ValidationType", "DECIMAL")
    rule.setOperator(uno.Enum("com.sun.star.sheet.ConditionOperator", "GREATER"))
    rule.setFormula1("0")
    rule.ShowErrorMessage, rule.ErrorMessage = True, "Only numbers above nought."
    cell.Validation = rule


def settings_with(desk: Desk, bars: Any, command: str) -> Any:
    """Make a toolbar or a menu with a submenu in which one thing is asked for."""
    uno = desk.connection.uno
    inner, outer = bars.createSettings(), bars.createSettings()
    pressed = desk.connection.props(CommandURL=command, Label="Totals", Type=0)
    below = desk.connection.props(
        CommandURL="vnd.openoffice.org:CustomMenu1",
        Label="More",
        Type=0,
        ItemDescriptorContainer=inner,
    )
    for settings, entry in ((inner, pressed), (outer, below)):
        typed = uno.Any("[]com.sun.star.beans.PropertyValue", entry)
        uno.invoke(settings, "insertByIndex", (0, typed))
    return outer


def dispatch_of(desk: Desk, url: str, frame: Any = None) -> tuple[Any, Any]:
    """Ask the window who answers a URL."""
    asked = desk.connection.struct("com.sun.star.util.URL")
    asked.Complete = url
    _, parsed = desk.connection.create("com.sun.star.util.URLTransformer").parseStrict(asked)
    frame = frame or desk.document.CurrentController.Frame
    return frame.queryDispatch(parsed, "_self", 0), parsed


def dispatch(desk: Desk, url: str, arguments: dict[str, Any], frame: Any = None) -> None:
    """Ask the window for what a URL says, as a document does."""
    answers, parsed = dispatch_of(desk, url, frame)
    answers.dispatch(parsed, desk.connection.props(**arguments))
