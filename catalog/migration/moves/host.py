"""The names of a service, which move last: from machines to a front door that is proven by then.

The front door is built beside, with its certificate, its firewall and its probes, while the record still
leads to the machine. Then answers are kept shorter, and the record leads more and more of those who ask to
the front door: 5, 25, 50, 100 of a hundred. It is one record all the time, so that each step back is the step
before."""

from collections.abc import Iterator
from typing import Any

from catalog.document import Json
from catalog.migration.measure import ANSWERS, CALM, HALF_LEFT, UNSPENT
from catalog.migration.parts import SpecPart, SpecParts
from catalog.migration.step import Becoming, ByHand, MoveStep, Way

WEIGHTS = (5, 25, 50, 100)
"""Shares of those who ask for a name, in percent, that the front door gets: the steps of a usual canary
(https://argo-rollouts.readthedocs.io/en/stable/features/canary/)."""

TTL_SECONDS = 60
"""How long an answer may be kept while names move: resolvers are asked to, and some keep it longer
(https://datatracker.ietf.org/doc/html/rfc8767)."""

_RECORDS = "https://docs.cloud.google.com/dns/docs/routing-policies-overview#wrr-policy"


def steps(way: Way) -> Iterator[MoveStep]:
    """With machines to leave: the front door, then the names by weight. Without: what differs, in one
    step."""
    endpoints, edge = way.pair("endpoints"), way.pair("edge")
    differs = any(_value(pair.today) != _value(pair.target) for pair in (endpoints, edge))
    if not (way.leaves_machines and _answers(way)):
        if differs:
            yield _in_place(way)
        return
    names = _names(way)
    yield _front_door(way, names)
    yield _shorter(way, names)
    for number, weight in enumerate(WEIGHTS):
        yield _shift(way, names, number, weight)
    if _old(way, names):
        yield _let_go(way, _old(way, names))


def arrived(way: Way) -> Becoming:
    """The change by which no name moves any more: way in and journeys as the target has them."""

    def change(_: SpecParts) -> SpecParts:
        return {key: way.target.get(key, ()) for key in (("endpoints", ""), ("edge", "")) if key in way.order}

    return change


def _value(part: SpecPart | None) -> Any:
    return None if part is None else part.value


def _answers(way: Way) -> bool:
    """Whether anybody outside calls it: a service without journeys has no name."""
    webs = [each for each in way.items("target", "workloads") if each.get("kind", "web") == "web"]
    target = way.pair("endpoints").target
    return bool(webs) and (target is None or bool(target.value)) and not _is_internal(way)


def _is_internal(way: Way) -> bool:
    edge = way.pair("edge").target
    return edge is not None and edge.value.get("exposure") == "internal"


def _names(way: Way) -> list[str]:
    """The names that lead to the machines today; where the owner wrote none, the design's own, which is
    `host`."""
    edge = way.pair("edge").today
    return (
        []
        if edge is None
        else [each for each in (edge.value.get("host"), *edge.value.get("formerHosts", ())) if each]
    )


def settled(way: Way) -> Becoming:
    """The change by which no name moves any more, and the old ones are still answered at."""
    old = _old(way, _names(way))

    def change(parts: SpecParts) -> SpecParts:
        found = {**arrived(way)(parts), ("endpoints", ""): _journeys(way)}
        if old and found.get(("edge", "")):
            own = found["edge", ""][0]
            former = list(dict.fromkeys([*own.value.get("formerHosts", ()), *old]))
            found["edge", ""] = (own.with_fields(formerHosts=former),)
        return found

    return change


def _journeys(way: Way) -> tuple[SpecPart, ...]:
    """The target's. Where it says none, there is one for all, and as long as a machine has a web server too,
    it has to be said of which."""
    written = way.target.get(("endpoints", ""), ())
    if written:
        return written
    webs = [each["name"] for each in way.items("target", "workloads") if each.get("kind", "web") == "web"]
    return (SpecPart([{"name": "all", "paths": ["/*"], "workload": webs[0]}], "phase", ()),)


def _old(way: Way, names: list[str]) -> list[str]:
    """Today's names that the service isn't to have."""
    edge = way.pair("edge").target
    kept = {} if edge is None else edge.value
    return [each for each in names if each not in (kept.get("host"), *kept.get("formerHosts", ()))]


def _let_go(way: Way, old: list[str]) -> MoveStep:
    return MoveStep(
        id="old-names",
        rank=950,
        title=f"Nobody is answered at {' and '.join(old)} any more",
        semantics="in place",
        change=arrived(way),
        needs=("The front door's log has shown no request for the old name for a month.",),
        noticed="Whoever still asks for the old name finds nothing.",
        minutes=0,
        verify=("The certificate, the records and the route of the old name are gone.",),
        rollback="Write the phase before: the name is served again, once its certificate is made anew (an"
        " hour).",
        rollback_minutes=60,
        soak_hours=24,
        change_class="C3",
        measures=(ANSWERS,),
        source="https://docs.cloud.google.com/certificate-manager/docs/domain-authorization",
    )


