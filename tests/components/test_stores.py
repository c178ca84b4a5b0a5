from typing import Any

import pytest

from tests.components.service_plans import all_of, one, plan, urns


def settings(name: str = "customersdot", environment: str = "production") -> dict[str, Any]:
    inside: dict[str, Any] = one(":DatabaseInstance", name, environment).inputs["settings"]
    return inside


def redis() -> dict[str, Any]:
    return one("gcp:redis/instance:Instance").inputs


def test_the_database_has_a_standby_in_another_zone() -> None:
    assert settings()["availabilityType"] == "REGIONAL"
    assert settings()["locationPreference"] == {"zone": "us-east1-b", "secondaryZone": "us-east1-c"}


def test_a_zonal_database_has_no_standby() -> None:
    assert settings("back-office")["availabilityType"] == "ZONAL"
    assert settings("back-office")["locationPreference"] == {"zone": "us-east1-b"}


@pytest.mark.parametrize(
    ("environment", "edition", "tier"),
    [
        ("production", "ENTERPRISE_PLUS", "db-perf-optimized-N-8"),
        ("staging", "ENTERPRISE", "db-custom-2-7680"),
    ],
)
def test_the_edition_is_spelled_out_beside_its_kind_of_tier(
    environment: str, edition: str, tier: str
) -> None:
    assert (settings(environment=environment)["edition"], settings(environment=environment)["tier"]) == (
        edition,
        tier,
    )


def test_the_database_refuses_unencrypted_connections() -> None:
    assert settings()["ipConfiguration"]["sslMode"] == "ENCRYPTED_ONLY"
    assert settings("back-office")["ipConfiguration"]["sslMode"] == "ALLOW_UNENCRYPTED_AND_ENCRYPTED"


def test_the_database_is_reached_from_the_network_only() -> None:
    addresses = settings()["ipConfiguration"]
    assert addresses["ipv4Enabled"] is False
    assert addresses["allocatedIpRange"] == "production-stores"
    (network,) = urns(addresses["privateNetwork"])
    assert network.endswith("::organization/pave/foundation.production")
    assert settings("back-office")["ipConfiguration"].keys() == {"ipv4Enabled", "sslMode"}


def test_any_second_of_the_last_days_can_be_restored() -> None:
    assert settings()["backupConfiguration"] == {
        "enabled": True,
        "startTime": "01:00",
        "pointInTimeRecoveryEnabled": True,
        "transactionLogRetentionDays": 7,
        "backupRetentionSettings": {"retainedBackups": 30, "retentionUnit": "COUNT"},
    }


def test_backups_and_a_last_one_stay_when_the_database_is_deleted() -> None:
    assert settings()["retainBackupsOnDelete"] is True
    assert settings()["finalBackupConfig"] == {"enabled": True, "retentionDays": 30}


def test_the_database_tells_who_came_and_what_was_changed() -> None:
    flags = {flag["name"]: flag["value"] for flag in settings()["databaseFlags"]}
    assert (flags["log_connections"], flags["log_disconnections"], flags["log_statement"]) == (
        "on",
        "on",
        "ddl",
    )
    assert (flags["cloudsql.enable_pgaudit"], flags["pgaudit.log"]) == ("on", "ddl,role,write")
    assert "log_min_duration_statement" not in flags, "statements hold customers' data"


def test_a_database_refuses_whoever_does_not_come_through_a_connector_that_verifies_it() -> None:
    assert settings()["connectorEnforcement"] == "REQUIRED"
    assert settings("half-moved")["connectorEnforcement"] == "REQUIRED"
    assert settings("back-office")["connectorEnforcement"] == "NOT_REQUIRED", "machines connect to it"


def test_the_database_has_all_three_guards_against_deletion() -> None:
    instance = one(":DatabaseInstance")
    assert instance.inputs["deletionProtection"] is True
    assert settings()["deletionProtectionEnabled"] is True
    assert instance.options.protect


def test_the_database_allows_what_the_design_counts_on() -> None:
    assert {"name": "max_connections", "value": "800"} in settings()["databaseFlags"]
    assert (settings()["diskSize"], settings()["diskAutoresize"]) == (500, True)
    assert settings()["maintenanceWindow"] == {"day": 6, "hour": 6, "updateTrack": "week5"}


