"""Where the store is and who we are: from the environment, else from the settings file."""

import getpass
import json
import os
import re
import sys
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from timix_xl.errors import SettingsUnreadable, SettingUnknown

KEYS = {"store": "path", "user": "name"}
"""What the settings file says, and what each of it is."""
_LARGEST = 16_384
"""Bytes of a file of two lines and perhaps some remarks; much more would take long to read."""
_NESTED = "its brackets or names are nested too deep"
_SHELL_FOLDERS = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


class Settings(BaseSettings):
    """Defaults of the command line: TIMIX_STORE and TIMIX_USER, else what the file says.

    Excel does not see the environment of a terminal; the file is there for it. Raises
    SettingsUnreadable, SettingUnknown.
    """

    model_config = SettingsConfigDict(env_prefix="TIMIX_", env_ignore_empty=True)

    store: str = ""
    user: str = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the environment before the file."""
        filed = InitSettingsSource(settings_cls, init_kwargs=dict(settings_of_file()))
        return init_settings, env_settings, filed

    def place(self) -> str:
        """Return where the store is, by default in the user's data folder."""
        return self.store or default_place()

    def name(self) -> str:
        """Return who acts, by default the user of the operating system."""
        return self.user or getpass.getuser()


def data_folder() -> Path:
    """Return the folder for data of this user, as the operating system has it."""
    if sys.platform == "win32":
        return (_folder_named("LOCALAPPDATA") or Path.home()) / "timix-xl"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "timix-xl"
    return (_folder_named("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "timix-xl"


def _folder_named(variable: str) -> Path | None:
    """Return the folder that a variable names; empty and relative ones count for nothing (XDG)."""
    path = Path(os.environ.get(variable, ""))
    return path if path.is_absolute() else None


def default_place() -> str:
    """Return where the store is if nobody says anything."""
    return str(data_folder() / "timix.db")


def settings_file() -> Path:
    """Return the settings file; it need not be there."""
    return data_folder() / "settings.toml"


def settings_of_file() -> dict[str, str]:
    """Read the settings file: what it says of KEYS; nothing where there is none.

    A store's path that is not absolute counts from the file's folder: Excel has no folder of its
    own that one could count from. Raises SettingsUnreadable, SettingUnknown.
    """
    path = settings_file()
    text = _text_of(path)
    found = _parsed(path, text)
    for key in found:
        if key not in KEYS:
            where = f"{path}, line {_number_of(text, key)}"
            raise SettingUnknown(where=where, key=key, known=", ".join(KEYS))
    given = {key: _word(path, text, key, value) for key, value in found.items()}
    if store := given.get("store"):
        given["store"] = absolute_place(store, path.parent)
    return given


def file_with(values: Mapping[str, str]) -> bytes:
    """Return the settings file with these values; every other line stays as it is.

    Raises SettingsUnreadable.
    """
    path = settings_file()
    text = _text_of(path)
    wanted = _parsed(path, text) | dict(values)
    for key, value in values.items():
        text = _with_line(text, key, f"{key} = {_quoted(value)}")
    if not _reads(path, text, wanted):
        raise _unreadable(path, 1, "a value goes over several lines")
    return text.encode("utf-8")


def _reads(path: Path, text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False
    except RecursionError as error:  # names of thousands of parts
        raise _unreadable(path, _longest_line(text), _NESTED) from error


def documents_folder() -> Path:
    """Return where this user keeps documents; files go there that have no place of their own.

    On Windows the folder may have been moved, as OneDrive does: the registry knows where to.
    """
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415  there is none elsewhere

        with (
            suppress(OSError),
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, _SHELL_FOLDERS) as folders,
        ):
            told = str(winreg.QueryValueEx(folders, "Personal")[0])
            return Path(winreg.ExpandEnvironmentStrings(told))
    return Path.home() / "Documents"


def absolute_place(place: str, folder: Path | None = None) -> str:
    """Return where a store is from the root on; a path counts from a folder, or from this one."""
    if "://" in place:
        return place
    # As it is written, not through links: a person has to know it again.
    return os.path.abspath((folder or Path.cwd()) / os.path.expanduser(place))  # noqa: PTH100, PTH111


def bundled(name: str) -> Path:
    """Return a file of workbooks/: inside the installed package, or beside it in a checkout."""
    here = Path(__file__).parent
    installed = here / "workbooks" / name
    return installed if installed.exists() else here.parent / "workbooks" / name


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise _unreadable(path, 1, f"it has more than {_LARGEST:,} bytes")
        return content.decode("utf-8-sig")  # Notepad may put a mark in front
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, line, "it is not saved as UTF-8") from error
    except OSError as error:
        raise _unreadable(path, 1, error.strerror or str(error)) from error


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, *(_twice(text) or _broken(text, str(error)))) from error
    except RecursionError as error:
        raise _unreadable(path, _longest_line(text), _NESTED) from error
    except ValueError as error:  # Python reads no such number
        why = "a number has thousands of digits"
        raise _unreadable(path, _longest_line(text), why) from error


