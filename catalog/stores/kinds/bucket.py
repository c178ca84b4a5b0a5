"""A bucket of objects, in Cloud Storage."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from catalog.document import Json
from catalog.kind import Fields
from catalog.problem import Wrong
from catalog.stores.store import Store, Surroundings, name_taken
from catalog.yaml.parsed import Pointer

LEAST_SOFT_DELETE_DAYS = 7
"""https://cloud.google.com/storage/docs/soft-delete#retention-duration"""


NOT_ITS_NAME = "A bucket is called after its service and itself, and none may have `google` in its name."
"""https://cloud.google.com/storage/docs/buckets#naming"""


class Retention(Fields, frozen=True):
    """The days before which nobody deletes or overwrites an object, and whether nobody can lessen them."""

    days: int
    locked: bool


class Lifecycle(Fields, frozen=True):
    """The age, in days, from which an object costs less to keep and more to read, and that at which it is
    deleted. None: never."""

    cold_after_days: int | None
    delete_after_days: int | None


class Bucket(Store, frozen=True, kw_only=True, tag="bucket"):
    """Objects in Cloud Storage, closed to the public. What is overwritten or deleted is kept for a while."""

    location: Literal["region", "multi-region"]
    versioning: bool
    old_version_days: int
    soft_delete_days: int
    retention: Retention | None
    lifecycle: Lifecycle
    family: str = "bucket"

    FACTS: ClassVar[Mapping[str, str]] = {"BUCKET": "its name in Cloud Storage"}

    @classmethod
    def computed(cls, written: Json, around: Surroundings) -> Json:
        """What can't be overwritten has no versions."""
        return {"versioning": "retention" not in written, **written}

    @classmethod
    def wrong(cls, written: Json, at: Pointer, service: Json) -> Iterator[Wrong]:
        """Days that Cloud Storage doesn't take, or that contradict each other, and a name that it keeps for
        its own."""
        if "google" in service["metadata"]["name"]:
            yield name_taken(NOT_ITS_NAME)
        elif "google" in written["name"]:
            yield (*at, "name"), "catalog/reserved-name", NOT_ITS_NAME, "Give the store another name."
        days = written.get("softDeleteDays", 0)
        if 0 < days < LEAST_SOFT_DELETE_DAYS:
            least = LEAST_SOFT_DELETE_DAYS
            what = f"What was deleted is kept for {least} days at least, or not at all."
            yield (*at, "softDeleteDays"), "catalog/bucket", what, f"Write {least} or more, or 0."
        kept = written.get("retention", {}).get("days", 0)
        if kept and written.get("versioning"):
            # https://cloud.google.com/storage/docs/object-versioning
            what = "A bucket has versions or a retention, not both: what can't be overwritten has only one."
            yield (*at, "versioning"), "catalog/bucket", what, "Remove `versioning`, or `retention`."
        yield from _ages(written.get("lifecycle", {}), kept, (*at, "lifecycle"))


def _ages(lifecycle: Json, kept: int, at: Pointer) -> Iterator[Wrong]:
    cold, deleted = lifecycle.get("coldAfterDays"), lifecycle.get("deleteAfterDays")
    if deleted is None:
        return
    if cold is not None and cold >= deleted:
        what = f"Objects are deleted at {deleted} days, before they would be kept cold, at {cold}."
        yield (*at, "coldAfterDays"), "catalog/bucket", what, "Write fewer days, or remove it."
    if deleted < kept:
        what = f"Objects would be deleted at {deleted} days, and are retained for {kept}."
        yield (*at, "deleteAfterDays"), "catalog/bucket", what, f"Write {kept} or more."