def test_workloads_log_in_as_themselves_and_nobody_has_a_password() -> None:
    assert {"name": "cloudsql.iam_authentication", "value": "on"} in settings()["databaseFlags"]
    assert {user.inputs["name"] for user in all_of("sql/user:User")} == {
        f"customersdot-{workload}@acme-subscriptions-prod.iam"
        for workload in ("web", "api", "jobs", "billing-clock", "migrate-db")
    }
    for user in all_of("sql/user:User"):
        assert user.inputs["type"] == "CLOUD_IAM_SERVICE_ACCOUNT"
        assert user.inputs.keys() - {"databaseRoles"} == {"deletionPolicy", "instance", "name", "type"}
    assert "rootPassword" not in one(":DatabaseInstance").inputs


def test_who_migrates_may_make_tables_before_anybody_needs_them() -> None:
    roles = {user.inputs["name"]: user.inputs.get("databaseRoles") for user in all_of("sql/user:User")}
    who = "customersdot-migrate-db@acme-subscriptions-prod.iam"
    assert {name for name, given in roles.items() if given} == {who}
    assert roles[who] == ["cloudsqlsuperuser"]
    job = one("batch/v1:Job")
    assert job.inputs["spec"]["backoffLimit"] == 0
    container = job.inputs["spec"]["template"]["spec"]["containers"][0]
    told = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert (told["DB_USER"], container["command"][-1]) == (who, "db:migrate")
    assert "customersdot_owner" in told["DB_GRANTS"]
    kinds = [each for each in plan("customersdot").resources if each.type == "pave:service:Workload"]
    starts = [each for each in kinds if each.name != "customersdot-migrate-db"]
    assert len(starts) == 4
    for workload in starts:  # what is in it waits with it
        assert job.urn in workload.options.depends_on, workload.name


def test_who_opens_no_connections_is_no_user() -> None:
    assert [user.inputs["name"] for user in all_of("sql/user:User", "half-moved")] == [
        "half-moved-new@acme-subscriptions-prod.iam"
    ]


def test_the_database_is_there_before_what_is_in_it() -> None:
    instance = one(":DatabaseInstance").urn
    for inside in [*all_of("sql/user:User"), one("sql/database:Database")]:
        assert instance in inside.options.depends_on


def test_the_redis_fails_over_to_another_zone() -> None:
    assert redis()["tier"] == "STANDARD_HA"
    assert (redis()["locationId"], redis()["alternativeLocationId"]) == ("us-east1-b", "us-east1-c")


def test_the_redis_asks_who_calls_and_encrypts() -> None:
    assert redis()["authEnabled"] is True
    assert redis()["transitEncryptionMode"] == "SERVER_AUTHENTICATION"
    assert redis()["connectMode"] == "PRIVATE_SERVICE_ACCESS"


def test_the_auth_string_is_a_secret_output() -> None:
    assert "authString" in one("gcp:redis/instance:Instance").options.additional_secret_outputs


def test_the_redis_refuses_new_jobs_rather_than_forget_old_ones() -> None:
    assert redis()["redisConfigs"] == {"maxmemory-policy": "noeviction"}
    assert redis()["persistenceConfig"] == {"persistenceMode": "RDB", "rdbSnapshotPeriod": "ONE_HOUR"}


def test_the_redis_is_maintained_in_its_window() -> None:
    (window,) = redis()["maintenancePolicy"]["weeklyMaintenanceWindows"]
    assert window["day"] == "SATURDAY"
    assert window["startTime"] == {"hours": 8, "minutes": 0, "seconds": 0, "nanos": 0}


def test_nothing_of_a_service_and_its_environment_is_maintained_at_the_same_time() -> None:
    """Nodes are on Sundays in production, from 6 to 18."""
    database = settings()["maintenanceWindow"]
    (cache,) = redis()["maintenancePolicy"]["weeklyMaintenanceWindows"]
    assert database["day"] != 7
    assert cache["startTime"]["hours"] - database["hour"] >= 2


def test_staging_has_a_new_version_before_production() -> None:
    tracks = {where: settings(environment=where)["maintenanceWindow"] for where in ("staging", "production")}
    assert [tracks[where]["updateTrack"] for where in ("staging", "production")] == ["stable", "week5"]
    assert tracks["staging"]["day"] < tracks["production"]["day"]


def test_a_database_is_left_alone_at_the_close_of_a_quarter_when_its_owner_says_so() -> None:
    denied = {"startDate": "01-25", "endDate": "02-05", "time": "00:00:00"}
    assert settings()["denyMaintenancePeriod"] == denied
    assert "denyMaintenancePeriod" not in settings("half-moved")


def test_names_of_stores_carry_their_generation() -> None:
    assert one(":DatabaseInstance").inputs["name"] == "customersdot-db-g1"
    assert redis()["name"] == "customersdot-redis-g1"


def test_a_store_inside_a_machine_is_no_resource_of_its_own() -> None:
    assert not [r for r in plan("back-office").resources if "redis" in r.type]
