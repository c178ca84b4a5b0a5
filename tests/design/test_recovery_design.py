"""What is known to come back after a loss, by the topology of a database."""

from components.design.stores.recovery import LossRecovery
from tests.design.test_service_design import WEB, decide


def recovered(store: str, promise: str = "restoreMinutes: 45") -> list[LossRecovery]:
    line = f"{{name: db, kind: postgres{store}}}"
    return decide(WEB, f"  recovery: {{{promise}}}\n  stores:\n    - {line}").stores[0].recoveries


def figures(one: LossRecovery) -> tuple[str, str, int | None, int | None]:
    return one.loss, one.means, one.rpo_minutes, one.rto_minutes


def test_a_regional_database_fails_over_without_loss_and_goes_back_in_time_by_its_log() -> None:
    zone, mistake = recovered("")
    assert figures(zone) == ("a zone", "failover", 0, 1)
    assert figures(mistake) == ("data by mistake", "transaction log", 0, 45)


def test_a_zonal_database_is_restored_from_a_log_that_lags() -> None:
    zone, _ = recovered(", availability: zonal")
    assert figures(zone) == ("a zone", "transaction log", 5, 45)


def test_without_a_log_the_newest_backup_may_be_more_than_a_day_old() -> None:
    zone, mistake = recovered(", availability: zonal, backup: {pointInTime: false}")
    assert figures(zone) == ("a zone", "backup", 1680, 45)
    assert figures(mistake) == ("data by mistake", "backup", 1680, 45)


def test_without_backups_what_was_deleted_never_comes_back() -> None:
    zone, mistake = recovered(", backup: {enabled: false}")
    assert zone.means == "failover"
    assert figures(mistake) == ("data by mistake", "nothing", None, None)


def test_a_lost_region_takes_the_log_with_it_and_leaves_the_backups() -> None:
    region = recovered("", "restoreMinutes: 45, scope: region")[2]
    assert figures(region) == ("the region", "backup", 1680, 45)


def test_how_long_a_restore_takes_is_not_known_until_one_was_measured() -> None:
    assert [one.rto_minutes for one in recovered("", "scope: region")] == [1, None, None]


def test_nothing_is_known_of_a_store_on_a_machine_and_a_cache_can_be_filled_again() -> None:
    machine = "    - {name: web, runtime: vm, vm: {host: box}}"
    own = decide(machine, "  stores:\n    - {name: db, kind: postgres, runtime: vm}").stores[0]
    cache = decide(WEB, "  stores:\n    - {name: redis, kind: redis}").stores[0]
    assert own.recoveries == cache.recoveries == []
