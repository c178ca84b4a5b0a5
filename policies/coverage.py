"""What of the Well-Architected checklist is no rule here, and why: never passed silently.

The checklist condenses https://docs.cloud.google.com/architecture/framework and the reliability pillar of
https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/. A check is *by construction* when no
spec can express its breach, so that a rule could never fire (the components' tests prove it), and
*unimplemented* when the evidence that it needs is not in a spec, a recorded plan or the catalog.
"""

from typing import Literal, NamedTuple


class Gap(NamedTuple):
    """A check without a rule: what it asks, how it stands, and why."""

    check: str
    standing: Literal["by construction", "unimplemented"]
    why: str


GAPS = (
    Gap(
        "Availability is promised, for a window",
        "by construction",
        "The tier promises what the owner leaves open; the schema takes 90 to 99.9999 %.",
    ),
    Gap(
        "Copies that hang are restarted",
        "by construction",
        "Every Deployment has startup and liveness probes.",
    ),
    Gap(
        "A rolling update keeps capacity",
        "by construction",
        "Surge is the number of zones, unavailable is 0.",
    ),
    Gap(
        "Requests end before a backend goes", "by construction", "Draining outlasts every endpoint's timeout."
    ),
    Gap(
        "Egress addresses are reserved",
        "by construction",
        "NAT uses the foundation's addresses and no others.",
    ),
    Gap(
        "CPU and memory are limited",
        "by construction",
        "The size sets both; a container's requests are its limits.",
    ),
    Gap(
        "Buckets are closed to the public",
        "by construction",
        "Access of the public is prevented, and only the service's own accounts are granted any.",
    ),
    Gap(
        "Secrets come from a manager, and stand in no plan",
        "by construction",
        "A plan makes holders in Secret Manager; their values are set outside.",
    ),
    Gap(
        "Certificates are renewed without a person",
        "by construction",
        "Google's Certificate Manager makes and renews them.",
    ),
    Gap(
        "Staging runs the same modules as production",
        "by construction",
        "One program makes both; they differ in what the spec overrides.",
    ),
    Gap("No primitive roles, no allUsers", "by construction", "Accounts get a fixed list of narrow roles."),
    Gap(
        "Each component has its own account",
        "by construction",
        "One Google account a workload, without keys.",
    ),
    Gap("Buckets are private and expire", "by construction", "The only bucket is the audit log's."),
    Gap("Labels are complete", "by construction", "Every type that takes labels gets the design's."),
    Gap("Limits count the client, not the proxy", "by construction", "Behind a proxy the key is USER_IP."),
    Gap(
        "Audit logs are on",
        "by construction",
        "The foundation exports them to a bucket; how long it keeps them is a rule's.",
    ),
    Gap(
        "Secrets in the cluster's database are encrypted with a key of our own",
        "by construction",
        "Every cluster has a key in Cloud KMS.",
    ),
    Gap(
        "Operators and runners reach the private control plane",
        "by construction",
        "It has a DNS name, and IAM says who may.",
    ),
    Gap(
        "Records lead to something in the plan",
        "by construction",
        "Records take their address from the plan.",
    ),
    Gap(
        "The service is in the catalog, its owner exists",
        "by construction",
        "The loader refuses it otherwise.",
    ),
    Gap(
        "No stateful delete or replace without approval",
        "unimplemented",
        "Needs the engine's diff with live state.",
    ),
    Gap(
        "Vendors let our addresses in",
        "unimplemented",
        "A vendor says that it keeps a list of addresses, not which are on it.",
    ),
    Gap(
        "A name's TTL is lowered before the name is moved",
        "unimplemented",
        "The catalog records no moves; the TTL of every address is short at all times instead.",
    ),
    Gap(
        "Changes of a database's schema can be rolled back",
        "unimplemented",
        "They are in the service's own repository; the spec doesn't describe them.",
    ),
    Gap(
        "Data stays where its class allows",
        "unimplemented",
        "An environment doesn't say which classes of data its region may hold.",
    ),
    Gap(
        "Red data is encrypted with keys of our own",
        "unimplemented",
        "A store has no field for a key; all are encrypted with Google's.",
    ),
    Gap(
        "Audit logs leave the project",
        "unimplemented",
        "An environment names no other project to send them to.",
    ),
    Gap(
        "Images are signed",
        "unimplemented",
        "Needs attestations of the registry; digest and registry are checked.",
    ),
    Gap(
        "Break-glass access ends",
        "by construction",
        "A broken glass names its last day, three days off at most, and passes nothing after it.",
    ),
    Gap(
        "Every alert has runbook, severity and team",
        "unimplemented",
        "Alerts are designed, but not generated yet.",
    ),
    Gap(
        "Control follows the risk of a change",
        "unimplemented",
        "Needs the change request and incident history.",
    ),
    Gap("No change in a change lock", "unimplemented", "The catalog holds no locks yet."),
    Gap("The error budget is not exhausted", "unimplemented", "Needs measured SLIs."),
    Gap(
        "What is applied is the plan that was checked",
        "by construction",
        "The gate judges in the program, and again what an update asks for otherwise.",
    ),
    Gap("Staging passed first", "unimplemented", "Needs the history of deployments."),
    Gap("No incident blocks deploys", "unimplemented", "Needs the incident tracker."),
    Gap("Saturation stays below its limit for 28 days", "unimplemented", "Needs measured saturation."),
    Gap("The cost estimate is within budget", "unimplemented", "Needs a price list and a declared budget."),
    Gap("What idles is made smaller", "unimplemented", "Needs measured utilisation."),
)
