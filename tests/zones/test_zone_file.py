"""Zones shown, and to and from zone files."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.checks.dns_records import EXAMPLES, in_zone_file, whole
from catalog.kinds.zone import NameClaim
from catalog.loader import load
from components.design.foundation.dns_zone import usual_ttl_seconds
from pave.refused import Refused
from pave.zones.held import HeldRecord, HeldZone
from pave.zones.report import about
from pave.zones.wildcards import answering, passed_by
from pave.zones.zone_file import as_document, records_in, zone_file
from tests.built import require_built
from tests.command import pave

CHECKED = Path(__file__).resolve().parents[2] / ".tools" / "named-checkzone"


def zone_of(records: list[dict[str, Any]], domain: str = "acme.example") -> HeldZone:
    held = [
        HeldRecord(
            name=whole(each["name"], domain),
            type=each["type"],
            ttl_seconds=each.get("ttlSeconds", usual_ttl_seconds(each["type"])),
            values=[in_zone_file(each["type"], value) for value in each["values"]],
            why=each["why"],
            zone=domain,
            stack="foundation.production",
            holder=None,
            owner="platform",
            place="zones/production.yaml:1",
        )
        for each in records
    ]
    claims = [NameClaim(names=["*.pay"], teams=["billing"])]
    return HeldZone(
        domain, "foundation.production", True, ["ns1.example.net", "ns2.example.net"], claims, held
    )


NAMES = st.sampled_from(["@", "_dmarc", "mail", "a.b", "*.wild", "xn--mnchen-3ya"])
RECORDS = st.lists(
    st.builds(
        lambda name, kind, ttl, more: {
            "name": name,
            "type": kind,
            "ttlSeconds": ttl,
            "values": sorted({EXAMPLES[kind], *([more] if kind == "TXT" else [])}),
            "why": f"Said of {name}.",
        },
        NAMES,
        st.sampled_from(["A", "AAAA", "CAA", "HTTPS", "MX", "SRV", "SSHFP", "TLSA", "TXT"]),
        st.integers(30, 604800),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=600).filter(
            lambda text: not text.startswith('"')
        ),
    ),
    unique_by=lambda each: (each["name"], each["type"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS)
def test_records_are_the_same_after_a_zone_file_and_back(
    tmp_path: Path, records: list[dict[str, Any]]
) -> None:
    file = tmp_path / "acme.zone"
    file.write_text(zone_file(zone_of(records)), "utf-8")
    taken = records_in(file, "acme.example", {})
    assert {line.split(":")[0] for line in taken.left} == {"acme.example NS", "acme.example SOA"}
    again = zone_of(taken.records)

    def told(zone: HeldZone) -> set[tuple[str, str, int | None, frozenset[str | None]]]:
        return {(each.name, each.type, each.ttl_seconds, frozenset(each.values)) for each in zone.records}

    assert told(again) == told(zone_of(records))


@pytest.mark.edge
def test_bind_takes_the_zone_of_each_environment(home: Path, tmp_path: Path) -> None:
    require_built(CHECKED, "python tools/unpack.py named-checkzone")
    for environment, domain in (("production", "acme.example"), ("staging", "staging.acme.example")):
        file = tmp_path / f"{environment}.zone"
        assert pave(home, "dns", "export", "--env", environment, "--to", str(file)).exit_code == 0
        checked = subprocess.run([CHECKED, domain, file], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout
        assert "loaded serial" in checked.stdout


@pytest.mark.edge
def test_bind_takes_all_types_and_refuses_a_zone_that_is_cut(tmp_path: Path) -> None:
    require_built(CHECKED, "python tools/unpack.py named-checkzone")
    records = [
        {"name": f"x{index}", "type": kind, "values": [value], "why": "A test."}
        for index, (kind, value) in enumerate(EXAMPLES.items())
        if kind != "DS"
    ]
    delegated = {"name": next(each["name"] for each in records if each["type"] == "NS"), "type": "DS"}
    text = zone_file(zone_of([*records, {**delegated, "values": [EXAMPLES["DS"]], "why": "A test."}]))
    for given_text, is_taken in ((text, True), (text[: len(text) // 2 - 1], False)):
        file = tmp_path / "acme.zone"
        file.write_text(given_text, "utf-8")
        checked = subprocess.run([CHECKED, "acme.example", file], capture_output=True, text=True, check=False)
        assert (checked.returncode == 0) is is_taken, checked.stdout


def test_what_an_apply_tells_is_not_made_up(home: Path) -> None:
    text = pave(home, "dns", "export").stdout
    assert "; lunch-menu.acme.example. 300 IN A as service.lunch-menu.production tells" in text.splitlines()


def test_services_and_zones_below_keep_their_names_on_import(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "acme.zone"
    file.write_text(
        "$ORIGIN acme.example.\n@ 60 IN SOA a. b. 1 2 3 4 5\n@ 60 IN NS a.\nlunch-menu 60 IN A 192.0.2.1\n"
        'staging 60 IN NS a.\n_dmarc 60 IN TXT "v=DMARC1" "; p=none" ; Mail team\nold 60 IN RP a. b.\n'
    )
    run = pave(home, "dns", "import", str(file), "--to", str(tmp_path / "zone.yaml"))
    assert run.exit_code == 0, run.stderr
    assert run.stderr.splitlines() == [
        "left out: acme.example NS: Cloud DNS makes it",
        "left out: acme.example SOA: Cloud DNS makes it",
        "left out: lunch-menu.acme.example A: services/lunch-menu.yaml leads it somewhere",
        (
            "left out: old.acme.example RP: a zone here has none of that type (A, AAAA, CAA, CNAME, DS,"
            " HTTPS, MX, NS, SRV, SSHFP, SVCB, TLSA, TXT)"
        ),
        "left out: staging.acme.example NS: environments/staging.yaml leads it somewhere",
    ]
    (zone_text := (tmp_path / "zone.yaml")).read_text("utf-8")
    assert "v=DMARC1; p=none" in zone_text.read_text("utf-8")
    assert "why: Mail team" in zone_text.read_text("utf-8")
    again = pave(home, "dns", "import", str(file), "--to", str(zone_text))
    assert again.exit_code == 2
    assert "is there already" in again.stderr


LONG = "a" * 300
OF_ANOTHER = "$ORIGIN other.example.\n@ 60 SOA ns1 host 1 2 3 4 5\nwww 60 A 192.0.2.1\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no zone",
        "@ IN A 1.2.3.4.5\n",
        "\x00",
        "$INCLUDE /etc/passwd\n",
        "www 60 CH TXT a\n",
        "www 60 A 192.0.2.1\nwww 60 CNAME other\n",
        f"www 60 TXT {LONG}\n",
        OF_ANOTHER,
        "www.other.example. 60 A 192.0.2.1\n",
    ],
)
def test_what_is_no_zone_file_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "acme.zone"
    file.write_text(text)
    with pytest.raises(Refused) as refused:
        records_in(file, "acme.example", {})
    assert "is no zone file of acme.example" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "lines", ["$GENERATE 1-100000000 h$ A 192.0.2.1", "$GENERATE 1-6000 h$ A 192.0.2.1\n" * 2]
)
def test_a_file_that_makes_more_than_a_zone_holds_is_refused_before_it_is_read(
    tmp_path: Path, lines: str
) -> None:
    (tmp_path / "acme.zone").write_text(f"$TTL 60\n{lines}\n")
    with pytest.raises(Refused, match="and a zone holds 10,000"):
        records_in(tmp_path / "acme.zone", "acme.example", {})


def test_what_lies_outside_of_the_zone_or_has_no_legal_name_is_left_out_and_said(tmp_path: Path) -> None:
    file = tmp_path / "acme.zone"
    lines = (
        "$TTL 60",
        "$GENERATE 1-2 h$ A 192.0.2.$",
        "WWW A 192.0.2.1",
        "www A 192.0.2.1",
        "a\\.b A 192.0.2.1",
    )
    file.write_text("\ufeff" + "\n".join([*lines, "www.other.example. A 192.0.2.1", ""]))
    taken = records_in(file, "acme.example", {})
    assert [(each["name"], each["values"]) for each in taken.records] == [
        ("h1", ["192.0.2.1"]),
        ("h2", ["192.0.2.2"]),
        ("www", ["192.0.2.1"]),
    ]
    assert taken.left == [
        "a\\.b.acme.example A: no name here has such characters",
        "www.other.example A: lies outside of acme.example",
    ]


def test_an_error_says_near_which_line_it_is(tmp_path: Path) -> None:
    (tmp_path / "acme.zone").write_text("$TTL 60\nwww A 192.0.2.1\nx A 300.1.1.1\ny A 192.0.2.1\n")
    with pytest.raises(Refused, match="at line 4 or the one above"):
        records_in(tmp_path / "acme.zone", "acme.example", {})


def test_a_name_is_answered_by_itself_or_a_delegation_or_a_wildcard_above() -> None:
    records = [
        {"name": name, "type": kind, "values": [value], "why": "A test."}
        for name, kind, value in (
            ("*", "A", "192.0.2.1"),
            ("*.b", "A", "192.0.2.2"),
            ("far", "NS", "ns1.example.net"),
            ("x", "TXT", "a"),
            ("deep.there", "A", "192.0.2.3"),
        )
    ]
    zone = zone_of(records)

    def answers(name: str) -> list[str]:
        return [f"{each.name} {each.type}" for each in answering(zone, f"{name}.acme.example")]

    assert answers("x") == ["x.acme.example TXT"]
    assert answers("y") == ["*.acme.example A"]
    assert answers("a.b") == ["*.b.acme.example A"]
    assert answers("a.b.far") == ["far.acme.example NS"]
    # What has names below is there itself, and passes the wildcard above by (RFC 4592, section 2.2.2).
    assert answers("there") == answers("other.there") == []
    assert answers("a.y") == ["*.acme.example A"]
    assert "Kept for billing." in about(zone, "x.pay.acme.example", colour=False, width=80)


def test_a_wildcard_says_which_names_it_passes_by() -> None:
    records = [
        {"name": name, "type": kind, "values": [EXAMPLES[kind]], "why": "A test."}
        for name, kind in (
            ("*", "MX"),
            ("@", "TXT"),
            ("shop", "A"),
            ("post", "MX"),
            ("www", "CNAME"),
            ("_dmarc", "TXT"),
            ("far", "NS"),
            ("*.near", "A"),
            ("a.near", "TXT"),
        )
    ]
    zone = zone_of(records)
    assert [(each.wildcard, each.type, each.names) for each in passed_by(zone)] == [
        ("*.acme.example", "MX", ["shop.acme.example"]),
        ("*.near.acme.example", "A", ["a.near.acme.example"]),
    ]
    said = about(zone, "shop.acme.example", colour=False, width=200)
    assert "*.acme.example MX doesn't answer for shop.acme.example" in said


def test_a_name_in_another_script_is_asked_for_as_it_is_written(home: Path) -> None:
    run = pave(home, "dns", "show", "bücher.acme.example")
    assert (run.exit_code, run.stdout.splitlines()[0]) == (1, "xn--bcher-kva.acme.example")
    assert pave(home, "dns", "show", f"{'ü' * 70}.acme.example").exit_code == 2


def test_a_name_tells_who_asks_for_it_and_why(home: Path) -> None:
    run = pave(home, "dns", "show", "Customers.acme.example.", "--format", "json")
    (record,) = json.loads(run.stdout)
    assert (record["holder"], record["owner"]) == ("cloudflare", "fulfillment-platform")
    assert record["place"].startswith("catalog/services/customersdot.yaml:")
    assert pave(home, "dns", "show", "nowhere.acme.example").exit_code == 1
    stranger = pave(home, "dns", "show", "example.org")
    assert stranger.exit_code == 2
    assert "is in no zone of production" in stranger.stderr
    assert "Did you mean" not in stranger.stderr
    short = pave(home, "dns", "show", "customers")
    assert short.exit_code == 2
    assert "Did you mean `customers.acme.example`?" in short.stderr


def test_a_written_zone_is_a_usable_one(shipped: Path, tmp_path: Path) -> None:
    root = tmp_path / "catalog"
    shutil.copytree(shipped, root)
    records = [{"name": "@", "type": "MX", "values": ["10 mx.example.net"], "why": "Mail: for people"}]
    (root / "zones" / "production.yaml").write_text(as_document("production", "platform", records))
    catalog = load(root)
    assert catalog.documents["Zone"]["production"].data["spec"]["records"] == records
    assert catalog.problems == []


def test_a_record_is_kept_for_as_long_as_its_type_wants_and_found_where_it_says_more(
    shipped: Path, tmp_path: Path
) -> None:
    shutil.copytree(shipped, tmp_path / "catalog")
    file = tmp_path / "catalog" / "zones" / "production.yaml"
    web = "    - {name: www, type: A, values: [203.0.113.10], why: Our pages.}\n"
    file.write_text(file.read_text("utf-8").replace("  claims:", f"{web}  claims:"), "utf-8")
    plan = ("plan", "foundation.production", "--today", "2026-11-21", "--format", "json")
    usual = pave(tmp_path, *plan)
    assert "dns-ttl-is-short" not in usual.stdout
    assert "www.acme.example  A for 300 s" in pave(tmp_path, "dns", "show", "www.acme.example").stdout
    file.write_text(file.read_text("utf-8").replace("type: A, ", "type: A, ttlSeconds: 3600, "), "utf-8")
    slow = json.loads(pave(tmp_path, *plan).stdout)
    (found,) = [
        each for each in slow["decision"]["findings"] if each["rule"] == "reliability/dns-ttl-is-short"
    ]
    assert found["message"] == "www.acme.example may be cached for 3600 seconds."
    at = next(number for number, line in enumerate(file.read_text("utf-8").splitlines(), 1) if "www" in line)
    assert (found["document"], found["line"]) == ("zones/production.yaml", at)
