"""What a change does beside what it says, by the table."""

from typing import Any

import pytest

from stacks.properties import UNKNOWN
from stacks.providers.data import BUCKET
from stacks.providers.edge import MAP_ENTRY
from stacks.providers.effects import EFFECTS, GONE, of_deletion, of_update
from stacks.providers.messages import SUBSCRIPTION
from stacks.providers.routes import URL_MAP
from stacks.providers.table import TYPES

SQL = "gcp:sql/databaseInstance:DatabaseInstance"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
NOTHING: dict[str, Any] = {}


def kinds(token: str, old: Any, new: Any) -> list[str]:
    return [one.kind for one in of_update(token, old, new)]


@pytest.mark.parametrize(
    ("token", "old", "new", "wanted"),
    [
        (BUCKET, {"retentionPolicy": {}}, {"retentionPolicy": {"isLocked": True}}, ["irreversible"]),
        (BUCKET, {"versioning": {"enabled": True}}, {"versioning": {"enabled": False}}, ["irreversible"]),
        (BUCKET, {"versioning": {"enabled": False}}, {"versioning": {"enabled": True}}, []),
        (
            SUBSCRIPTION,
            {"messageRetentionDuration": "604800s"},
            {"messageRetentionDuration": "86400s"},
            ["irreversible"],
        ),
        (SUBSCRIPTION, {"messageRetentionDuration": "86400s"}, {"messageRetentionDuration": "604800s"}, []),
        (SUBSCRIPTION, {}, {"messageRetentionDuration": "604800s"}, []),
    ],
)
def test_what_is_kept_for_a_shorter_time_is_lost(token: str, old: Any, new: Any, wanted: list[str]) -> None:
    assert kinds(token, old, new) == wanted


def test_every_row_is_of_a_type_that_is_known_and_gives_its_source() -> None:
    assert {*EFFECTS, *GONE} <= set(TYPES)
    for row in (row for rows in EFFECTS.values() for row in rows):
        assert row.fields
        assert row.source.startswith("https://")
    assert all(source.startswith("https://") for _, _, source in GONE.values())


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("POSTGRES_14", "POSTGRES_16", "irreversible"),
        ("POSTGRES_9_6", "POSTGRES_16", "irreversible"),
        ("POSTGRES_16", "POSTGRES_15", "impossible"),
        ("POSTGRES_16", "MYSQL_8_0", "impossible"),
    ],
)
def test_a_major_version_only_goes_on(old: str, new: str, kind: str) -> None:
    assert kinds(SQL, {"databaseVersion": old}, {"databaseVersion": new}) == [kind]


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("edition", "ENTERPRISE", "ENTERPRISE_PLUS"),
        ("availabilityType", "ZONAL", "REGIONAL"),
        ("tier", "db-custom-2-8192", "db-custom-4-16384"),
    ],
)
def test_what_restarts_or_moves_a_database_interrupts(field: str, old: str, new: str) -> None:
    assert kinds(SQL, {"settings": {field: old}}, {"settings": {field: new}}) == ["interruption"]


def test_a_host_that_is_served_with_another_certificate_is_cut_off_while_that_is_made() -> None:
    entry = {"hostname": "web.acme.example", "certificates": ["projects/p/certificates/web"]}
    (found,) = of_update(MAP_ENTRY, entry, {**entry, "certificates": [UNKNOWN]})
    assert (found.kind, found.path) == ("interruption", "certificates")
    assert "browsers refuse to connect" in found.what
    assert of_update(MAP_ENTRY, entry, {**entry, "labels": {"a": "b"}}) == []


def test_a_database_that_begins_to_ask_for_a_connector_cuts_off_who_has_none() -> None:
    without, asked = ({"settings": {"connectorEnforcement": each}} for each in ("NOT_REQUIRED", "REQUIRED"))
    assert kinds(SQL, without, asked) == ["interruption"]
    assert kinds(SQL, NOTHING, asked) == ["interruption"]
    assert kinds(SQL, asked, without) == []


def test_what_is_the_same_and_what_has_no_row_does_nothing_that_is_known() -> None:
    same = {"databaseVersion": "POSTGRES_16", "settings": {"tier": "a", "diskSize": 10}}
    assert kinds(SQL, same, same) == []
    assert kinds(SQL, same, {**same, "settings": {"tier": "a", "diskSize": 20}}) == []
    assert kinds("gcp:nothing/like:It", same, NOTHING) == []
    assert of_deletion("gcp:nothing/like:It") == []


def test_what_is_only_known_later_may_differ() -> None:
    old, new = {"settings": {"tier": "a"}}, {"settings": {"tier": UNKNOWN}}
    assert kinds(SQL, old, new) == ["interruption"]
    assert kinds(SQL, new, new) == []


@pytest.mark.parametrize(("strategy", "kind"), [("RollingUpdate", "restart"), ("Recreate", "interruption")])
def test_pods_are_replaced_as_their_strategy_says(strategy: str, kind: str) -> None:
    old, new = (
        {"spec": {"strategy": {"type": strategy}, "template": {"image": each}}} for each in ("one", "two")
    )
    assert kinds(DEPLOYMENT, old, new) == [kind]


def url_map(*rules: tuple[str, str], default: str = "portal") -> Any:
    rows = [{"paths": [path], "service": f"https://x/backendServices/{name}"} for path, name in rules]
    matcher = {"name": "shop", "defaultService": f"https://x/backendServices/{default}", "pathRules": rows}
    return {
        "defaultUrlRedirect": {"hostRedirect": "shop.example"},
        "hostRules": [{"hosts": ["shop.example"], "pathMatcher": "shop"}],
        "pathMatchers": [matcher],
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            url_map(("/pay/*", "pay"), ("/trials/*", "trial")),
            url_map(("/pay/*", "pay")),
            [
                (
                    "shop.example/trials/* has no route of its own any more:"
                    " it leads where shop.example/* leads, to portal"
                )
            ],
        ),
        (
            url_map(("/pay/*", "pay"), ("/pay/later/*", "later")),
            url_map(("/pay/*", "pay")),
            [
                (
                    "shop.example/pay/later/* has no route of its own any more:"
                    " it leads where shop.example/pay/* leads, to pay"
                )
            ],
        ),
        (
            url_map(("/pay/*", "pay")),
            url_map(("/pay/*", "till")),
            ["shop.example/pay/* leads to till, and no longer to pay"],
        ),
        (
            url_map(),
            {**url_map(), "hostRules": []},
            [
                (
                    "shop.example/* has no route of its own any more:"
                    " it leads where other hosts lead, to a redirect to shop.example"
                )
            ],
        ),
        (url_map(), url_map(("/new", "new")), []),
    ],
)
def test_a_path_that_goes_says_where_it_leads_then(old: Any, new: Any, said: list[str]) -> None:
    assert [one.what for one in of_update(URL_MAP, old, new)] == said


def test_where_a_path_leads_is_only_said_when_it_is_known() -> None:
    later = {"$unknown": ["urn"]}
    old, new = url_map(("/pay/*", "pay"), ("/trials/*", "trial")), url_map(("/pay/*", "pay"))
    for one in (old, new):
        one["pathMatchers"][0]["defaultService"] = later
        for rule in one["pathMatchers"][0]["pathRules"]:
            rule["service"] = later
    (found,) = of_update(URL_MAP, old, new)
    assert found.what.endswith("it leads where shop.example/* leads")
