"""Which policies of an organisation allow what is demanded."""

import re
from pathlib import Path

import pytest

from stacks.providers import constraints
from stacks.providers.constraints import BALANCERS, LOCATIONS, MEMBERS, Permit, demands
from stacks.providers.organisation_policies import PolicyRule, is_allowed

PUBLIC = Permit("sql.restrictPublicIp", "", "has a public address")
REGION = Permit(LOCATIONS, "us-east1", "is made there")
MACHINE = Permit("compute.vmExternalIpAccess", "projects/p/zones/z/instances/i", "has a public address")
PEER = Permit("compute.restrictVpcPeering", "projects/*/global/networks/servicenetworking", "peers")


def allow(*values: str) -> PolicyRule:
    return PolicyRule(allowed=values)


def deny(*values: str) -> PolicyRule:
    return PolicyRule(denied=values)


@pytest.mark.parametrize(
    ("demand", "rules", "verdict"),
    [
        (PUBLIC, [], True),
        (PUBLIC, [PolicyRule(enforce=False)], True),
        (PUBLIC, [PolicyRule(enforce=True)], False),
        (PUBLIC, [PolicyRule(enforce=True, condition="resource.matchTag('1/env', 'x')")], None),
        (REGION, [], True),
        (REGION, [PolicyRule(allow_all=True)], True),
        (REGION, [PolicyRule(deny_all=True)], False),
        (REGION, [allow("us-east1")], True),
        (REGION, [allow("is:us-east1")], True),
        (REGION, [allow("in:us-locations")], True),
        (REGION, [allow("in:us-east1-locations")], True),
        (REGION, [allow("in:us-east4-locations")], False),
        (REGION, [allow("in:europe-locations", "asia-east1")], False),
        (REGION, [allow("in:low-carbon-locations")], None),
        (REGION, [allow("in:us-locations"), deny("us-east1")], False),
        (REGION, [deny("in:low-carbon-locations")], None),
        (REGION, [PolicyRule(allow_all=True, condition="tag"), deny("us-east1")], None),
        (REGION._replace(value="us-east1-b"), [allow("in:us-east1-locations")], True),
        (MACHINE, [allow("projects/p/zones/z/instances/i")], True),
        (MACHINE, [allow("under:projects/p")], True),
        (MACHINE, [allow("under:projects/q")], False),
        (MACHINE, [allow("under:organizations/1")], None),
        (PEER, [allow("under:organizations/1")], None),
        (PEER, [allow("under:projects/p")], None),
        (PEER, [PolicyRule(deny_all=True)], False),
        (Permit(BALANCERS, "GLOBAL_EXTERNAL_MANAGED_HTTP_HTTPS", ""), [allow("in:EXTERNAL")], True),
        (Permit(BALANCERS, "GLOBAL_EXTERNAL_MANAGED_HTTP_HTTPS", ""), [allow("in:INTERNAL")], False),
        (Permit(MEMBERS, "group:acme.example", ""), [allow("C03xgje4y")], None),
        (Permit(MEMBERS, "allUsers", ""), [allow("is:C03xgje4y")], False),
    ],
)
def test_a_policy_allows_refuses_or_cannot_be_told(
    demand: Permit, rules: list[PolicyRule], verdict: bool | None
) -> None:
    assert is_allowed(rules, demand) is verdict


@pytest.mark.parametrize(
    ("customers", "rules", "verdict"),
    [
        (("C03xgje4y",), [allow("C03xgje4y")], True),
        (("C03xgje4y",), [allow("is:C03xgje4y")], True),
        (("C03xgje4y", "principalSet://o/1"), [allow("is:principalSet://o/1")], True),
        (("C03xgje4y",), [allow("C0other")], False),
        ((), [allow("C03xgje4y")], False),
        (("C03xgje4y",), [deny("C03xgje4y")], False),
        (None, [allow("C03xgje4y")], None),
        (None, [], True),
    ],
)
def test_a_policy_on_members_is_judged_where_their_customer_is_known(
    customers: tuple[str, ...] | None, rules: list[PolicyRule], verdict: bool | None
) -> None:
    assert is_allowed(rules, Permit(MEMBERS, "group:acme.example", ""), customers) is verdict


def test_a_member_that_only_the_update_knows_demands_it_too() -> None:
    token = "gcp:projects/iAMMember:IAMMember"
    values = [each.value for each in demands(token, {"member": {"$unknown": []}}, "p")]
    assert values == ["*"]
    account = {"member": "serviceAccount:web@p.iam.gserviceaccount.com"}
    assert [each.value for each in demands(token, account, "p")] == [
        "serviceAccount:p.iam.gserviceaccount.com"
    ]


def test_a_machine_with_a_public_address_demands_it_and_one_without_does_not() -> None:
    token = "gcp:compute/instance:Instance"
    inputs = {"name": "i", "zone": "us-east1-b", "networkInterfaces": [{"accessConfigs": [{"natIp": "x"}]}]}
    public = [each.constraint for each in demands(token, inputs, "p")]
    private = [each.constraint for each in demands(token, {**inputs, "networkInterfaces": [{}]}, "p")]
    assert "compute.vmExternalIpAccess" in public
    assert "compute.vmExternalIpAccess" not in private


def test_a_database_with_a_public_address_and_a_bucket_with_access_lists_demand_it() -> None:
    database = [each.constraint for each in demands("gcp:sql/databaseInstance:DatabaseInstance", {}, "p")]
    bucket = [each.constraint for each in demands("gcp:storage/bucket:Bucket", {"location": "US"}, "p")]
    assert "sql.restrictPublicIp" in database
    assert "storage.uniformBucketLevelAccess" in bucket


def test_every_constraint_that_may_be_demanded_is_listed_and_no_other() -> None:
    source = Path(constraints.__file__).read_text("utf-8")
    written = set(re.findall(r'Permit\(\s*"([^"]+)"', source))
    named = {value for name, value in vars(constraints).items() if name.isupper() and isinstance(value, str)}
    demanded = {value for value in written | named if re.fullmatch(r"[a-z]+\.[A-Za-z]+", value)}
    assert demanded == constraints.CONSTRAINTS
