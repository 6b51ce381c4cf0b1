"""Where a SQLite store may lie: not on a network share, not in a synced folder."""

import os
from pathlib import Path

_NETWORK_FILE_SYSTEMS = {
    *("cifs", "smb3", "smbfs", "nfs", "nfs4", "afpfs", "webdav", "davfs", "9p"),
    *("fuse.sshfs", "fuse.rclone", "ncpfs", "afs", "ceph", "glusterfs"),
}
_SYNCED_FOLDERS = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "icloud drive",
    "nextcloud",
)
_REMOTE_DRIVE = 4


def unsafe_place(path: Path) -> str | None:
    """Say why SQLite must not keep a store there, if so ("on a network share", …)."""
    text = str(path)
    if text.startswith(("\\\\", "//")) or _is_remote_drive(path) or _is_network_mount(path):
        return "on a network share"
    for part in path.parts[:-1]:
        if part.lower().startswith(_SYNCED_FOLDERS):
            return f"in the synced folder {part}"
    return None


def _is_remote_drive(path: Path) -> bool:
    if os.name != "nt" or not path.drive:
        return False
    import ctypes  # noqa: PLC0415  Windows only: elsewhere it has no windll

    return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == _REMOTE_DRIVE)  # type: ignore[attr-defined,unused-ignore]


def _is_network_mount(path: Path) -> bool:
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    best, kind = Path("/"), ""
    for line in mounts.read_text("utf-8", "replace").splitlines():
        fields = line.split(" ")
        at = Path(fields[1].replace("\\040", " "))
        if path.is_relative_to(at) and len(at.parts) >= len(best.parts):
            best, kind = at, fields[2]
    return kind in _NETWORK_FILE_SYSTEMS
