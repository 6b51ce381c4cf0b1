"""Where the store is and who we are: read from the environment once, and checked."""

import getpass
import os
import sys
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Defaults of the command line, from TIMIX_STORE and TIMIX_USER."""

    model_config = SettingsConfigDict(env_prefix="TIMIX_")

    store: str = ""
    user: str = ""

    def place(self) -> str:
        """Return where the store is, by default in the user's data folder."""
        return self.store or str(data_folder() / "timix.db")

    def name(self) -> str:
        """Return who acts, by default the user of the operating system."""
        return self.user or getpass.getuser()


def data_folder() -> Path:
    """Return the folder for data of this user, as the operating system has it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "timix-xl"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "timix-xl"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "timix-xl"


def bundled(name: str) -> Path:
    """Return a file of workbooks/: inside the installed package, or beside it in a checkout."""
    here = Path(__file__).parent
    installed = here / "workbooks" / name
    return installed if installed.exists() else here.parent / "workbooks" / name
