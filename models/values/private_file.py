"""Files that only their owner can read (mode 0600), in folders that only the owner can enter (0700)."""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_WRITE_NEW = os.O_WRONLY | os.O_CREAT
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""Refuses to open a symbolic link; Windows has no such flag."""


def make_folder(folder: Path) -> None:
    """Make *folder* with mode 0700, and the folders above it, where they are missing.

    Raises:
        OSError: If it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_if_missing(path: Path) -> None:
    """Make an empty file at *path*, and its folder; a file that is there already stays as it is.

    Of two programs that do so at once, both succeed. A link is followed.

    Raises:
        OSError: If it cannot be made.
    """
    make_folder(path.parent)
    os.close(os.open(path, _WRITE_NEW, 0o600))


def create(path: Path) -> BinaryIO:
    """Make the new file *path* and return it, open for writing; its folder must exist.

    Raises:
        FileExistsError: If there is anything of that name, even a link that leads nowhere.
        OSError: If it cannot be made.
    """
    return os.fdopen(os.open(path, _WRITE_NEW | os.O_EXCL | _NO_LINK, 0o600), "wb")


def make_whole(path: Path, data: bytes) -> bool:
    """Make the file *path* of *data*, and its folder: whole and on the disk, or not at all.

    Returns:
        False if there is something of that name, which stays as it is.

    Raises:
        OSError: If it cannot be made.
    """
    # The first frame of the desk need not wait for it: it loads OpenSSL, two milliseconds.
    import secrets

    make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    nameless = _nameless(path.parent)
    try:
        with nameless or create(draft) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if nameless is None:
                made = rename_new(draft, path)
                flush_folder(path.parent)
                return made
            # Whoever is killed before this leaves nothing behind. Only with a folder that it does not need
            # does the call follow the link to the file.
            source = f"/proc/self/fd/{file.fileno()}"
            os.link(source, path, src_dir_fd=file.fileno(), follow_symlinks=True)
            flush_folder(path.parent)
            return True
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)


def _nameless(folder: Path) -> BinaryIO | None:
    """Return a new file in *folder* that has no name, or None where the system has no such files."""
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not Path("/proc/self/fd").is_dir():
        return None
    try:
        return os.fdopen(os.open(folder, flag | os.O_WRONLY, 0o600), "wb")
    except OSError:
        return None


def rename_new(draft: Path, path: Path) -> bool:
    """Rename *draft* to *path*, by a hard link, which never replaces a file.

    Returns:
        False if there is something of that name, which stays as it is.

    Raises:
        OSError: If it cannot be renamed.
    """
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if path.exists():
            return False
        draft.replace(path)
    else:
        draft.unlink()
    return True


def overwrite(path: Path, data: bytes) -> None:
    """Write *data* into the file *path*, and make it and its folder where they are missing.

    Raises:
        OSError: If it cannot be written, or if *path* is a link.
    """
    make_folder(path.parent)
    with os.fdopen(os.open(path, _WRITE_NEW | os.O_TRUNC | _NO_LINK, 0o600), "wb") as file:
        file.write(data)


def read(path: Path, most: int) -> bytes:
    """Return the first *most* bytes of the file *path*. A pipe is not waited for.

    Raises:
        OSError: If it cannot be read, or if *path* is a link.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NO_LINK
    with os.fdopen(os.open(path, flags), "rb") as file:
        return file.read(most)


def replace(path: Path, data: bytes) -> None:
    """Put *data* in the place of *path* in one step, so that nobody ever reads half of it.

    A link of that name is replaced; the file that it leads to stays as it is.

    Raises:
        OSError: If it cannot be written; then nothing is left of it.
    """
    make_folder(path.parent)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    # A program with the same number may have been killed before it was done.
    new.unlink(missing_ok=True)
    try:
        with create(new) as file:
            file.write(data)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """Have the names in *folder* on the disk; some systems cannot do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def flush(path: Path) -> None:
    """Have the content of the file *path* on the disk.

    Raises:
        OSError: If it cannot be written.
    """
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
