"""What happens to a request at a host: its route, the rule that decides, and why the others didn't."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from components.design.edge.evaluation import AskedOf, evaluator, is_within, part_evaluator
from components.design.edge.host import GuardingPolicy, HostEdge, PlacedRule, Route, route_of
from components.design.edge.language import clauses, read
from components.design.edge.limits import Bite, bites
from components.design.edge.request import Request, Unknown
from components.design.edge.spelling import other_route
from components.design.edge_model import (
    RequestRule,
)

Holds = bool | Unknown


class Clause(NamedTuple):
    """A part of what a rule asks, as it is written, and whether it holds."""

    text: str
    holds: Holds


class AskedRule(NamedTuple):
    """A rule that was asked, whether it `holds` for the request, and each part of what it asks."""

    placed: PlacedRule
    holds: Holds
    clauses: list[Clause]


class Answer(NamedTuple):
    """What happens to a request.

    `does` is `answered` (its workload gets it), `limited` (it gets it as long as the client stays below
    `limit`), `refused`, `nobody` (no route: 404), `unguarded` (nothing is in front) or `undecided`: then
    `why` says what isn't known. `decided` is the rule that acts, `previewed` are those that would have and
    only log, `asked` all up to the one that acts. `bites` are what limits of these do at the rate that was
    asked about."""

    does: str
    route: Route | None
    policy: GuardingPolicy | None
    decided: PlacedRule | None
    previewed: list[PlacedRule]
    asked: list[AskedRule]
    why: str
    bites: list[tuple[PlacedRule, Bite]]


def answer(edge: HostEdge, request: Request, rate: tuple[int, int] | None = None) -> Answer:
    """What happens to `request`; `rate` are so many like it in so many seconds, from its one client."""
    route = route_of(edge.routes, request.path)
    found, other = _answer(edge, request, rate, route), other_route(edge.routes, request.path, route)
    if other is None or {found.does, _answer(edge, request, rate, other[0]).does} <= TURNED_AWAY:
        return found
    return found._replace(does="undecided", decided=None, why=other[1])


TURNED_AWAY = frozenset({"refused", "nobody"})


def _answer(edge: HostEdge, request: Request, rate: tuple[int, int] | None, route: Route | None) -> Answer:
    if route is None:
        return Answer("nobody", None, None, None, [], [], "no journey has that path", [])
    policy = next((each for each in edge.policies if each.name == route.policy), None)
    if policy is None:
        return Answer("unguarded", route, None, None, [], [], "nothing stands in front of it", [])
    asked: list[AskedRule] = []
    previewed: list[PlacedRule] = []
    met: list[tuple[PlacedRule, Bite]] = []
    for placed in policy.rules:
        one = _ask(placed, request)
        asked.append(one)
        if isinstance(one.holds, Unknown):
            if placed.rule.preview:
                continue  # it lets the request through in any case
            why = f"rule {placed.rule.priority} of {policy.name} can't be asked: {one.holds.why}"
            return Answer("undecided", route, policy, None, previewed, asked, why, met)
        if not one.holds:
            continue
        if placed.rule.limit is not None and rate is not None:
            met.append((placed, bites(placed.rule, *rate)))
        if not placed.rule.preview:
            return Answer(_done(placed.rule), route, policy, placed, previewed, asked, "", met)
        previewed.append(placed)
    raise AssertionError(f"{policy.name} has no last rule")


def _done(rule: RequestRule) -> str:
    if rule.limit is not None:
        return "limited"
    return "answered" if rule.action == "allow" else "refused"


def _ask(placed: PlacedRule, request: Request) -> AskedRule:
    rule = placed.rule
    if rule.expression is None:
        holds = is_within(request.ip, tuple(rule.sources))
        text = "anybody" if rule.sources == ["*"] else f"{request.ip} is in {', '.join(rule.sources)}"
        return AskedRule(placed, holds, [Clause(text, holds)])
    parts = [Clause(part.text, part_evaluator(part)(request)) for part in clauses(read(rule.expression))]
    return AskedRule(placed, evaluator(rule.expression)(request), parts)


class Decider:
    """The same decisions for many requests: each policy's rules are made into functions once."""

    def __init__(self, edge: HostEdge) -> None:
        self._routes = edge.routes
        self._rules = {
            policy.name: [(placed, _condition(placed.rule)) for placed in policy.rules]
            for policy in edge.policies
        }

    def route(self, path: str) -> tuple[Route | None, Unknown | None]:
        """The route of a path, and what isn't known of that."""
        route = route_of(self._routes, path)
        other = other_route(self._routes, path, route)
        return route, None if other is None else Unknown(other[1])

    def decide(
        self, policy: str, request: Request, *, is_enforced: bool = False
    ) -> tuple[PlacedRule | None, Sequence[PlacedRule], Unknown | None]:
        """The rule of a policy that acts on a request, those that would have and only log, and the first
        thing that isn't known: then None acts, or, where only rules in preview ask for it, one does. With
        `is_enforced` as if none were in preview."""
        previewed: list[PlacedRule] = []
        unknown: Unknown | None = None
        for placed, condition in self._rules[policy]:
            holds, is_preview = condition(request), placed.rule.preview and not is_enforced
            if isinstance(holds, Unknown):
                unknown = unknown or holds
                if not is_preview:
                    return None, previewed, unknown
            elif holds and is_preview:
                previewed.append(placed)
            elif holds:
                return placed, previewed, unknown
        raise AssertionError(f"{policy} has no last rule")


def _condition(rule: RequestRule) -> AskedOf | Callable[[Request], Holds]:
    if rule.expression is not None:
        return evaluator(rule.expression)
    sources = tuple(rule.sources)
    return lambda request: is_within(request.ip, sources)
