"""A service that is given another host: what belongs to the one that it had stays as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from pave.planning.compare import differences
from stacks.plan import Plan, record_stack
from stacks.stack import stack_of
from tests.repository import HOME

TEXT = (HOME / "catalog" / "services" / "lunch-menu.yaml").read_text("utf-8")
MAP = "gcp:certificatemanager/certificateMap:CertificateMap"
RECORD = "gcp:dns/recordSet:RecordSet"
OF_A_HOST = ("certificatemanager/", "dns/")


def planned(folder: Path, edge: str) -> Plan:
    """The plan of a copy of the shipped lunch-menu, called tea, with this `edge`."""
    file = folder / "tea.yaml"
    file.write_text(TEXT.replace("name: lunch-menu", "name: tea") + f"  edge: {edge}\n", "utf-8")
    catalog = load(HOME / "catalog", [file])
    assert catalog.problems == []
    service = service_at(catalog, "tea", "production")
    assert isinstance(service, Service)
    return record_stack(catalog, stack_of(service))


def of_hosts(plan: Plan) -> Iterator[tuple[str, object]]:
    for each in plan.resources:
        if each.type.partition(":")[2].startswith(OF_A_HOST):
            yield each.urn, (each.inputs, each.options.protect)


@pytest.mark.parametrize("proxy", ["", ", proxy: cloudflare"])
def test_a_former_host_keeps_all_that_it_has(tmp_path: Path, proxy: str) -> None:
    before = dict(of_hosts(planned(tmp_path, f"{{host: old.acme.example{proxy}}}")))
    both = planned(tmp_path, f"{{host: new.acme.example, formerHosts: [old.acme.example]{proxy}}}")
    after = dict(of_hosts(both))
    assert {urn: after.get(urn) for urn in before} == before
    assert len(after) == 2 * len(before) - 1, "both hosts are in one map"
    (urls,) = [each for each in both.resources if each.name == "tea" and each.type.endswith(":URLMap")]
    assert urls.inputs["hostRules"][0]["hosts"] == ["new.acme.example", "old.acme.example"]
    assert urls.inputs["defaultUrlRedirect"]["hostRedirect"] == "new.acme.example"


def test_what_others_have_to_make_is_said_of_each_host(tmp_path: Path) -> None:
    both = planned(tmp_path, "{host: new.acme.test, formerHosts: [old.acme.test]}")
    zones = [each for each in both.resources if each.type == "gcp:dns/managedZone:ManagedZone"]
    assert {each.inputs["dnsName"] for each in zones} == {"new.acme.test.", "old.acme.test."}
    assert all(each.options.protect for each in zones)


def test_a_former_host_goes_with_all_that_it_has_and_nothing_else(tmp_path: Path) -> None:
    both = planned(tmp_path, "{host: new.acme.example, formerHosts: [old.acme.example]}")
    changed = differences(both, planned(tmp_path, "{host: new.acme.example}"))
    assert {each.action for each in changed} == {"delete", "update"}
    assert all("old" in each.name for each in changed if each.action == "delete")
    assert [each.name for each in changed if each.action == "update"] == ["tea"]
