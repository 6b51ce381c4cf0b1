"""Every message that stops a request, and every fault of a run, with its whole text beside it.

A message says what is wrong, where, and what to do next; its code is for ever. To add one, add its
row here: the tests ask for it.
"""

from timix_xl.cli.refusals import DemoFolderTaken, DemoFolderUnwritable
from timix_xl.documents.refusals import (
    FileNotWritten,
    LocaleUnknown,
    OutsideFolder,
    PackNotWritten,
)
from timix_xl.domain import faults
from timix_xl.domain.faults import FaultKind
from timix_xl.errors import (
    BadArgument,
    BadCommand,
    CreditAmountRefused,
    CreditUnbalanced,
    CreditWouldOverdraw,
    DateOutOfOrder,
    DoesNotReconcile,
    DoesNotRollForward,
    EntriesNotThere,
    FateMissing,
    FileNotThere,
    FileRefused,
    FileUnreadable,
    IssuedButNotWritten,
    IssuedMeanwhile,
    MonthIsClosed,
    MonthNotOver,
    MonthsInOrder,
    NothingToBill,
    NothingToCredit,
    NotOnInvoice,
    NotTheLastClosed,
    NotThereYet,
    NotWrittenOff,
    OffsetRefused,
    PackDoesNotTie,
    PaidMustBeCredited,
    PaymentRefused,
    PeriodClosed,
    ReasonMissing,
    RegisterOnly,
    RequestReused,
    RunRefused,
    RunStale,
    TimixError,
    TransitionRefused,
    UnknownCustomer,
    UnknownDocument,
    UnknownEntries,
    UnknownFrameOrder,
    VoidWouldOverdraw,
    WrittenOffBefore,
)
from timix_xl.hosts.refusals import (
    DiskFull,
    NoProgram,
    NotAWorkbook,
    NotReadable,
    NotSaved,
    TableBlocked,
    TextNotStorable,
    TotalsInTheWay,
    ValueNotStorable,
    WorkbookChanged,
    WorkbookDamaged,
    WorkbookInUse,
    WorkbookLocked,
    WorkbookTooBig,
    WorkbookUnsafe,
)
from timix_xl.importing.refusals import (
    BooksNotWritten,
    DateOrderUnclear,
    DatesConverted,
    FileTooBig,
    FormatNotUnderstood,
    MappingNotUnderstood,
    NotABooksFile,
    NotThatFormat,
    SheetTooBig,
    SheetTooLong,
    WorkbookNotTaken,
)
from timix_xl.store.refusals import (
    StoreBusy,
    StoreDamaged,
    StoreKindUnknown,
    StoreNewer,
    StoreNotThere,
    StoreOlder,
    StoreOnShare,
    StoreRefuses,
    StoreUnwritable,
)
from timix_xl.workbook.refusals import (
    ActionRefused,
    CellEmpty,
    CellRefused,
    ColumnMissing,
    CreditTakesAll,
    CustomerChanged,
    DateChanged,
    DecisionsUnsaved,
    FinanceOfAnotherStore,
    ForeignSettings,
    LeftUndecided,
    NoFrameOrderChosen,
    NotABillingWorkbook,
    NotAFinanceWorkbook,
    NothingLoaded,
    RegisterTypedOver,
    WorkbookNewer,
)

