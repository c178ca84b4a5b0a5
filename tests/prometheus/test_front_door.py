"""Who comes to the global stack's front door, and what is behind it for them: units into their own account,
people to what their team may see, and nobody else to anything."""

import base64
import http.client
import json
import time
import urllib.parse
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from catalog.document import Json
from tests.components.test_global_stack import of_kind
from tests.prometheus.processes import HTTP, Processes, answers, free_port, need, until

pytestmark = pytest.mark.prometheus

PRODUCTION, STAGING, OWN = 1, 2, 0
"""The accounts of the shipped units, and of the stack itself."""

SERVICES = ("customersdot", "receipt-scanner", "observability")
AT = 1_790_000_000
"""When everything was measured."""


@cache
def key(whose: str) -> rsa.RSAPrivateKey:
    assert whose, "one each"
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(whose: str) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key(whose).public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def signed(groups: list[str], *, by: str = "login", ends: float | None = None, **claims: Any) -> str:
    """A token that says of which groups somebody is."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    says = {"sub": "jane", "groups": groups, "exp": int(ends or time.time() + 600), **claims}
    text = ".".join(part(json.dumps(each).encode()) for each in ({"alg": "RS256", "typ": "JWT"}, says))
    return f"{text}.{part(key(by).sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


class Door:
    """vmauth, told what the operator tells it of the plan's users, before a storage for each account."""

    def __init__(self, folder: Path) -> None:
        need("victoria-metrics", "vmauth")
        self._processes = Processes(folder)
        self.port = free_port()
        self.accounts = {account: free_port() for account in (OWN, PRODUCTION, STAGING)}
        for account, port in self.accounts.items():
            words = [f"-storageDataPath={folder / str(account)}", f"-httpListenAddr=127.0.0.1:{port}"]
            self._processes.run(f"account-{account}", "victoria-metrics", [*words, "-retentionPeriod=100y"])
        config = folder / "vmauth.yaml"
        users = [self._user(each.inputs["spec"]) for each in of_kind("VMUser").values()]
        config.write_text(json.dumps({"users": users}))
        inside = free_port()
        words = [
            f"-auth.config={config}",
            f"-httpListenAddr=127.0.0.1:{self.port}",
            f"-httpInternalListenAddr=127.0.0.1:{inside}",
        ]
        self._processes.run("vmauth", "vmauth", words)
        every = (inside, *self.accounts.values())
        until(lambda: all(answers(f"http://127.0.0.1:{port}/health") for port in every))
        for account, port in self.accounts.items():
            lines = "\n".join(json.dumps(_series(service, account)) for service in SERVICES)
            HTTP.request("POST", f"http://127.0.0.1:{port}/api/v1/import", body=lines)
            HTTP.request("GET", f"http://127.0.0.1:{port}/internal/force_flush")

    def end(self) -> None:
        """Ends all of it."""
        self._processes.end()

    def asked(self, path: str, token: str | None, *, body: str | None = None) -> tuple[int, str]:
        """(status, answer) of a request, posted if it has a body."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET" if body is None else "POST", path, body, headers)  # no path is made nicer
        found = connection.getresponse()
        return found.status, found.read().decode()

    def holds(self, account: int) -> str:
        """All that is in an account."""
        HTTP.request("GET", f"http://127.0.0.1:{self.accounts[account]}/internal/force_flush")
        url = f'http://127.0.0.1:{self.accounts[account]}/api/v1/export?match[]={{__name__!=""}}'
        return HTTP.request("GET", url).data.decode()

    def _user(self, spec: Json) -> Json:
        """As the operator's vmusers_config.go says it to vmauth; who signs tokens is known beforehand here,
        and an account is a storage of its own."""
        said: Json = {"url_map": [self._route(each) for each in spec["targetRefs"]]}
        if "tokenRef" in spec:
            return {**said, "bearer_token": f"token-of-{spec['tokenRef']['key']}"}
        jwt = {"public_keys": [public("login")], "match_claims": spec["jwt"]["matchClaims"]}
        return {**said, "jwt": {**jwt, "default_vm_access_claim": spec["jwt"]["defaultVMAccessClaim"]}}

    def _route(self, target: Json) -> Json:
        account = int(target["target_path_suffix"].split("/")[2])
        asked = [(each["name"], value) for each in target.get("query_args", ()) for value in each["values"]]
        url = f"http://127.0.0.1:{self.accounts[account]}/?{urllib.parse.urlencode(asked)}"
        route = {"src_paths": target["paths"], "url_prefix": url}
        if "drop_src_path_prefix_parts" in target:
            route["drop_src_path_prefix_parts"] = target["drop_src_path_prefix_parts"]
        return route


def _series(service: str, account: int) -> Json:
    labels = {"__name__": "sli:bad_ratio:rate1h", "service": service, "account": str(account)}
    return {"metric": labels, "values": [1], "timestamps": [AT * 1000]}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    made = Door(tmp_path_factory.mktemp("door"))
    yield made
    made.end()


QUERY = f"api/v1/query?time={AT}&query="
ALL = urllib.parse.quote('{__name__!=""}')


def seen(
    door: Door, below: str, token: str, query: str = ALL, more: str = "", body: str | None = None
) -> set[str]:
    """The services of which somebody is answered."""
    status, text = door.asked(f"/{below}/{QUERY}{query}{more}", token, body=body)
    assert status == 200, text
    return {each["metric"]["service"] for each in json.loads(text)["data"]["result"]}


def test_a_unit_writes_into_its_own_account_and_reads_nothing(door: Door) -> None:
    written = json.dumps({"metric": {"__name__": "of:staging"}, "values": [1], "timestamps": [AT * 1000]})
    assert door.asked("/api/v1/import", "token-of-staging", body=written)[0] == 204
    assert "of:staging" in door.holds(STAGING)
    assert "of:staging" not in door.holds(PRODUCTION) + door.holds(OWN)
    for path in (f"/unit/staging/{QUERY}up", f"/{QUERY}up", "/api/v1/export?match[]=up"):
        assert door.asked(path, "token-of-staging")[0] != 200, path


@pytest.mark.parametrize("token", [None, "", "token-of-", "token-of-nobody", "production"])
def test_who_says_nothing_or_something_wrong_comes_to_nothing(door: Door, token: str | None) -> None:
    for path, body in (
        ("/api/v1/write", ""),
        ("/api/v1/import", "{}"),
        (f"/unit/production/{QUERY}up", None),
    ):
        assert door.asked(path, token, body=body)[0] == 401, path


def test_people_see_the_services_of_their_team_and_of_the_classes_that_it_may_see(door: Door) -> None:
    assert seen(door, "unit/production", signed(["fulfillment-platform"])) == {"customersdot"}
    assert seen(door, "unit/production", signed(["workplace"])) == {"receipt-scanner"}
    assert "observability" in seen(door, "unit/production", signed(["platform"]))


WIDER = urllib.parse.urlencode({"extra_filters[]": '{service=~".*"}', "extra_filters": '{service=~".*"}'})


def test_nobody_widens_what_they_see(door: Door) -> None:
    token = signed(["workplace"])
    other = '{service="customersdot"}'
    for query in (other, '{service=~".+"}', f"sli:bad_ratio:rate1h or {other}"):
        assert seen(door, "unit/production", token, urllib.parse.quote(query)) <= {"receipt-scanner"}
    for more in (f"&{WIDER}", "&extra_label=service=customersdot"):
        assert seen(door, "unit/production", token, more=more) <= {"receipt-scanner"}
        assert seen(door, "unit/production", token, body=more[1:]) <= {"receipt-scanner"}
    for label in ("service", "account"):
        status, text = door.asked(f"/unit/production/api/v1/label/{label}/values?start=1&{WIDER}", token)
        assert (status, "customersdot" in text) == (200, False)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda: signed(["workplace"], by="somebody else"), id="signed by somebody else"),
        pytest.param(lambda: signed(["workplace"], ends=time.time() - 60), id="ended"),
        pytest.param(lambda: signed(["strangers"]), id="of no team"),
        pytest.param(lambda: signed([]), id="of none"),
        pytest.param(lambda: signed(["not-workplace-either"]), id="of a team that is called nearly so"),
        pytest.param(lambda: signed([], workplace="workplace"), id="said elsewhere"),
        pytest.param(lambda: signed(["workplace"]).rpartition(".")[0] + ".", id="not signed"),
    ],
)
def test_a_token_that_doesnt_prove_a_team_is_none(door: Door, token: Any) -> None:
    assert door.asked(f"/unit/production/{QUERY}up", token())[0] == 401


def test_a_token_that_names_an_account_itself_is_not_believed(door: Door) -> None:
    access = {"metrics_account_id": STAGING, "metrics_extra_filters": ['{service=~".*"}']}
    token = signed(["workplace"], vm_access=access)
    assert seen(door, "unit/production", token) == {"receipt-scanner"}


@pytest.mark.parametrize(
    "path",
    [
        "/unit/production/api/v1/write",
        "/unit/production/api/v1/import",
        "/unit/production/api/v1/export?match[]=up",
        "/unit/production/api/v1/admin/tsdb/delete_series?match[]=up",
        "/unit/production/api/v1/status/tsdb",
        "/unit/production/api/v1/query/../export?match[]=up",
        "/unit/production/api/v1/query%2f..%2fexport",
        "/unit/production/federate?match[]=up",
        "/unit/elsewhere/api/v1/query?query=up",
        "/unit/production/../../api/v1/query?query=up",
        "/api/v1/query?query=up",
        "/api/v1/write",
        "/select/1/prometheus/api/v1/query?query=up",
        "/internal/force_flush",
        "/metrics",
        "/flags",
        "/debug/pprof/",
        "/-/reload",
        "/",
    ],
)
def test_people_ask_and_do_nothing_else(door: Door, path: str) -> None:
    token = signed(["platform"])
    for body in (None, ""):
        status, text = door.asked(path, token, body=body)
        assert status in {400, 401, 404}, f"{status} {text}"
