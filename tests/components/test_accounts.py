from stacks.plan import PlannedResource
from tests.components.service_plans import all_of, named, one, plan

PROJECT = "acme-subscriptions-prod"


def member(account: str) -> str:
    return f"serviceAccount:{account}@{PROJECT}.iam.gserviceaccount.com"


def test_every_workload_has_an_account_of_its_own_without_a_key() -> None:
    assert {a.inputs["accountId"] for a in all_of("account:Account")} == {
        "customersdot-web",
        "customersdot-api",
        "customersdot-jobs",
        "customersdot-billing-clock",
        "customersdot-migrate-db",
    }
    assert all_of("key:Key") == []


def test_an_account_may_tell_how_it_is_and_log_in_to_its_own_database() -> None:
    condition = {
        "title": "customersdot-db-g1",
        "expression": f'resource.name == "projects/{PROJECT}/instances/customersdot-db-g1"'
        ' && resource.service == "sqladmin.googleapis.com"',
    }
    granted = [
        r.inputs
        for r in all_of("projects/iAMMember:IAMMember")
        if r.inputs["member"] == member("customersdot-web")
    ]
    assert {grant["role"]: grant.get("condition") for grant in granted} == {
        "roles/logging.logWriter": None,
        "roles/monitoring.metricWriter": None,
        "roles/cloudsql.client": condition,
        "roles/cloudsql.instanceUser": condition,
    }
    assert {grant["project"] for grant in granted} == {PROJECT}


def test_who_has_no_database_may_log_in_to_none() -> None:
    roles = {r.inputs["role"] for r in all_of("projects/iAMMember:IAMMember", "nightly-report")}
    assert roles == {"roles/logging.logWriter", "roles/monitoring.metricWriter"}


def test_only_its_own_workload_can_act_as_an_account() -> None:
    binding = named("serviceaccount/iAMMember:IAMMember", "customersdot-web-customersdot-web").inputs
    assert binding["role"] == "roles/iam.workloadIdentityUser"
    assert binding["member"] == f"serviceAccount:{PROJECT}.svc.id.goog[customersdot/web]"
    assert len(all_of("serviceaccount/iAMMember:IAMMember")) == 5


def test_workloads_on_one_machine_share_its_account_and_nothing_else_acts_as_it() -> None:
    assert one("account:Account", "back-office").inputs["accountId"] == "back-office-vm"
    assert all_of("serviceaccount/iAMMember:IAMMember", "back-office") == []


def test_a_secret_is_read_by_its_readers_only() -> None:
    readers = [
        r for r in all_of(":SecretIamMember") if r.inputs["secretId"] == "customersdot-zuora-client-secret"
    ]
    assert {r.inputs["member"] for r in readers} == {
        member("customersdot-web"),
        member("customersdot-jobs"),
        member("customersdot-billing-clock"),
        member("customersdot-migrate-db"),
    }
    assert {r.inputs["role"] for r in all_of(":SecretIamMember")} == {"roles/secretmanager.secretAccessor"}


def test_holders_are_made_and_only_passwords_of_stores_are_put_into_them() -> None:
    assert {secret.inputs["secretId"] for secret in all_of("secret:Secret")} == {
        "customersdot-gitlab-api-key",
        "customersdot-jwt-signing-key",
        "customersdot-mailgun-api-key",
        "customersdot-redis-auth",
        "customersdot-salesforce-token",
        "customersdot-secret-key-base",
        "customersdot-stripe-api-key",
        "customersdot-zuora-client-secret",
    }
    (version,) = all_of(":SecretVersion")
    assert version.inputs["secret"] == "projects/acme-subscriptions-prod/secrets/customersdot-redis-auth"
    redis = named("redis/instance:Instance", "customersdot-redis-g1").urn
    assert redis in version.inputs["secretDataWo"]["$unknown"]
    readers = [*all_of(":Rollout"), *all_of(":CronJob")]
    assert all(version.urn in needed(reader) for reader in readers), "pods would wait for it"


def needed(resource: PlannedResource) -> set[str]:
    """What a resource, or a component above it, depends on."""
    above = {each.urn: each for each in plan().resources}
    found: set[str] = set()
    at: PlannedResource | None = resource
    while at is not None:
        found |= set(at.options.depends_on)
        at = above.get(at.parent or "")
    return found


def test_a_machine_reads_the_secrets_of_what_runs_on_it() -> None:
    (reader,) = all_of(":SecretIamMember", "back-office")
    assert (reader.inputs["secretId"], reader.inputs["member"]) == (
        "back-office-token",
        member("back-office-vm"),
    )
