"""What a new service takes over from another one, and what it may not."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.document import Json
from catalog.validation import is_valid, schema
from pave.drafting.service import NO_DIGEST, Draft, StartingPoint, check_name, fresh, like

GROUND = StartingPoint("production", "production", "registry.example/ours/")
PATTERN = schema("Service")["properties"]["metadata"]["properties"]["name"]["pattern"]

OTHER: Json = {
    "apiVersion": "pave/v1",
    "kind": "Service",
    "metadata": {
        "name": "shop",
        "owner": "retail",
        "title": "Shop",
        "links": [{"kind": "logs", "url": "https://example.com/shop"}],
    },
    "spec": {
        "tier": "standard",
        "stage": "ga",
        "recovery": {"restoreTestedOn": "2026-11-01"},
        "workloads": [
            {
                "name": "web",
                "image": "registry.example/theirs/shop/app:1@sha256:" + "a" * 64,
                "environment": [
                    {"name": "APP_URL", "value": "https://buy.acme.example/start"},
                    {"name": "DATABASE", "value": "shop"},
                    {"name": "GREETING", "value": "workshop"},
                    {"name": "TOKEN", "secret": "token"},
                ],
            },
            {"name": "jobs", "kind": "worker", "image": "registry.example/theirs/jobs@sha256:" + "b" * 64},
        ],
        "stores": [{"name": "db", "kind": "postgres", "generation": 3}],
        "endpoints": [
            {
                "name": "all",
                "paths": ["/*"],
                "rateLimit": {"requests": 5, "mode": "enforce", "previewedOn": "2026-09-01"},
            }
        ],
        "edge": {
            "host": "buy.acme.example",
            "waf": {
                "mode": "enforce",
                "previewedOn": "2026-09-01",
                "exceptions": [{"name": "partner", "paths": ["/in"], "sources": ["192.0.2.0/24"]}],
            },
        },
        "maturity": {"skip": [{"criterion": "Logs", "reason": "Its logs are elsewhere."}]},
        "environments": [
            {"name": "production"},
            {
                "name": "staging",
                "override": {
                    "availability": {"target": 99},
                    "edge": {"host": "buy.staging.acme.example"},
                    "workloads": [{"name": "web", "image": "registry.example/theirs/shop/app:2"}],
                },
            },
            {"name": "other", "override": {"edge": {"host": "buy.other.acme.example"}}},
        ],
    },
}


def taken(**changes: Any) -> Draft:
    wanted: dict[str, Any] = {"owner": None, "tier": None, "stage": None, "ground": GROUND, **changes}
    return like(OTHER, "kiosk", **wanted)


def test_it_takes_the_shape_and_leaves_what_belongs_to_the_other() -> None:
    assert is_valid("Service", OTHER)
    draft = taken()
    assert is_valid("Service", draft.data)
    assert draft.data["metadata"] == {"name": "kiosk", "owner": "retail"}
    assert draft.data["spec"] == {
        "tier": "standard",
        "stage": "beta",
        "workloads": [
            {
                "name": "web",
                "image": f"registry.example/theirs/kiosk/app@{NO_DIGEST}",
                "environment": [
                    {"name": "GREETING", "value": "workshop"},
                    {"name": "TOKEN", "secret": "token"},
                ],
            },
            {"name": "jobs", "kind": "worker", "image": f"registry.example/ours/kiosk/jobs@{NO_DIGEST}"},
        ],
        "stores": [{"name": "db", "kind": "postgres"}],
        "endpoints": [{"name": "all", "paths": ["/*"], "rateLimit": {"requests": 5}}],
        "environments": [
            {"name": "production"},
            {
                "name": "staging",
                "override": {
                    "availability": {"target": 99},
                    "workloads": [{"name": "web", "image": f"registry.example/theirs/kiosk/app@{NO_DIGEST}"}],
                },
            },
            {"name": "other"},
        ],
    }


def test_it_says_what_it_left_and_what_to_fill_in() -> None:
    draft = taken()
    assert draft.left_out == [
        "days of restore and failover tests",
        "variable APP_URL, which names it",
        "variable DATABASE, which names it",
        "limits that refuse: they start in preview",
        "its hosts",
        "the firewall's exceptions",
        "criteria of the maturity model that it skips",
        "title, description, links and cost centre of shop",
    ]
    assert [place[-1] for place in draft.notes] == ["image", "image", "image"]


def test_what_is_asked_for_wins() -> None:
    draft = taken(owner="kiosks", tier="internal", stage="ga")
    assert draft.data["metadata"]["owner"] == "kiosks"
    assert (draft.data["spec"]["tier"], draft.data["spec"]["stage"]) == ("internal", "ga")


def test_an_experiment_stays_one() -> None:
    experiment = {**OTHER, "spec": {**OTHER["spec"], "stage": "experiment"}}
    assert like(experiment, "kiosk", None, None, None, GROUND).data["spec"]["stage"] == "experiment"


def test_a_new_service_says_only_what_its_tier_and_stage_ask_for() -> None:
    trial = fresh("kiosk", "retail", "standard", "experiment", GROUND).data["spec"]
    assert trial.keys() == {"tier", "stage", "dataClass", "workloads"}
    assert trial["dataClass"] == "yellow", "people's data is no trial"
    inner = fresh("kiosk", "retail", "internal", "experiment", GROUND).data["spec"]
    assert inner.keys() == {"tier", "stage", "workloads"}
    vital = fresh("kiosk", "retail", "critical", "ga", GROUND).data["spec"]
    assert vital.keys() == {*trial, "dataClass", "recovery"}
    elsewhere = fresh(
        "kiosk", "retail", "critical", "ga", StartingPoint("trials", "development", "r.example/a")
    )
    assert elsewhere.data["spec"].keys() == {*trial, "environments"}


@given(st.from_regex(PATTERN, fullmatch=True) | st.text(max_size=60) | st.text("aB-1 _", max_size=50))
def test_a_name_is_one_to_the_schema_too_and_the_hint_is_one(name: str) -> None:
    wrong = check_name(name)
    assert (wrong is None) == bool(re.search(PATTERN, name) and "\n" not in name)
    hint = re.search(r"Write (?:it like )?`(.*)`", wrong or "")
    assert wrong is None or (hint and check_name(hint[1]) is None)
