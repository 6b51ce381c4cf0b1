"""What a file holds that openpyxl would not write back.

Parts are compared with a list of those that are kept or that no user would miss; what is not on it
counts as lost. What Excel adds to any file (paths, styles of slicers, the calculation chain,
printer settings, the second half of plain data bars) does not count.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from timix_xl.hosts import preflight
from timix_xl.hosts.files.results import sheet_parts

SHAPES = "shapes"

_HARMLESS_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/[^/]*|xl/_rels/[^/]*|xl/workbook\.xml"
    r"|xl/(?:styles|sharedStrings|calcChain)\.xml|xl/theme/.*|xl/worksheets/[^/]*\.xml"
    r"|xl/worksheets/_rels/.*|xl/(?:tables|comments|charts|drawings|media|printerSettings)/.*"
    r"|xl/comments[^/]*\.xml|xl/(?:externalLinks|pivotTables|pivotCache)/.*|.*/"
)
_LOST_PARTS = (
    (r"xl/slicer", "slicers"),
    (r"xl/timeline", "timelines"),
    (r"xl/(?:threadedComments|persons)/", "threaded comments"),
    (r"xl/(?:ctrlProps|activeX)/", "form controls"),
    (r"xl/vba|customUI", "macros"),
    (r"xl/embeddings/", "embedded objects"),
    (r"customXml/", "custom XML"),
    (r"xl/(?:connections\.xml|queryTables/|model/|customData/)", "data connections"),
    (r"xl/(?:metadata\.xml|richData/)", "dynamic arrays or data types"),
    (r"xl/chartsheets/", "chart sheets"),
    (r"docMetadata/", "a sensitivity label"),
)
_LOST_ELEMENTS = (
    (rb"<(?:\w+:)?oleObjects\b", "embedded objects"),
    (rb"<(?:\w+:)?controls\b", "form controls"),
    (rb"<(?:\w+:)?customSheetViews\b", "custom views"),
    (rb"<(?:\w+:)?legacyDrawingHF\b", "pictures in headers or footers"),
    (rb"<(?:\w+:)?picture\b", "a background picture"),
    (rb"<(?:\w+:)?protectedRange\b", "ranges that some people may edit"),
    (rb"<x14:sparklineGroup\b|:sparklineGroup\b", "sparklines"),
    (rb"<x14:dataValidation\b", "dropdowns that look into other sheets"),
)
_SHAPES = re.compile(rb"<(?:\w+:)?(?:sp|grpSp|cxnSp)\b|<a14:m\b")
_NEW_RULE = re.compile(rb"<x14:cfRule\b[^>]*>")


def lost_on_save(path: str | Path) -> tuple[str, ...]:
    """Name what a file holds that would be lost if it were written over."""
    return lost_from(preflight.read(Path(path)))


def lost_from(content: bytes) -> tuple[str, ...]:
    """Name what would be lost of a file that has been read."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = [*_lost_parts(archive.namelist()), *_lost_from_drawings(archive)]
        for _, part in sheet_parts(archive):
            found.extend(_lost_from_sheet(archive.read(part)))
    return tuple(dict.fromkeys(found))


def _lost_parts(names: list[str]) -> Iterator[str]:
    for name in sorted(names):
        for pattern, what in _LOST_PARTS:
            if re.match(pattern, name):
                yield what
                break
        else:
            if not _HARMLESS_PARTS.fullmatch(name):
                yield f"the part {name}"


def _lost_from_drawings(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in archive.namelist():
        if re.fullmatch(r"xl/drawings/[^/]*\.xml", name) and _SHAPES.search(archive.read(name)):
            yield SHAPES


def _lost_from_sheet(data: bytes) -> Iterator[str]:
    for pattern, what in _LOST_ELEMENTS:
        if re.search(pattern, data):
            yield what
    if any(b'type="dataBar"' not in rule for rule in _NEW_RULE.findall(data)):
        yield "conditional formats of newer kinds"
