"""`make bench`: how fast `pave edge replay` goes through a log, and what it costs to ask core rules."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
LINES = 100_000
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
PATHS = (
    "/purchases/{}",
    "/customers/sign_in?next=/{}",
    "/trials/{}",
    "/graphql",
    "/api/v1/seat_links",
    "/{}",
)


def main() -> int:
    """Prints seconds for a log of load balancers and one of a web server, each of so many lines."""
    with tempfile.TemporaryDirectory(prefix="pave-bench-") as folder:
        for name, lines in (("load balancer's", google(LINES)), ("combined", combined(LINES))):
            took = _replay(Path(folder), lines, "--without-core-rules")
            print(f"{LINES} lines, {name:16} {took:6.2f} s without core rules, wanted is 10 s")
        few = LINES // 50
        with_rules = _replay(Path(folder), google(few))
        without = _replay(Path(folder), google(few), "--without-core-rules")
        asked = few / max(with_rules - without, 0.001)
        print(f"{few} lines, all different  {asked:6.0f} a second with core rules")
    return 0


def google(lines: int) -> Iterator[str]:
    """Entries of a load balancer's log, the same for the same number: one client in ten asks too often."""
    for number, (at, path, client, status) in enumerate(_requests(lines)):
        entry = {
            "timestamp": at.isoformat(),
            "httpRequest": {
                "requestMethod": "GET",
                "requestUrl": f"https://customers.acme.example{path}",
                "remoteIp": f"173.245.48.{1 + number % 9}",
                "status": status,
                "userAgent": "Mozilla/5.0",
            },
            "jsonPayload": {"securityPolicyRequestData": {"userIpInfo": {"ipAddress": client}}},
        }
        yield json.dumps(entry)


def combined(lines: int) -> Iterator[str]:
    """The same requests in the combined format."""
    for at, path, client, status in _requests(lines):
        when = at.strftime("%d/%b/%Y:%H:%M:%S +0000")
        yield f'{client} - - [{when}] "GET {path} HTTP/1.1" {status} 512 "-" "Mozilla/5.0"'


def _requests(lines: int) -> Iterator[tuple[datetime, str, str, int]]:
    """As if by chance: each is some multiple of a prime."""
    for number in range(lines):
        dice = number * 7919 % 1_000_003
        path = PATHS[dice % len(PATHS)].format(dice)
        client = f"203.0.113.{dice % 20}" if dice % 10 == 0 else f"198.51.{dice % 100}.{dice % 251}"
        yield BEGIN + timedelta(milliseconds=50 * number), path, client, 200 if dice % 4 else 404


def _replay(folder: Path, lines: Iterator[str], *words: str) -> float:
    log = folder / "log"
    log.write_text("\n".join(lines) + "\n", "utf-8")
    began = time.perf_counter()
    command = [sys.executable, "-m", "pave", "edge", "replay", "customersdot", "--log", str(log), *words]
    done = subprocess.run(command, cwd=HOME, capture_output=True, check=False)
    if done.returncode not in {0, 1, 3}:
        raise SystemExit(done.stderr.decode(errors="replace"))
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
