"""A bucket of objects, in Cloud Storage."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from catalog.kinds.service_spec import Recovery
from catalog.stores.kinds.bucket import Bucket, Lifecycle, Retention
from components.design.naming import resource_name
from components.design.stores.model import AskedStore, StoreDesign, common
from components.design.stores.recovery import LossRecovery

NAME_LIMIT = 63
"""Characters of a bucket's name, which is the world's: it begins with that of the project, which is the
world's too (https://cloud.google.com/storage/docs/buckets#naming)."""

CONTINENTS = {"us": "US", "northamerica": "US", "europe": "EU", "asia": "ASIA"}
"""The multi-region of a region, by how its name begins; others have none:
https://cloud.google.com/storage/docs/locations#location-mr."""

REPLICATED_MINUTES = 12 * 60
"""What is written is in a second region after at most so long:
https://cloud.google.com/storage/docs/availability-durability#cross-region-redundancy."""


class BucketDesign(StoreDesign, frozen=True, tag="bucket"):
    """A bucket in `location`, by Google's name. Objects are moved to cheaper storage and deleted at the ages
    of `lifecycle`; versions that are `old_version_days` old are too."""

    location: str
    versioning: bool
    old_version_days: int
    soft_delete_days: int
    retention: Retention | None
    lifecycle: Lifecycle

    LISTED: ClassVar[str] = "buckets"

    @classmethod
    def of(cls, asked: AskedStore) -> Self:
        """Where its continent has no multi-region, it lies in the region, over several zones."""
        service, store = asked.service, asked.store
        environment = service.environment.spec
        assert isinstance(store, Bucket)
        continent = CONTINENTS.get(environment.region.partition("-")[0])
        is_multiple = store.location == "multi-region" and continent is not None
        own: dict[str, Any] = common(asked)
        generation = f"g{store.generation}"
        named = (environment.project, service.full_name, store.name, generation)
        own["resource"] = resource_name(*named, limit=NAME_LIMIT)
        return cls(
            **own,
            ports=[],
            hosts=["storage.googleapis.com"],
            sla="cloud-storage-multi-region" if is_multiple else "cloud-storage-region",
            is_maintained=False,
            recoveries=list(_recoveries(store, service.spec.recovery, is_multiple=is_multiple)),
            location=continent if is_multiple and continent is not None else environment.region.upper(),
            versioning=store.versioning,
            old_version_days=store.old_version_days,
            soft_delete_days=store.soft_delete_days,
            retention=store.retention,
            lifecycle=store.lifecycle,
        )


def _recoveries(store: Bucket, promise: Recovery, *, is_multiple: bool) -> Iterator[LossRecovery]:
    """A region's bucket is in several zones at once; what was deleted is put back by hand."""
    yield LossRecovery(loss="a zone", means="copies", rpo_minutes=0, rto_minutes=0)
    if store.versioning or store.soft_delete_days:
        yield LossRecovery(
            loss="data by mistake",
            means="versions" if store.versioning else "soft delete",
            rpo_minutes=0,
            rto_minutes=promise.restore_minutes,
        )
    elif store.retention is None:
        yield LossRecovery(loss="data by mistake", means="nothing", rpo_minutes=None, rto_minutes=None)
    if promise.scope == "region":
        yield LossRecovery(
            loss="the region",
            means="copies" if is_multiple else "nothing",
            rpo_minutes=REPLICATED_MINUTES if is_multiple else None,
            rto_minutes=0 if is_multiple else None,
        )
