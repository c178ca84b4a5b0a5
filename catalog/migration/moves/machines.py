"""The machines, which go last: kept warm through the soak, released from protection, and deleted.

Until then every step back leads to a machine that still works. What is on its disk is copied first."""

from collections.abc import Iterator

from catalog.migration.measure import ANSWERS, CALM
from catalog.migration.moves.host import settled
from catalog.migration.parts import SpecParts
from catalog.migration.step import ByHand, MoveStep, Way, all_of, on_machine


def steps(way: Way) -> Iterator[MoveStep]:
    """Two, where something leaves its machine."""
    if way.leaves_machines:
        yield _released(way)
        yield _removed(way)


def _released(way: Way) -> MoveStep:
    def change(parts: SpecParts) -> SpecParts:
        return {
            key: tuple(
                each.with_fields(vm={**each.value.get("vm", {}), "leaving": True})
                if on_machine(each.value)
                else each
                for each in parts[key]
            )
            for key in parts
            if key[0] == "workloads"
        }

    def counted(_: SpecParts) -> SpecParts:
        """Nothing counts as harder than the target says, once the machine serves nobody."""
        return {key: way.target.get(key, ()) for key in way.order if key[0] == "dependencies"}

    return MoveStep(
        id="release-machine",
        rank=700,
        title="No name leads to the machine any more, and nothing protects it from being deleted",
        semantics="in place",
        change=all_of([change, counted, settled(way)]),
        needs=(
            (
                "The front door has served everybody for a week, the busiest hour and a run of every schedule"
                " included."
            ),
            "The machine's own log has shown no request from outside for a day.",
        ),
        noticed="Nobody notices.",
        minutes=0,
        verify=("The machine answers nobody, and nobody misses it.",),
        rollback="Write the phase before: the machine is still there, and warm.",
        rollback_minutes=15,
        soak_hours=72,
        change_class="C2",
        measures=(ANSWERS, CALM),
        source="https://docs.cloud.google.com/compute/docs/instances/preventing-accidental-vm-deletion",
        by_hand=(
            ByHand(
                "Copy its disk, and see the copy end.",
                (
                    (
                        "gcloud compute snapshots create {machine}-last --source-disk {machine}"
                        " --source-disk-zone {zone} --project {project}"
                    ),
                ),
            ),
        ),
    )


def _removed(way: Way) -> MoveStep:
    workloads = [key for key in way.order if key[0] == "workloads"]

    def change(parts: SpecParts) -> SpecParts:
        stores = {
            key: tuple(each for each in found if not on_machine(each.value))
            for key, found in parts.items()
            if key[0] == "stores"
        }
        journeys = {("endpoints", ""): way.target.get(("endpoints", ""), ())}
        return {**{key: way.target.get(key, ()) for key in workloads}, **stores, **journeys}

    return MoveStep(
        id="remove-machine",
        rank=720,
        title="The machine goes",
        semantics="irreversible",
        change=change,
        needs=(
            "The copy of its disk is complete.",
            "Its owner has said in the ticket that nobody needs what it holds.",
        ),
        noticed="Nobody notices. The database refuses whoever doesn't come through Google's proxy from now"
        " on.",
        minutes=0,
        verify=("Machine, address and firewall rule are gone, and every journey is green.",),
        rollback="There is none: the machine is deleted. Its disk can be made again from the copy.",
        rollback_minutes=0,
        soak_hours=24,
        change_class="C1",
        measures=(ANSWERS, CALM),
        source="https://docs.cloud.google.com/compute/docs/instances/deleting-instance",
        by_hand=(
            ByHand(
                "Delete its disk, which stays: it was never the stack's.",
                ("gcloud compute disks delete {machine} --zone {zone} --project {project}",),
                "after",
            ),
            ByHand("Have its address taken from the vendors' lists.", (), "after"),
        ),
        no_return="The machine is deleted, and its address given back.",
        losing=("machine",),
    )
