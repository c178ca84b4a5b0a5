"""Hosts that a service had before: its own, in the domain of its environment, and no instance's."""

from pathlib import Path

from tests.catalog.test_loader import PORTAL, root, said, service, write

__all__ = ["root"]

EDGE = "  edge: {host: new.acme.example, formerHosts: [old.acme.example]}\n"


def test_a_former_host_is_what_it_says_and_there_is_none_by_default(root: Path) -> None:
    assert service(write(root, PORTAL + EDGE)).spec.edge.former_hosts == ["old.acme.example"]
    assert service(write(root, PORTAL)).spec.edge.former_hosts == []


def test_a_former_host_is_no_other_services_host(root: Path) -> None:
    write(root, PORTAL.replace("portal, owner", "old, owner"), "old.yaml")
    told = {problem.document: problem for problem in write(root, PORTAL + EDGE).contested()}
    assert set(told) == {"services/old.yaml", "services/portal.yaml"}
    assert "The host `old.acme.example` is also claimed by old." in told["services/portal.yaml"].message
    assert told["services/portal.yaml"].path == "spec.edge.formerHosts[0]"


def test_a_former_host_in_the_domain_of_another_environment_is_refused_where_it_stands(root: Path) -> None:
    edge = "  edge: {host: new.acme.example, formerHosts: [old.staging.acme.example]}\n"
    [told] = said(write(root, PORTAL + edge))
    assert "`old.staging.acme.example` lies in the domain of staging, and this is production." in told


def test_the_host_that_it_has_is_no_former_one(root: Path) -> None:
    edge = "  edge: {host: new.acme.example, formerHosts: [new.acme.example]}\n"
    [told] = said(write(root, PORTAL + edge))
    assert "`new.acme.example` is the host that it has. Write only those that it had." in told


def test_an_instance_does_not_answer_at_its_services_former_hosts(root: Path) -> None:
    text = PORTAL + (
        "  edge: {formerHosts: [old.staging.acme.example]}\n"
        "  environments:\n"
        "    - name: staging\n"
        "      instances:\n"
        "        - name: canary\n"
    )
    [told] = said(write(root, text), "portal", "staging.canary")
    assert "would answer at `old.staging.acme.example`, where the service itself does" in told
    assert told.endswith("Write its own under `override`: `edge: {formerHosts: []}`.")
    own = text + "          override: {edge: {formerHosts: []}}\n"
    assert service(write(root, own), "portal", "staging.canary").spec.edge.former_hosts == []
