"""The log behind the shipped preview of customersdot: nine days of a quiet September, made up line by line.

`python -m tests.edge.september > september.log` writes it, for `pave edge replay customersdot --log` and then
`pave edge evidence customersdot … --to catalog/previews/customersdot.yaml`."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
ROUNDS = 72
"""Of three hours each."""

PATHS = (
    "/subscriptions/new",
    "/purchases/1207",
    "/customers/sign_in",
    "/auth/callback",
    "/trials/new",
    "/graphql",
    "/api/v1/subscriptions/88",
    "/api/v1/seat_links",
    "/callouts/zuora",
    "/.well-known/openid-configuration",
    "/api/v1/cloud_connector/tokens",
    "/invoices/1207",
)
"""One or more of each journey, asked for a minute after the other."""

VENDOR = "198.51.100.20"
"""Within the range that the exception `zuora-callouts` is for."""


def log() -> str:
    """Lines in the combined format, the same on every machine."""
    return "".join(_lines())


def _lines() -> Iterator[str]:
    for turn in range(ROUNDS):
        for number, path in enumerate(PATHS):
            at = BEGIN + timedelta(hours=3 * turn, minutes=number)
            when = f"{at:%d}/Sep/{at:%Y:%H:%M:%S} +0000"
            client = VENDOR if path.startswith("/callouts/") else f"203.0.113.{1 + (3 * turn + number) % 200}"
            yield f'{client} - - [{when}] "GET {path} HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n'


if __name__ == "__main__":
    sys.stdout.write(log())
