"""Write the fields and functions of formulas into the documents: python docs/formulas.py."""

from collections.abc import Callable
from pathlib import Path

from timix_xl.domain.formulas.fields import FIELDS, SYNONYMS
from timix_xl.domain.formulas.functions import FUNCTION_SYNONYMS, FUNCTIONS
from timix_xl.domain.formulas.values import Type

ROOT = Path(__file__).parent.parent
DOCUMENTS = (ROOT / "docs" / "formulas.md", ROOT / "README.md")


def fields() -> str:
    """Return every field as Markdown."""
    lines = ["| field | type | meaning |", "| --- | --- | --- |"]
    for field in FIELDS.values():
        empty = " (can be empty)" if field.can_be_empty and field.type is not Type.TEXT else ""
        lines.append(f"| `[{field.name}]` | {field.type}{empty} | {field.meaning} |")
    return "\n".join(lines)


def synonyms() -> str:
    """Return the other names as Markdown, a line for each field that has some."""
    lines = ["| field | is also written |", "| --- | --- |"]
    for name in FIELDS:
        others = [f"`[{other}]`" for other, meant in SYNONYMS.items() if meant == name]
        if others:
            lines.append(f"| `[{name}]` | {', '.join(others)} |")
    return "\n".join(lines)


def functions() -> str:
    """Return every function as Markdown."""
    lines = ["| function | for example | gives |", "| --- | --- | --- |"]
    for name, function in FUNCTIONS.items():
        also = [other for other, meant in FUNCTION_SYNONYMS.items() if meant == name]
        names = ", ".join(f"`{one}`" for one in (name, *also))
        lines.append(f"| {names} | `{function.example}` | {function.meaning} |")
    return "\n".join(lines)


SECTIONS: dict[str, Callable[[], str]] = {
    "formula fields": fields,
    "formula synonyms": synonyms,
    "formula functions": functions,
}


def written(text: str) -> str:
    """Return a document with the lists of today in those places that it marks for them."""
    for mark, section in SECTIONS.items():
        start, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
        if start in text:
            head, _, rest = text.partition(start)
            _, _, tail = rest.partition(end)
            text = f"{head}{start}\n{section()}\n{end}{tail}"
    return text


if __name__ == "__main__":
    for document in DOCUMENTS:
        document.write_text(written(document.read_text("utf-8")), "utf-8")
