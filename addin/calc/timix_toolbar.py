"""The toolbars and the menu Timix in Calc: a press starts the Python that timix-xl is installed in.

LibreOffice runs this file in a Python of its own, 3.8 or newer, that knows nothing of timix-xl. So
it does little: it waits on a pipe, starts the Python that timix.json beside this file names, and
lets go of the window again when that one has ended. What is started is a whole path and constant
words, with the name of a button, a version and the number of the document; nothing that stands in a
document gets into it. The name of the pipe and a secret are random, and only what is started is
told them, on its standard input: whoever else finds the pipe gets nothing without the secret. What
a button does is in timix_xl.macros.
"""

import hmac
import json
import os
import re
import secrets
import subprocess
import tempfile
import threading
from contextlib import suppress
from typing import NamedTuple

import uno
import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.beans import NamedValue
from com.sun.star.bridge import XInstanceProvider
from com.sun.star.frame import ControlCommand, FeatureStateEvent, XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization, XServiceInfo
from com.sun.star.uno import Exception as UnoError

IMPLEMENTATION = "xl.timix.calc.Toolbar"
SERVICE = "com.sun.star.frame.ProtocolHandler"
PROTOCOL = "xl.timix:"
CONTEXT = "StarOffice.ComponentContext"
TITLE = "Timix"
OK, YES_NO, YES = 1, 3, 2
"""Numbers of LibreOffice's: two for the buttons of a message box, one for an answer."""
IMPORT_CELL = "timix_import_file"
SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
PATIENCE_SECONDS = 60
"""How long a press takes that comes in late, or of which one asks whether to stop it."""
HERE = os.path.dirname(os.path.abspath(__file__))

