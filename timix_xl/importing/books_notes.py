"""What a person reads in a books workbook: what each sheet holds, what each column means."""

from timix_xl.importing.books_sheets import BookSheet, Form, SheetColumn

HOLDS = {
    "company": "Who we are: the seller on every invoice.",
    "settings": "What holds for every run unless a customer or a project says otherwise.",
    "next_numbers": "The next number of each series, for a store that goes on from another system.",
    "tax_codes": "The kinds of tax. Their percentages stand in the sheet tax_rates.",
    "tax_rates": "The percentages of each tax code, oldest first.",
    "account_groups": "What kind of cost an entry is. LABOR is always there.",
    "vendors": "Whom material and subcontracted work is bought from.",
    "items": "What is sold by the piece. The prices stand in the sheet item_prices.",
    "item_prices": "The sales prices of each item, oldest first.",
    "people": "Who works on projects.",
    "rate_tables": "Rates for billing rules, by table and rate type. Its rates stand in the sheets "
    "rate_sequences and table_rates.",
    "rate_sequences": "What must match, tried in ascending order of seq: the first full match wins.",
    "table_rates": "The rates of each sequence, with a value for each of its factors.",
    "billing_rules": "How a run prices and groups entries. The steps stand in the sheet rule_steps.",
    "rule_steps": "The steps of each rule, one for each kind of cost that it bills.",
    "limits": "The most that may be invoiced for a project, a task or an account group.",
    "customers": "Whom we bill. Their other addresses stand in the sheet locations.",
    "locations": "Further addresses of customers; each gets invoices of its own.",
    "projects": "What we work on for a customer.",
    "tasks": "The parts of a project. A project without tasks has one of its own code.",
    "bill_rates": "What an hour costs the customer: the nearest rate that holds on the day wins.",
    "frame_orders": "Purchase orders that are drawn down, in hours or in money.",
    "open_invoices": "Invoices of the system before that are not settled: for the register only.",
    "entries": "Dated time and material. Only what is approved can be billed.",
}
"""What each sheet holds, in a line."""

_ADDRESS_LINE = "Street and house number; several lines in one cell (Alt+Enter)."
_INHERITED_RATE = "What the customer pays for an hour, unless a nearer rate is set."

