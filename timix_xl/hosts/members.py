"""The members of xlwings' public API that the workbook code may use, and every host serves."""

MEMBERS = frozenset(
    """
    App.alert App.books App.calculate App.calculation App.display_alerts App.enable_events
    App.properties App.screen_updating App.status_bar
    AutoFilter.clear AutoFilter.criteria AutoFilterCriteria.field AutoFilterCriteria.type
    Book.activate Book.app Book.close Book.fullname Book.name Book.names Book.save
    Book.sheet_names Book.sheets
    DataValidation.delete DataValidation.set_list DataValidation.source DataValidation.type
    Font.bold Font.color Font.italic Font.name Font.size
    Name.delete Name.name Name.refers_to Name.refers_to_range
    Names.add Names.contains
    Range.add_hyperlink Range.address Range.autofit Range.clear Range.clear_contents
    Range.clear_formats Range.color Range.column Range.column_width Range.columns Range.count
    Range.data_validation Range.end Range.expand Range.font Range.formula Range.get_address
    Range.horizontal_alignment Range.hyperlink Range.last_cell Range.name Range.number_format
    Range.offset Range.options Range.raw_value Range.resize Range.row Range.row_height Range.rows
    Range.shape Range.sheet Range.size Range.table Range.value Range.vertical_alignment
    Range.wrap_text
    RangeColumns.autofit RangeColumns.hidden RangeRows.autofit RangeRows.hidden
    Sheet.activate Sheet.autofit Sheet.book Sheet.cells Sheet.charts Sheet.index Sheet.name
    Sheet.names Sheet.pictures Sheet.range Sheet.tables Sheet.used_range Sheet.visible
    Sheets.active
    Table.autofilter Table.data_body_range Table.display_name Table.header_row_range
    Table.insert_row_range Table.name Table.parent Table.range Table.resize Table.show_autofilter
    Table.show_headers Table.show_totals Table.table_style Table.totals_row_range
    Chart.name Picture.name
    """.split()
)
