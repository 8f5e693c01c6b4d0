"""A way to a PostgreSQL that breaks after a given number of the server's bytes."""

import selectors
import socket
import threading
from pathlib import Path
from types import TracebackType

_PORT = ".s.PGSQL.5432"
_PIECE = 65536


class CuttingProxy:
    """Passes bytes between clients and the server, until the server has said *cut_after* bytes.

    With None it never cuts. Each connection that is cut is closed on both sides at once.
    """

    def __init__(self, server_folder: Path, folder: Path) -> None:
        self.folder = folder
        self.cut_after: int | None = None
        self.passed = 0
        self._server = str(server_folder / _PORT)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / _PORT))
        self._listener.listen()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self) -> "CuttingProxy":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def cut(self, after: int | None) -> None:
        """Count the server's bytes anew and break once *after* of them have passed."""
        self.passed, self.cut_after = 0, after

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            threading.Thread(target=self._pass, args=(client, server), daemon=True).start()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    source, target = key.fileobj, key.data
                    assert isinstance(source, socket.socket)
                    try:
                        piece = source.recv(_PIECE)
                        if not piece or not self._send(source is server, piece, target):
                            return
                    except OSError:
                        return

    def _send(self, from_server: bool, piece: bytes, target: socket.socket) -> bool:
        """Pass *piece* on, or what is left before the cut; say whether the connection lives."""
        if not from_server:
            target.sendall(piece)
            return True
        room = len(piece) if self.cut_after is None else max(self.cut_after - self.passed, 0)
        self.passed += len(piece)
        target.sendall(piece[:room])
        return room >= len(piece)
