"""What a case need not say: a company, a customer, a person, and what an entry is by default."""

from typing import Any

from tests.acceptance.engine.case_file import Row, Table

COMPANY = {"name": "Us", "country": "DE", "currency": "EUR", "tax_id": "DE123456789"}
SINGLE: dict[str, list[dict[str, Any]]] = {
    "tax_codes": [{"code": "S19", "category": "S", "rates": [{"percent": "19"}]}],
    "account_groups": [{"code": code} for code in ("MATERIAL", "SUBCON", "TRAVEL")],
    "vendors": [{"code": "bohr", "name": "Bohr & Co"}],
    "customers": [{"code": "ACME"}],
    "people": [
        {"code": "ann", "name": "Ann Abel", "bill_rate": "100"},
        {"code": "bob", "name": "Bob Berg", "bill_rate": "80"},
    ],
    "projects": [{"code": "P"}],
}
"""Taken where the case has no table of that name."""

FILLED_IN: dict[str, dict[str, Any]] = {
    "customers": {"name": "Acme Ltd", "currency": "EUR", "tax_code": "S19", "country": "DE"},
    "people": {"name": "Somebody"},
    "projects": {"customer": "ACME", "name": "Portal"},
    "tasks": {"project": "P"},
    "tax_codes": {"category": "S"},
    "entries": {"date": "2026-01-15", "project": "P", "quantity": "1", "status": "approved"},
    "limits": {"project": "P"},
    "frame_orders": {"customer": "ACME"},
}
NESTED = {
    "prices of": ("items", "prices"),
    "locations of": ("customers", "locations"),
    "tax rates of": ("tax_codes", "rates"),
}
LISTS = {"aggregate_by", "factors"}
WORDS = {"billing_option", "billing_period", "status", "no_rate"}
WHOLE = {"step", "seq", "payment_terms_days"}


def books(setup: list[Table]) -> dict[str, Any]:
    """Make the books file of a case, with what it need not say."""
    return filled({"company": COMPANY, **SINGLE, **said(setup)})


def said(setup: list[Table]) -> dict[str, Any]:
    """Make a books file of what the tables say."""
    made: dict[str, Any] = {}
    for table in setup:
        rows = [_row(row) for row in table.rows]
        nested = next((key for key in NESTED if table.name.startswith(key + " ")), None)
        if nested:
            _nest(made, *NESTED[nested], table.name.removeprefix(nested + " "), rows)
        elif table.name.startswith("billing rule "):
            code = table.name.removeprefix("billing rule ").upper()
            made.setdefault("billing_rules", []).append({"code": code, "steps": rows})
        elif " of rate table " in table.name:
            part, _, place = table.name.partition(" of rate table ")
            _rate_table(made, *place.upper().split(), part=part, rows=rows)
        elif table.name == "settings":
            made["settings"] = {row["setting"]: _setting(row["value"]) for row in rows}
        else:
            made.setdefault(table.name.replace(" ", "_"), []).extend(rows)
    return made


def filled(made: dict[str, Any]) -> dict[str, Any]:
    """Fill in what the rows of a books file leave out."""
    return {key: _filled(key, value) for key, value in made.items()}


def _row(row: Row) -> dict[str, Any]:
    return {name: _value(name, text) for name, text in row.items() if text}


def _value(name: str, text: str) -> Any:
    if name in LISTS:
        return [word.strip().replace(" ", "_") for word in text.split(",")]
    if name in WHOLE:
        return int(text)
    if name in WORDS:
        return text.replace(" ", "_")
    return {"yes": True, "no": False}.get(text, text)


def _setting(text: str) -> Any:
    key, is_pair, number = text.partition(" = ")
    return {key: int(number)} if is_pair else text


def _nest(made: dict[str, Any], key: str, column: str, code: str, rows: list[Any]) -> None:
    owners = made.setdefault(key, [dict(row) for row in SINGLE.get(key, ())])
    owner = next((one for one in owners if one["code"].lower() == code), None)
    if owner is None:
        owners.append(owner := {"code": code.upper()})
    owner[column] = rows


def _rate_table(made: dict[str, Any], code: str, kind: str, *, part: str, rows: list[Any]) -> None:
    known = made.setdefault("rate_tables", [])
    one = next((each for each in known if (each["code"], each["rate_type"]) == (code, kind)), None)
    if one is None:
        known.append(one := {"code": code, "rate_type": kind, "sequences": [], "rates": []})
    one[part] = rows


def _filled(key: str, rows: Any) -> Any:
    if not isinstance(rows, list):
        return rows
    return [FILLED_IN.get(key, {}) | _of_kind(key, row) | row for row in rows]


def _of_kind(key: str, row: dict[str, Any]) -> dict[str, Any]:
    if key != "entries":
        return {}
    if row.get("kind") == "material":
        return {"account_group": "MATERIAL", "unit": "pcs"}
    return {"person": "ann"}
