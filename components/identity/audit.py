"""Who did what: audit logs, and the bucket that keeps them."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import logging, projects, storage

from components.design.foundation.model import AuditDesign
from components.paved import Paved

SECONDS_PER_DAY = 86400


class Audit(Paved, area="foundation"):
    """Audit logging of every service of the project, kept in a bucket that nobody can rewrite: where
    it is locked, not even after lessening the time that entries are kept."""

    bucket: storage.Bucket

    def __init__(
        self,
        design: AuditDesign,
        *,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.sink, design.origin, opts)
        self.bucket = self._bucket(design, labels)
        projects.IAMAuditConfig(
            design.sink,
            project=design.project,
            service="allServices",
            audit_log_configs=[
                projects.IAMAuditConfigAuditLogConfigArgs(log_type=kind) for kind in design.kinds
            ],
            opts=self.child(),
        )
        sink = logging.ProjectSink(
            design.sink,
            name=design.sink,
            destination=pulumi.Output.concat("storage.googleapis.com/", self.bucket.name),
            filter=design.filter,
            unique_writer_identity=True,
            opts=self.child(),
        )
        storage.BucketIAMMember(
            design.sink,
            bucket=self.bucket.name,
            role="roles/storage.objectCreator",
            member=sink.writer_identity,
            opts=self.child(),
        )
        self.register_outputs({"bucket": self.bucket.name})

    def _bucket(self, design: AuditDesign, labels: Mapping[str, str]) -> storage.Bucket:
        return storage.Bucket(
            design.resource,
            name=design.resource,
            location=design.region.upper(),
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            retention_policy=storage.BucketRetentionPolicyArgs(
                retention_period=str(design.retention_days * SECONDS_PER_DAY), is_locked=design.is_locked
            ),
            lifecycle_rules=[
                storage.BucketLifecycleRuleArgs(
                    action=storage.BucketLifecycleRuleActionArgs(
                        type="SetStorageClass", storage_class="COLDLINE"
                    ),
                    condition=storage.BucketLifecycleRuleConditionArgs(age=design.cold_after_days),
                ),
                storage.BucketLifecycleRuleArgs(
                    action=storage.BucketLifecycleRuleActionArgs(type="Delete"),
                    condition=storage.BucketLifecycleRuleConditionArgs(age=design.deleted_after_days),
                ),
            ],
            force_destroy=False,
            deletion_policy="PREVENT" if design.protected else "DELETE",
            labels=labels,
            opts=self.stateful(protected=design.protected),
        )
