"""What is wrong with a zone's file, by itself and beside the rest of the catalog."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.checks.dns_records import EXAMPLES, in_zone_file, wrong_records
from catalog.editing.writing import write
from catalog.loader import load
from catalog.validation import schema

Wrong = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def wrong(shipped: Path, tmp_path: Path) -> Wrong:
    """(rule, path) of all that is wrong with the shipped catalog once production's zone has these records."""
    root = tmp_path / "catalog"
    shutil.copytree(shipped, root)

    def found(records: list[dict[str, Any]], **more: Any) -> list[tuple[str, str]]:
        spec = {"owner": "platform", "records": [{"why": "A test.", **each} for each in records], **more}
        zone = {"apiVersion": "pave/v1", "kind": "Zone", "metadata": {"name": "production"}, "spec": spec}
        (root / "zones" / "production.yaml").write_text(write(zone), "utf-8")
        catalog = load(root)
        document = catalog.documents["Zone"].get("production")
        dangling = [] if document is None else catalog.dangling(document)
        return [(each.rule, each.path) for each in (*catalog.problems, *catalog.contested(), *dangling)]

    return found


def record(name: str, kind: str, *values: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "values": [*values]}


def test_every_type_has_an_example_that_is_one() -> None:
    said = schema("Zone")["properties"]["spec"]["properties"]["records"]["items"]["properties"]
    assert set(said["type"]["enum"]) == EXAMPLES.keys()
    for kind, value in EXAMPLES.items():
        assert in_zone_file(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("A", "192.0.2.256"),
        ("A", "2001:db8::1"),
        ("AAAA", "192.0.2.1"),
        ("CAA", "pki.goog"),
        ("CNAME", "shop"),
        ("MX", "mx.example.net"),
        ("MX", "ten mx.example.net"),
        ("SRV", "10 5 70000 sip.example.net"),
        ("TXT", '"v=spf1 -all"'),
        ("TXT", "\u00fc"),
        ("DS", "2371 8 2 zz"),
        ("TLSA", "3 1"),
    ],
)
def test_a_value_that_is_none_is_refused_where_it_stands(wrong: Wrong, kind: str, value: str) -> None:
    name = "below" if kind == "DS" else "x"
    others = [record("below", "NS", "ns1.example.net")] if kind == "DS" else []
    found = wrong([record(name, kind, value), *others])
    assert found == [("catalog/dns-value", f"spec.records[{name}].values[0]")]


def test_what_is_wrong_with_a_value_is_one_sentence() -> None:
    [(_, _, what, _)] = wrong_records([record("x", "A", "10.0.0.300")])
    assert what == "`10.0.0.300` is no value of a record of type A: Text input is malformed."


def test_text_is_cut_into_strings_of_the_length_that_there_is_room_for() -> None:
    key = "p=" + "A" * 600
    whole = in_zone_file("TXT", f'v=DKIM1; n="x\\y"; {key}')
    strings = [each.strip('"') for each in whole.split('" "')]
    assert [len(each.replace("\\", "")) <= 255 for each in strings] == [True] * len(strings)
    assert "".join(strings).replace('\\"', '"').replace("\\\\", "\\") == f'v=DKIM1; n="x\\y"; {key}'


def test_names_stand_beside_each_other_as_dns_allows(wrong: Wrong) -> None:
    assert wrong([record("@", "CNAME", "shop.example.net")])[0][0] == "catalog/dns-name"
    assert wrong([record("@", "NS", "ns1.example.net")])[0][0] == "catalog/dns-name"
    beside = [record("www", "CNAME", "shop.example.net"), record("www", "TXT", "a")]
    assert wrong(beside) == [("catalog/dns-name", "spec.records[www].type")]
    assert wrong([record("x", "DS", EXAMPLES["DS"])]) == [("catalog/dns-name", "spec.records[x].type")]
    hidden = [record("far", "NS", "ns1.example.net"), record("x.far", "TXT", "a")]
    assert wrong(hidden) == [("catalog/dns-name", "spec.records[x.far].name")]
    twice = [record("x", "TXT", "a"), record("x", "TXT", "b")]
    assert [rule for rule, _ in wrong(twice)] == ["catalog/unique-name"]


@pytest.mark.parametrize("name", ["Shop", "shop.", "-shop", "sh op", "shop..a", "a.*", "münchen"])
def test_a_name_has_one_spelling(wrong: Wrong, name: str) -> None:
    assert [rule for rule, _ in wrong([record(name, "TXT", "a")])] == ["schema/pattern"]


def test_a_name_leads_to_what_is_there(wrong: Wrong) -> None:
    assert wrong([record("www", "CNAME", "lunch-menu.acme.example")]) == []
    nowhere = [record("www", "CNAME", "lunch.acme.example")]
    assert wrong(nowhere) == [("catalog/dns-target", "spec.records[www].values[0]")]
    assert wrong([*nowhere, record("*", "A", "192.0.2.1")]) == []
    assert wrong([record("www", "CNAME", "a.far.acme.example"), record("far", "NS", "ns1.example.net")]) == []
    alias = [record("mail", "CNAME", "mx.example.net"), record("@", "MX", "10 mail.acme.example")]
    assert wrong(alias) == [("catalog/dns-target", "spec.records[@].values[0]")]