_MEANS = {
    "account_group": "What kind of cost it is.",
    "active": "Whether the step is used.",
    "address": _ADDRESS_LINE,
    "aggregate_by": "What entries must have in common to share a line: any of date, employee, "
    "vendor, item, with commas between. Left empty: a line for each entry.",
    "amount": "The most that may be billed.",
    "approved_by": "Who approved it.",
    "approved_on": "When it was approved.",
    "bic": "The bank's BIC, printed below the IBAN.",
    "bill_rate": _INHERITED_RATE,
    "bill_separately": "Whether the task gets invoices of its own.",
    "billable": "Whether the customer pays for it.",
    "billable_quantity": "How much of it is billed. Left empty: the quantity.",
    "billed_before": "How much was used before this store began, in hours or money.",
    "billed_elsewhere": "Where it was settled already (a text). It is known then, and never billed.",
    "billing_option": "When the task can be billed.",
    "billing_period": "How often the project is billed.",
    "billing_rule": "The billing rule; its code. Left empty: what the level above says, "
    "and the bill rates if none does.",
    "billing_type": "tm: by the entry; fixed: by a fee; overhead: never. "
    "Left empty: what the level above says, and tm if none does.",
    "brand_colour": "The colour of the invoices, for example #1F4E79.",
    "buyer_reference": "The customer's own reference, printed on each invoice.",
    "category": "Category of EN 16931: S standard, Z zero, E exempt, AE reverse charge, "
    "K within the EU, G export, O not taxable.",
    "city": "The town.",
    "code": "The short text by which other rows name it. It stays.",
    "contact": "Whom a customer may ask.",
    "cost_amount": "What it costs us in all, in the company's currency.",
    "cost_rate": "What an hour costs us, in the company's currency.",
    "country": "Two capital letters, for example DE.",
    "covered_on": "Only of a remainder: the day that a frame order has to cover.",
    "create_zero_lines": "Whether a line of quantity 0 and amount 0 is printed.",
    "credit_note_number": "How the numbers of credit notes look.",
    "currency": "Three capital letters, for example EUR. It stays once it is used.",
    "customer": "The customer's code.",
    "cut_off": "Whether entries dated on the billing date are taken. "
    "Left empty in a project: as the settings say.",
    "date": "The day of the work.",
    "description": "What was done; printed on the invoice.",
    "due_date": "When it is due. Left empty: by the payment terms.",
    "email": "Where mail goes.",
    "employee": "The person who did the work; the person's code.",
    "external_id": "Its id in the source.",
    "face_amount": "Only of a remainder, which export books writes: what is billed of it.",
    "factors": "What must match: any of project, task, account_group, item, employee, "
    "with commas between; none for a rate that holds for all.",
    "frame_order": "The frame order that the customer named for this work.",
    "from": "The first day on which it holds. Left empty: from the beginning.",
    "iban": "The account that is printed on invoices.",
    "id": "What tells entries apart. The same id again is the same entry.",
    "include_non_billable": "Whether non-billable entries are printed too, with an amount of 0.",
    "invoice_description": "A formula for the head of the invoice.",
    "invoice_group": "Steps with the same text here share an invoice of their own.",
    "invoice_number": "How the numbers of invoices look.",
    "issue_date": "The date on the invoice.",
    "item": "The item's code.",
    "kind": "time in hours, or material in units (expenses are material).",
    "language": "The language, for example en or de.",
    "last_billing_date": "Up to when it has been billed.",
    "line_description": "A formula for the text of the line.",
    "locale": "How numbers and dates are printed, for example en or en_GB.",
    "location": "A location of the customer; its code.",
    "logo": "A PNG or JPEG of at most 1 MB: its path from the folder of this file.",
    "manager": "Who leads it; a name.",
    "material_at_cost": "Whether material without a price is billed at its cost.",
    "name": "The name that people read.",
    "next_number": "The number that comes next. Only while the series is unused.",
    "no_rate": "What becomes of an entry without a rate: error stops the project's run, one and "
    "zero go on with that rate, skip leaves the entry unbilled.",
    "note": "A text that is printed with the tax: why there is none.",
    "number": "The number on the paper.",
    "over_limit": "What happens when an amount is beyond a project's limit.",
    "overrun": "block refuses a run that draws more than is left; warn only says so.",
    "paid": "How much of it has been paid.",
    "parent": "The task above it in the same project; its code.",
    "part_of": "The id of the entry that was split. The parts of an entry add up to it.",
    "payment_terms_days": "Days until an invoice is due. Left empty: as the settings say.",
    "percent": "The percentage, for example 19.",
    "person": "Who did it; the person's code.",
    "phone": "A telephone number, as it is printed.",
    "po_number": "The customer's own number of the order.",
    "postcode": "The postcode, as text.",
    "price": "What one unit costs the customer.",
    "pro_forma": "Whether it is billed by pro forma invoices.",
    "pro_forma_number": "How the numbers of pro forma invoices look.",
    "project": "The project's code.",
    "quantity": "How much: hours for time, units for material. Below 0 corrects.",
    "rate": "What an hour costs the customer.",
    "rate_table": "The rate table that billing rules look into; its code. "
    "Left empty: what the level above says.",
    "rate_type": "Which kind of rate, for example STANDARD. Steps name it.",
    "reports_to": "Whom the person reports to; a code of this sheet.",
    "seq": "The number of the sequence; the lowest is tried first.",
    "series": "The kind of document that is numbered.",
    "source": "Which program it came from.",
    "start_date": "From which day billing periods are counted.",
    "state": "Whether it can be drawn on.",
    "step": "The number of the step; steps are tried in ascending order.",
    "status": "Where it stands.",
    "task": "A task of the project; its code.",
    "tax_code": "The tax code that holds here. Left empty: what the level above says.",
    "tax_percent": "Only of a remainder: the percentage of its line.",
    "tax_id": "The number for VAT, with its country.",
    "title": "What the order is about.",
    "to": "The last day on which it holds. Left empty: for ever.",
    "total": "What it came to, tax included.",
    "total_amount": "The order's pool in money. Give this or total_hours.",
    "total_hours": "The order's pool in hours. Give this or total_amount.",
    "unit": "What it is counted in, for example pcs, km or h.",
    "unit_cost": "What one unit costs us, in the company's currency.",
    "valid_from": "The first day whose work can draw on it.",
    "valid_to": "The last day whose work can draw on it.",
    "vendor": "Whom it was bought from; the vendor's code.",
    "year": "The year, where the pattern has {year}; else left empty.",
}

