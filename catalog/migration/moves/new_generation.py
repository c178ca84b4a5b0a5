"""A store that can't become what it is to be where it is: another generation is built beside it.

A cache on a machine, or one in a single zone, would be made anew and empty, and the queue in it lost
(https://docs.cloud.google.com/memorystore/docs/redis/redis-tiers: the tier can't be changed). So there are
two for a while: both are known to everybody, one is used. What waits in the old one is drained, or copied;
users are switched; and after a soak the old one goes, in a phase of its own. The same for a database on a
machine: it is copied while it is in use, writes are stopped for the last of it, and the new one takes
over."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.migration.measure import ANSWERS, CALM, FEW_WAIT, UNSPENT, copied
from catalog.migration.moves.database_in_place import KINDS, stays
from catalog.migration.parts import Key, SpecPart
from catalog.migration.step import (
    Becoming,
    ByHand,
    MoveStep,
    NoWay,
    Pair,
    Way,
    on,
    on_machine,
    setting,
    without,
)

_REDIS = "https://docs.cloud.google.com/memorystore/docs/redis/"
_FIXED = ("kind", "availability", "of")
"""Fields that no cache changes in place."""


def steps(way: Way) -> Iterator[MoveStep]:
    """Three for each store that is built anew beside itself; one for each that is new, two for one that
    goes."""
    for pair in way.pairs("stores"):
        if pair.today is None and pair.target is not None:
            yield _new(pair.name, pair.target)
        elif pair.target is None and pair.today is not None:
            if not (way.leaves_machines and on_machine(pair.today.value)):
                yield from _gone(("stores", pair.name), pair.today)
        elif not stays(pair):
            yield from _moved(pair, goes_with_machine=way.leaves_machines)


def _moved(pair: Pair, *, goes_with_machine: bool) -> Iterator[MoveStep]:
    assert pair.today is not None
    assert pair.target is not None
    name, old, new = pair.name, pair.today, pair.target
    if on_machine(new.value):
        if old.value != new.value:
            raise NoWay(
                new.at, f"Nothing brings {name} to a machine, or changes it there.", "Say it as today."
            )
        return
    if not on_machine(old.value):
        changed = [field for field in _FIXED if old.value.get(field) != new.value.get(field)]
        generations = [each.value.get("generation", 1) for each in (old, new)]
        if generations[0] == generations[1]:
            if old.value["kind"] == new.value["kind"] and not changed:
                yield from _settings(pair)
                return
            said = " and ".join(changed)
            what = f"{name} can't change its {said} in place: it would be made anew, and what it holds lost."
            raise NoWay(new.at, what, f"Write `generation: {generations[0] + 1}` of it, to build it beside.")
    is_database = new.value["kind"] in KINDS
    beside = {"of": name, "need": "soft", "coveragePercent": 100, "readNeed": None, "migration": None}
    key, active = ("stores", name), new.with_fields(migration=None) if "migration" in new.value else new
    former = old.with_fields(name=f"{name}-former", **beside)
    coming = setting(key, old, new.with_fields(name=f"{name}-next", **beside))
    yield _beside(name, new.value, coming)
    yield (_database_switch if is_database else _cache_switch)(name, setting(key, active, former))
    if not (goes_with_machine and on_machine(former.value)):
        yield from _gone(key, former)


def _new(name: str, new: SpecPart) -> MoveStep:
    return MoveStep(
        id=f"make-{name}",
        rank=200,
        title=f"{name} is made",
        semantics="parallel and switch",
        change=setting(
            ("stores", name), new.with_fields(migration=None) if "migration" in new.value else new
        ),
        needs=(),
        noticed="Nobody notices: nothing uses it yet.",
        minutes=0,
        verify=(f"{name} answers.",),
        rollback="Leave it: it is empty, and costs what it costs.",
        rollback_minutes=0,
        soak_hours=0,
        change_class="C3",
        source="https://docs.cloud.google.com/architecture/framework/reliability",
        about=name,
    )


def _settings(pair: Pair) -> Iterator[MoveStep]:
    assert pair.today is not None
    assert pair.target is not None
    if pair.today.value == pair.target.value:
        return
    yield MoveStep(
        id=f"settings-{pair.name}",
        rank=160,
        title=f"{pair.name} is set as it is to be",
        semantics="in place with restart",
        change=setting(("stores", pair.name), pair.target),
        needs=(),
        noticed="A cache that is scaled, or gets another version, fails over: connections are cut for"
        " seconds.",
        minutes=1,
        verify=(f"No setting of {pair.name} differs from its design (`pave drift`).",),
        rollback="Write the phase before.",
        rollback_minutes=15,
        soak_hours=1,
        change_class="C2",
        measures=(UNSPENT, ANSWERS, CALM),
        source=f"{_REDIS}scaling-instances",
        about=pair.name,
        is_cut_over=True,
    )


def _beside(name: str, new: Json, change: Becoming) -> MoveStep:
    said = "in two zones" if new.get("availability", "regional") == "regional" else "in a zone"
    return MoveStep(
        id=f"{name}-beside",
        rank=300,
        title=f"Another {name}, managed and {said}, stands beside the old one",
        semantics="parallel and switch",
        change=change,
        needs=(),
        noticed="Nobody notices: it is empty, and nothing uses it.",
        minutes=0,
        verify=(
            f"The new {name} answers from where the workloads run.",
            f"Every workload is told both addresses of {name}.",
        ),
        rollback="Write the phase before, once its protection is off: it is empty.",
        rollback_minutes=15,
        soak_hours=1,
        change_class="C3",
        source=f"{_REDIS}redis-tiers",
        about=name,
    )


def _cache_switch(name: str, change: Becoming) -> MoveStep:
    return MoveStep(
        id=f"{name}-switch",
        rank=320,
        title=f"New jobs and sessions go to the new {name}; the old one is drained",
        semantics="parallel and switch",
        change=change,
        needs=(
            f"The new {name} has been healthy for an hour.",
            "Every job that bills has an idempotency key, or runs nowhere twice.",
            "No schedule that bills is due within the hour.",
        ),
        noticed="Jobs wait for seconds while workers restart. Sessions are looked up in both until the old"
        " ones"
        " have ended.",
        minutes=0,
        verify=(
            (
                f"The queues of the old {name} are empty, its schedule and retries too, and stay so for an"
                " hour."
            ),
            f"Jobs enqueued and jobs done are equal in number on the new {name}.",
        ),
        rollback="The same way back: producers to the old one first, then drain the new one.",
        rollback_minutes=20,
        soak_hours=72,
        change_class="C2",
        measures=(UNSPENT, FEW_WAIT, ANSWERS, CALM),
        source="https://github.com/sidekiq/sidekiq/wiki/Sharding",
        about=name,
        by_hand=(
            ByHand(
                f"Workers take jobs from both: start a second set for the new {name}, beside those of the"
                " old.",
                (
                    (
                        "gcloud redis instances describe {store} --region {region} --project {project}"
                        " --format 'value(host,port)'"
                    ),
                ),
            ),
            ByHand(
                "Let whoever enqueues write to the new one, and nothing more to the old.",
                ("REDIS_URL=rediss://:$REDIS_AUTH@$REDIS_HOST:$REDIS_PORT systemctl restart puma sidekiq",),
            ),
            ByHand(
                "Wait until the old one is drained: queues, retries and the schedule.",
                (
                    (
                        "redis-cli -h $OLD_REDIS SMEMBERS queues | xargs -I% redis-cli -h $OLD_REDIS LLEN"
                        " queue:%"
                    ),
                    "redis-cli -h $OLD_REDIS ZCARD retry; redis-cli -h $OLD_REDIS ZCARD schedule",
                ),
                "after",
            ),
        ),
        is_cut_over=True,
    )


def _database_switch(name: str, change: Becoming) -> MoveStep:
    return MoveStep(
        id=f"{name}-switch",
        rank=320,
        title=f"The new {name} holds all that the old one did, and takes over",
        semantics="parallel and switch",
        change=change,
        needs=("The copy was rehearsed, and it is known how long the last of it takes.",),
        noticed="Nothing can be written for about five minutes; what is only read goes on.",
        minutes=5,
        verify=(
            "Row counts and checksums of all tables are equal on both sides, with writes stopped.",
            "The lag is zero when the switch is made, and sequences are beyond the highest key.",
        ),
        rollback="Until the first write to the new one: back to the old. After it: by a copy in the other"
        " direction, which runs from the moment of the switch.",
        rollback_minutes=15,
        soak_hours=72,
        change_class="C1",
        measures=(UNSPENT, copied(name), ANSWERS, CALM),
        source="https://docs.cloud.google.com/database-migration/docs/postgres",
        about=name,
        by_hand=(
            ByHand(
                "Copy while it is in use: schema first, then logical replication.",
                (
                    "pg_dump --schema-only --no-owner $OLD_URL | psql $NEW_URL",
                    "psql $OLD_URL -c 'CREATE PUBLICATION move FOR ALL TABLES'",
                    "psql $NEW_URL -c \"CREATE SUBSCRIPTION move CONNECTION '$OLD_URL' PUBLICATION move\"",
                ),
            ),
            ByHand(
                "Where the old one can't replicate: stop writes, dump and restore, and count on an hour.",
                (
                    "pg_dump --format directory --jobs 4 $OLD_URL --file dump",
                    "pg_restore --jobs 4 -d $NEW_URL dump",
                ),
            ),
            ByHand(
                "Stop writes, wait for the last of it, set the sequences, and let everybody write to the new"
                " one.",
                (
                    "psql $OLD_URL -c 'ALTER DATABASE {database} SET default_transaction_read_only = on'",
                    "psql $NEW_URL -c 'ALTER SUBSCRIPTION move DISABLE'",
                ),
            ),
        ),
        is_cut_over=True,
    )


def _gone(key: Key, old: SpecPart) -> Iterator[MoveStep]:
    """The last of a store: first nothing protects it any more, then it is deleted. One on a machine goes with
    the machine, or is only forgotten."""
    name, is_managed = old.name, not on_machine(old.value)
    if is_managed:
        yield MoveStep(
            id=f"release-{name}",
            rank=820,
            title=f"Nothing protects {name} from being deleted any more",
            semantics="in place",
            change=on(key, name, lambda part: part.with_fields(leaving=True)),
            needs=(
                f"Nobody has connected to {name} for a week.",
                f"A last backup of {name} lies where its owner finds it, and was restored once.",
            ),
            noticed="Nobody notices.",
            minutes=0,
            verify=(f"The deletion protection of {name} is off.",),
            rollback="Write the phase before: it is protected again.",
            rollback_minutes=5,
            soak_hours=24,
            change_class="C3",
            source="https://docs.cloud.google.com/sql/docs/postgres/deletion-protection",
            about=name,
        )
    yield MoveStep(
        id=f"remove-{name}",
        rank=840,
        title=f"{name} goes",
        semantics="irreversible" if is_managed else "in place",
        change=without(key, name),
        needs=(f"Its owner has said in the ticket that nobody needs {name} any more.",) if is_managed else (),
        noticed="Nobody notices.",
        minutes=0,
        verify=("No workload is told its address any more, and all go on.",),
        rollback="There is none: what it held is in its last backup."
        if is_managed
        else "Write the phase before.",
        rollback_minutes=0 if is_managed else 5,
        soak_hours=0,
        change_class="C2" if is_managed else "C4",
        source="https://docs.cloud.google.com/sql/docs/postgres/delete-instance",
        about=name,
        no_return="What it held is deleted." if is_managed else "",
        losing=(name,) if is_managed else (),
    )
