"""The demo's month end as a list of steps."""

from timix_xl.cli.demo.afterwards import (
    book_the_payments,
    compare_the_frame_orders,
    read_the_register,
    send_and_void,
    write_the_pdfs,
)
from timix_xl.cli.demo.answers import bill_a_part, credit_an_entry
from timix_xl.cli.demo.closing import (
    close_the_month,
    verify_everything,
    verify_once_more,
    write_for_finance,
)
from timix_xl.cli.demo.coming_in import (
    see_what_can_be_billed,
    take_in_the_month,
    write_the_workbooks,
)
from timix_xl.cli.demo.month import Step
from timix_xl.cli.demo.negotiation import negotiate
from timix_xl.cli.demo.project_end import see_the_projects
from timix_xl.cli.demo.project_runs import bill_what_is_due, catch_up
from timix_xl.cli.demo.projects_in import take_in_the_projects
from timix_xl.cli.demo.released import bill_what_was_held, release_them
from timix_xl.cli.demo.runs import bill_the_others, meet_the_frame_order, prepare_the_last

STEPS: tuple[Step, ...] = (
    take_in_the_month,
    see_what_can_be_billed,
    write_the_workbooks,
    meet_the_frame_order,
    bill_the_others,
    prepare_the_last,
    write_the_pdfs,
    send_and_void,
    book_the_payments,
    compare_the_frame_orders,
    read_the_register,
    bill_a_part,
    credit_an_entry,
    close_the_month,
    write_for_finance,
    verify_everything,
    take_in_the_projects,
    catch_up,
    bill_what_is_due,
    negotiate,
    release_them,
    bill_what_was_held,
    see_the_projects,
    verify_once_more,
)