_MEANS_HERE = {
    ("company", "currency"): "The currency of costs and of people's rates; three capital letters.",
    ("company", "name"): "The name on the invoices.",
    ("customers", "tax_code"): "The tax code that holds unless something nearer has one.",
    ("entries", "bill_rate"): "The rate of this entry alone; no other is looked up then.",
    ("entries", "currency"): "The currency of its bill rate. Left empty: the customer's.",
    ("entries", "status"): "Only approved entries can be billed. Left empty: draft, "
    "or as the import is told.",
    ("entries", "kind"): "time in hours, or material in units (expenses are material). "
    "A remainder comes from export books only.",
    ("entries", "quantity"): "How much: hours for time, units for material. Below 0 corrects. "
    "0 for a remainder.",
    ("entries", "tax_code"): "Only of a remainder: the tax code of its line.",
    ("rule_steps", "account_group"): "The kind of cost that this step bills.",
    ("rule_steps", "amount"): "A formula for the amount, for example =[Entry.BillableQty]*@Rate.",
    ("rule_steps", "billing_rule"): "The billing rule that the step belongs to.",
    ("rule_steps", "description"): "What the step does; for us.",
    ("rule_steps", "quantity"): "A formula for the quantity on the line.",
    ("rule_steps", "rate_type"): "The rate type that @Rate is looked up under.",
    ("rate_sequences", "rate_table"): "The rate table that the sequence belongs to.",
    ("rate_sequences", "rate_type"): "The rate type, as in the sheet rate_tables.",
    ("table_rates", "rate_table"): "The rate table that the rate belongs to.",
    ("table_rates", "rate_type"): "The rate type, as in the sheet rate_tables.",
    ("table_rates", "rate"): "What @Rate stands for, in the customer's currency.",
    ("table_rates", "account_group"): "Only if its sequence asks for it: the kind of cost.",
    ("table_rates", "item"): "Only if its sequence asks for it: the item's code.",
    ("table_rates", "project"): "Only if its sequence asks for it: the project's code.",
    ("table_rates", "task"): "Only if its sequence asks for it: the task's code.",
    ("table_rates", "employee"): "Only if its sequence asks for it: the person's code.",
    ("limits", "task"): "A task of the project; its code. Left empty: all its tasks.",
    ("limits", "account_group"): "The kind of cost. Left empty: all of them.",
    ("limits", "amount"): "The most that may be invoiced, in the customer's currency, before tax.",
    ("entries", "task"): "A task of the project; its code. It can stay empty where the project "
    "has no tasks.",
    ("entries", "unit"): "h for time; else for example pcs or km. Left empty: the item's.",
    ("entries", "account_group"): "What kind of cost it is. Left empty: LABOR for time, "
    "the item's for material.",
    ("items", "tax_code"): "The tax code of this item. Left empty: the task's, project's "
    "or customer's.",
    ("people", "bill_rate"): "What customers pay for an hour, in the company's currency.",
    ("settings", "payment_terms_days"): "Days until an invoice is due.",
    ("settings", "cut_off"): "Whether entries dated on the billing date are taken.",
    ("tax_rates", "tax_code"): "The tax code that the percentage belongs to.",
    ("locations", "tax_code"): "The tax code that holds here. Left empty: the customer's.",
}

_FORMATS = {
    Form.CHOICE: "One of: {choices}.",
    Form.TRUTH: "yes or no.",
    Form.DAY: "A date.",
    Form.COUNT: "A whole number.",
    Form.YEAR: "A year, for example 2026.",
    Form.QUANTITY: "A number with at most four decimals.",
    Form.AMOUNT: "An amount, with the decimals of its currency.",
    Form.RATE: "An amount with at most six decimals.",
    Form.PERCENT: "A number with at most four decimals.",
}


def note_of(sheet: BookSheet, column: SheetColumn) -> str:
    """Say what a column means, how it is written, and what an empty cell stands for."""
    meaning = _MEANS_HERE.get((sheet.name, column.name)) or _MEANS[column.name]
    lines = [meaning]
    if form := _FORMATS.get(column.form):
        lines.append(form.format(choices=", ".join(column.choices)))
    if column.needed:
        lines.append("Required.")
    elif column.default and "Left empty" not in meaning:
        lines.append(f"Left empty: {column.default}.")
    return "\n".join(lines)
