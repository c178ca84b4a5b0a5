"""Says what the rules of a host would have done with the requests of a log, as if none were in preview."""

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import ip_network
from typing import NamedTuple

from components.design.edge.answer import Decider
from components.design.edge.counting import Allowances
from components.design.edge.evaluation import deciding, is_within
from components.design.edge.host import HostEdge, PlacedRule
from components.design.edge.keys import counted
from components.design.edge.request import Request, Signature, Unknown
from components.design.edge_model import RequestRule
from pave.edge.core_rules import Asking, recognised
from pave.edge.logs import Logged, without_values

SKIPPED = Unknown("core rules were left out")


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
    what it would have done; so are `by_backend` and `undecided_by_backend`, of each journey."""

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


def replay(edge: HostEdge, requests: Sequence[Logged], *, with_core_rules: bool) -> Replay:
    """What the rules of a host would have done with requests, which are in the order in which they came."""
    ours = [each for each in requests if each.host is None or each.host in {edge.host, *edge.former}]
    found = _recognised(edge, ours) if with_core_rules else {}
    through = str(next(iter(ip_network(edge.sources[0]).hosts()))) if edge.sources else None
    decider, counter = Decider(edge), Allowances()
    hits: Tally[Hit] = Tally()
    rules: dict[tuple[str, int], PlacedRule] = {}
    by_policy: Tally[str] = Tally()
    undecided: Tally[str] = Tally()
    by_backend: Tally[str] = Tally()
    unknown_by_backend: Tally[str] = Tally()
    hidden: Tally[str] = Tally()
    nobody = unasked = 0
    route_of = lru_cache(65536)(decider.route)
    for each in ours:
        path, _, query = each.uri.partition("?")
        route = route_of(path)
        if route is None or route.policy is None:
            nobody += route is None
            continue
        by_policy[route.policy] += 1
        by_backend[route.backend] += 1
        said = found.get(_asking(edge, each), SKIPPED)
        unasked += isinstance(said, Unknown)
        undecided[route.policy] += isinstance(said, Unknown)
        unknown_by_backend[route.backend] += isinstance(said, Unknown)
        address = _addresses(each, edge, through)
        request = Request(
            method=each.method,
            path=path,
            query=query,
            headers={"host": edge.host, "user-agent": each.agent},
            ip=address[0],
            user_ip=address[1] or address[0],
            region=each.region or Unknown("where the client is"),
            recognised=() if isinstance(said, Unknown) else said,
            ja4=each.ja4 or Unknown("how the client speaks TLS"),
            has_all_headers=False,
        )
        placed, _, unknown = decider.decide(route.policy, request, is_enforced=True)
        if placed is None or unknown is not None:
            unasked += not isinstance(said, Unknown)
            undecided[route.policy] += not isinstance(said, Unknown)
            unknown_by_backend[route.backend] += not isinstance(said, Unknown)
            continue
        rule = placed.rule
        if rule.limit is not None:
            client = _client(rule, request, address[1])
            if isinstance(client, Unknown):
                hidden[client.why] += 1
                undecided[route.policy] += not isinstance(said, Unknown)
                unknown_by_backend[route.backend] += not isinstance(said, Unknown)
                continue
            key = (route.policy, str(rule.priority), route.backend, *client)
            if not counter.exceeds(key, rule.limit, each.at):
                continue
        elif rule.action == "allow":
            continue
        rules[route.policy, rule.priority] = placed
        shown = without_values(each.uri)
        hit = Hit(
            policy=route.policy,
            priority=rule.priority,
            journey=route.journey,
            backend=route.backend,
            path=shown,
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
        by_policy=by_policy,
        undecided=undecided,
        by_backend=by_backend,
        undecided_by_backend=unknown_by_backend,
        hits=hits,
        rules=rules,
    )


def _client(rule: RequestRule, request: Request, address: str | None) -> tuple[str, ...] | Unknown:
    """What a request counts with, as far as a log says it."""
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
    return Asking(each.method, each.uri, edge.host, (("User-Agent", each.agent),) if each.agent else ())


def _recognised(edge: HostEdge, requests: Sequence[Logged]) -> dict[Asking, tuple[Signature, ...] | Unknown]:
    """What core rules recognise, each request that is alike asked once."""
    asked = list(_different(edge, requests))
    return dict(zip(asked, recognised(asked), strict=True))


def _different(edge: HostEdge, requests: Sequence[Logged]) -> Iterator[Asking]:
    yield from dict.fromkeys(_asking(edge, each) for each in requests)