ERRORS: list[tuple[type[TimixError], dict[str, object], str]] = [
    (
        IssuedMeanwhile,
        {"draft": "DRAFT-3", "number": "INV-2026-00007"},
        "DRAFT-3 was issued as INV-2026-00007. See it: timix-xl invoice show INV-2026-00007. [DOC-10]",
    ),
    (
        NotWrittenOff,
        {"entries": "E1 (not billed yet), E2 (billed on INV-2026-00007)"},
        "What is not written off cannot be restored: E1 (not billed yet), E2 (billed on INV-2026-00007). Nothing was restored. Leave these out; only written-off entries come back. [DOC-11]",
    ),
    (
        EntriesNotThere,
        {"entries": "E8, E9"},
        "There is no entry E8, E9. See what became of an entry: timix-xl log ENTRY. [FIND-06]",
    ),
    (
        BadArgument,
        {"argument": "--terms", "value": "1_0", "expected": "a whole number", "example": "30"},
        "--terms is '1_0', which is not a whole number. Please write it like 30. [ARG-01]",
    ),
    (
        BadCommand,
        {"problem": "Say what to decide", "command": "timix-xl decide"},
        "Say what to decide. See: timix-xl decide --help. [ARG-02]",
    ),
    (
        NothingLoaded,
        {},
        "No entries have been loaded into this workbook. Choose a customer and a billing date, and load the unbilled entries first. [BOOK-01]",
    ),
    (
        CustomerChanged,
        {"given": "BETA", "loaded": "ACME"},
        "The customer cell says BETA, but the entries of ACME are loaded. Load the entries of BETA, or set the cell back to ACME. [BOOK-04]",
    ),
    (
        DateChanged,
        {"given": "2026-02-28", "loaded": "2026-01-31"},
        "The billing date cell says 2026-02-28, but the entries were loaded up to 2026-01-31. Load the entries again, or set the cell back to 2026-01-31. [BOOK-05]",
    ),
    (
        NotABillingWorkbook,
        {"book": "budget.xlsx", "what": "sheet Entries"},
        "budget.xlsx is not a billing workbook: it has no sheet Entries. Make one: timix-xl review CUSTOMER --billing-date DATE -o FILE.xlsx. [BOOK-10]",
    ),
    (
        ColumnMissing,
        {"table": "tblEntries", "column": "Token"},
        "The table tblEntries has no column Token. Name the column Token again, or make a new workbook and load into it. [BOOK-11]",
    ),
    (
        CellRefused,
        {"what": "Payment terms", "given": "1_0", "expected": "a number", "example": "30"},
        "Payment terms is '1_0', which is not a number. Please write it like 30. [BOOK-12]",
    ),
    (
        ActionRefused,
        {"count": "2", "all": "3 actions"},
        "2 of 3 actions could not be carried out; the others are done. See the Checks sheet; correct the rows and run the actions again. [BOOK-13]",
    ),
    (
        WorkbookNewer,
        {},
        "This workbook was made by a newer version of timix-xl. Install that version, or make a new workbook: timix-xl review. [BOOK-14]",
    ),
    (
        ForeignSettings,
        {"book": "budget.xlsx", "sheet": "xlwings.conf"},
        "budget.xlsx has a sheet xlwings.conf, which can make Excel run programs from elsewhere. Nothing was done. If you do not know who put it there, do not use this file; else delete the sheet. [BOOK-15]",
    ),
    (
        NoFrameOrderChosen,
        {},
        "No frame order is chosen. Choose one of the open frame orders on the sheet Frame orders, then fit again. [BOOK-16]",
    ),
    (
        CreditTakesAll,
        {"number": "INV-2026-00007"},
        "An amount stands beside the credit of INV-2026-00007, which takes all that is left of it. Clear the amount; a part is credited by timix-xl invoice credit INV-2026-00007. [BOOK-22]",
    ),
    (
        CellEmpty,
        {"what": "Customer", "example": "ACME"},
        "Customer is empty. Please fill it in, for example ACME. [BOOK-17]",
    ),
    (
        RegisterTypedOver,
        {"column": "Customer", "number": "INV-2026-00007", "given": "BETA", "there": "ACME"},
        "Customer of INV-2026-00007 says BETA; the register has ACME. Refresh the invoices, then choose the action again: the rows may have got mixed up. [BOOK-18]",
    ),
    (
        LeftUndecided,
        {"last": "INV-2026-00007 issued", "left": "2 entries"},
        "INV-2026-00007 issued. What that run left (2 entries) is undecided; nothing was issued again. Set a Decision on at least one of them, or load the entries again, then issue. [BOOK-19]",
    ),
    (
        DecisionsUnsaved,
        {"customer": "ACME", "count": "2 unsaved decisions"},
        "This workbook holds 2 unsaved decisions for ACME; loading another customer loses them. Use another workbook for the other customer (review … -o FILE.xlsx), or clear them first. [BOOK-21]",
    ),
    (
        DemoFolderTaken,
        {"folder": "timix-demo", "files": "notes.txt"},
        "timix-demo holds notes.txt, which the demo did not make. Nothing was changed there. Choose an empty or a new folder: timix-xl demo --into DIR. [DEMO-01]",
    ),
    (
        DemoFolderUnwritable,
        {"folder": "timix-demo", "why": "permission denied"},
        "timix-demo cannot be used for the demo: permission denied. Choose a folder where you may write: timix-xl demo --into DIR. [DEMO-02]",
    ),
    (
        TransitionRefused,
        {
            "number": "INV-2026-00007",
            "status": "void",
            "wanted": "marked sent",
            "instead": "Only an issued document is sent.",
        },
        "INV-2026-00007 is void; it cannot be marked sent. Only an issued document is sent. [DOC-01]",
    ),
    (
        PaidMustBeCredited,
        {"number": "INV-2026-00007", "paid": "50.00 EUR"},
        "INV-2026-00007 has payments of 50.00 EUR; it cannot be voided. Credit it (timix-xl invoice credit INV-2026-00007), or first take back what was booked by mistake (timix-xl invoice unpay INV-2026-00007). [DOC-02]",
    ),
    (
        ReasonMissing,
        {"action": "Voiding INV-2026-00007"},
        "Voiding INV-2026-00007 needs a reason. Give one: --reason TEXT on the command line, the note beside the action in a sheet. [DOC-03]",
    ),
    (
        PaymentRefused,
        {
            "amount": "1.005 EUR",
            "number": "INV-2026-00007",
            "why": "a payment is above zero, with at most 2 decimals",
            "instead": "Please write it like 120.50.",
        },
        "1.005 EUR cannot be booked on INV-2026-00007: a payment is above zero, with at most 2 decimals. Please write it like 120.50. [DOC-04]",
    ),
    (
        NothingToCredit,
        {"number": "INV-2026-00007", "what": "entry E1 of INV-2026-00007"},
        "Nothing is left of entry E1 of INV-2026-00007 to credit. See what corrects INV-2026-00007: timix-xl invoice show INV-2026-00007. [DOC-20]",
    ),
    (
        NotOnInvoice,
        {"number": "INV-2026-00007", "names": "line 9, entry E9"},
        "INV-2026-00007 has no line 9, entry E9 to credit. See its lines and their entries: timix-xl invoice show INV-2026-00007. [DOC-21]",
    ),
    (
        CreditAmountRefused,
        {
            "amount": "250 EUR",
            "line": 2,
            "number": "INV-2026-00007",
            "why": "only 200.00 EUR is left of it",
            "instead": "Please give at most 200.00 EUR.",
        },
        "250 EUR cannot be credited on line 2 of INV-2026-00007: only 200.00 EUR is left of it. Please give at most 200.00 EUR. [DOC-22]",
    ),
    (
        FateMissing,
        {"entries": "E1, E2", "first": "E1"},
        "What becomes of E1, E2 is not said. Say it: --then bill, --then write-off, or for each by itself --then E1=bill. [DOC-23]",
    ),
    (
        CreditUnbalanced,
        {"number": "INV-2026-00007", "total": "119.00 EUR", "left": "476.00 EUR"},
        "A credit note of 119.00 EUR does not fit INV-2026-00007, of which 476.00 EUR is left. Credit a correction together with what it corrects, or everything that is left. [DOC-24]",
    ),
    (
        CreditWouldOverdraw,
        {"number": "INV-2026-00007", "order": "FO-1", "over": "2 h"},
        "Crediting INV-2026-00007 would overdraw frame order FO-1 by 2 h. Credit the invoices that used it first, or agree on a larger order. [DOC-25]",
    ),
    (
        WrittenOffBefore,
        {"number": "INV-2026-00007", "amount": "119.00 EUR"},
        "119.00 EUR of INV-2026-00007 is written off as a receivable; it would be taken off twice. Take the write-off back first: timix-xl invoice reinstate INV-2026-00007. [DOC-26]",
    ),
    (
        OffsetRefused,
        {
            "number": "INV-2026-00007",
            "against": "INV-2026-00009",
            "why": "that one is BETA's",
            "instead": "Refund the one, and have the other paid.",
        },
        "INV-2026-00007 cannot be offset against INV-2026-00009: that one is BETA's. Refund the one, and have the other paid. [DOC-27]",
    ),
    (
        DoesNotRollForward,
        {"month": "2026-01", "why": "ACME is out by 0 h and 0.01 EUR"},
        "The WIP roll-forward of 2026-01 does not add up: ACME is out by 0 h and 0.01 EUR. Nothing was closed. Please report this with the output of: timix-xl verify. [PERIOD-02]",
    ),
    (
        MonthNotOver,
        {"month": "2026-02", "last": "2026-02-28"},
        "2026-02 is not over yet: its last day is 2026-02-28. Close it after that day. [PERIOD-03]",
    ),
    (
        MonthIsClosed,
        {"month": "2026-01", "by": "maja", "at": "2026-02-03 09:00:00"},
        "2026-01 is closed already: maja closed it on 2026-02-03 09:00:00. To change something in it, open it again: timix-xl reopen 2026-01 --reason TEXT. [PERIOD-04]",
    ),
    (
        MonthsInOrder,
        {"month": "2026-03", "last": "2026-01", "next": "2026-02"},
        "2026-03 cannot be closed: 2026-01 is the last closed month, and 2026-02 comes next. Close 2026-02; everything before it is locked already. [PERIOD-05]",
    ),
    (
        NotTheLastClosed,
        {
            "month": "2026-01",
            "why": "2026-02 is closed after it",
            "instead": "Open 2026-02 again first.",
        },
        "2026-01 cannot be opened again: 2026-02 is closed after it. Open 2026-02 again first. [PERIOD-06]",
    ),
    (
        PeriodClosed,
        {"action": "A payment", "date": "2026-01-31", "until": "2026-01-31"},
        "A payment cannot be dated 2026-01-31: everything up to 2026-01-31 is closed. Give a date after 2026-01-31, or open the month again: timix-xl reopen. [PERIOD-01]",
    ),
    (
        DateOutOfOrder,
        {
            "action": "A payment",
            "number": "INV-2026-00007",
            "date": "2026-03-01",
            "why": "that day has not come yet",
            "instead": "Please give a date from 2026-01-31 to 2026-02-02.",
        },
        "A payment of INV-2026-00007 cannot be dated 2026-03-01: that day has not come yet. Please give a date from 2026-01-31 to 2026-02-02. [DOC-05]",
    ),
    (
        VoidWouldOverdraw,
        {"number": "INV-2026-00007", "order": "FO-1", "over": "2 h"},
        "Voiding INV-2026-00007 would overdraw frame order FO-1 by 2 h. Void the invoices that used it first, or agree on a larger order. [DOC-07]",
    ),
    (
        RegisterOnly,
        {"number": "INV-2026-00007"},
        "INV-2026-00007 is an invoice of the system before; it stands in the register only. Handle it in the system before; what is paid comes with the books file (open_invoices). [DOC-08]",
    ),
    (
        FileNotWritten,
        {"path": "INV-2026-00007.pdf", "why": "Permission denied", "number": "INV-2026-00007"},
        "INV-2026-00007.pdf cannot be written (Permission denied). The document INV-2026-00007 stands; only its file is missing. Close the file if it is open in another program, or choose another folder, then write it again: timix-xl invoice pdf INV-2026-00007. [EXP-01]",
    ),
    (
        OutsideFolder,
        {"name": "../x.pdf", "folder": "/home/ann"},
        "'../x.pdf' lies outside the folder /home/ann. Nothing was written. Please give a plain file name, for example INV-2026-00001.pdf. [EXP-02]",
    ),
    (
        PackNotWritten,
        {"path": "/mnt/month-end-2026-01.pdf", "why": "Permission denied", "month": "2026-01"},
        "/mnt/month-end-2026-01.pdf cannot be written (Permission denied). Close the file if it is open in another program, or choose another place: timix-xl pack 2026-01 -o FILE.pdf. [PDF-10]",
    ),
    (
        PackDoesNotTie,
        {
            "month": "2026-01",
            "count": "1 figure",
            "ties": "WIP at month end: WIP by age 10.00, Roll-forward, closing 10.01 EUR",
        },
        "The month-end pack of 2026-01 does not tie: 1 figure. WIP at month end: WIP by age 10.00, Roll-forward, closing 10.01 EUR. Nothing was written. Run it again once nobody is issuing; if it stays so, report the output of: timix-xl verify. [FIN-01]",
    ),
    (
        NotAFinanceWorkbook,
        {"book": "acme.xlsx", "what": "cell named timix_finance_as_of"},
        "acme.xlsx is not a finance workbook: it has no cell named timix_finance_as_of. Nothing was changed. Give another name for the new file: timix-xl finance -o FILE.xlsx. [FIN-02]",
    ),
    (
        FinanceOfAnotherStore,
        {"book": "finance.xlsx", "company": "Nordlicht Consulting GmbH"},
        "finance.xlsx belongs to another store (Nordlicht Consulting GmbH). Nothing was changed. Give another name for the new file: timix-xl finance -o FILE.xlsx. [FIN-03]",
    ),
    (
        LocaleUnknown,
        {"locale": "xx"},
        "The locale 'xx' is not known; numbers and dates cannot be written. Please set locale in the settings to one such as en, en_GB, de or fr_CH. [EXP-03]",
    ),
    (
        UnknownCustomer,
        {"customer": "ACME"},
        "There is no customer ACME. See the codes: timix-xl customers. [FIND-01]",
    ),
    (
        UnknownDocument,
        {"number": "INV-2026-00007"},
        "There is no document INV-2026-00007. See the numbers: timix-xl invoices. [FIND-02]",
    ),
    (
        UnknownEntries,
        {"entries": "E9", "customer": "ACME"},
        "There is no open entry E9 for ACME. See the ids: timix-xl unbilled ACME. [FIND-03]",
    ),
    (
        UnknownFrameOrder,
        {"number": "FO-9"},
        "There is no frame order FO-9. See the numbers: timix-xl frame-orders. [FIND-04]",
    ),
    (
        FileNotThere,
        {"path": "acme.xlsx"},
        "There is no file acme.xlsx. Check the name and the folder. [FIND-05]",
    ),
    (
        NotAWorkbook,
        {"path": "acme.xlsx"},
        'acme.xlsx is not an Excel workbook. Save it in Excel as "Excel Workbook (.xlsx)", then take that file. [HOST-01]',
    ),
    (
        WorkbookDamaged,
        {"path": "acme.xlsx", "why": "its zip is broken"},
        "acme.xlsx is damaged: its zip is broken. Open it in Excel, let Excel repair it and save it under a new name, or take an older copy. [HOST-02]",
    ),
    (
        WorkbookLocked,
        {"path": "acme.xlsx"},
        "acme.xlsx has a password, or is an old .xls file. Open it in Excel and save it as .xlsx without a password. [HOST-03]",
    ),
    (
        WorkbookUnsafe,
        {"path": "acme.xlsx", "why": "two of its parts have the same name"},
        "acme.xlsx is not taken: two of its parts have the same name. Open it in Excel and save it under a new name, then take that file. [HOST-04]",
    ),
    (
        WorkbookTooBig,
        {"path": "acme.xlsx", "size": "900,000 rows", "limit": "200,000 rows"},
        "acme.xlsx is too big: 900,000 rows; at most 200,000 rows can be read. Take out rows and sheets that are not needed, or split the file. [HOST-05]",
    ),
    (
        WorkbookInUse,
        {"path": "acme.xlsx", "lock": "~$acme.xlsx"},
        "acme.xlsx is open in another program; it is as it was. Close it there (if nobody has it open, delete ~$acme.xlsx beside it), then do this again. [HOST-06]",
    ),
    (
        DiskFull,
        {"path": "acme.xlsx"},
        "acme.xlsx cannot be saved: the disk is full; the file is as it was. Free some space, then do this again. [HOST-07]",
    ),
    (
        NotSaved,
        {"path": "acme.xlsx", "why": "permission denied", "folder": "/home/ann"},
        "acme.xlsx cannot be saved (permission denied); what was there is as it was. Close it in Excel if it is open, check that you may write in /home/ann, then do this again. [HOST-08]",
    ),
    (
        WorkbookChanged,
        {"path": "acme.xlsx"},
        "acme.xlsx has been saved by somebody else since it was opened; it is as they left it. Open it again, then do this again. [HOST-09]",
    ),
    (
        TableBlocked,
        {"table": "tblEntries", "rows": "3 more rows", "cell": "Entries!B15"},
        "Table tblEntries needs 3 more rows, but Entries!B15 is in the way. Move what stands below the table elsewhere, for example to another sheet. [HOST-10]",
    ),
    (
        TotalsInTheWay,
        {"table": "tblEntries"},
        "Table tblEntries has a totals row; it cannot change its size. Switch off Table Design > Total Row, save, then do this again. [HOST-11]",
    ),
    (
        TextNotStorable,
        {"cell": "Entries!B15", "why": "it has 40,000 characters"},
        "Entries!B15 cannot hold this text: it has 40,000 characters. Please correct the text where it comes from. [HOST-12]",
    ),
    (
        ValueNotStorable,
        {"cell": "Entries!B15", "value": "nan", "why": "it is not a finite number"},
        "Entries!B15 cannot hold nan: it is not a finite number. Please write a finite number, a text, a date from 1900 on, or nothing. [HOST-13]",
    ),
    (
        NotReadable,
        {"path": "acme.xlsx", "why": "permission denied", "folder": "/home/ann"},
        "acme.xlsx cannot be read (permission denied). Close it in Excel if it is open, check that you may read in /home/ann, then do this again. [HOST-14]",
    ),
    (
        NoProgram,
        {"path": "finance-2026-01-31.xlsx"},
        "No program that opens workbooks was found; finance-2026-01-31.xlsx is there and was not opened. Install LibreOffice or Excel, or open the file on another machine. [HOST-15]",
    ),
    (
        FileRefused,
        {"file": "entries.csv", "count": "2 rows"},
        "entries.csv: 2 rows cannot be taken; nothing was imported. Correct the rows listed, or take the others with --skip-bad. [IMP-01]",
    ),
    (
        FileUnreadable,
        {
            "file": "entries.csv",
            "why": "line 3 is not closed",
            "instead": "Close the quotes on line 3.",
        },
        "entries.csv cannot be read: line 3 is not closed. Close the quotes on line 3. [IMP-02]",
    ),
    (
        FormatNotUnderstood,
        {"file": "hours.pdf", "what": "a PDF"},
        "hours.pdf is a PDF. Understood are a books file (JSON or .xlsx), detailed timesheet exports of Toggl, Clockify, Harvest and Kimai, and entries whose first line names the columns: id, date, project, quantity and more (CSV or .xlsx). [IMP-03]",
    ),
    (
        FileTooBig,
        {"file": "entries.csv", "size": "80", "limit": "50"},
        "entries.csv has 80 MB; at most 50 MB are read. Split it into several files; they can be given to one import, in order. [IMP-04]",
    ),
    (
        WorkbookNotTaken,
        {"file": "hours.xlsx", "why": "it has a password"},
        "hours.xlsx is not taken: it has a password. Open it in a spreadsheet program and save it under a new name, without a password. [IMP-05]",
    ),
    (
        SheetTooBig,
        {
            "file": "hours.xlsx",
            "sheet": "Sheet1",
            "rows": "1,000,000",
            "columns": "3",
            "most_rows": "200,000",
            "most_columns": "256",
        },
        "hours.xlsx: Sheet1 has 1,000,000 rows and 3 columns; at most 200,000 rows and 256 columns are read. Delete what does not belong to the table, or split it into several files. [IMP-06]",
    ),
    (
        DatesConverted,
        {"file": "hours.csv", "slashed": "14/01/2026", "other": "2026-01-13"},
        "hours.csv: 14/01/2026 and 2026-01-13 are not written alike; some dates were converted by a spreadsheet program. Export it again and import it without opening it in between. [IMP-58]",
    ),
    (
        DateOrderUnclear,
        {"file": "hours.csv", "why": "03/04/2026 could be 3 April 2026 or 4 March 2026"},
        "hours.csv: 03/04/2026 could be 3 April 2026 or 4 March 2026. Say how its dates read: --date-order dmy (day first) or --date-order mdy (month first). [IMP-07]",
    ),
    (
        MappingNotUnderstood,
        {"file": "map.json", "why": 'people, "Ann" is not a text in double quotes'},
        'The mapping file map.json cannot be used: people, "Ann" is not a text in double quotes. Correct that place, or have a new one written: --dry-run --write-mapping MAP.json. [IMP-08]',
    ),
    (
        NotThatFormat,
        {"file": "hours.csv", "format": "toggl", "columns": "duration, start time"},
        "hours.csv is no toggl file: it has no duration, start time. Leave --format out to have the file looked at, or export it again with these columns. [IMP-09]",
    ),
    (
        NotABooksFile,
        {"path": "hours.xlsx"},
        "hours.xlsx is there and holds no books; nothing was written. Give another name, or move that file away first. [IMP-78]",
    ),
    (
        BooksNotWritten,
        {"path": "books.xlsx", "why": "Permission denied"},
        "books.xlsx cannot be written: Permission denied. Close the file if it is open in another program, or choose another folder. [IMP-94]",
    ),
    (
        SheetTooLong,
        {"sheet": "entries", "count": "250,000", "most": "199,996"},
        "The sheet entries would have 250,000 rows; a workbook is read up to 199,996 rows. Export JSON instead: timix-xl export books books.json. [IMP-95]",
    ),
    (
        NothingToBill,
        {"customer": "ACME", "billing_date": "2026-01-31"},
        "ACME has nothing to bill up to 2026-01-31. Choose a later billing date, or see what was left out and why: timix-xl unbilled ACME. [RUN-01]",
    ),
    (
        RunRefused,
        {"action": "Issuing ACME", "count": "2 faults"},
        "Issuing ACME is refused because of 2 faults. Nothing was written. Settle what is listed, then run it again. [RUN-02]",
    ),
    (
        RunStale,
        {"action": "Issuing ACME", "count": "1 fault"},
        "Issuing ACME is refused because of 1 fault. Nothing was written. Load the entries again, look at what changed, then run it again. [RUN-03]",
    ),
    (
        DoesNotReconcile,
        {"difference": "10.00 loaded, 9.99 settled"},
        "The run does not add up: 10.00 loaded, 9.99 settled. Nothing was written. Please report this with the output of: timix-xl verify. [RUN-04]",
    ),
    (
        RequestReused,
        {"request": "r-17"},
        "Request r-17 has been carried out before, with other content. If this is a copy of a workbook, load the entries again; else give another --request. [RUN-05]",
    ),
    (
        NotThereYet,
        {"what": "A credit note", "instead": "Until then, void an invoice that was not sent."},
        "A credit note is not available in this version. Until then, void an invoice that was not sent. [RUN-06]",
    ),
    (
        IssuedButNotWritten,
        {
            "run": "INV-2026-00007 issued",
            "path": "acme.xlsx",
            "why": "The disk is full. Free some space.",
        },
        "INV-2026-00007 issued, but acme.xlsx does not show it yet: The disk is full. Free some space. After that, issue the same workbook again: it issues nothing twice. [RUN-07]",
    ),
    (
        StoreNotThere,
        {"place": "/data/timix.db"},
        "There is no store at /data/timix.db. Make one: timix-xl --store /data/timix.db init. Or name another: --store PATH, or TIMIX_STORE. [STORE-01]",
    ),
    (
        StoreBusy,
        {"place": "/data/timix.db"},
        "The store /data/timix.db has been locked by another program for 30 seconds. Close other timix-xl windows, Excel functions or database viewers on it, then try again. [STORE-02]",
    ),
    (
        StoreDamaged,
        {"place": "/data/timix.db", "why": "file is not a database"},
        "/data/timix.db cannot be used as a store: file is not a database. Name another file with --store, or restore a backup. [STORE-03]",
    ),
    (
        StoreNewer,
        {"place": "/data/timix.db"},
        "The store /data/timix.db was written by a newer version of timix-xl. Install that version (or a newer one). [STORE-04]",
    ),
    (
        StoreOnShare,
        {"place": "/data/timix.db", "lies": "in the synced folder OneDrive"},
        "The store /data/timix.db lies in the synced folder OneDrive; SQLite loses data there. Keep the file on a disk of this computer; a team shares a PostgreSQL store. [STORE-05]",
    ),
    (
        StoreRefuses,
        {"why": "FOREIGN KEY constraint failed"},
        "The store refused to write: FOREIGN KEY constraint failed. Nothing was written. Run timix-xl verify; if it finds nothing, please report this message. [STORE-06]",
    ),
    (
        StoreKindUnknown,
        {"place": "mysql://…"},
        "mysql://… is not a store that this version opens. Give the path of a SQLite file, for example --store books/timix.db. [STORE-07]",
    ),
    (
        StoreUnwritable,
        {"place": "/data/timix.db", "why": "the disk is full"},
        "The store /data/timix.db cannot be written: the disk is full. Nothing was written. Free disk space, or get the right to write there, then try again. [STORE-08]",
    ),
    (
        StoreOlder,
        {"place": "/data/timix.db"},
        "The store /data/timix.db is of an older version; it has to be brought up to date to be read. Ask somebody who may write there to run: timix-xl --store /data/timix.db init. [STORE-09]",
    ),
]

