"""The bad inputs that people, files and programs have to offer, and what becomes of each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadInput:
    """An input that somebody may give, by its id, and what is to come of it."""

    id: str
    area: str
    outcome: str


BAD_INPUTS = tuple(
    BadInput(*words)
    for words in (
        # Out of the house: cells, links, papers, file names.
        (
            "F01",
            "a command as a formula",
            "Stands in every cell as text; the store keeps it as it is.",
        ),
        ("F02", "a formula that makes a link", "Stands in the cell as text; there is no link."),
        (
            "P01",
            "markup of the PDF library",
            "Is printed letter by letter; nothing is read or linked.",
        ),
        ("P02", "markup that is not closed", "Is printed letter by letter; the PDF is made."),
        ("P03", "a character without a shape", "Is replaced so that one sees it, and reported."),
        ("N01", "a path as a number or code", "Becomes one flat name inside the chosen folder."),
        ("N03", "streams, dots, blanks, NUL", "Become a name that Windows takes."),
        (
            "N04",
            "letters that turn the direction",
            "Are left out; the ending is the one that we add.",
        ),
        (
            "N06",
            "a file that cannot be replaced",
            "The invoice stands; the message names the file.",
        ),
        ("D10", "very many lines", "Are printed, in time that grows with their number."),
        ("V01", "an e-invoice nobody has checked", "Nothing says that an e-invoice was checked."),
        ("V02", "a line that is not its product", "Is refused by an issue and found by verify."),
        # Workbooks that would steer the program.
        ("L01", "links to other workbooks", "Are not followed; money is not taken from them."),
        ("L02", "formulas that reach out", "Are not calculated; nothing leaves the machine."),
        (
            "L04",
            "settings for xlwings in a sheet",
            "The workbook is refused; nothing of them is done.",
        ),
        ("L05", "modules beside the workbook", "Are not loaded; the installed package is."),
        ("L06", "settings for xlwings in a file", "Are not read."),
        ("T05", "billed work changed in the sheet", "The store wins, and the change is shown."),
        # Files that would exhaust or deceive whoever reads them.
        ("Z02", "a million rows in a small file", "Is refused by its size before it is read."),
        ("Z04", "a dimension that lies", "The rows that are there are read, all and no more."),
        ("Z05", "a value in the last cell", "Is refused by its size."),
        ("Z06", "hundreds of thousands of styles", "Is refused before they are read."),
        ("Z08", "a part that is there twice", "Is refused: programs would read different ones."),
        ("Z09", "cut off, empty, not a workbook", "Is refused in three different plain messages."),
        ("X01", "entities that read files", "The file is refused; nothing is read."),
        ("X03", "a DTD in the list of sheets", "The file is refused."),
        ("X04", "a part in another encoding", "The file is refused."),
        ("X07", "a hostile attachment in a PDF", "Is not opened: no e-invoice is taken in."),
        # Secrets, the database, and who changes it.
        ("S01", "SQL as a name", "Is a name that is not there; nothing is done by it."),
        ("S02", "wildcards as a name", "Are letters like any other."),
        (
            "S04",
            "a password in a workbook",
            "The workbook is refused; nothing that we write shows one.",
        ),
        ("S05", "a store on a share", "Is refused, and PostgreSQL is recommended."),
        ("S06", "an old SQLite", "Keeps its journal in the safe mode."),
        ("T01", "an issued invoice changed", "Is refused by the database."),
        ("T02", "the guard taken away first", "Is possible for the owner, and found by verify."),
        ("T03", "the counter of a series changed", "Is refused by the database."),
        (
            "T04",
            "yesterday's copy put in place",
            "Is found by comparing with a seal kept elsewhere.",
        ),
        ("C01", "a program killed at any moment", "No gap, no duplicate, no lost invoice."),
        ("C04", "two invoices on the last hours", "The second is refused."),
        (
            "C05",
            "a reader that stays open",
            "Writing waits, then says why; nothing is half written.",
        ),
        # Values in rows that are taken in.
        ("D01", "the noise of floats", "Is rounded at the border; a real difference is refused."),
        ("D02", "numbers that are none", "Are refused with their cell."),
        ("D03", "hours that no day has", "Are refused or reported."),
        ("D04", "a time of day as hours", "Eight o'clock is eight hours, or is asked about."),
        (
            "D05",
            "dates that can be read twice",
            "Are refused with both readings; no date is guessed.",
        ),
        (
            "D06",
            "names that look alike",
            "Are one name, or reported; nobody is there twice unseen.",
        ),
        ("D07", "hidden rows, merged cells, totals", "Are counted, refused, and told from work."),
        ("D08", "a day that no rate covers", "Is refused with person, task and day; never zero."),
    )
)
