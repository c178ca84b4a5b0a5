"""A managed database that stays the one that it is: what Cloud SQL changes in place, the safest first.

Backups and the log come before all else, since they are the way back from the rest; a standby, an edition and
a major version each come by themselves, and none of them with a move of users. The version comes last of all:
it alone can't be taken back."""

from collections.abc import Iterator

from catalog.migration.measure import ANSWERS, CALM, HALF_LEFT, UNSPENT, standby
from catalog.migration.parts import SpecPart
from catalog.migration.step import Becoming, ByHand, MoveStep, Pair, Way, on, on_machine

KINDS = frozenset({"postgres", "mysql"})
_SQL = "https://docs.cloud.google.com/sql/docs/postgres/"

MIGRATION = "migration"
"""It is brought by a workload that runs in the cluster: the move of workloads takes care of it."""

_BIGGER = ("edition", "size", "maxConnections", "diskGb")


def steps(way: Way) -> Iterator[MoveStep]:
    """Up to five for each database that is managed today, and stays the same generation."""
    for pair in way.pairs("stores"):
        if stays(pair):
            yield from _of(pair)


def stays(pair: Pair) -> bool:
    """Whether a database is the same instance before and after."""
    return (
        pair.today is not None
        and pair.target is not None
        and pair.today.value["kind"] == pair.target.value["kind"]
        and pair.today.value["kind"] in KINDS
        and not on_machine(pair.today.value)
        and not on_machine(pair.target.value)
        and pair.today.value.get("generation", 1) == pair.target.value.get("generation", 1)
    )


def _of(pair: Pair) -> Iterator[MoveStep]:
    assert pair.today is not None
    assert pair.target is not None
    today, target = pair.today.value, pair.target
    known = {"backup", "availability", "version", MIGRATION, *_BIGGER}
    others = [field for field in dict.fromkeys([*target.value, *today]) if field not in known]
    groups = [["backup"], ["availability"], list(_BIGGER), others, ["version"]]
    differing = [[each for each in group if today.get(each) != target.value.get(each)] for group in groups]
    guard, standby, machine, settings, upgrade = differing
    if guard:
        yield _guarded(pair.name, _taking(pair.name, target, guard))
    if standby:
        yield _standby(pair.name, _taking(pair.name, target, standby))
    if machine:
        yield _machine(pair.name, _taking(pair.name, target, machine))
    if settings:
        yield _settings(pair.name, _taking(pair.name, target, settings), settings)
    if upgrade:
        version = target.value.get("version", "that new databases have")
        yield _upgraded(pair.name, _taking(pair.name, target, upgrade), version)


def _taking(name: str, target: SpecPart, fields: list[str]) -> Becoming:
    return on(("stores", name), name, lambda part: part.taking(target, fields))


def _guarded(name: str, change: Becoming) -> MoveStep:
    return MoveStep(
        id=f"guard-{name}",
        rank=100,
        title=f"What {name} holds can be had again, up to the second",
        semantics="in place with restart",
        change=change,
        needs=(f"A backup of {name} from today exists, and ended well.",),
        noticed="Connections to the database are cut once if the log is turned on, and made anew.",
        minutes=1,
        verify=(
            f"An on-demand backup of {name} succeeds after it.",
            f"A clone of {name} to a second of the last hour starts and answers.",
        ),
        rollback="Nothing needs to be taken back: more backups harm nobody.",
        rollback_minutes=5,
        soak_hours=24,
        change_class="C2",
        measures=(UNSPENT, ANSWERS, CALM),
        source=f"{_SQL}backup-recovery/configure-pitr",
        about=name,
        by_hand=(
            ByHand(
                "Take a backup that no schedule deletes, and see it end.",
                (
                    (
                        "gcloud sql backups create --instance {store} --project {project}"
                        " --description before-migration"
                    ),
                ),
            ),
        ),
        is_cut_over=True,
    )


