"""`make bench`: how fast hosts are compiled and `pave edge replay` goes through a log, what it costs to ask
core rules, and what the shipped policies make of the requests by which the core rules test themselves."""

import base64
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.catalogue import make_hosts
from catalog.kinds.service import Service, service_at, services_in
from catalog.loader import load
from components.design.edge.answer import Decider
from components.design.edge.core_rules import BASELINE, group_of
from components.design.edge.host import Fragment, host_edge
from components.design.edge.request import Request, Signature
from components.design.service import designed
from pave.edge.core_rules import BUILT, Asking, recognised

HOME = Path(__file__).resolve().parents[1]
LINES = 100_000
SERVICES, HOSTS = 1000, 50
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
        _compile(Path(folder))
    _regressions()
    return 0


def _compile(folder: Path) -> None:
    """What it takes to read a catalog of services that share hosts, and to put each host together."""
    root = folder / "hosts"
    root.mkdir()
    make_hosts(root, HOSTS, SERVICES // HOSTS)
    began = time.perf_counter()
    catalog = load(root)
    by_host: dict[str, list[Fragment]] = {}
    for service in services_in(catalog, "production"):
        by_host.setdefault(service.spec.edge.host, []).append(Fragment(service, designed(catalog, service)))
    routes = sum(len(host_edge(fragments).routes) for fragments in by_host.values())
    took = time.perf_counter() - began
    print(f"{routes} services on {len(by_host)} hosts      {took:6.2f} s to read and compile, wanted is 5 s")


def _regressions() -> None:
    """How many requests that a core rule must not match come through the shipped policy of lunch-menu, and
    how many that a group of it has to recognise, at some sensitivity, don't. What one rule must not match,
    another may: of those that are refused it is counted how many are so by the rule that mustn't."""
    catalog = load(HOME / "catalog")
    service = service_at(catalog, "lunch-menu", "production")
    assert isinstance(service, Service)
    edge = host_edge([Fragment(service, designed(catalog, service))])
    said = subprocess.run([BUILT, "regressions"], capture_output=True, text=True, check=True)
    tests = [json.loads(line) for line in said.stdout.splitlines()]
    found = recognised([_asking(test["request"]) for test in tests])
    counts: Counter[tuple[bool, bool]] = Counter()
    wrongly = 0
    for test, signatures in zip(tests, found, strict=True):
        groups = {group_of(rule) for rule in test["expected"] or ()}
        if test["expected"] and not groups & {*BASELINE}:
            continue
        request = Request(test["request"]["method"], "/", recognised=signatures)
        placed, _, _ = Decider(edge).decide(edge.policies[0].name, request, is_enforced=True)
        is_refused = placed is not None and placed.rule.expression is not None
        counts[bool(test["expected"]), is_refused] += 1
        matched = {one.rule for one in signatures if isinstance(one, Signature)}
        wrongly += is_refused and not matched - {*(test["unwanted"] or ())}
    for is_attack, what in ((False, "must not match their rule"), (True, "are attacks that its groups know")):
        refused, through = counts[is_attack, True], counts[is_attack, False]
        print(
            f"{refused + through:5} requests of the core rules {what}: {refused} refused, {through} through"
        )
    print(f"      of what must not match its rule, {wrongly} are refused by that rule alone")


def _asking(request: dict[str, Any]) -> Asking:
    headers = tuple((name, value) for name, value in request["headers"] or ())
    return Asking(
        request["method"], request["uri"], request["host"], headers, base64.b64decode(request["body"])
    )


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