def _longest_line(text: str) -> int:
    """Return the number of the line that no person has written."""
    lengths = [len(line) for line in text.split("\n")]
    return lengths.index(max(lengths)) + 1


def _twice(text: str) -> tuple[int, str] | None:
    """Say which name stands twice above the sections, and on which line again."""
    seen = set()
    for found in _line_of(r"([\w-]+)").finditer(text[: _end_of_ours(text)]):
        if found[1] in seen:
            return text.count("\n", 0, found.start(1)) + 1, f"{found[1]} stands twice"
        seen.add(found[1])
    return None


def _broken(text: str, said: str) -> tuple[int, str]:
    """Say which line is not TOML and why; the words of the parser name the line."""
    place = re.search(r"at line (\d+)", said)
    lines = text.removesuffix("\n").split("\n")
    number = int(place[1]) if place else len(lines)
    line = lines[number - 1]
    for key, what in KEYS.items():
        if found := _line_of(key).match(line):
            value = found[0].partition("=")[2].strip()
            if re.match(r"[^\"'\[{#]", value):
                return number, f"the {what} is not in quotes"
            if value.startswith('"') and re.search(r"(?<!\\)\\(?!\\)", value):
                return number, f"a backslash in {key} stands alone"
    # The other place that the parser names is the end.
    return number, "the line is not TOML" if place else "it ends in the middle of a value"


def _word(path: Path, text: str, key: str, value: object) -> str:
    if isinstance(value, str) and not re.search(r"[\x00-\x1f]", value):
        return value
    line = _number_of(text, key)
    if isinstance(value, str):  # "C:\books" has a backspace in it
        raise _unreadable(path, line, f"a backslash in {key} stands alone")
    raise _unreadable(path, line, f"{key} is not a text in quotes")


def _number_of(text: str, key: str) -> int:
    """Return the number of the line where a name stands first, alone or as a section's."""
    found = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _unreadable(path: Path, line: int, why: str) -> SettingsUnreadable:
    return SettingsUnreadable(
        where=f"{path}, line {line}", why=why, path=path, usual=default_place()
    )


def _with_line(text: str, key: str, line: str) -> str:
    """Put a line in the place of a key's, else on top: a section further down would take it in."""
    end = _end_of_ours(text)
    if _line_of(key).search(text[:end]):
        return _line_of(key).sub(lambda _: line, text[:end], count=1) + text[end:]
    return f"{line}\n{text}"


def _end_of_ours(text: str) -> int:
    """Return where the first section begins."""
    section = re.search(r"^[ \t]*\[", text, re.MULTILINE)
    return section.start() if section else len(text)


def _line_of(key: str) -> re.Pattern[str]:
    return re.compile(rf"^[ \t]*[\"']?{key}[\"']?[ \t]*=[^\r\n]*", re.MULTILINE)


def _quoted(value: str) -> str:
    """Write a text as TOML does; its escapes are JSON's but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
