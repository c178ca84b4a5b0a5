"""A zone compared with what is there: with a file, and with a real server's answers over UDP."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.zone
import pytest

from catalog.kinds.environment import Environment
from catalog.loader import load
from pave.zones.held import held_zones
from stacks.plan import record_stack
from stacks.stack import foundation_stack
from tests.command import pave
from tests.local_cloud.test_cloud_dns import said
from tests.repository import HOME

STEERED = """
    - name: old
      type: A
      values: [192.0.2.1, 192.0.2.2]
      weights: [80, 20]
      why: A cut-over in steps.
    - name: api
      type: A
      values: [192.0.2.1]
      backup: [192.0.2.9]
      healthCheck: {protocol: https, path: /healthz}
      why: A cut-over with a way back.
  claims:"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """The shipped one, without services and with records that are steered."""
    root = tmp_path / "catalog"
    shutil.copytree(
        HOME / "catalog", root, ignore=shutil.ignore_patterns("services", "migrations", "waivers")
    )
    zone = root / "zones" / "production.yaml"
    zone.write_text(zone.read_text("utf-8").replace("\n  claims:", STEERED, 1), "utf-8")
    return root


@pytest.fixture
def exported(catalog: Path, tmp_path: Path) -> Path:
    file = tmp_path / "acme.zone"
    done = pave(HOME, "dns", "export", "--catalog", str(catalog), "--to", str(file))
    assert done.exit_code == 0, done.output
    return file


def drifted(catalog: Path, *words: str) -> tuple[int, list[tuple[str, str]]]:
    done = pave(HOME, "dns", "drift", *words, "--catalog", str(catalog), "--format", "json")
    report = json.loads(done.stdout)
    return done.exit_code, [(each["name"], each["says"]) for each in report["drifted"]]


def test_what_was_exported_is_what_is_wanted(catalog: Path, exported: Path) -> None:
    assert drifted(catalog, str(exported)) == (0, [])


def test_each_way_to_drift_is_told_with_where_it_is_asked_for(catalog: Path, exported: Path) -> None:
    lines = exported.read_text("utf-8").splitlines()
    changed = [line.replace("mx1.mail", "mx9.mail") for line in lines if " CAA " not in line]
    changed = [line.replace(' 3600 IN TXT "v=spf1', ' 60 IN TXT "v=spf1') for line in changed]
    exported.write_text("\n".join([*changed, "stray.acme.example. 60 IN A 192.0.2.77", ""]), "utf-8")
    code, found = drifted(catalog, str(exported))
    assert code == 1
    assert sorted(found) == [
        ("acme.example", "missing"),
        ("acme.example", "other"),
        ("acme.example", "ttl"),
        ("stray.acme.example", "unasked"),
    ]
    text = pave(HOME, "dns", "drift", str(exported), "--catalog", str(catalog)).stdout
    assert "4 differences" in text


def test_a_steered_record_is_made_with_its_check_as_the_cloud_takes_it(catalog: Path) -> None:
    plan = record_stack(load(catalog), foundation_stack("production"))
    records = {
        each.inputs["name"]: each.inputs for each in plan.resources if each.type.endswith(":RecordSet")
    }
    shares = records["old.acme.example."]["routingPolicy"]["wrrs"]
    assert [(each["weight"], each["rrdatas"]) for each in shares] == [
        (80, ["192.0.2.1"]),
        (20, ["192.0.2.2"]),
    ]
    spare = records["api.acme.example."]["routingPolicy"]
    assert spare["primaryBackup"]["primary"] == {"externalEndpoints": ["192.0.2.1"]}
    (check,) = [each for each in plan.resources if each.type.endswith(":HealthCheck")]
    assert len(check.inputs["sourceRegions"]) == 3
    assert check.inputs["httpsHealthCheck"] == {
        "host": "api.acme.example",
        "port": 443,
        "requestPath": "/healthz",
    }
    assert said({**spare, "healthCheck": f"x/{check.inputs['name']}"}) == []


def test_steered_records_are_held_with_their_shares_and_their_backup(catalog: Path) -> None:
    loaded = load(catalog)
    environment = loaded.find(Environment, "production")
    assert environment is not None
    held = {each.name: each for each in held_zones(loaded, environment)[0].records}
    assert (held["old.acme.example"].values, held["old.acme.example"].weights) == (
        ["192.0.2.1", "192.0.2.2"],
        [80, 20],
    )
    assert held["api.acme.example"].backup == ["192.0.2.9"]


class Server(threading.Thread):
    """A name server on loopback that answers from a zone file."""

    def __init__(self, text: str) -> None:
        super().__init__(daemon=True)
        self._zone = dns.zone.from_text(text, origin="acme.example.", relativize=False)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                wire, client = self._socket.recvfrom(4096)
            except OSError:
                return
            query = dns.message.from_wire(wire)
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.AA
            question = query.question[0]
            found = self._zone.get_rrset(question.name, question.rdtype)
            if found is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            else:
                answer.answer.append(found)
            self._socket.sendto(answer.to_wire(), client)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def server(exported: Path) -> Iterator[Server]:
    """It has one mail server too few, and answers for `api` with its backup."""
    lines = [line for line in exported.read_text("utf-8").splitlines() if "mx2.mail" not in line]
    text = "\n".join(lines).replace(
        "api.acme.example. 3600 IN A 192.0.2.1", "api.acme.example. 3600 IN A 192.0.2.9"
    )
    made = Server(text + "\n")
    made.start()
    yield made
    made.close()


def test_a_name_servers_answers_are_compared_and_a_backup_is_no_drift(catalog: Path, server: Server) -> None:
    code, found = drifted(catalog, "--server", f"127.0.0.1:{server.port}")
    assert (code, found) == (1, [("acme.example", "other")])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--server", "ns1"], "no address of a name server"),
        ([], "with what to compare"),
        (["--server", "127.0.0.1:1", "acme.zone"], "one thing to compare"),
        (["--outputs", "shop", "acme.zone"], "names no stack"),
        (["gone.zone"], "gone.zone can't be read: No such file or directory."),
    ],
)
def test_words_that_compare_nothing_are_refused_in_one_line(
    catalog: Path, words: list[str], why: str
) -> None:
    done = pave(HOME, "dns", "drift", *words, "--catalog", str(catalog))
    assert (done.exit_code, why in done.stderr) == (2, True), done.output


def test_what_an_apply_told_is_exported_and_no_drift(home: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "usage.json"
    outputs.write_text(
        json.dumps({"addresses": ["192.0.2.1", "2001:db8::1"], "records_elsewhere": []}), "utf-8"
    )
    words = ["--outputs", f"service.usage-api.production={outputs}"]
    text = pave(home, "dns", "export", *words).stdout
    assert "usage-api.acme.example. 300 IN A 192.0.2.1" in text.splitlines()
    assert "usage-api.acme.example. 300 IN AAAA 2001:db8::1" in text.splitlines()
    assert (
        "; at cloudflare: customers.acme.example. IN CNAME origin.customers.acme.example."
        in text.splitlines()
    )
    stranger = pave(home, "dns", "export", "--outputs", f"service.gone.production={outputs}")
    assert (stranger.exit_code, "makes no record" in stranger.stderr) == (2, True)
