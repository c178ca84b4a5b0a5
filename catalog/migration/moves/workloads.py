"""Workloads that leave their machines for the cluster: beside each other first, then one goes.

New copies start next to the machine and take jobs from the same queue; users come later, with their names.
What runs on a schedule waits in the cluster until the machine's has stopped: it runs once at every moment.
Vendors that let in known addresses only hold the cluster's before anything there calls them."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.migration.measure import ANSWERS, CALM, FEW_WAIT, UNSPENT, VENDORS_ANSWER
from catalog.migration.parts import Key, SpecPart, SpecParts
from catalog.migration.step import (
    Becoming,
    ByHand,
    MoveStep,
    NoWay,
    Pair,
    Way,
    all_of,
    on_machine,
)

ON_MACHINE = "-machine"
"""What a workload's name on the machine ends with while the one in the cluster has its name."""

_BROUGHT = ("secrets", "jobs", "events", "rollout")
_CLOUD_NAT = "https://docs.cloud.google.com/nat/docs/overview"


def steps(way: Way) -> Iterator[MoveStep]:
    """With machines to leave: the vendors, the copies, the clocks. Without: the change of workloads that are
    in the cluster already, in one step."""
    pairs = list(way.pairs("workloads"))
    _require_one_way(pairs)
    brought = _brought(way)
    if not any(_leaves(pair) for pair in pairs):
        if _differs(pairs) or brought:
            yield _rollout(all_of([_arrived(way), _all_brought(way)]))
        return
    outside = [each for each in way.items("target", "dependencies") if each.get("vendor")]
    if outside:
        yield _let_in(outside)
    yield _beside(way, pairs)
    clocks = [pair for pair in pairs if pair.target is not None and _is_clock(pair.target)]
    if clocks:
        yield _clocks(clocks)


def _require_one_way(pairs: list[Pair]) -> None:
    for pair in pairs:
        now, then = pair.today, pair.target
        if then is not None and on_machine(then.value) and (now is None or now.value != then.value):
            raise NoWay(
                then.at, f"Nothing brings {pair.name} to a machine, or changes it there.", "Say it as today."
            )


def _leaves(pair: Pair) -> bool:
    return pair.today is not None and on_machine(pair.today.value) and pair.target != pair.today


def _differs(pairs: list[Pair]) -> bool:
    return any((pair.today and pair.today.value) != (pair.target and pair.target.value) for pair in pairs)


def _brought(way: Way) -> bool:
    return any(_values(way.today, key) != _values(way.target, key) for key in _brought_keys(way))


def _values(parts: SpecParts, key: Key) -> list[Json]:
    return [part.value for part in parts.get(key, ())]


def _brought_keys(way: Way) -> list[Key]:
    """What comes with the workloads: their secrets, what is watched of their jobs, what they call, and the
    tables that they bring."""
    return [key for key in way.order if key[0] in (*_BROUGHT, "dependencies")]


def _all_brought(way: Way) -> Becoming:
    return lambda _: {key: way.target.get(key, ()) for key in _brought_keys(way)}


def _arrived(way: Way) -> Becoming:
    keys = [key for key in way.order if key[0] == "workloads"]

    def change(parts: SpecParts) -> SpecParts:
        return {**{key: way.target.get(key, ()) for key in keys}, **_tables(way)(parts)}

    return change


def _tables(way: Way) -> Becoming:
    """The `migration` of databases, which a workload in the cluster brings."""

    def change(parts: SpecParts) -> SpecParts:
        found: dict[Key, tuple[SpecPart, ...]] = {}
        for key, target in way.target.items():
            if key[0] == "stores" and "migration" in target[0].value:
                found[key] = tuple(
                    each.taking(target[0], ["migration"]) if each.name == key[1] else each
                    for each in parts.get(key, ())
                )
        return found

    return change


def _is_clock(part: SpecPart) -> bool:
    return bool(part.value.get("kind") == "cron")


def _let_in(vendors: list[Json]) -> MoveStep:
    named = ", ".join(each["name"] for each in vendors)
    return MoveStep(
        id="let-in",
        rank=400,
        title=f"The vendors let in the addresses that the cluster calls from ({named})",
        semantics="nothing changes",
        change=lambda _: {},
        needs=("The environment's NAT has its reserved addresses.",),
        noticed="Nobody notices: old and new addresses are let in side by side.",
        minutes=0,
        verify=(
            "Each vendor that keeps a list of addresses has confirmed the new ones in writing.",
            "A call to each vendor from a pod in the cluster is answered.",
        ),
        rollback="Nothing to take back: the old addresses stay on the lists until the machine has gone.",
        rollback_minutes=0,
        soak_hours=24,
        change_class="C3",
        measures=(VENDORS_ANSWER,),
        source=_CLOUD_NAT,
        by_hand=(
            ByHand(
                f"Give the addresses to {named}: they are outputs of the foundation, reserved for ever.",
                (
                    "pulumi stack output egress_addresses --stack foundation.{environment}",
                    "gcloud compute addresses list --project {project} --filter name~{environment}-egress",
                ),
            ),
        ),
    )


