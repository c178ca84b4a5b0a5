"""Decides what each exception of the firewall changes: which journeys it concerns, and whether it is needed
beside the others."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from catalog.checks.paths import covers
from catalog.kinds.service import Service
from catalog.kinds.service_edge import WafException as Written
from components.design.edge.core_rules import group_of, waf_groups
from components.design.edge_model import LeftOutRule, WafException


def exceptions(service: Service) -> list[WafException]:
    """The exceptions in their owner's order."""
    written, refused = service.spec.edge.waf.exceptions, service.spec.edge.waf.blocked
    journeys = [(endpoint.name, endpoint.paths) for endpoint in service.spec.endpoints]
    return [
        WafException(
            name=exception.name,
            origin=service.origin("spec", "edge", "waf", "exceptions", index),
            paths=exception.paths,
            sources=exception.sources,
            journeys=[name for name, paths in journeys if meet(exception.paths, paths)],
            swallows=[name for name, paths in journeys if _swallows(exception, paths)],
            covered_by=_covering(index, written),
            refused_by=next(
                (each.name for each in refused if refuses(each.sources, exception.sources)), None
            ),
        )
        for index, exception in enumerate(written)
    ]


def left_out(service: Service) -> list[LeftOutRule]:
    """The core rules that aren't asked, in their owner's order."""
    waf = service.spec.edge.waf
    asked = {each.name for each in waf_groups(waf.sensitivity, waf.groups)}
    return [
        LeftOutRule(
            name=str(each.rule),
            origin=service.origin("spec", "edge", "waf", "leftOut", index),
            rule=each.rule,
            group=group if (group := group_of(each.rule)) in asked else None,
        )
        for index, each in enumerate(service.spec.edge.waf.left_out)
    ]


def refuses(ranges: Sequence[str], sources: Sequence[str]) -> bool:
    """Whether all clients that an exception or a list is for are in some ranges that are refused."""
    return bool(sources) and _come_from(sources, ranges)


def meet(paths: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a request can match one of `paths` and one of `others`."""
    return any(covers(one, other) or covers(other, one) for one in paths for other in others)


def _swallows(exception: Written, paths: Sequence[str]) -> bool:
    """Whether no request for the journey of `paths` is examined, whoever sends it."""
    return _is_everybody(exception.sources) and _are_within(paths, exception.paths)


def _covering(index: int, written: Sequence[Written]) -> str | None:
    """The name of another exception that holds whenever the one at `index` does: of two that are alike, the
    later one is covered."""
    own = written[index]
    for at, other in enumerate(written):
        if at != index and _covers(other, own) and (at < index or not _covers(own, other)):
            return other.name
    return None


def _covers(wide: Written, narrow: Written) -> bool:
    return _are_within(narrow.paths, wide.paths) and _come_from(narrow.sources, wide.sources)


def _are_within(paths: Sequence[str], wide: Sequence[str]) -> bool:
    return all(any(covers(one, path) for one in wide) for path in paths)


def _come_from(sources: Sequence[str], wide: Sequence[str]) -> bool:
    """Whether whoever comes from `sources` comes from `wide`; none is everybody."""
    if not wide or not sources:
        return not wide
    around = _joined(wide)
    return all(any(_is_within(each, one) for one in around) for each in _joined(sources))


def _is_within(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    if isinstance(one, IPv4Network):
        return isinstance(other, IPv4Network) and one.subnet_of(other)
    return isinstance(other, IPv6Network) and one.subnet_of(other)


def _is_everybody(sources: Sequence[str]) -> bool:
    """Of one kind of addresses at least."""
    return not sources or any(each.prefixlen == 0 for each in _joined(sources))


def _joined(sources: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    """The ranges, those that touch as one."""
    networks = [ip_network(source) for source in sources]
    four = collapse_addresses(each for each in networks if isinstance(each, IPv4Network))
    six = collapse_addresses(each for each in networks if isinstance(each, IPv6Network))
    return [*four, *six]