def _standby(name: str, change: Becoming) -> MoveStep:
    return MoveStep(
        id=f"standby-{name}",
        rank=120,
        title=f"{name} gets a standby in a second zone",
        semantics="in place with restart",
        change=change,
        needs=(f"Backups and the transaction log of {name} are on: Cloud SQL makes no standby without.",),
        noticed="The database restarts: requests that need it fail meanwhile.",
        minutes=3,
        verify=(
            f"`availabilityType` of {name} is REGIONAL, and its `gceZone` and `secondaryGceZone` differ.",
            (
                f"A failover of {name} by hand takes less than two minutes, and every acknowledged write is"
                " there."
            ),
        ),
        rollback="Back to one zone: another restart, and nothing is lost.",
        rollback_minutes=10,
        soak_hours=48,
        change_class="C1",
        measures=(UNSPENT, standby(name), ANSWERS, CALM),
        source=f"{_SQL}configure-ha",
        about=name,
        by_hand=(
            ByHand(
                "Fail over once in a quiet hour, to know that it works before it has to.",
                ("gcloud sql instances failover {store} --project {project}",),
                "after",
            ),
        ),
        is_cut_over=True,
    )


def _machine(name: str, change: Becoming) -> MoveStep:
    return MoveStep(
        id=f"resize-{name}",
        rank=140,
        title=f"{name} moves to the machine that it is to have",
        semantics="in place with restart",
        change=change,
        needs=(f"{name} has a standby, if it is to have one: what follows then costs less.",),
        noticed="The database changes its machine: connections are cut, and requests that need it fail for"
        " about a minute.",
        minutes=1,
        verify=(f"Edition and tier of {name} are the new ones, and its connections are back.",),
        rollback="The same way back, with the same interruption.",
        rollback_minutes=10,
        soak_hours=24,
        change_class="C1",
        measures=(UNSPENT, ANSWERS, CALM),
        source="https://docs.cloud.google.com/sql/docs/postgres/editions-intro",
        about=name,
        is_cut_over=True,
    )


def _settings(name: str, change: Becoming, changed: list[str]) -> MoveStep:
    said = ", ".join(changed)
    return MoveStep(
        id=f"settings-{name}",
        rank=160,
        title=f"{name} is set as it is to be ({said})",
        semantics="in place with restart",
        change=change,
        needs=(),
        noticed="The database may restart: connections are cut, and made anew.",
        minutes=1,
        verify=(f"No setting of {name} differs from its design (`pave drift`).",),
        rollback="Write the phase before: the settings go back, with the same restart.",
        rollback_minutes=10,
        soak_hours=1,
        change_class="C2",
        measures=(UNSPENT, ANSWERS, CALM),
        source=f"{_SQL}flags",
        about=name,
        is_cut_over=True,
    )


def _upgraded(name: str, change: Becoming, version: str) -> MoveStep:
    return MoveStep(
        id=f"upgrade-{name}",
        rank=900,
        title=f"{name} becomes version {version}",
        semantics="irreversible",
        change=change,
        needs=(
            f"The application's tests pass against version {version}.",
            f"The upgrade went well on a clone of {name}, and it is known how long it took.",
            "No user is being moved: nothing else changes in this phase.",
        ),
        noticed="The database answers nobody while it is upgraded: the service is down, or read-only where it"
        " can be.",
        minutes=10,
        verify=(
            (
                f"The version of {name} is {version}, and the row counts of the largest tables are what they"
                " were."
            ),
        ),
        rollback="There is none. A backup from before can be restored to a new instance, without what was"
        " written since.",
        rollback_minutes=60,
        soak_hours=72,
        change_class="C1",
        measures=(HALF_LEFT, ANSWERS, CALM),
        source=f"{_SQL}upgrade-major-db-version-inplace",
        about=name,
        by_hand=(
            ByHand(
                "Take a backup, and rehearse on a clone.",
                (
                    (
                        "gcloud sql backups create --instance {store} --project {project}"
                        " --description before-upgrade"
                    ),
                    "gcloud sql instances clone {store} {store}-rehearsal --project {project}",
                ),
            ),
        ),
        no_return="Cloud SQL takes no database back to an older version.",
        is_cut_over=True,
    )