@pytest.mark.parametrize(
    ("kind", "value"), [("CNAME", "192.0.2.1"), ("MX", "10 192.0.2.1."), ("NS", "192.0.2.1")]
)
def test_an_address_is_no_name(wrong: Wrong, kind: str, value: str) -> None:
    assert ("catalog/dns-value", "spec.records[www].values[0]") in wrong([record("www", kind, value)])


def test_a_wildcard_leads_only_where_nothing_is_nearer(wrong: Wrong) -> None:
    wild, alias = record("*", "A", "192.0.2.1"), record("www", "CNAME", "a.b.acme.example")
    assert wrong([wild, alias]) == []
    assert wrong([wild, alias, record("c.b", "A", "192.0.2.1")]) == [
        ("catalog/dns-target", "spec.records[www].values[0]")
    ]


@pytest.mark.parametrize("name", ["www.acme.example", "acme.example", "x.staging", "staging"])
def test_a_name_that_nobody_asks_for_here_is_found(wrong: Wrong, name: str) -> None:
    assert wrong([record(name, "TXT", "a")]) == [("catalog/dns-name", f"spec.records[{name}].name")]


def test_a_services_host_is_the_services(wrong: Wrong) -> None:
    for kind, value in (("A", "192.0.2.1"), ("CNAME", "shop.example.net"), ("NS", "ns1.example.net")):
        found = wrong([record("lunch-menu", kind, value)])
        assert "catalog/unique-host" in {rule for rule, _ in found}
    assert wrong([record("lunch-menu", "TXT", "a")]) == []


def test_a_kept_name_is_only_for_the_teams_that_it_is_kept_for(wrong: Wrong) -> None:
    def kept(*teams: str, name: str = "lunch-menu") -> dict[str, Any]:
        return {"claims": [{"names": [name], "teams": [*teams]}]}

    assert wrong([], **kept("workplace")) == []
    (found,) = wrong([], **kept("platform"))
    assert found == ("catalog/claimed-name", "spec.claims[0].names[0]")
    everywhere = wrong([], **kept("platform", name="*"))
    assert everywhere == [found] * 4, "each host of production, and none of staging's zone"
    assert wrong([], **kept("nobody"))[0][0] == "catalog/reference"


def test_the_services_authority_may_issue(wrong: Wrong) -> None:
    everyone, google = '0 issue "letsencrypt.org"', '0 issue "pki.goog; accounturi=x"'
    assert wrong([record("@", "CAA", everyone)]) == [("catalog/dns-issuer", "spec.records[@].values")]
    assert wrong([record("@", "CAA", everyone, google)]) == []
    assert wrong([record("@", "CAA", '0 iodef "mailto:a@acme.example"')]) == []
    nearer = [record("@", "CAA", google), record("mail", "CAA", everyone)]
    assert wrong(nearer) == []
    assert wrong([record("@", "CAA", '0 issue ";"')])[0][0] == "catalog/dns-issuer"


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"type": "TXT", "values": ["a", "b"], "weights": [1, 1]}, "weights"),
        ({"weights": [1, 1, 1]}, "weights"),
        ({"weights": [0, 0]}, "weights"),
        ({"backup": ["192.0.2.9"]}, "backup"),
        ({"weights": [1, 1], "backup": ["192.0.2.9"], "healthCheck": {"protocol": "tcp"}}, "backup"),
        ({"healthCheck": {"protocol": "tcp"}}, "healthCheck"),
        (
            {
                "type": "AAAA",
                "values": ["2001:db8::1"],
                "backup": ["2001:db8::2"],
                "healthCheck": {"protocol": "tcp"},
            },
            "healthCheck",
        ),
        ({"backup": ["shop"], "healthCheck": {"protocol": "tcp"}}, "backup[0]"),
    ],
)
def test_a_record_is_steered_as_cloud_dns_can(wrong: Wrong, more: dict[str, Any], at: str) -> None:
    found = wrong([{**record("old", "A", "192.0.2.1", "192.0.2.2"), **more}])
    assert [path for _, path in found] == [f"spec.records[old].{at}"]


def test_a_cut_over_in_steps_and_one_with_a_backup_are_fine(wrong: Wrong) -> None:
    check = {"protocol": "https", "path": "/healthz"}
    steps = {**record("old", "A", "192.0.2.1", "192.0.2.2"), "weights": [80, 20]}
    spare = {**record("api", "A", "192.0.2.1"), "backup": ["192.0.2.9"], "healthCheck": check}
    assert wrong([steps, {**steps, "name": "checked", "healthCheck": check}, spare]) == []
