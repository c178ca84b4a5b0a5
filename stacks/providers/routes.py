"""Where a URL map leads: https://docs.cloud.google.com/load-balancing/docs/url-map-concepts."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Json
from stacks.properties import is_unknown
from stacks.providers.consequence import Consequence

URL_MAP = "gcp:compute/uRLMap:URLMap"
SOURCE = "https://docs.cloud.google.com/load-balancing/docs/url-map-concepts"
LATER = "where only the update knows"


def rerouted(old: Json, new: Json) -> Iterator[Consequence]:
    """One consequence for each path of a host that leads elsewhere than before, or has no rule of its own any
    more: it says where it leads then."""
    for (host, path), before in _routes(old).items():
        after = _routes(new).get((host, path))
        if after == before or (after is not None and LATER in {before, after}):
            continue
        if after is None:
            what = f"{host}{path} has no route of its own any more: it leads {_leads(new, host, path)}"
        else:
            what = f"{host}{path} leads {after}, and no longer {before}"
        yield Consequence("rerouting", "pathMatchers", what, f"whoever calls {host}{path}", SOURCE)


def _routes(url_map: Json) -> dict[tuple[str, str], str]:
    """Where each path of each host leads; `/*` is what has no rule of its own."""
    found = {}
    matchers = {each.get("name"): each for each in _listed(url_map, "pathMatchers")}
    for rule in _listed(url_map, "hostRules"):
        matcher = matchers.get(rule.get("pathMatcher"), {})
        for host in _strings(rule, "hosts"):
            found[host, "/*"] = _target(matcher, "default")
            for each in _listed(matcher, "pathRules"):
                found |= {(host, path): _target(each) for path in _strings(each, "paths")}
    return found


def _leads(url_map: Json, host: str, path: str) -> str:
    """Where a path leads that has no rule of its own: by the longest that it lies below, else by the host's
    default, else, without a rule for the host, by the map's."""
    routes = {route: target for (name, route), target in _routes(url_map).items() if name == host}
    above = [route for route in routes if route.endswith("/*") and path.startswith(route[:-1])]
    if not above:
        return f"where other hosts lead, {_target(url_map, 'default')}"
    longest = max(above, key=len)
    return f"where {host}{longest} leads{f', {target}' if (target := routes[longest]) != LATER else ''}"


def _target(where: Json, prefix: str = "") -> str:
    """`to the endpoint NAME` or `to a redirect to HOST`; `prefix` is that of the fields' names."""
    service = where.get(f"{prefix}Service" if prefix else "service")
    if isinstance(service, str) and not is_unknown(service):
        return f"to {service.rpartition('/')[2]}"
    if service is not None:
        return LATER
    redirect = where.get(f"{prefix}UrlRedirect" if prefix else "urlRedirect") or {}
    return f"to a redirect to {redirect.get('hostRedirect') or 'the same host'}" if redirect else "nowhere"


def _listed(where: Any, name: str) -> list[Json]:
    found = where.get(name) if isinstance(where, Mapping) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _strings(where: Json, name: str) -> list[str]:
    found = where.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