def _moving(way: Way, names: list[str], machine_percent: int, ttl: int | None) -> Becoming:
    """The target's way in, beside the machines' names."""

    def change(_: SpecParts) -> SpecParts:
        edge = way.target.get(("edge", ""), ())
        written: Json = dict(edge[0].value) if edge else {}
        base = edge[0] if edge else SpecPart({}, "phase", ())
        own = written.get("host")
        former = [*written.get("formerHosts", ()), *(each for each in names if each != own)]
        moving: Json = {"hosts": names, "machinePercent": machine_percent}
        if ttl is not None:
            moving["ttlSeconds"] = ttl
        former = list(dict.fromkeys(former))
        with_moving = base.with_fields(moving=moving, **({"formerHosts": former} if former else {}))
        return {("edge", ""): (with_moving,), ("endpoints", ""): _journeys(way)}

    return change


def _front_door(way: Way, names: list[str]) -> MoveStep:
    return MoveStep(
        id="front-door",
        rank=500,
        title="The front door stands beside the machine: certificate, firewall, probes; every name leads to"
        " the"
        " machine still",
        semantics="parallel and switch",
        change=_moving(way, names, 100, None),
        needs=("All copies in the cluster are ready.", "The domain's owner has delegated what isn't yet."),
        noticed="Nobody notices: no name leads there yet.",
        minutes=0,
        verify=(
            "The certificate of every host is ACTIVE.",
            (
                "Each journey answers at the front door's own address, asked with the host's name:"
                " `curl --connect-to`."
            ),
            "The firewall has refused nothing that the machine lets in, for a day in preview.",
        ),
        rollback="Write the phase before: the front door goes, nobody used it.",
        rollback_minutes=15,
        soak_hours=24,
        change_class="C2",
        measures=(ANSWERS,),
        source="https://docs.cloud.google.com/certificate-manager/docs/domain-authorization",
        by_hand=(
            ByHand(
                "See the certificate become active, and ask the front door by the host's name.",
                (
                    "gcloud certificate-manager certificates list --project {project}",
                    "curl --fail --connect-to {host}:443:ADDRESS:443 https://{host}/",
                ),
                "after",
            ),
        ),
    )


def _shorter(way: Way, names: list[str]) -> MoveStep:
    return MoveStep(
        id="names-ttl",
        rank=520,
        title=f"Answers to who asks for the name are kept for {TTL_SECONDS} seconds",
        semantics="in place",
        change=_moving(way, names, 100, TTL_SECONDS),
        needs=("Every check of the front door has been green for a day.",),
        noticed="Nobody notices. A step back from now on reaches everybody within minutes.",
        minutes=0,
        verify=("Every name server of the zone answers with the new time, after the old one is over.",),
        rollback="Write the phase before.",
        rollback_minutes=5,
        soak_hours=1,
        change_class="C3",
        measures=(ANSWERS,),
        source="https://docs.cloud.google.com/dns/docs/records",
        by_hand=(
            ByHand(
                "Ask for the record, and see the time to live.", ("dig +noall +answer {record}",), "after"
            ),
        ),
    )


def _shift(way: Way, names: list[str], number: int, weight: int) -> MoveStep:
    before = (0, *WEIGHTS)[number]
    is_last = weight == WEIGHTS[-1]
    return MoveStep(
        id=f"names-{weight}",
        rank=540 + number,
        title=f"{weight} % of those who ask for the name are led to the front door",
        semantics="parallel and switch",
        change=_moving(way, names, 100 - weight, TTL_SECONDS),
        needs=(
            "Vendors that keep lists hold the cluster's addresses.",
            "What runs on a schedule runs in the cluster only.",
        ),
        noticed=f"{weight - before} % more of the users are served by the cluster, from their next look-up"
        " on."
        " Nobody is signed out: sessions and keys are shared.",
        minutes=0,
        verify=(
            (
                "The share of failed requests at the front door is no higher than the machine's at the same"
                " time."
            ),
        ),
        rollback="Write the phase before: the record leads to the machine again, for everybody after a"
        " minute or"
        " two.",
        rollback_minutes=5,
        soak_hours=168 if is_last else 2,
        change_class="C1" if is_last else "C2",
        measures=(HALF_LEFT, ANSWERS, CALM),
        source=_RECORDS,
        by_hand=_where_a_proxy_answers(way, weight),
        is_cut_over=True,
        returns=True,
    )


def _where_a_proxy_answers(way: Way, weight: int) -> tuple[ByHand, ...]:
    """A proxy whose zone answers for the whole domain asks nobody else for the record."""
    edge = way.pair("edge").target
    if edge is None or edge.value.get("proxy", "none") == "none":
        return ()
    what = (
        f"Where the proxy's own zone answers for the whole domain, give the front door {weight} % there too."
    )
    return (ByHand(what, ("dig +noall +answer {record}",), "after"),)


def _in_place(way: Way) -> MoveStep:
    return MoveStep(
        id="way-in",
        rank=500,
        title="Journeys, firewall and limits are what they are to be",
        semantics="in place",
        change=arrived(way),
        needs=("A new rule of the firewall was only logged for a week.",),
        noticed="Whoever the new rules refuse, or whose path leads elsewhere now.",
        minutes=0,
        verify=("Each journey answers, and no more is refused than before.",),
        rollback="Write the phase before.",
        rollback_minutes=10,
        soak_hours=24,
        change_class="C2",
        measures=(UNSPENT, ANSWERS, CALM),
        source="https://docs.cloud.google.com/armor/docs/security-policy-overview",
        is_cut_over=True,
    )