FAULTS: list[tuple[FaultKind, dict[str, object], str]] = [
    (
        faults.NOT_OF_THIS_LOAD,
        {},
        "Entries!C14: This row is not one of the loaded entries. Delete the row; new work comes in through an import, then load again. [ENTRY-01]",
    ),
    (
        faults.ROW_TWICE,
        {"entry": "E1"},
        "Entries!C14: Entry E1 stands in more than one row. Delete the copy, or load the entries again. [ENTRY-02]",
    ),
    (
        faults.ROWS_MISSING,
        {"found": 3, "loaded": 4, "missing": "E2"},
        "Entries!C14: The sheet has 3 of the 4 rows that were loaded. Missing, perhaps: E2. Load the entries again; to leave an entry off the invoice, set it to Defer. [ENTRY-03]",
    ),
    (
        faults.CHANGED_SINCE_LOAD,
        {"changes": "Qty was 7.50, is 9.00", "entry": "E1"},
        "Entries!C14: Entry E1 has changed since it was loaded: Qty was 7.50, is 9.00. Load the entries again and look at this one. [ENTRY-04]",
    ),
    (
        faults.DECIDED_ELSEWHERE,
        {
            "theirs": "Defer",
            "by": "bob",
            "at": "2026-02-01T10:00:00",
            "ours": "Bill",
            "entry": "E1",
        },
        "Entries!C14: Entry E1 was set to Defer by bob on 2026-02-01T10:00:00; this sheet says Bill. Load the entries again, agree on one, and save the decision. [ENTRY-05]",
    ),
    (
        faults.UNKNOWN_DECISION,
        {"given": "Maybe"},
        "Entries!C14: 'Maybe' is not a decision. Please choose Bill, Defer or Write off. [ENTRY-06]",
    ),
    (
        faults.TYPED_OVER,
        {"given": "9.00 h", "approved": "7.50 h"},
        "Entries!C14: 9.00 h was typed over the approved 7.50 h. Load the entries again, or have the change approved first. [ENTRY-07]",
    ),
    (
        faults.DECISION_IS_FORMULA,
        {},
        "Entries!C14: The decision is a formula. Please choose Bill, Defer or Write off from the list. [ENTRY-08]",
    ),
    (
        faults.REASON_NEEDED,
        {"entry": "E1"},
        "Entries!C14: Writing off entry E1 needs a reason. Please give one in the Reason column, or with --reason. [ENTRY-09]",
    ),
    (
        faults.BILL_QTY_UNREADABLE,
        {"given": "half"},
        "Entries!C14: The Bill qty 'half' is not a number with at most four decimals. Please write it like 3.5, or clear it to bill the whole entry. [ENTRY-10]",
    ),
    (
        faults.BALLOT_IS_FORMULA,
        {"column": "Bill qty"},
        "Entries!C14: Bill qty is a formula. Please type the value itself, or clear the cell. [ENTRY-14]",
    ),
    (
        faults.BILL_QTY_TOO_LARGE,
        {"given": "9", "whole": "7.5", "unit": "h"},
        "Entries!C14: The Bill qty 9 is more than the 7.5 h of entry E1. Please give less, or clear it to bill the whole entry. [ENTRY-15]",
    ),
    (
        faults.BILL_QTY_ZERO,
        {},
        "Entries!C14: A Bill qty of 0 bills nothing of entry E1. Set the entry to Defer and clear the Bill qty. [ENTRY-16]",
    ),
    (
        faults.BILL_QTY_OF_OTHER_SIGN,
        {"given": "-2", "whole": "7.5", "unit": "h"},
        "Entries!C14: The Bill qty -2 has another sign than the 7.5 h of entry E1. Please give a part of 7.5, with its sign. [ENTRY-17]",
    ),
    (
        faults.BILL_QTY_NOT_BILLED,
        {"decision": "Defer"},
        "Entries!C14: Entry E1 has a Bill qty, but its decision is Defer. Set it to Bill to bill this part, or clear the Bill qty. [ENTRY-18]",
    ),
    (
        faults.REST_OF_NOTHING,
        {"given": "Write off"},
        "Entries!C14: Rest says Write off, but there is no Bill qty that leaves one. Type the part to bill in Bill qty, or clear Rest. [ENTRY-19]",
    ),
    (
        faults.UNKNOWN_REST,
        {"given": "Later"},
        "Entries!C14: 'Later' is not what can become of a rest. Please choose Defer or Write off. [ENTRY-20]",
    ),
    (
        faults.NO_LONGER_OPEN,
        {"why": "billed on INV-2026-00007", "entry": "E1"},
        "Entries!C14: Entry E1 is no longer open to bill: billed on INV-2026-00007. Load the entries again. [ENTRY-11]",
    ),
    (
        faults.NEW_SINCE_LOAD,
        {"count": "2 entries", "entries": "E8, E9"},
        "Entries!C14: 2 entries came in since the load: E8, E9. Not on this invoice. Load the entries again to see them. [ENTRY-12]",
    ),
    (
        faults.HIDDEN_ROWS,
        {"count": "12 hidden rows are"},
        "Entries!C14: 12 hidden rows are in this run. Clear the filter to see them. [ENTRY-13]",
    ),
    (
        faults.OTHER_STORE,
        {},
        "Preview: This workbook was loaded from another store. Open that store, or load the entries again from this one. [BOOK-02]",
    ),
    (
        faults.ORDER_NOT_CHOSEN,
        {"customer": "ACME", "orders": "FO-1, FO-2"},
        'Preview: ACME has several open frame orders (FO-1, FO-2) and none is chosen. Choose one, or "No frame order". [FO-01]',
    ),
    (
        faults.ORDER_OF_OTHER_CUSTOMER,
        {"order": "FO-B", "customer": "ACME", "orders": "FO-1"},
        "Preview: Frame order FO-B is not one of ACME. Choose one of: FO-1. [FO-02]",
    ),
    (
        faults.OUTSIDE_VALIDITY,
        {
            "day": "2026-01-05",
            "order": "FO-1",
            "first": "2026-01-01",
            "last": "2026-01-31",
            "entry": "E1",
        },
        "Preview: Entry E1 of 2026-01-05 lies outside frame order FO-1, which holds from 2026-01-01 to 2026-01-31. Defer it, or bill it apart, without the frame order. [FO-03]",
    ),
    (
        faults.ORDER_EXCEEDED,
        {"order": "FO-1", "remaining": "8 h", "drawn": "9.5 h", "over": "1.5 h"},
        "Preview: Frame order FO-1 has 8 h left; this run draws 9.5 h, 1.5 h too much. Defer entries (Fit to frame order does it), or agree on a larger order. [FO-04]",
    ),
    (
        faults.ORDER_OVERRUN,
        {"order": "FO-1", "remaining": "8 h", "drawn": "9.5 h", "over": "1.5 h"},
        "Preview: Frame order FO-1 has 8 h left; this run draws 9.5 h, 1.5 h more than that. Allowed by the order; please tell the customer. [FO-05]",
    ),
    (
        faults.ORDER_CLOSED,
        {"order": "FO-1"},
        "Preview: Frame order FO-1 is closed. Choose an open one, or open it again in the books. [FO-06]",
    ),
    (
        faults.FIT_STOPPED,
        {"order": "FO-1", "entry": "E1"},
        "Preview: Entry E1 is the first that no longer fits frame order FO-1. It and what comes after it are deferred. [FO-07]",
    ),
    (
        faults.SELLER_MISSING,
        {},
        "Preview: The company that sends the invoices is not set. Add company to the books file and import it. [SELLER-01]",
    ),
    (
        faults.SELLER_TAX_ID,
        {"code": "S19", "category": "S"},
        "Preview: Tax code S19 (category S) needs the company's tax id, which is not set. Add tax_id to the company in the books file and import it. [TAX-01]",
    ),
    (
        faults.BUYER_TAX_ID,
        {"code": "AE", "category": "AE", "customer": "ACME"},
        "Preview: Tax code AE (category AE) needs the tax id of ACME, which is not set. Add tax_id to the customer in the books file and import it. [TAX-02]",
    ),
    (
        faults.TAX_NOTE,
        {"code": "AE", "category": "AE"},
        "Preview: Tax code AE (category AE) needs a note that says why, which is not set. Add note to the tax code in the books file and import it. [TAX-03]",
    ),
    (
        faults.BEFORE_FIRST_TAX_RATE,
        {"day": "2026-01-05", "code": "S19", "entry": "E1"},
        "Preview: Entry E1 of 2026-01-05 lies before the first rate of tax code S19. Add a rate from that day on in the books file, or defer the entry. [TAX-04]",
    ),
    (
        faults.NEGATIVE_TOTAL,
        {"total": "-40.00 EUR"},
        "Preview: The invoice would come to -40.00 EUR, below zero. Defer the corrections until there is more to bill, or make a credit note. [TOTAL-01]",
    ),
    (
        faults.ISSUE_DATE_BEHIND,
        {"given": "2026-01-30", "last": "2026-02-05"},
        "Preview: The issue date 2026-01-30 lies before 2026-02-05, the date of the last number of the series. Please give 2026-02-05 or later. [DATE-01]",
    ),
    (
        faults.ISSUE_DATE_CLOSED,
        {"given": "2026-01-31", "until": "2026-01-31"},
        "Preview: The issue date 2026-01-31 lies in a closed month: everything up to 2026-01-31 is closed. Please give a later date, or open the month again. [DATE-04]",
    ),
    (
        faults.PERIOD_BACKWARDS,
        {"last": "2026-01-31", "first": "2026-02-01"},
        "Preview: The service period ends (2026-01-31) before it starts (2026-02-01). Swap the two dates. [DATE-02]",
    ),
    (
        faults.NUMBER_WOULD_COLLIDE,
        {"number": "INV-2026-00007"},
        "Preview: The next number, INV-2026-00007, is taken already. Set the next number of the series in the books file (settings, next_numbers). [DATE-03]",
    ),
    (
        faults.NOT_BILLED_AGAIN,
        {"entry": "E1", "why": "the project is billed by a fee"},
        "Preview: Entry E1 cannot be billed again: the project is billed by a fee. Settle that first, or only credit the invoice: timix-xl invoice credit. [CREDIT-01]",
    ),
    (
        faults.UNPRINTABLE,
        {"characters": "'🚧'"},
        "Preview: No font of ours has '🚧'; the PDF shows a stand-in. Nothing to do if that is fine; else reword the text before the next document. [PDF-01]",
    ),
    (
        faults.LOGO_LEFT_OUT,
        {},
        "Preview: The logo cannot be printed; the company's name stands in its place. Give another PNG or JPEG in the books file (company, logo) for the next document. [PDF-02]",
    ),
]
