"""Where a host differs by its nature: tests that are not asked of it, each with the reason."""

EXCEL_S_WORDS = "Excel refuses or takes it in its own way; our hosts say it in our words"

DIFFERENCES: dict[tuple[str, str], str] = {
    ("excel", "test_a_message_is_written_down_and_answered"): "a person has to press the button",
    ("excel", "alert"): "a person has to press the button",
    ("excel", "test_answers_are_given_in_their_order"): "a person has to press the button",
    ("excel", "test_a_control_character_is_refused_before_anything_is_written"): EXCEL_S_WORDS,
    ("excel", "test_a_text_longer_than_a_cell_is_refused"): EXCEL_S_WORDS,
    ("excel", "test_what_no_cell_can_hold_is_refused"): EXCEL_S_WORDS,
    ("excel", "test_a_file_of_another_kind_is_refused"): EXCEL_S_WORDS,
    ("excel", "test_a_table_that_ends_in_totals_is_not_resized"): EXCEL_S_WORDS,
    ("excel", "test_what_stands_below_a_table_is_never_overwritten"): (
        "Excel takes what stands below into the table"
    ),
    ("excel", "test_a_text_of_digits_stays_text_in_any_cell"): (
        "Excel makes a number of it, unless the cell's format is text"
    ),
    ("excel", "test_a_link_to_a_place_is_read_back"): (
        "xlwings reads no place within the workbook from Excel"
    ),
}
