"""A link that a test cuts and heals: bytes pass from a port of this machine to another one, or they don't."""

import contextlib
import socket
import threading


class Link:
    """A way to the port `to` on loopback, open at first."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._is_open = True
        self._passing: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Ends what passes, and lets nothing through."""
        self._is_open = False
        for one in list(self._passing):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def heal(self) -> None:
        """Lets all through again."""
        self._is_open = True

    def _accept(self) -> None:
        while True:
            near, _ = self._server.accept()
            try:
                if not self._is_open:
                    raise ConnectionError
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                near.close()
                continue
            self._passing |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while found := one.recv(65536):
                other.sendall(found)
        for each in (one, other):
            self._passing.discard(each)
            with contextlib.suppress(OSError):
                each.close()
