"""What the buttons of the ribbon and of the toolbar do."""

from collections.abc import Callable

import xlwings as xw

from timix_xl import macros

ACTIONS: dict[str, Callable[[xw.Book], object]] = {
    action.__name__: action
    for action in (
        macros.new_workbook,
        macros.import_entries,
        macros.refresh_customers,
        macros.load_unbilled,
        macros.bill_all,
        macros.defer_all,
        macros.save_decisions,
        macros.fit_to_frame_order,
        macros.preview,
        macros.save_draft,
        macros.issue,
        macros.refresh_invoices,
        macros.run_actions,
        macros.export_pdf,
        macros.bill_project,
        macros.refresh_pro_forma,
        macros.save_pro_forma,
        macros.open_pro_forma,
        macros.hold_pro_forma,
        macros.release_pro_forma,
        macros.recalculate,
        macros.verify_store,
        macros.settings,
        macros.help,
    )
}
"""What a button does, by its id, in the order of the buttons."""
