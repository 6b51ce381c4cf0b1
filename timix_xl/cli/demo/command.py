"""The command: run the month end, or say what an earlier run left."""

from pathlib import Path

from rich.console import Console

from timix_xl.cli import printing, shapes
from timix_xl.cli.demo import project_script, script
from timix_xl.cli.demo.folder import STORE, DemoFolder
from timix_xl.cli.demo.month import Chapter, Month, workbook_name
from timix_xl.cli.demo.steps import STEPS
from timix_xl.cli.session import Answer, Session
from timix_xl.documents.files import safe_name
from timix_xl.store.database import make_store

WORKBOOKS = (*script.CUSTOMERS, project_script.CUSTOMER)
PAPERS = (*script.NUMBERS, *project_script.INVOICES, *project_script.PRO_FORMAS)
NAMES = (
    *(STORE, f"{STORE}-journal"),
    *(workbook_name(customer) for customer in WORKBOOKS),
    *(f"invoices/{safe_name(number)}" for number in PAPERS),
    *(script.PACK, script.FINANCE),
)
"""Every file that the demo makes, besides its note."""


def demo(session: Session) -> Answer:
    """Run the month end, or say what an earlier run left; the demo has its own days and people."""
    folder = DemoFolder(Path(session.chosen.into))
    is_new = session.chosen.fresh or not folder.is_done
    if is_new:
        folder.begin(NAMES)
        folder.finish(_run(folder, None if session.as_json else session.console))
    shape = {"made": is_new, **(folder.summary or {})}
    return Answer(shape, lambda console: _show_end(console, folder, is_new=is_new))


def _run(folder: DemoFolder, console: Console | None) -> shapes.Shape:
    """Take the steps one by one; each is told as soon as it is done."""
    store, _ = make_store(str(folder.store))
    month = Month(folder.path, folder.invoices, store)
    summary: shapes.Shape = {"folder": str(folder.path), "store": str(folder.store)}
    try:
        for number, step in enumerate(STEPS, start=1):
            chapter = step(month)
            if console:
                _show_chapter(console, number, chapter)
            for name, fact in chapter.facts.items():
                summary[name] = [*summary.get(name, []), *fact] if name == "issued" else fact
    finally:
        store.close()
    pdfs = [str(path) for path in folder.own() if path.parent == folder.invoices]
    return summary | {"pdfs": pdfs}


def _show_chapter(console: Console, number: int, chapter: Chapter) -> None:
    printing.say(console, f"{number}. {chapter.heading}", "bold cyan")
    printing.show(console, chapter.parts)
    printing.say(console, "")


def _show_end(console: Console, folder: DemoFolder, *, is_new: bool) -> None:
    if not is_new:
        printing.say(console, f"The demo is in {folder.path} already.", "bold")
        printing.say(console, _holds(folder))
    printing.say(console, "Files to open", "bold cyan")
    made = printing.table("", "File", "Description")
    for path in folder.own():
        if says := _says(path.name):
            printing.add(made, path, says)
    printing.lay(console, made)
    store, into = _typed(folder.store), _typed(folder.path)
    last, day = script.UNISSUED.customer, script.BILLING_DATE
    printing.show(
        console,
        [
            "",
            "And to go on:",
            f"  timix-xl --store {store} verify",
            f"  timix-xl --store {store} issue {_typed(folder.path / workbook_name(last))}",
            f"  timix-xl --store {store} unbilled HANSE --billing-date {day}",
            f"  timix-xl --store {store} pro-forma show {project_script.LEFT_ON_HOLD}",
            f"  timix-xl demo --into {into} --fresh    (starts anew)",
        ],
    )


def _holds(folder: DemoFolder) -> str:
    summary = folder.summary or {}
    invoices = printing.of(len(summary.get("issued", [])), "invoice")
    notes = printing.of(int("credit_note" in summary), "credit note")
    workbooks = printing.of(len(summary.get("workbooks", [])), "billing workbook")
    month = f"{script.BILLING_DATE:%B %Y}"
    return f"{month}: {invoices}, {notes} and {workbooks} over the store {folder.store}."


def _typed(path: Path) -> str:
    """Write a path as it is typed on a command line."""
    return f'"{path}"' if " " in str(path) else str(path)


def _says(name: str) -> str:
    if name == workbook_name(script.UNISSUED.customer):
        return "reviewed and previewed, not issued: the sheet as it looks before"
    if name == workbook_name(script.FITTED.customer):
        return "after the issue: what is deferred, and the frame order used up"
    if name == workbook_name(project_script.CUSTOMER):
        return "projects and a pro forma on hold: the sheets Projects and Pro forma"
    if name.endswith((".xlsx", ".pdf")):
        left = "after the issue: what is left, and the register with its Action column"
        return (script.REMARKS | project_script.REMARKS).get(Path(name).stem, left)
    return ""
