"""Says what the rules of a host would have done with the requests of a log, as if none were in preview."""

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import ip_network
from itertools import pairwise
from typing import NamedTuple

from components.design.edge.answer import Decider
from components.design.edge.counting import Allowances
from components.design.edge.evaluation import deciding, is_within
from components.design.edge.host import HostEdge, PlacedRule, Route
from components.design.edge.keys import counted
from components.design.edge.request import Request, Signature, Unknown
from components.design.edge_model import RequestRule
from pave.edge.core_rules import Asking, recognised
from pave.edge.logged import Logged
from pave.edge.logs import without_values

SKIPPED = Unknown("core rules were left out")
AS_READ = "as what Google reads a path with `..`, `//` or escapes"
DAY = 86400.0


class Hit(NamedTuple):
    """A request that a rule would have refused: the rule's policy and `priority`, the `path` without values,
    the client, whether the workload answered it well (a status below 400), and the core rules that made it so
    (`signatures`)."""

    policy: str
    priority: int
    journey: str
    backend: str
    path: str
    client: str
    was_answered: bool
    signatures: tuple[str, ...]


class Replay(NamedTuple):
    """What became of the requests: so many at all, of `others` (another host), for which no journey has a
    path, and, by whether the rule is in preview, the `hits` with how often each. Of `unasked` core rules
    weren't asked; `hidden` are those that no limit could count, by what the log doesn't say of them.
    `by_policy` is how many each policy was asked about, and `undecided` of how many of these it isn't known
    what it would have done; so are `by_backend` and `undecided_by_backend`, of each journey. `days` is how
    long the host was watched: a time without any request for it is a day of that at most."""

    requests: int
    others: int
    nobody: int
    unasked: int
    hidden: Tally[str]
    by_policy: Tally[str]
    undecided: Tally[str]
    by_backend: Tally[str]
    undecided_by_backend: Tally[str]
    hits: Tally[Hit]
    rules: dict[tuple[str, int], PlacedRule]
    days: float


def replay(edge: HostEdge, requests: Sequence[Logged], *, with_core_rules: bool) -> Replay:
    """What the rules of a host would have done with requests, which are in the order in which they came."""
    ours = [each for each in requests if each.host is None or each.host in {edge.host, *edge.former}]
    found = _recognised(edge, ours) if with_core_rules else {}
    through = str(next(iter(ip_network(edge.sources[0]).hosts()))) if edge.sources else None
    decider, counter = Decider(edge), Allowances()
    hits: Tally[Hit] = Tally()
    rules: dict[tuple[str, int], PlacedRule] = {}
    asked, undecided = _Tallies(), _Tallies()
    hidden: Tally[str] = Tally()
    nobody = unasked = 0
    route_of = lru_cache(65536)(decider.route)
    for each in ours:
        path, _, query = each.uri.partition("?")
        route, misread = route_of(path)
        if route is None or route.policy is None:
            nobody += route is None
            continue
        asked.add(route)
        if misread is not None:
            hidden[AS_READ] += 1
            undecided.add(route)
            continue
        said = found.get(_asking(edge, each), SKIPPED)
        is_unasked = isinstance(said, Unknown)
        address = _addresses(each, edge, through)
        request = Request(
            method=each.method,
            path=path,
            query=query,
            headers={
                **{name.lower(): value for name, value in each.headers},
                "host": edge.host,
                "user-agent": each.agent,
            },
            ip=address[0],
            user_ip=address[1] or address[0],
            region=each.region or Unknown("where the client is"),
            recognised=() if isinstance(said, Unknown) else said,
            ja4=each.ja4 or Unknown("how the client speaks TLS"),
            has_all_headers=False,
        )
        placed, _, unknown = decider.decide(route.policy, request, is_enforced=True)
        is_unknown = placed is None or unknown is not None
        unasked += is_unasked or is_unknown
        client = None if placed is None else _client(placed.rule, request, address[1])
        if not is_unknown and isinstance(client, Unknown):
            hidden[client.why] += 1
            is_unknown = True
        if is_unasked or is_unknown:
            undecided.add(route)
        if placed is None or is_unknown or isinstance(client, Unknown):
            continue
        rule = placed.rule
        if rule.limit is not None:
            key = (route.policy, str(rule.priority), route.backend, *(client or ()))
            if not counter.exceeds(key, rule.limit, each.at):
                continue
        elif rule.action == "allow":
            continue
        rules[route.policy, rule.priority] = placed
        hit = Hit(
            policy=route.policy,
            priority=rule.priority,
            journey=route.journey,
            backend=route.backend,
            path=without_values(each.uri),
            client=address[1] or address[0],
            was_answered=0 < each.status < 400,
            signatures=deciding(rule.expression, request.recognised),
        )
        hits[hit] += 1
    return Replay(
        requests=len(requests),
        others=len(requests) - len(ours),
        nobody=nobody,
        unasked=unasked,
        hidden=hidden,
        by_policy=asked.by_policy,
        undecided=undecided.by_policy,
        by_backend=asked.by_backend,
        undecided_by_backend=undecided.by_backend,
        hits=hits,
        rules=rules,
        days=_days([each.at for each in ours]),
    )


class _Tallies:
    """How many requests, by the policy that stands in front of their route and by its backend."""

    def __init__(self) -> None:
        self.by_policy: Tally[str] = Tally()
        self.by_backend: Tally[str] = Tally()

    def add(self, route: Route) -> None:
        self.by_policy[route.policy or ""] += 1
        self.by_backend[route.backend] += 1


def _days(times: Sequence[float]) -> float:
    """Two lines that are a week apart are no week of a log."""
    return sum(min(after - before, DAY) for before, after in pairwise(times)) / DAY


def _client(rule: RequestRule, request: Request, address: str | None) -> tuple[str, ...] | Unknown | None:
    """What a request counts with, as far as a log says it; None where nothing counts."""
    if rule.limit is None:
        return None
    if address is None and any(part.kind == "USER_IP" for part in rule.key):
        return Unknown("who the client is, which the proxy hides")
    return counted(rule.key, request)


def _addresses(logged: Logged, edge: HostEdge, through: str | None) -> tuple[str, str | None]:
    """Who connects, and the client: None where that is hidden by the proxy in front."""
    if logged.connected is None:  # a web server's log, which knows the client
        assert logged.client is not None
        return through or logged.client, logged.client
    connected = logged.connected
    if edge.client_address_header is None:
        return connected, connected
    if logged.client is not None:
        return connected, logged.client
    return connected, None if is_within(connected, tuple(edge.sources)) else connected


def _asking(edge: HostEdge, each: Logged) -> Asking:
    if each.headers or each.body:
        own = tuple(header for header in each.headers if header[0].lower() != "host")
        host = next((value for name, value in each.headers if name.lower() == "host"), edge.host)
        return Asking(each.method, each.uri, host, own, each.body)
    return Asking(each.method, each.uri, edge.host, (("User-Agent", each.agent),) if each.agent else ())


def _recognised(edge: HostEdge, requests: Sequence[Logged]) -> dict[Asking, tuple[Signature, ...] | Unknown]:
    """What core rules recognise, each request that is alike asked once."""
    asked = list(_different(edge, requests))
    return dict(zip(asked, recognised(asked), strict=True))


def _different(edge: HostEdge, requests: Sequence[Logged]) -> Iterator[Asking]:
    yield from dict.fromkeys(_asking(edge, each) for each in requests)
