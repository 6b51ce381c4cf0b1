"""Write a VBA project, as Excel keeps it in vbaProject.bin, from the text of its modules.

Sections are those of [MS-OVBA]. No compiled code is written: the version 0xFFFF makes Excel compile
the text when it opens the file. The same modules give the same bytes.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from timix_xl.addin.compound_file import compound_file

CODE_PAGE = 1252
ENCODING = "cp1252"
PROJECT_ID = "{5B1D3E0C-7A41-4C7E-9C55-0A6D1F2B8E44}"
CHUNK = 4096
LONGEST_LINE = 1023
LONGEST_STATEMENT = 25

REFERENCES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0"
    r"#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0"
    r"#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL"
    "#Microsoft Office 16.0 Object Library",
}
"""The libraries that a project of Excel refers to; their paths are only where Excel looks first."""


class ModuleKind(Enum):
    """What a module belongs to."""

    STANDARD = "standard"
    CLASS = "class"
    WORKBOOK = "workbook"
    SHEET = "sheet"


LISTED = {ModuleKind.STANDARD: "Module={}", ModuleKind.CLASS: "Class={}"}
"""How the PROJECT stream lists a module that stands behind no document (2.3.1.1)."""

BASES = {
    ModuleKind.CLASS: "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}",
    ModuleKind.WORKBOOK: "0{00020819-0000-0000-C000-000000000046}",
    ModuleKind.SHEET: "0{00020820-0000-0000-C000-000000000046}",
}

FLAGS = {
    "GlobalNameSpace": False,
    "Creatable": False,
    "PredeclaredId": True,
    "Exposed": True,
    "TemplateDerived": False,
    "Customizable": True,
}
"""The attributes of a document module; a class says its own, and False for what it leaves out."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module of a project: its name, its text, what it belongs to."""

    name: str
    text: str
    kind: ModuleKind = ModuleKind.STANDARD


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    """Return the project with these modules, not protected, visible (2.2.1)."""
    _check_names(name, modules)
    streams = {one.name: compressed(source(one)) for one in modules}
    return compound_file(
        {
            "VBA": {
                "_VBA_PROJECT": bytes.fromhex("CC61FFFF000100"),
                "dir": compressed(_dir_stream(name, modules)),
                **streams,
            },
            "PROJECT": _project_stream(name, modules),
            "PROJECTwm": _names_stream(modules),
        }
    )


def _check_names(project: str, modules: Sequence[Module]) -> None:
    names = [project, *(module.name for module in modules)]
    for name in names:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,30}", name):
            raise ValueError(f"{name!r} is no name of a module: a letter, then up to 30 more")
    # A module called like its project would hide it from VBA.
    if len({name.upper() for name in names}) < len(names):
        raise ValueError("two modules, or a module and the project, have one name")


def source(module: Module) -> bytes:
    """Return the text as Excel stores it: attributes first, CRLF, code page 1252 (2.3.4.3)."""
    body = "\n".join(module.text.splitlines()).strip("\n")
    # The header that an exported class has, and its name, are not part of what is stored.
    body = re.sub(r"\AVERSION 1\.0 CLASS\nBEGIN\n.*?\nEND\n", "", body, flags=re.DOTALL)
    body = re.sub(r'\AAttribute VB_Name = "[^"]*"\n', "", body)
    head = [f'Attribute VB_Name = "{module.name}"']
    if module.kind in BASES:
        flags, body = _flags(body) if module.kind is ModuleKind.CLASS else (FLAGS, body)
        head.append(f'Attribute VB_Base = "{BASES[module.kind]}"')
        head += [f"Attribute VB_{flag} = {value}" for flag, value in flags.items()]
    lines = [*head, *body.split("\n")] if body else head
    _check_lines(module.name, lines)
    return ("\r\n".join(lines) + "\r\n").encode(ENCODING)


def _flags(body: str) -> tuple[dict[str, bool], str]:
    """Take the flags from the top of an exported class; return them and what is left."""
    top = re.match(r"(?:Attribute VB_\w+ = (?:True|False)\n)*", body)
    taken = top[0] if top else ""
    said = dict(re.findall(r"VB_(\w+) = (True|False)", taken))
    return {flag: said.get(flag) == "True" for flag in FLAGS}, body[len(taken) :]


def _check_lines(name: str, lines: Sequence[str]) -> None:
    """Refuse what the VBA editor would: too long a line, too many lines in one statement."""
    run = 1
    for number, line in enumerate(lines, 1):
        run = run + 1 if line.endswith(" _") else 1
        if len(line) > LONGEST_LINE or run > LONGEST_STATEMENT:
            raise ValueError(f"line {number} of {name} is longer than VBA takes")


