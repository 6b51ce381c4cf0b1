"""Where a SQLite store may lie: not on a network share, not in a synced folder."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_NETWORK_FILE_SYSTEMS = {
    *("cifs", "smb3", "smbfs", "nfs", "nfs4", "afpfs", "webdav", "davfs", "9p"),
    *("fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.gvfsd-fuse", "ncpfs", "afs", "ceph"),
    *("fuse.glusterfs", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2"),
    *("vboxsf", "fuse.vmhgfs-fuse", "prl_fs", "drvfs"),
}
"""Of other computers, and those of a virtual machine's host, which lock as badly."""
_SYNCED_FOLDER = re.compile(
    r"(onedrive|dropbox|google ?drive|my drive|icloud ?drive|nextcloud|owncloud|box sync"
    r"|syncthing|megasync|pcloud ?drive|com~apple~clouddocs)($|[ \-_(~])",
    re.IGNORECASE,
)
"""A name of such a service, alone or with the firm's or the user's behind it."""
_CLOUD_STORAGE = ("library", "cloudstorage")
"""Where a Mac keeps the folders of every such service."""
_ONEDRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_REMOTE_DRIVE = 4


def unsafe_place(path: Path, environment: Mapping[str, str] = os.environ) -> str | None:
    """Say why SQLite must not keep a store there, if so ("on a network share", …).

    A link is looked at where it stands and where it leads to.
    """
    return next(
        (why for one in {path: 0, path.resolve(): 0} if (why := _why(one, environment))), None
    )


def _why(path: Path, environment: Mapping[str, str]) -> str | None:
    if str(path).startswith(("\\\\", "//")) or _is_remote_drive(path) or _is_network_mount(path):
        return "on a network share"
    folders = path.parts[:-1]
    for part in folders:
        if _SYNCED_FOLDER.match(part):
            return f"in the synced folder {part}"
    lower = [part.lower() for part in folders]
    for at in range(len(lower) - 2):
        if tuple(lower[at : at + 2]) == _CLOUD_STORAGE:
            return f"in the synced folder {folders[at + 2]}"
    for name in _ONEDRIVE:
        given = environment.get(name, "")
        if given and path.is_relative_to(given):
            return f"in the synced folder {Path(given).name}"
    return None


def _is_remote_drive(path: Path) -> bool:
    if os.name != "nt" or not path.drive:
        return False
    import ctypes  # noqa: PLC0415  Windows only: elsewhere it has no windll

    return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == _REMOTE_DRIVE)  # type: ignore[attr-defined,unused-ignore]


def _is_network_mount(path: Path) -> bool:
    best, kind = Path("/"), ""
    for at, file_system in _mounts():
        if path.is_relative_to(at) and len(at.parts) >= len(best.parts):
            best, kind = at, file_system
    return kind in _NETWORK_FILE_SYSTEMS


def _mounts() -> Iterator[tuple[Path, str]]:
    """Yield where file systems are mounted, and of which kind they are."""
    mounts = Path("/proc/mounts")
    if sys.platform == "darwin":
        told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
        for found in re.finditer(r" on (.+) \((\w+)", told.stdout):
            yield Path(found[1]), found[2]
    elif mounts.exists():
        for line in mounts.read_text("utf-8", "replace").splitlines():
            fields = line.split(" ")
            yield Path(fields[1].replace("\\040", " ")), fields[2]
