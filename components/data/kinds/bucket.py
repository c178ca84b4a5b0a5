"""A service's bucket."""

from collections.abc import Iterator, Mapping

import pulumi
from pulumi_gcp import storage

from components.data.store import Store, StoreGround
from components.design.model import WorkloadDesign
from components.design.stores.kinds.bucket import BucketDesign

SECONDS_PER_DAY = 86_400

ABORT_AFTER_DAYS = 7
"""An upload in parts that nobody has ended by then never will be, and is paid for."""


class Bucket(Store, area="service"):
    """A bucket in Cloud Storage that nobody reads without being asked who he is, and of the service's own
    workloads nobody as anybody else. There are no lists of who may read single objects."""

    bucket: storage.Bucket

    def __init__(
        self, design: BucketDesign, ground: StoreGround, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(design, opts)
        self.bucket = storage.Bucket(
            design.resource,
            name=design.resource,
            location=design.location,
            storage_class="STANDARD",
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            versioning=storage.BucketVersioningArgs(enabled=design.versioning),
            soft_delete_policy=storage.BucketSoftDeletePolicyArgs(
                retention_duration_seconds=design.soft_delete_days * SECONDS_PER_DAY
            ),
            retention_policy=_retention(design),
            lifecycle_rules=list(_rules(design)),
            force_destroy=False,
            deletion_policy="PREVENT" if design.protected else "DELETE",
            labels=ground.labels,
            opts=self.stateful(protected=design.protected),
        )
        for user in ground.users(design):
            storage.BucketIAMMember(
                f"{design.resource}-{user.design.account_id}",
                bucket=self.bucket.name,
                role="roles/storage.objectUser",
                member=user.member,
                opts=self.child(depends_on=[user.account]),
            )
        self.register_outputs({"bucket": self.bucket.name})

    @property
    def where(self) -> pulumi.Input[str]:
        """Its address among all that Google stores."""
        return self.bucket.url

    def variables(self, workload: WorkloadDesign) -> Mapping[str, pulumi.Input[str]]:
        """Its name, which is all that a client library asks for."""
        return {"bucket": self.bucket.name}


component = Bucket


def _retention(design: BucketDesign) -> storage.BucketRetentionPolicyArgs | None:
    if design.retention is None:
        return None
    seconds = design.retention.days * SECONDS_PER_DAY
    return storage.BucketRetentionPolicyArgs(retention_period=str(seconds), is_locked=design.retention.locked)


def _rules(design: BucketDesign) -> Iterator[storage.BucketLifecycleRuleArgs]:
    """https://cloud.google.com/storage/docs/lifecycle"""
    condition = storage.BucketLifecycleRuleConditionArgs
    yield _rule("AbortIncompleteMultipartUpload", condition(age=ABORT_AFTER_DAYS))
    if design.versioning:
        yield _rule("Delete", condition(days_since_noncurrent_time=design.old_version_days))
    if design.lifecycle.cold_after_days is not None:
        cold = condition(age=design.lifecycle.cold_after_days, matches_storage_classes=["STANDARD"])
        yield _rule("SetStorageClass", cold, "NEARLINE")
    if design.lifecycle.delete_after_days is not None:
        yield _rule("Delete", condition(age=design.lifecycle.delete_after_days, with_state="LIVE"))


def _rule(
    action: str, condition: storage.BucketLifecycleRuleConditionArgs, storage_class: str | None = None
) -> storage.BucketLifecycleRuleArgs:
    return storage.BucketLifecycleRuleArgs(
        action=storage.BucketLifecycleRuleActionArgs(type=action, storage_class=storage_class),
        condition=condition,
    )
