"""One function per ribbon button: read a sheet, call one use case, write a sheet."""

from timix_xl.macros.deciding import bill_all, defer_all, fit_to_frame_order, save_decisions
from timix_xl.macros.desk import Desk
from timix_xl.macros.guard import macro
from timix_xl.macros.help_page import help  # noqa: A004  the button's word
from timix_xl.macros.intake import import_entries
from timix_xl.macros.loading import load_unbilled, refresh_customers
from timix_xl.macros.office import new_workbook, recalculate, settings, verify_store
from timix_xl.macros.pro_formas import (
    hold_pro_forma,
    open_pro_forma,
    refresh_pro_forma,
    release_pro_forma,
    save_pro_forma,
)
from timix_xl.macros.projects import bill_project
from timix_xl.macros.register import export_pdf, refresh_invoices, run_actions
from timix_xl.macros.running import done_words, issue, preview, save_draft

__all__ = [
    "Desk",
    "bill_all",
    "bill_project",
    "defer_all",
    "done_words",
    "export_pdf",
    "fit_to_frame_order",
    "help",
    "hold_pro_forma",
    "import_entries",
    "issue",
    "load_unbilled",
    "macro",
    "new_workbook",
    "open_pro_forma",
    "preview",
    "recalculate",
    "refresh_customers",
    "refresh_invoices",
    "refresh_pro_forma",
    "release_pro_forma",
    "run_actions",
    "save_decisions",
    "save_draft",
    "save_pro_forma",
    "settings",
    "verify_store",
]