def compressed(data: bytes) -> bytes:
    """Compress, in chunks of 4,096 bytes (2.4.1.3.6)."""
    chunks = (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
    return b"\x01" + b"".join(map(_chunk, chunks))


def _chunk(chunk: bytes) -> bytes:
    """Return a chunk with its header; as it is where compression would not help (2.4.1.3.7)."""
    body = _tokens(chunk)
    if len(body) < CHUNK:
        return struct.pack("<H", 0xB000 | (len(body) - 1)) + body
    if len(chunk) < CHUNK:
        raise ValueError("the last chunk of a stream is not text: it cannot be compressed")
    return struct.pack("<H", 0x3000 | (CHUNK - 1)) + chunk


def _tokens(chunk: bytes) -> bytes:
    """Write groups of eight tokens, a byte or a copy of earlier ones, behind a flag byte each."""
    out, position = bytearray(), 0
    seen: dict[bytes, list[int]] = {}
    while position < len(chunk):
        flags_at = len(out)
        out.append(0)
        for bit in range(8):
            if position >= len(chunk):
                break
            length, token = _token(chunk, position, seen)
            out += token
            out[flags_at] |= (length > 1) << bit
            for at in range(position, position + length):
                seen.setdefault(chunk[at : at + 3], []).append(at)
            position += length
    return bytes(out)


def _token(chunk: bytes, position: int, seen: dict[bytes, list[int]]) -> tuple[int, bytes]:
    """Return the next token and how many bytes it stands for (2.4.1.3.19)."""
    offset_bits = max((position - 1).bit_length(), 4)
    longest = min((0xFFFF >> offset_bits) + 3, len(chunk) - position)
    best, copied_from = 0, 0
    for at in reversed(seen.get(chunk[position : position + 3], [])):
        length = _alike(chunk, at, position, longest)
        if length > best:
            best, copied_from = length, at
        if best == longest:
            break
    if best < 3:  # noqa: PLR2004  # a copy token takes two bytes: it pays from three on
        return 1, chunk[position : position + 1]
    offset = position - copied_from - 1
    return best, struct.pack("<H", offset << (16 - offset_bits) | (best - 3))


def _alike(chunk: bytes, earlier: int, position: int, longest: int) -> int:
    length = 0
    while length < longest and chunk[earlier + length] == chunk[position + length]:
        length += 1
    return length


def _dir_stream(name: str, modules: Sequence[Module]) -> bytes:
    """Describe the project, its references and its modules (2.3.4.2)."""
    return b"".join(
        [
            *_information(name),
            *(record for reference in REFERENCES.items() for record in _reference(*reference)),
            _short(0x0F, len(modules)),
            _short(0x13, 0xFFFF),
            *(record for module in modules for record in _module(module)),
            _record(0x10),
        ]
    )


def _information(name: str) -> Iterator[bytes]:
    """Say where the project is at home: Windows, English, code page 1252 (2.3.4.2.1)."""
    yield _long(0x01, 1)
    yield _long(0x02, 0x0409)
    yield _long(0x14, 0x0409)
    yield _short(0x03, CODE_PAGE)
    yield _record(0x04, name.encode(ENCODING))
    yield _twice(0x05, 0x40, "")
    yield _record(0x06) + _record(0x3D)
    yield _long(0x07, 0)
    yield _long(0x08, 0)
    yield struct.pack("<HIIH", 0x09, 4, 1, 1)
    yield _twice(0x0C, 0x3C, "")


def _reference(name: str, library: str) -> Iterator[bytes]:
    yield _twice(0x16, 0x3E, name)
    encoded = library.encode(ENCODING)
    yield _record(0x0D, struct.pack("<I", len(encoded)) + encoded + bytes(6))


def _module(module: Module) -> Iterator[bytes]:
    """Describe a module whose text starts at the top of its stream (2.3.4.2.3.2)."""
    yield _twice(0x19, 0x47, module.name)
    yield _twice(0x1A, 0x32, module.name)
    yield _twice(0x1C, 0x48, "")
    yield _long(0x31, 0)
    yield _long(0x1E, 0)
    yield _short(0x2C, 0xFFFF)
    yield _record(0x21 if module.kind is ModuleKind.STANDARD else 0x22)
    yield _record(0x2B)


def _record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(data)) + data


def _short(number: int, value: int) -> bytes:
    return _record(number, struct.pack("<H", value))


def _long(number: int, value: int) -> bytes:
    return _record(number, struct.pack("<I", value))


def _twice(number: int, unicode_number: int, text: str) -> bytes:
    return _record(number, text.encode(ENCODING)) + _record(
        unicode_number, text.encode("utf-16-le")
    )


def _project_stream(name: str, modules: Sequence[Module]) -> bytes:
    """List the modules, and say that nothing is protected (2.3.1)."""
    lines = [
        f'ID="{PROJECT_ID}"',
        *(LISTED.get(one.kind, "Document={}/&H00000000").format(one.name) for one in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{encrypted(bytes(4), seed=0x0A)}"',
        f'DPB="{encrypted(bytes(1), seed=0x14)}"',
        f'GC="{encrypted(bytes([0xFF]), seed=0x1E)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return ("\r\n".join(lines) + "\r\n").encode(ENCODING)


def encrypted(data: bytes, *, seed: int) -> str:
    """Encrypt a setting of the project, as it is asked for; it keeps nothing secret (2.4.3.2)."""
    key = sum(PROJECT_ID.encode("ascii")) & 0xFF
    out = [seed, seed ^ 2, seed ^ key]
    plain_before, cipher_before, cipher_before_that = key, out[2], out[1]
    padding = b"\x07" * ((seed & 6) // 2)
    for byte in padding + struct.pack("<I", len(data)) + data:
        cipher = byte ^ ((cipher_before_that + plain_before) & 0xFF)
        out.append(cipher)
        plain_before, cipher_before, cipher_before_that = byte, cipher, cipher_before
    return bytes(out).hex().upper()


def _names_stream(modules: Sequence[Module]) -> bytes:
    """Map the names in the code page to their Unicode (2.3.3)."""
    names = (
        module.name.encode(ENCODING) + b"\0" + module.name.encode("utf-16-le") + b"\0\0"
        for module in modules
    )
    return b"".join(names) + b"\0\0"