def _beside(way: Way, pairs: list[Pair]) -> MoveStep:
    def change(parts: SpecParts) -> SpecParts:
        found: dict[Key, tuple[SpecPart, ...]] = {}
        for pair in pairs:
            old, new = pair.today, pair.target
            if old is not None and on_machine(old.value) and new is not None and old != new:
                old = old.with_fields(name=f"{pair.name}{ON_MACHINE}")
            coming = new.with_fields(suspended=True) if new is not None and _is_clock(new) else new
            if old is not None and not on_machine(old.value) and new is not None:
                old = None
            found["workloads", pair.name] = tuple(each for each in (coming, old) if each is not None)
        return {**found, **_with_both(way, parts), **_tables(way)(parts), **_still_on_machines(way, pairs)}

    return MoveStep(
        id="workloads-beside",
        rank=420,
        title="The workloads run in the cluster too, over all zones; users don't come yet",
        semantics="parallel and switch",
        change=change,
        needs=(
            (
                "Every secret that a workload reads has the value that the machine has: the key of sessions"
                " and the key that signs tokens too, or whoever is signed in is thrown out."
            ),
            "Sessions, uploads and logs are kept outside of the machine.",
            "The database allows the connections of both.",
            "Every job that bills has an idempotency key.",
        ),
        noticed="Nobody notices. Jobs are taken by whoever is free, on the machine or in the cluster.",
        minutes=0,
        verify=(
            "All copies are ready in every zone for an hour.",
            "Jobs that the cluster has taken end as well as those of the machine.",
            "Every vendor was called from the cluster, and has answered.",
        ),
        rollback="Write the phase before: copies in the cluster end what they have begun, and go.",
        rollback_minutes=10,
        soak_hours=24,
        change_class="C2",
        measures=(VENDORS_ANSWER._replace(when="before"), FEW_WAIT, ANSWERS, CALM),
        source="https://docs.cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters",
        by_hand=(
            ByHand(
                "Copy each secret's value from the machine; copies wait for them.",
                ("pave secrets set {service} SECRET --env {environment}",),
                "after",
            ),
        ),
    )


def _with_both(way: Way, parts: SpecParts) -> SpecParts:
    """What the new copies call and need as the target says, but nothing of it taken for softer than it is:
    the machine still serves."""
    found = {key: way.target.get(key, ()) for key in _brought_keys(way)}
    for key in _brought_keys(way):
        now, then = parts.get(key, ()), way.target.get(key, ())
        if key[0] != "dependencies":
            continue
        if now and then:
            softness = [f for f in ("need", "coveragePercent") if then[0].value.get(f) != now[0].value.get(f)]
            found[key] = (then[0].taking(now[0], softness),)
        elif now:
            found[key] = now
    return found


def _still_on_machines(way: Way, pairs: list[Pair]) -> SpecParts:
    """Today's journeys, which lead to the workloads on machines by the names that these have from now on."""
    key, called = (
        ("endpoints", ""),
        {
            pair.name: f"{pair.name}{ON_MACHINE}"
            for pair in pairs
            if pair.today is not None
            and on_machine(pair.today.value)
            and pair.target is not None
            and pair.target != pair.today
        },
    )
    webs = [each["name"] for each in way.items("today", "workloads") if each.get("kind", "web") == "web"]
    if not webs:
        return {}
    written = way.today.get(key, (SpecPart([{"name": "all", "paths": ["/*"]}], "phase", ()),))[0]
    journeys = [{"workload": webs[0], **each} for each in written.value]
    renamed = [{**each, "workload": called.get(each["workload"], each["workload"])} for each in journeys]
    return {key: (written._replace(value=renamed),)}


def _clocks(clocks: list[Pair]) -> MoveStep:
    named = ", ".join(pair.name for pair in clocks)

    def change(parts: SpecParts) -> SpecParts:
        found = {}
        for pair in clocks:
            assert pair.target is not None
            key = ("workloads", pair.name)
            stopped = f"{pair.name}{ON_MACHINE}"
            found[key] = tuple(
                pair.target
                if each.name == pair.name
                else each.with_fields(suspended=True)
                if each.name == stopped
                else each
                for each in parts.get(key, ())
            )
        return found

    return MoveStep(
        id="clocks-switch",
        rank=440,
        title=f"What runs on a schedule runs in the cluster, and no longer on the machine ({named})",
        semantics="parallel and switch",
        change=change,
        needs=(
            "No run is going on, and none is due within the hour.",
            (
                "The machine's schedule is off, and was seen to be: first the old one stops, then the new one"
                " starts."
            ),
        ),
        noticed="Nobody notices: each run happens once, in the cluster.",
        minutes=0,
        verify=(
            "The next due run was started once, in the cluster, and ended well.",
            "Nothing was started on the machine since.",
        ),
        rollback="The phase before first, so that the cluster's schedule waits; then the machine's is turned"
        " on.",
        rollback_minutes=10,
        soak_hours=48,
        change_class="C2",
        measures=(UNSPENT, FEW_WAIT, CALM),
        source="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-suspension",
        by_hand=(
            ByHand(
                "Turn the machine's schedule off, and see that nothing of it runs.",
                (
                    (
                        "gcloud compute ssh {machine} --zone {zone} --project {project} --tunnel-through-iap"
                        " --command 'crontab -l > crontab.before && crontab -r; pgrep -af rake'"
                    ),
                ),
            ),
        ),
        is_cut_over=True,
    )


def _rollout(change: Becoming) -> MoveStep:
    return MoveStep(
        id="workloads",
        rank=420,
        title="The workloads are what they are to be",
        semantics="in place with restart",
        change=change,
        needs=("Every secret that a workload reads has a value.",),
        noticed="Copies are replaced a few at a time, each new one ready before an old one ends.",
        minutes=0,
        verify=("All copies are ready in every zone for an hour.",),
        rollback="Write the phase before: the copies are replaced once more.",
        rollback_minutes=15,
        soak_hours=1,
        change_class="C3",
        measures=(ANSWERS, CALM),
        source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
    )
