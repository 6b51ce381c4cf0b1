"""The help: the page about the program at hand as one HTML file, opened in the browser."""

import posixpath
import re
import webbrowser
from base64 import b64encode
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import xlwings as xw
from markdown_it import MarkdownIt
from markdown_it.token import Token

from timix_xl.hosts import calc
from timix_xl.hosts.refusals import NotSaved
from timix_xl.macros.desk import Desk
from timix_xl.macros.guard import storeless
from timix_xl.macros.refusals import PageNotOpened
from timix_xl.settings import data_folder

NAME = "timix-xl-help.html"
EXCEL, CALC = "excel.md", "calc.md"
FOR_OTHERS = "## For the IT department"
"""The heading where the part for users ends."""
_WEB = re.compile(r"https?://")
_PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.55 system-ui, "Segoe UI", Arial, sans-serif; color: #1f2933; background: #fff;
  max-width: 52rem; margin: 2rem auto 4rem; padding: 0 1.25rem; }}
h1, h2, h3 {{ color: #1f4e79; line-height: 1.25; margin: 2em 0 .6em; }}
h1 {{ margin-top: 0; }}
a {{ color: #1f4e79; }}
code, pre {{ font: .9em/1.45 Consolas, Menlo, monospace; background: #f1f5f9; border-radius: 3px; }}
code {{ padding: .1em .3em; }}
pre {{ padding: .8em 1em; overflow-x: auto; }}
pre code {{ padding: 0; }}
table {{ border-collapse: collapse; margin: 1em 0; display: block; overflow-x: auto; }}
th, td {{ border: 1px solid #cbd5e1; padding: .4em .7em; text-align: left; vertical-align: top; }}
th {{ background: #f1f5f9; }}
img {{ max-width: 100%; border: 1px solid #cbd5e1; }}
</style>
</head>
<body>
{body}</body>
</html>
"""


@storeless
def help(book: xw.Book, desk: Desk | None) -> Path:  # noqa: A001  the button's word
    """Open the page about Excel or Calc in the browser; raises PageNotOpened with where it lies."""
    source = page(CALC if book.app.engine.name == calc.NAME else EXCEL)
    path = data_folder() / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rendered(for_users(source.read_text("utf-8")), source.parent), "utf-8")
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise NotSaved(where=str(path), path=NAME, why=why, folder=path.parent) from error
    if not _opened(path):
        raise PageNotOpened(path=path)
    return path


def page(name: str) -> Path:
    """Return a page: inside the installed package, or in a checkout."""
    here = Path(__file__).parent.parent
    installed = here / "help" / name
    return installed if installed.exists() else here.parent / "docs" / name


def for_users(text: str) -> str:
    """Return the part of the page that is for people who bill."""
    return re.split(rf"^{FOR_OTHERS}\s*$", text, maxsplit=1, flags=re.MULTILINE)[0]


def rendered(text: str, folder: Path) -> str:
    """Turn Markdown into a page of its own, with the pictures that are there in it.

    Links to what does not travel with it become words that say where it is.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    headings = [at for at, token in enumerate(tokens) if token.type == "heading_open"]
    anchors = _distinct([_anchor(tokens[at + 1].content) for at in headings])
    ids = dict(zip(headings, anchors, strict=True))
    for at, anchor in ids.items():
        tokens[at].attrSet("id", anchor)
    for token in tokens:
        if token.children:
            token.children = list(_worded(_drawn(token.children, folder), set(ids.values())))
    kept = _without_empty(tokens)
    title = text.partition("\n")[0].removeprefix("# ")
    body = markdown.renderer.render(kept, markdown.options, {})
    return _PAGE.format(title=escape(title), body=body)


def _anchor(heading: str) -> str:
    """Name a heading as links of GitHub do."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _distinct(anchors: Sequence[str]) -> list[str]:
    """Add numbers to the anchors of equal headings: the second has -1, as on GitHub."""
    seen: Counter[str] = Counter()
    distinct = []
    for anchor in anchors:
        distinct.append(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return distinct


def _drawn(inline: Sequence[Token], folder: Path) -> Iterator[Token]:
    """Put each picture into the page itself; one that is not there is left out."""
    for token in inline:
        if token.type == "image":
            picture = folder / unquote(str(token.attrGet("src")))
            kind = _PICTURES.get(picture.suffix.lower())
            if kind is None or not picture.is_file():
                continue
            content = b64encode(picture.read_bytes()).decode()
            token.attrSet("src", f"data:{kind};base64,{content}")
        yield token


def _worded(inline: Iterator[Token], ids: Collection[str]) -> Iterator[Token]:
    """Keep links into the web and within the page; say of the others where they lead."""
    target, words = "", ""
    for token in inline:
        if token.type == "link_open":
            href = str(token.attrGet("href"))
            is_kept = _WEB.match(href) or (href.startswith("#") and href[1:] in ids)
            target = "" if is_kept else href
            words = ""
            if target:
                continue
        if target and token.type == "link_close":
            yield Token("text", "", 0, content=_place(target, words))
            target = ""
            continue
        words += token.content
        yield token


def _place(href: str, words: str) -> str:
    """Say where a document lies that is not here; a place of this page that was cut is nowhere."""
    path = href.partition("#")[0]
    if not path:
        return ""
    name = PurePosixPath(posixpath.normpath(posixpath.join("docs", unquote(path))))
    named = "" if name.stem.lower() in words.lower() else f"{name} "
    return f" ({named}in the folder of timix-xl)"


def _without_empty(tokens: Sequence[Token]) -> list[Token]:
    """Leave out the paragraphs of which nothing is left."""
    kept: list[Token] = []
    for token in tokens:
        if token.type == "paragraph_close" and kept[-1].type == "inline" and not kept[-1].children:
            del kept[-2:]
            continue
        kept.append(token)
    return kept


def _opened(path: Path) -> bool:
    try:
        return webbrowser.open(path.as_uri())
    except webbrowser.Error:
        return False
