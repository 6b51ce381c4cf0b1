"""The last steps of the demo: January is closed, finance gets its papers, everything holds."""

from collections.abc import Iterator
from itertools import groupby

from rich.table import Table

from timix_xl import macros
from timix_xl.billing.close import close
from timix_xl.billing.finance import finance
from timix_xl.billing.month_end import month_end
from timix_xl.billing.pack import Pack
from timix_xl.billing.roll_forward import MonthRolled
from timix_xl.billing.verify import verify
from timix_xl.cli import period_shapes, printing, reports, shapes
from timix_xl.cli.demo import script
from timix_xl.cli.demo.month import Chapter, Month, Part
from timix_xl.documents.pack_export import export_pack
from timix_xl.domain.money import total, worded
from timix_xl.domain.wip import OUT, Flow
from timix_xl.hosts import files
from timix_xl.settings import bundled
from timix_xl.workbook import finance_sheets

TOLD = (Flow.OPENING, Flow.APPROVED, Flow.ROUNDING, Flow.BILLED, Flow.WRITTEN_OFF, Flow.CLOSING)


def close_the_month(month: Month) -> Chapter:
    """Close January once its roll-forward adds up and ties to the register."""
    rolled = close(month.store, script.MONTH, actor=script.FRIDAY)
    parts: list[Part] = [
        _rolled_table(rolled),
        *_tied(rolled),
        "Work that was approved in February, and not billed in January, is February's.",
        f"Nothing more is dated {rolled.last} or before: what is issued now is dated in February.",
    ]
    return Chapter("January is closed", parts, {"closed": period_shapes.roll_forward(rolled)})


def _rolled_table(rolled: MonthRolled) -> Table:
    heads = [_heading(flow) for flow in TOLD]
    names = ("Customer", *heads, "Currency", "Closing hours")
    made = printing.table("WIP from 1 to 31 January", *names, numbers=(*heads, names[-1]))
    for line in rolled.lines:
        amounts = [printing.money(line[flow].amount, line.currency) for flow in TOLD]
        hours = printing.hours(line[Flow.CLOSING].hours)
        printing.add(made, line.customer, *amounts, line.currency, hours)
    return made


def _heading(flow: Flow) -> str:
    words = flow.value.replace("_", " ")
    return f"-{words}" if flow in OUT else words.capitalize()


def _tied(rolled: MonthRolled) -> Iterator[str]:
    ties = sorted(rolled.ties, key=lambda tie: tie.currency)
    for currency, some in groupby(ties, key=lambda tie: tie.currency):
        billed = worded(total(tie.billed for tie in some), currency)
        yield f"Billed {billed}: the net of January's invoices in the register, to the cent."


def write_for_finance(month: Month) -> Chapter:
    """Write the month-end pack and the finance workbook; bring the workbooks up to date."""
    pack = month_end(month.store, script.MONTH, today=script.FRIDAY.today)
    written = export_pack(pack, month.folder, script.PACK)
    balances = _write_the_balances(month)
    _refresh_the_workbooks(month)
    parts: list[Part] = [
        _sums_table(pack),
        f"{script.PACK}: January as it was closed; {printing.of(len(pack.ties), 'figure')} tie.",
        f"{script.FINANCE}: who owes what, WIP and frame orders on {script.FRIDAY.today}.",
        "The billing workbooks are brought up to date.",
    ]
    facts = {"pack": str(written.path), "finance": balances}
    return Chapter("For finance: the month-end pack and the balances", parts, facts)


def _sums_table(pack: Pack) -> Table:
    sums = ("Net", "Tax", "Invoiced", "Received", "Outstanding", "WIP", "WIP hours")
    made = printing.table(f"At the end of {pack.last}", "Currency", *sums, numbers=sums)
    for one in pack.sums:
        amounts = (one.net, one.tax, one.gross, one.received, one.outstanding, one.wip.amount)
        words = [printing.money(amount, one.currency) for amount in amounts]
        printing.add(made, one.currency, *words, printing.hours(one.wip.hours))
    return made


def _write_the_balances(month: Month) -> str:
    path = month.folder / script.FINANCE
    path.write_bytes(bundled("finance.xlsx").read_bytes())
    with files.open_book(path) as book:
        finance_sheets.show(book, finance(month.store, today=script.FRIDAY.today))
        book.save()
    return str(path)


def _refresh_the_workbooks(month: Month) -> None:
    """Bring every billing workbook up to date, so that it shows how things stand."""
    for customer in script.CUSTOMERS:
        with month.workbook(customer, script.FRIDAY) as (book, desk):
            if customer in script.ISSUED:
                macros.load_unbilled(book, desk)
            else:
                macros.preview(book, desk)
            macros.refresh_customers(book, desk)
            macros.refresh_invoices(book, desk)


def verify_everything(month: Month) -> Chapter:
    """Recompute every seal, number, balance and state."""
    return _verified(month, "Verify")


def verify_once_more(month: Month) -> Chapter:
    """Recompute it all again, once the projects are billed."""
    return _verified(month, "Verify, once more")


def _verified(month: Month, heading: str) -> Chapter:
    found = verify(month.store)
    return Chapter(heading, reports.verified_lines(found), {"verify": shapes.verified(found)})