NOT_HERE = "The toolbar is here, timix-xl is not: {why}.\n\n{repair}"
INSTALL = {
    "install": "Install timix-xl (pip install timix-xl), then run in a terminal:\n"
    "timix-xl addin install --host calc",
    "open": "Install timix-xl if it is gone (pip install timix-xl), quit this window and open the"
    " workbook again, in a terminal:\ntimix-xl open FILE --host calc",
}
"""What helps, by who has said where the Python is."""
ENDED = "{label} did not work: {why}\n\n{repair}"
REPAIR = {
    "install": "See what is wrong, in a terminal:\ntimix-xl addin doctor --host calc",
    "open": "Quit this window and open the workbook again, in a terminal:\n"
    "timix-xl open FILE --host calc",
}
BROKE_OFF = (
    "{label} broke off: {why}\n\nLook at the sheets and at the store before you do it again"
    " (timix-xl verify)."
)
NOT_BEGUN = "{label} was not begun: {why}"
NOT_A_SHEET = "this is no spreadsheet. Press it in the window of a billing workbook."
NOT_TAKEN = (
    "Calc was busy with what is being typed, or did not take it. Look at that cell, then press"
    " again."
)
ANOTHER = "another button of Timix was pressed meanwhile. Wait for it, then press again."
NO_NUMBER = "LibreOffice gives this document no number. Save it, open it again and press again."
NOT_IN = "it did not reach LibreOffice within %d seconds and was stopped."
STOPPED = "you have stopped it."
NO_PIPE = "LibreOffice could not wait for it (%s)."
BUSY = "Timix: wait until {label} is done, then press again."
SLOW = "Timix: {label} still works. To stop it, press any button of Timix."
STOP = "{label} has been at work for more than a minute. Stop it?"
NOT_A_BUTTON = (
    "Something in this document asks for {label}. Nothing was done: documents may not press buttons"
    " of Timix. If you want it, press it in the toolbar or in the menu Timix."
)
BARS_OF_ITS_OWN = (
    "Something in this document asks for {label}: it brings toolbars or menus of its own with"
    " buttons of Timix. Nothing was done: documents may not press buttons of Timix. Take them out"
    " (Tools > Customize, where it is saved in this document), save it and open it again."
)
STRANGE_TO_PYTHON = ("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "__PYVENV_LAUNCHER__")
"""What LibreOffice sets for itself, beside all that begins with PYTHON, URE_ and UNO_."""


class Installed(NamedTuple):
    """The Python to start, its version of timix-xl, and who has said so: "install" or "open"."""

    python: str
    version: str
    by: str


class Refused(Exception):
    """Why a press does not begin, in words for a person."""


def buttons():
    """Return the buttons that there are: their labels and tips by their actions."""
    with open(os.path.join(HERE, "buttons.json"), encoding="utf-8") as file:
        return json.load(file)


BUTTONS = buttons()


class Toolbar(unohelper.Base, XServiceInfo, XInitialization, XDispatchProvider, XDispatch):
    """What LibreOffice asks when a button is shown or pressed; one for each window."""

    def __init__(self, ctx, *arguments):
        self.ctx = ctx
        self.frame = None

    def initialize(self, arguments):
        """Take the window."""
        self.frame = arguments[0] if arguments else None

    def queryDispatch(self, url, target, flags):
        """Say whether this is a button of ours."""
        return self if url.Protocol == PROTOCOL and url.Path in BUTTONS else None

    def queryDispatches(self, requests):
        """Say it for many."""
        return tuple(
            self.queryDispatch(one.FeatureURL, one.FrameName, one.SearchFlags) for one in requests
        )

    def dispatch(self, url, arguments):
        """Do what a button asks for, if it is a button that asks."""
        if not self.frame or url.Path not in BUTTONS:
            return
        if is_of_a_button(arguments):
            press(self.ctx, self.frame, url.Path)
        else:
            show(self.ctx, self.frame, NOT_A_BUTTON.format(**BUTTONS[url.Path]))

    def addStatusListener(self, listener, url):
        """Tell a button what its tip is."""
        told = NamedValue("HelpText", BUTTONS[url.Path]["tip"])
        event = FeatureStateEvent()
        event.Source, event.FeatureURL, event.IsEnabled = self, url, True
        event.State = ControlCommand("SetQuickHelpText", (told,))
        listener.statusChanged(event)

    def removeStatusListener(self, listener, url):
        """Nothing is kept of a button."""

    def getImplementationName(self):
        """Return our name."""
        return IMPLEMENTATION

    def supportsService(self, name):
        """Say whether we are this."""
        return name == SERVICE

    def getSupportedServiceNames(self):
        """Return what we are."""
        return (SERVICE,)


def is_of_a_button(arguments):
    """Say whether a toolbar or a menu asks, and not a link or a button of a document.

    A toolbar says which keys are held, a menu that it is the user's; a document what it opens.
    """
    said = {one.Name: one.Value for one in arguments}
    return "URL" not in said and ("KeyModifier" in said or said.get("Referer") == "private:user")


def press(ctx, frame, action):
    """Do what a button asks for, and say why not; there is one press at a time."""
    if Press.running:
        Press.running.pressed_again(frame)
        return
    try:
        begin(ctx, frame, action)
    except Refused as why:
        show(ctx, frame, str(why))
    except Exception as error:  # noqa: BLE001  whatever it is, nobody else would tell it
        why = str(error) or type(error).__name__
        show(ctx, frame, worded(ENDED, action, why=why, repair=REPAIR["install"]))


def begin(ctx, frame, action):
    """Start what a button asks for; raises Refused."""
    document = frame.Controller.Model if frame.Controller else None
    if not is_spreadsheet(document):
        raise Refused(worded(NOT_BEGUN, action, why=NOT_A_SHEET))
    if has_buttons_of_ours(document):
        raise Refused(worded(BARS_OF_ITS_OWN, action))
    installed = configured()
    if not typed_text_is_taken(ctx, frame):
        raise Refused(worded(NOT_BEGUN, action, why=NOT_TAKEN))
    # Else whoever sent the workbook would choose the file.
    if action == "import_entries" and not file_is_chosen(ctx, document):
        return
    Press(ctx, frame, action, installed).start()


def worded(words, action, **facts):
    """Return words about a button."""
    return words.format(label=BUTTONS[action]["label"], **facts)


def is_spreadsheet(document):
    """Say whether a window shows what has sheets; some windows show no document at all."""
    return hasattr(document, "supportsService") and document.supportsService(SPREADSHEET)


def has_buttons_of_ours(document):
    """Say whether toolbars or menus that a document brings along ask for what ours do.

    A button of theirs sends just what a button of ours does.
    """
    bars = document.getUIConfigurationManager()
    for about in bars.getUIElementsInfo(0):
        (name,) = (one.Value for one in about if one.Name == "ResourceURL")
        if any(command.startswith(PROTOCOL) for command in commands(bars.getSettings(name, False))):
            return True
    return False


def commands(entries):
    """Go through what the entries of a toolbar or of a menu ask for, those of submenus too."""
    for number in range(entries.getCount()):
        entry = {one.Name: one.Value for one in entries.getByIndex(number)}
        yield str(entry.get("CommandURL") or "").strip().lower()
        if entry.get("ItemDescriptorContainer"):
            yield from commands(entry["ItemDescriptorContainer"])


def configured():
    """Return what is installed; raises Refused."""
    path = os.path.join(HERE, "timix.json")
    try:
        with open(path, encoding="utf-8") as file:
            told = json.load(file)
        by = "open" if told.get("by") == "open" else "install"
        installed = Installed(told["python"], told["version"], by)
    except FileNotFoundError:
        raise not_here("nothing says where its Python is") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise not_here("%s cannot be read" % path) from None
    python = installed.python
    if not isinstance(python, str) or not os.path.isabs(python) or not is_token(installed.version):
        raise not_here("%s does not name a Python" % path, by)
    if not os.path.isfile(python):
        raise not_here("%s is not there any more" % python, by)
    return installed


def not_here(why, by="install"):
    """Say that there is no timix-xl to start."""
    return Refused(NOT_HERE.format(why=why, repair=INSTALL[by]))


def is_token(word):
    """Say whether a word is letters, digits, points and the like: one that needs no quotes."""
    return isinstance(word, str) and re.fullmatch(r"[A-Za-z0-9_.+-]{1,100}", word) is not None


def typed_text_is_taken(ctx, frame):
    """Put what is being typed into its cell, as the Enter key does; say whether Calc took it.

    Where a rule of the cell refuses it, Calc shows a box. What waits to be called back is called
    while a box is open, and not before we are through where there is none.
    """
    bell = Bell()
    create(ctx, "com.sun.star.awt.AsyncCallback").addCallback(bell, None)
    dispatcher = create(ctx, "com.sun.star.frame.DispatchHelper")
    dispatcher.executeDispatch(frame, ".uno:AcceptFormula", "", 0, ())
    return not bell.has_rung


def file_is_chosen(ctx, document):
    """Ask for the file to import, and write its path where the macro reads it; say whether to go on.

    Of a workbook that has no such cell, the macro says what is wrong.
    """
    names = document.NamedRanges
    target = names.getByName(IMPORT_CELL).ReferredCells if names.hasByName(IMPORT_CELL) else None
    if target is None:
        return True
    picker = create(ctx, "com.sun.star.ui.dialogs.FilePicker")
    picker.setTitle("Timix: import entries")
    folder = document.URL.rpartition("/")[0]
    if folder:
        picker.setDisplayDirectory(folder)
    if not picker.execute():
        return False
    target.getCellByPosition(0, 0).String = uno.fileUrlToSystemPath(picker.getFiles()[0])
    return True


class Bell(unohelper.Base, XCallback):
    """What LibreOffice calls as soon as it waits for somebody."""

    has_rung = False

    def notify(self, data):
        """Note it."""
        self.has_rung = True


class Press(unohelper.Base, XInstanceProvider, XCallback):
    """A press: its pipe, the Python that works, and the windows that wait for it."""

    running = None

    def __init__(self, ctx, frame, action, installed):
        self.ctx, self.frame, self.action, self.installed = ctx, frame, action, installed
        self.acceptor = create(ctx, "com.sun.star.connection.Acceptor")
        self.bridges = create(ctx, "com.sun.star.bridge.BridgeFactory")
        self.main_thread = create(ctx, "com.sun.star.awt.AsyncCallback")
        self.pipe = "timix" + secrets.token_hex(16)
        self.secret = secrets.token_hex(32)
        self.document = frame.Controller.Model
        self.calculates = self.document.isAutomaticCalculationEnabled()
        self.process = None
        self.said = None
        self.bridge = None
        self.came_in = self.is_slow = False
        self.fault = ""
        self.words = ""
        self.indicators = []
        self.held = []

    def start(self):
        """Let the windows wait, and start the Python; raises Refused."""
        words = [self.action, self.installed.version, self.document.RuntimeUID]
        if not all(map(is_token, words)):
            raise Refused(worded(NOT_BEGUN, self.action, why=NO_NUMBER))
        if Press.running:  # a box or a file dialog has let somebody press again
            raise Refused(worded(NOT_BEGUN, self.action, why=ANOTHER))
        command = [self.installed.python, "-I", "-B", "-m", "timix_xl.macros.toolbar"] + words
        Press.running = self
        try:
            self.hold()
            self.said = tempfile.TemporaryFile()
            self.process = started(command, self.said, program(self.ctx))
            in_a_thread(self.accept)
            in_a_thread(self.wait)
        except Exception as error:
            if self.process:
                self.process.kill()
            self.let_go()
            if not isinstance(error, OSError):
                raise
            raise not_here("%s (%s)" % (command[0], error.strerror), self.installed.by) from None
        self.tell_the_way()

    def tell_the_way(self):
        """Tell our Python, and nobody else, how to come in."""
        with suppress(OSError), self.process.stdin as way:  # it may have ended by now
            way.write(("%s %s\n" % (self.pipe, self.secret)).encode("ascii"))

    def pressed_again(self, frame):
        """Say that nothing else is begun now; of what works for long, ask whether to stop it."""
        if not self.is_slow:
            self.indicate(frame, worded(BUSY, self.action))
        elif asked(self.ctx, frame, worded(STOP, self.action)):
            self.give_up(STOPPED)

    def indicate(self, frame, words):
        """Say something in the status bar until the press is over."""
        indicator = frame.createStatusIndicator()
        self.indicators.append(indicator)
        indicator.start(words, 0)

    def hold(self):
        """Let nobody change what is being written: not in the sheet, nor by menus and toolbars."""
        self.indicate(self.frame, worded("Timix: {label} ...", self.action))
        for frame in frames_of(self.ctx, self.document):
            for window in (frame.ComponentWindow, frame.ContainerWindow):
                self.held.append(window)
                window.setEnable(False)
        self.document.getUndoManager().lock()

    def accept(self):
        """Let our Python in, once."""
        try:
            connection = self.acceptor.accept("pipe,name=" + self.pipe)
            if connection:
                self.bridge = self.bridges.createBridge("", "urp", connection, self)
        except UnoError as error:
            self.give_up(NO_PIPE % (str(error) or type(error).__name__))

    def getInstance(self, name):
        """Give LibreOffice to the one who knows the secret."""
        if not hmac.compare_digest(name.encode("utf-8"), (CONTEXT + self.secret).encode("ascii")):
            return None
        self.came_in = True
        return self.ctx

    def give_up(self, why):
        """Stop our Python, if it has not ended by itself."""
        if self.process.poll() is None:
            self.fault = why
            self.process.kill()

    def wait(self):
        """Wait until our Python has ended; give up on one that does not come in."""
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            if self.came_in:
                self.call("slow")
            else:
                self.give_up(NOT_IN % PATIENCE_SECONDS)
        code = self.process.wait()
        with self.said:
            self.words = self.told(code, last_line(self.said))
        with suppress(UnoError):
            self.acceptor.stopAccepting()
        self.call("over")

    def told(self, code, line):
        """Return what a person has to be told of the end of our Python."""
        if code == 0:
            return ""
        why = self.fault or line or "Python ended with %d and without a word." % code
        words = BROKE_OFF if self.came_in else ENDED
        return worded(words, self.action, why=why, repair=REPAIR[self.installed.by])

    def call(self, what):
        """Have something done on the thread that may do it."""
        try:
            self.main_thread.addCallback(self, what)
        except UnoError:  # LibreOffice is ending: nobody is there to be told
            Press.running = None

    def notify(self, data):
        """Let go, and say what went wrong; of what works for long, say how to stop it."""
        if data == "slow":
            self.be_slow()
            return
        self.let_go()
        if self.came_in:
            self.forget_what_was_before()
        if self.words:
            self.thaw()
            show(self.ctx, self.frame, self.words)

    def be_slow(self):
        """Let buttons be pressed again, so that it can be stopped; the sheets still take nothing."""
        self.is_slow = True
        for window in self.held[1::2]:
            with suppress(UnoError, AttributeError):
                window.setEnable(True)
        with suppress(UnoError, AttributeError):
            self.indicate(self.frame, worded(SLOW, self.action))

    def let_go(self):
        """End the press: give every window back, and the keyboard to the one that it came from."""
        Press.running = None
        for one in self.indicators:
            with suppress(UnoError, AttributeError):
                one.end()
        for window in reversed(self.held):
            with suppress(UnoError, AttributeError):  # it may be closed by now
                window.setEnable(True)
        with suppress(UnoError, AttributeError):
            self.document.getUndoManager().unlock()
        with suppress(UnoError, AttributeError):
            self.frame.ComponentWindow.setFocus()

    def forget_what_was_before(self):
        """Leave nothing to undo: a part of a press undone would show what is not in the store."""
        with suppress(UnoError):  # the document may be closed by now
            undo = self.document.getUndoManager()
            while undo.isLocked():
                undo.unlock()
            undo.clear()

    def thaw(self):
        """Take back what a Python that broke off held back: drawing, measuring, calculating."""
        with suppress(UnoError):  # the document may be closed by now
            while self.document.hasControllersLocked():
                self.document.unlockControllers()
            while self.document.isActionLocked():
                self.document.removeActionLock()
            self.document.IsAdjustHeightEnabled = True
            self.document.enableAutomaticCalculation(self.calculates)


def frames_of(ctx, document):
    """Return what shows a document: one may have opened a second window of it."""
    frames = create(ctx, "com.sun.star.frame.Desktop").Frames
    every = [frames.getByIndex(number) for number in range(frames.getCount())]
    return [one for one in every if one.Controller and one.Controller.Model == document]


def program(ctx):
    """Return the LibreOffice that we are in: the press is to speak with this one and no other.

    Its folder has another name on macOS. Nothing, where the program is not found.
    """
    expander = ctx.getValueByName("/singletons/com.sun.star.util.theMacroExpander")
    name = "soffice.exe" if os.name == "nt" else "soffice"
    for folder in ("program", "MacOS"):
        url = expander.expandMacros("$BRAND_BASE_DIR/" + folder)
        path = os.path.join(uno.fileUrlToSystemPath(url), name)
        if os.path.isfile(path):
            return path
    return None


def started(command, said, office):
    """Start a program without a console and without what LibreOffice set for itself."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in STRANGE_TO_PYTHON and not name.startswith(("PYTHON", "URE_", "UNO_"))
    }
    if office:
        environment["TIMIX_SOFFICE"] = office
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
        cwd=os.path.dirname(command[0]),
        env=environment,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def last_line(said):
    """Return the last line that was written into a file."""
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else ""


def in_a_thread(function, *arguments):
    """Run a function beside LibreOffice, which need not wait for it when it ends."""
    threading.Thread(target=function, args=arguments, daemon=True).start()


def show(ctx, frame, words):
    """Show a message box; what it says can be read aloud and copied."""
    answer_of(ctx, frame, words, "ERRORBOX", OK)


def asked(ctx, frame, words):
    """Ask whether to do something; say whether the answer is yes."""
    return answer_of(ctx, frame, words, "QUERYBOX", YES_NO) == YES


def answer_of(ctx, frame, words, kind, buttons):
    """Show a box of a kind with the buttons of a number; return the number of the answer."""
    toolkit = create(ctx, "com.sun.star.awt.Toolkit")
    kind = uno.Enum("com.sun.star.awt.MessageBoxType", kind)
    with suppress(UnoError, AttributeError):  # the window may be closed by now
        box = toolkit.createMessageBox(frame.ContainerWindow, kind, buttons, TITLE, words)
        try:
            return box.execute()
        finally:
            box.dispose()


def create(ctx, service):
    """Make an object of LibreOffice's."""
    return ctx.ServiceManager.createInstanceWithContext(service, ctx)


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Toolbar, IMPLEMENTATION, (SERVICE,))
