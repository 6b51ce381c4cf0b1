"""Commands for the add-ins: build their files, install them, take them away, examine them."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.table import Table

from timix_xl import __version__
from timix_xl.addin import extending, extension, extension_checks
from timix_xl.addin.build import ADDIN_NAME, build
from timix_xl.addin.examining import Check, State, examine
from timix_xl.addin.extension import EXTENSION_NAME
from timix_xl.addin.installing import Installation, lasting_store, store_of_excel
from timix_xl.addin.installing import install as install_addin
from timix_xl.addin.installing import uninstall as uninstall_addin
from timix_xl.addin.machine import Machine, this_machine
from timix_xl.addin.places import System
from timix_xl.addin.refusals import AddinNotBuilt, ExtensionNotBuilt
from timix_xl.cli import printing, shapes
from timix_xl.cli.session import Answer, Session
from timix_xl.errors import BadArgument, BadCommand, HostError, counted, without_passwords
from timix_xl.files import replace_file
from timix_xl.settings import absolute_place, settings_of_file

_NEXT = {
    System.WINDOWS: (
        "Next: quit Excel in all its windows and start it again. The tab Timix stands to the right"
        " of Data."
    ),
    System.MAC: (
        "Next: quit Excel (Cmd-Q) and start it again. The tab Timix stands to the right of Data. At"
        " the first button macOS asks once whether Python may control Excel: say OK."
    ),
}

_NEXT_IN_CALC = (
    "Next: save your work, quit LibreOffice in all its windows and start it again. The toolbars of"
    " Timix stand above the sheets of Calc, the menu Timix to the right of Tools."
)


def addin_step(session: Session) -> Answer:
    """Take one step with the add-in of Excel or the extension of LibreOffice Calc."""
    return _STEPS[session.chosen.host, session.chosen.step](session)


def _build(session: Session) -> Answer:
    path = _target(session.chosen.output, ADDIN_NAME, "the name of an add-in")
    return _written(path, build(), "the add-in", AddinNotBuilt)


def _build_extension(session: Session) -> Answer:
    path = _target(session.chosen.output, EXTENSION_NAME, "the name of an extension")
    return _written(path, extension.build(), "the extension", ExtensionNotBuilt)


def _written(path: Path, content: bytes, what: str, refusal: type[HostError]) -> Answer:
    try:
        replace_file(path, content)
    except OSError as error:
        raise refusal(path=path, why=error.strerror or str(error)) from error
    digest = hashlib.sha256(content).hexdigest()
    lines = [
        f"Wrote {path}: {what} of timix-xl {__version__}, {len(content):,} bytes.",
        f"sha256 {digest}",
    ]
    shape = {
        "file": str(path),
        "version": __version__,
        "bytes": len(content),
        "sha256": digest,
    }
    return Answer(shape, lambda console: printing.show(console, lines))


def _target(output: str | None, usual: str, expected: str) -> Path:
    path = Path(output or usual)
    if path.is_dir():
        return path / usual
    if path.suffix.lower() != Path(usual).suffix:
        raise BadArgument(argument="-o", value=str(path), expected=expected, example=usual)
    return path


def _install(session: Session) -> Answer:
    machine = this_machine()
    settings_of_file()  # a broken one is told before anything is written
    settings = _settings(session)
    file = session.chosen.file
    done = install_addin(machine, settings, signed=Path(file) if file else None)
    warnings = list(_warnings(done, machine, settings))
    lines = [
        *_installed(done, store_of_excel(machine)),
        *warnings,
        "",
        _NEXT[machine.system],
        "If it is not there: timix-xl addin doctor.",
    ]
    shape = _installation(done) | {"warnings": warnings}
    return Answer(shape, lambda console: printing.show(console, lines))


def _extend(session: Session) -> Answer:
    if session.chosen.file:
        raise BadCommand(problem="--file is for Excel's add-in", command="timix-xl addin install")
    machine = this_machine()
    settings_of_file()  # a broken one is told before anything is written
    done = extending.install(machine, _settings(session))
    version = ".".join(map(str, done.office.version))
    where = f"LibreOffice {version} ({done.office.soffice.parent})"
    lines = [
        f"Installed the extension Timix {__version__} for you in {where}.",
        f"Its buttons start {machine.python}.",
        *([f"Wrote {done.settings} (the settings)"] if done.settings_changed else []),
        *_works_on("LibreOffice", store_of_excel(machine)),
        "",
        _NEXT_IN_CALC,
        "If they are not there: timix-xl addin doctor --host calc.",
    ]
    shape = {
        "version": __version__,
        "office": str(done.office.soffice.parent),
        "office_version": version,
        "python": str(machine.python),
        "settings_changed": done.settings_changed,
    }
    return Answer(shape, lambda console: printing.show(console, lines))


def _settings(session: Session) -> dict[str, str]:
    """Return what Excel has to know and would not see: a store that was chosen here, a user."""
    # The variable may be of this window only; what the settings file says needs no writing.
    chosen = session.chosen.store or os.environ.get("TIMIX_STORE")
    store = {"store": absolute_place(chosen)} if chosen else {}
    user = {"user": session.chosen.user} if session.chosen.user else {}
    return store | user


def _warnings(done: Installation, machine: Machine, settings: dict[str, str]) -> Iterator[str]:
    """Say what of the installation is not as somebody may think."""
    chosen, lasting = settings.get("store"), lasting_store(machine)
    if chosen and lasting and chosen != lasting:
        yield (
            f"It does not use {without_passwords(chosen)}: Windows keeps the variable TIMIX_STORE, which goes before"
            " settings.toml. Delete or change it (Windows Settings, search for environment"
            " variables), then quit Excel and start it again."
        )
    if done.signature_lost:
        yield (
            "The add-in that was there was signed; this one is not. If your IT department signs the"
            " add-in, ask for the file of this version: timix-xl addin install --file FILE.xlam"
        )


def _installed(done: Installation, place: str) -> Iterator[str]:
    for one in done.files:
        yield f"{'Wrote' if one.changed else 'Was there already:'} {one.path} ({one.what})"
    for path in done.removed:
        yield f"Removed {path} (an old copy)"
    yield from _works_on("Excel", place)


def _works_on(program: str, place: str) -> Iterator[str]:
    yield f"{program} works on the store {without_passwords(place)}."
    if "://" not in place and not Path(place).exists():
        yield f'It is not there yet. Make it: timix-xl --store "{place}" init'


def _installation(done: Installation) -> shapes.Shape:
    return {
        "version": __version__,
        "files": [
            {"what": one.what, "file": str(one.path), "changed": one.changed} for one in done.files
        ],
        "removed": [str(path) for path in done.removed],
    }


def _uninstall(session: Session) -> Answer:
    removed = uninstall_addin(this_machine())
    lines = [f"Removed {path}" for path in removed]
    if removed:
        lines.append("settings.toml, the store and your workbooks are as they were.")
    else:
        lines.append("The add-in is not installed; there was nothing to remove.")
    shape = {"removed": [str(path) for path in removed]}
    return Answer(shape, lambda console: printing.show(console, lines))


def _withdraw(session: Session) -> Answer:
    removed = extending.uninstall(this_machine())
    if removed:
        lines = [
            f"Removed the extension Timix {removed.version} from your LibreOffice.",
            "A LibreOffice that runs shows its toolbars until it is quit.",
            "settings.toml, the store and your workbooks are as they were.",
        ]
    else:
        lines = ["The extension is not installed; there was nothing to remove."]
    shape = {"removed": removed.version if removed else None}
    return Answer(shape, lambda console: printing.show(console, lines))


def _doctor(session: Session) -> Answer:
    chosen = session.chosen
    return _examined(
        examine(this_machine(), store=chosen.store, with_excel=not chosen.without_excel)
    )


def _calc_doctor(session: Session) -> Answer:
    if session.chosen.without_excel:
        problem = "--without-excel is for Excel's add-in"
        raise BadCommand(problem=problem, command="timix-xl addin doctor")
    return _examined(extension_checks.examine(this_machine(), store=session.chosen.store))


def _examined(found: tuple[Check, ...]) -> Answer:
    wrong = sum(one.state is State.FINDING for one in found)
    rests = [one.message for one in found if one.state is State.NOT_CHECKED]
    parts: Sequence[str | Table] = (_table(found), "", _verdict(wrong, rests, len(found)))
    shape = {
        "ok": not wrong,
        "not_checked": len(rests),
        "checks": [_check(one) for one in found],
    }
    exit_code = HostError.exit_code if wrong else 0
    return Answer(shape, lambda console: printing.show(console, parts), exit_code)


def _verdict(wrong: int, rests: Sequence[str], checks: int) -> str:
    """Say what was found, and how much was not looked at and why."""
    if not rests:
        return f"{counted(wrong, 'finding')}." if wrong else "Nothing is wrong."
    first = counted(wrong, "finding") if wrong else "Nothing wrong in what could be looked at"
    were = "was" if len(rests) == 1 else "were"
    return f"{first}; {len(rests)} of {checks} {were} not checked: {' '.join(dict.fromkeys(rests))}"


def _table(found: tuple[Check, ...]) -> Table:
    table = printing.table("", "Check", "Result", "Found", "What to do")
    for one in found:
        hint = f"{one.hint} [{one.code}]" if one.code else ""
        printing.add(table, one.name, one.state.value, one.message, hint)
    return table


def _check(one: Check) -> shapes.Shape:
    return {
        "check": one.name,
        "state": one.state.value.replace(" ", "_"),
        "message": one.message,
        "hint": one.hint,
        "code": one.code,
    }


_STEPS: dict[tuple[str, str], Callable[[Session], Answer]] = {
    ("excel", "build"): _build,
    ("excel", "install"): _install,
    ("excel", "uninstall"): _uninstall,
    ("excel", "doctor"): _doctor,
    ("calc", "build"): _build_extension,
    ("calc", "install"): _extend,
    ("calc", "uninstall"): _withdraw,
    ("calc", "doctor"): _calc_doctor,
}
