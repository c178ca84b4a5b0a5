"""HAProxy: stands for the front door and its weights, and for the one address of a managed database."""

import socket
from collections.abc import Mapping
from pathlib import Path

from pave.rehearsing.programs import LiveServer, NotRehearsed, free_port, program

_CONFIG = """\
global
  stats socket {socket} mode 600 level admin
defaults
  timeout connect 1s
  timeout client 15s
  timeout server 15s
frontend web
  mode http
  bind 127.0.0.1:{web}
  default_backend copies
backend copies
  mode http
  balance roundrobin
  option httpchk GET /health
  option redispatch
  retries 3
  retry-on conn-failure empty-response
{copies}
frontend database
  mode tcp
  timeout client 1h
  bind 127.0.0.1:{database}
  default_backend databases
backend databases
  mode tcp
  timeout server 1h
{databases}
"""
"""An order may be asked for again after an answer that never came: its client has named it."""


class Front:
    """The one address of the app, and the one of its database. `copies` and `databases` are the ports behind
    each, by name; none is used until it is told so."""

    def __init__(self, folder: Path, copies: Mapping[str, int], databases: Mapping[str, int]) -> None:
        self.web, self.database = free_port(), free_port()
        self._copies, self._databases = dict(copies), dict(databases)
        home = folder / "front"
        home.mkdir()
        self._socket = home / "socket"
        check = "check inter 200 fall 2 rise 1"
        config = home / "haproxy.cfg"
        config.write_text(
            _CONFIG.format(
                socket=self._socket,
                web=self.web,
                database=self.database,
                copies="\n".join(
                    f"  server {name} 127.0.0.1:{port} {check} weight 0" for name, port in copies.items()
                ),
                databases="\n".join(
                    f"  server {name} 127.0.0.1:{port} disabled" for name, port in databases.items()
                ),
            )
        )
        self._server = LiveServer("haproxy", [program("haproxy"), "-f", config, "-db"], home / "log")
        self._server.until(self._answers, "answers")

    def weigh(self, weights: Mapping[str, int]) -> None:
        """Gives each copy its weight, 0 to 256; one that isn't named gets no users. Gaining ones first, so
        that somebody answers at every moment."""
        whole = {name: weights.get(name, 0) for name in self._copies}
        for name, weight in sorted(whole.items(), key=lambda each: -each[1]):
            self._say(f"set server copies/{name} weight {weight}")

    def drain(self, copy: str) -> None:
        """Lets no new request to a copy."""
        self._say(f"set server copies/{copy} state drain")

    def let_in(self, copy: str) -> None:
        """Lets requests to a copy again, as its weight says."""
        self._say(f"set server copies/{copy} state ready")

    def serves(self, copy: str) -> bool:
        """Whether a copy has been found well."""
        return self._stat("copies", copy, "status").startswith("UP")

    def busy(self, copy: str) -> int:
        """How many requests are with a copy."""
        return int(self._stat("copies", copy, "scur"))

    def lead_to(self, database: str | None) -> None:
        """Lets connections to one database and no other, and cuts those to others; None cuts all."""
        for name in self._databases:
            if name != database:
                self._say(f"set server databases/{name} state maint")
                self._say(f"shutdown sessions server databases/{name}")
        if database is not None:
            self._say(f"set server databases/{database} state ready")

    def cut(self, database: str) -> None:
        """Cuts what is connected to a database."""
        self._say(f"shutdown sessions server databases/{database}")

    def end(self) -> None:
        """Ends it."""
        self._server.end()

    def _stat(self, backend: str, server: str, column: str) -> str:
        head, *rows = self._ask("show stat").lstrip("# ").splitlines()
        names = head.split(",")
        for row in rows:
            cells = row.split(",")
            if cells[:2] == [backend, server]:
                return cells[names.index(column)]
        raise NotRehearsed(f"haproxy knows no {backend}/{server}")

    def _say(self, command: str) -> None:
        answer = self._ask(command)
        if answer:
            raise NotRehearsed(f"haproxy refuses `{command}`: {answer}")

    def _ask(self, command: str) -> str:
        with socket.socket(socket.AF_UNIX) as runtime:
            runtime.connect(str(self._socket))
            runtime.sendall(f"{command}\n".encode())
            parts = []
            while part := runtime.recv(65536):
                parts.append(part)
        return b"".join(parts).decode().strip()

    def _answers(self) -> bool:
        try:
            return "copies" in self._ask("show stat")
        except OSError:
            return False
