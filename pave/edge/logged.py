"""A request in a log."""

from typing import NamedTuple


class Logged(NamedTuple):
    """A request in a log. `at` is when, in seconds since 1970. `connected` is who connected to the load
    balancer, None where the log doesn't say; `client` the client's own address, None where a proxy hides it.
    `host` is None where the log is of one host. `priority` is of the rule that Cloud Armor says has refused
    it, or would have in a preview (`previewed`); `ja4` is how the client spoke TLS, where that is known. Of a
    file of requests, all of whose parts are known, there are `headers` and a `body`; logs have neither."""

    at: float
    method: str
    uri: str
    host: str | None
    status: int
    agent: str
    connected: str | None
    client: str | None
    region: str | None = None
    ja4: str | None = None
    priority: int | None = None
    previewed: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
