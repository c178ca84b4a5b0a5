"""Types of who may do what, and of the record of who did: IAM, service accounts, audit logs."""

from typing import Any

from stacks.providers.row import GOOGLE, ResourceType

ENABLED_API = "gcp:projects/service:Service"
ACCOUNT = "gcp:serviceaccount/account:Account"

MEMBER = f"{GOOGLE}google/tpgiamresource/resource_iam_member.go"
"""The source of every grant to one member."""


def member(of: str, prefix: str = "", **rest: Any) -> ResourceType:
    """The row of a grant on what the input `of` names. Nothing of a grant can be changed, so its id is all of
    it; `prefix` is what the provider puts before that."""
    fields = (of, "role", "member")
    return ResourceType(
        MEMBER, f"{prefix}{{{of}}}/{{role}}/{{member}}", fields, (*fields, "condition"), **rest
    )


ACCESS: dict[str, ResourceType] = {
    "gcp:iap/webBackendServiceIamMember:WebBackendServiceIamMember": member(
        "webBackendService",
        "projects/{project}/iap_web/compute/services/",
        needs={"webBackendService": "gcp:compute/backendService:BackendService"},
    ),
    "gcp:logging/projectSink:ProjectSink": ResourceType(
        f"{GOOGLE}google/services/logging/resource_logging_project_sink.go",
        "projects/{project}/sinks/{name}",
        ("destination",),
        ("name", "project", "uniqueWriterIdentity"),
    ),
    "gcp:projects/iAMAuditConfig:IAMAuditConfig": ResourceType(
        f"{GOOGLE}google/tpgiamresource/resource_iam_audit_config.go",
        "{project}/audit_config/{service}",
        ("project", "service", "auditLogConfigs"),
        ("project", "service"),
    ),
    "gcp:projects/iAMMember:IAMMember": member("project"),
    ENABLED_API: ResourceType(
        f"{GOOGLE}google/services/resourcemanager/resource_google_project_service.go",
        "{project}/{service}",
        ("service",),
        ("service", "project"),
        minutes=1,
    ),
    ACCOUNT: ResourceType(
        f"{GOOGLE}google/services/resourcemanager/resource_google_service_account.go",
        "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com",
        ("accountId",),
        ("accountId", "project"),
    ),
    "gcp:serviceaccount/iAMMember:IAMMember": member("serviceAccountId"),
}
