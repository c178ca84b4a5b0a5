"""The engine that asks an OPA server: what it takes for an answer, and all that it doesn't."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from policies.building.build import server_bundle
from policies.building.cli import main
from policies.engines.answer import LARGEST, EngineError
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa_server import Server, ServerEngine
from policies.in_force import rules_in_force
from policies.rule import Bundle
from tests.policies.opa_servers import (
    POLICIES,
    Exchange,
    certificate,
    free_url,
    opa_server,
    web_server,
)
from tests.policies.scratch import firing_if, text_of, write

DOCUMENT = msgspec.json.encode(
    {
        "spec": {
            "service": {
                "metadata": {"name": "shop"},
                "spec": {
                    "stores": [
                        {"name": "orders", "kind": "postgres", "family": "database", "availability": "zonal"}
                    ]
                },
            }
        }
    }
)
RULE = "cost/shops-are-dear"
TOKEN = "tok-3n"
AUTHORIZATION = f"""\
package system.authz

default allow := false

allow if input.path == ["health"]
allow if {{
	input.identity == "{TOKEN}"
	input.method == "POST"
	input.path == ["v1", "data", "main", "findings"]
}}
"""


@pytest.fixture(scope="session")
def tarball(opa: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bundle") / "bundle.tar.gz"
    made.write_bytes(server_bundle(POLICIES, opa))
    return made


@pytest.fixture(scope="session")
def shipped(opa: Path, tarball: Path) -> Iterator[str]:
    with opa_server(opa, "--bundle", tarball) as url:
        yield url


def answer_of(bundle: Bundle, **fields: Any) -> str:
    provenance = {"version": "1.22.0", "bundles": {"pave": {"revision": bundle.revision}}}
    return json.dumps({"provenance": provenance, "result": [], **fields})


def error_of(bundle: Bundle, url: str, **options: Any) -> str:
    """What is said when this server is asked. One line, and never the token."""
    server = Server(url, **{"timeout": 5, "retries": 0, **options})
    with pytest.raises(EngineError) as raised:
        ServerEngine(bundle, server).evaluate(DOCUMENT)
    said = str(raised.value)
    assert len(said.splitlines()) == 1
    assert TOKEN not in said + repr(server)
    return said.removeprefix(f"the OPA server at {url} ")


# --- the server's bundle


@pytest.mark.opa
def test_the_server_finds_what_the_embedded_engine_finds(bundle: Bundle, shipped: str) -> None:
    found = ServerEngine(bundle, Server(shipped)).evaluate(DOCUMENT)
    assert found
    assert found == EmbeddedEngine(bundle).evaluate(DOCUMENT)


@pytest.mark.opa
def test_the_bundle_for_servers_is_reproducible(tarball: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.tar.gz"
    assert main(["server", str(again)]) == 0
    assert again.read_bytes() == tarball.read_bytes()


@pytest.mark.opa
def test_a_server_can_have_own_rules_and_answers_only_who_asks_for_them(
    bundle: Bundle, opa: Path, shipped: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    own, made = tmp_path / "own", tmp_path / "with-own.tar.gz"
    write(own, RULE, text_of(RULE, firing_if("input.spec.service")))
    assert main(["server", str(made), "--policies", str(own)]) == 0
    both = rules_in_force(own)
    with opa_server(opa, "--bundle", made) as url:
        found = ServerEngine(both, Server(url)).evaluate(DOCUMENT)
        assert RULE in {finding.rule for finding in found}
        assert found == EmbeddedEngine(both).evaluate(DOCUMENT)
        assert f"not from these rules, {bundle.revision[:12]}, but from" in error_of(bundle, url)
    assert f"not from these rules, {both.revision[:12]}, but from" in error_of(both, shipped)


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
def test_own_rules_that_can_not_be_compiled_are_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = write(tmp_path, RULE, text_of(RULE, firing_if("input.spec.service ==")))
    assert main(["server", str(tmp_path / "out.tar.gz"), "--policies", str(tmp_path)]) == 1
    assert f"{rule}:" in capsys.readouterr().err
    assert main(["server", str(tmp_path / "out.tar.gz"), "--policies", str(tmp_path / "gone")]) == 1
    assert f"There is no folder {tmp_path / 'gone'}." in capsys.readouterr().err
    assert not (tmp_path / "out.tar.gz").exists()


@pytest.mark.opa
def test_other_bundles_and_other_rules_do_not_matter(
    bundle: Bundle, opa: Path, tarball: Path, tmp_path: Path
) -> None:
    (tmp_path / ".manifest").write_text('{"roots": ["theirs"]}')
    (tmp_path / "theirs.rego").write_text("package theirs\n\nallowed := true\n")
    with opa_server(opa, "--bundle", tarball, tmp_path) as url:
        assert ServerEngine(bundle, Server(url)).evaluate(DOCUMENT)


@pytest.mark.opa
def test_a_server_with_other_rules_gives_no_verdict(
    bundle: Bundle, opa: Path, tmp_path: Path, shipped: str
) -> None:
    changed = msgspec.structs.replace(bundle, revision="f" * 64)
    assert "not from these rules, ffffffffffff, but from" in error_of(changed, shipped)
    (tmp_path / "main.rego").write_text("package main\n\nfindings := []\n")
    with opa_server(opa, tmp_path / "main.rego") as url:
        said = error_of(bundle, url)
    assert "but from no bundle" in said
    assert "`python -m policies.building server OUT.tar.gz`" in said


@pytest.mark.opa
@pytest.mark.parametrize("document", [b"{}", b'{"spec": 4}', b'{"spec": {}, "plan": {}}', b"null", b"[", b""])
def test_a_document_of_another_shape_has_no_verdict(bundle: Bundle, shipped: str, document: bytes) -> None:
    with pytest.raises(EngineError, match="can't read this document"):
        ServerEngine(bundle, Server(shipped)).evaluate(document)


# --- no answer, or none to trust


def test_a_server_that_is_not_there_gives_no_verdict(bundle: Bundle) -> None:
    assert error_of(bundle, free_url()) == "can't be asked: Connection refused"
    assert "can't be asked: " in error_of(bundle, "http://no-such-host.invalid:8181")


def test_a_server_that_says_nothing_gives_no_verdict(bundle: Bundle) -> None:
    with web_server(lambda _: time.sleep(2)) as (url, seen):
        said = error_of(bundle, url, timeout=0.2, retries=1)
    assert said == "gave no answer in 0.2 s, asked 2 times"
    assert [each.path.split("?")[0] for each in seen] == ["/v1/data/main/findings"] * 3


def test_a_server_that_never_ends_its_answer_gives_no_verdict(bundle: Bundle) -> None:
    def drip(exchange: Exchange) -> None:
        exchange.reply(b"", Content_Length="1000")
        for _ in range(100):
            exchange.wfile.write(b" ")
            exchange.wfile.flush()
            time.sleep(0.05)

    with web_server(drip) as (url, _):
        assert error_of(bundle, url, timeout=0.3) == "was not done with its answer after 0.3 s"


def test_a_huge_answer_is_not_read_to_its_end(bundle: Bundle) -> None:
    sent = []

    def pour(exchange: Exchange) -> None:
        exchange.reply(b"[", Content_Length=str(1 << 40))
        for _ in range(100):
            exchange.wfile.write(b" " * LARGEST)
            sent.append(1)

    with web_server(pour) as (url, _):
        assert error_of(bundle, url) == "gives an answer of more than 16 MiB"
    assert len(sent) < 10


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(bundle: Bundle, status: int) -> None:
    with web_server(lambda exchange: exchange.reply(answer_of(bundle))) as (target, followed):

        def moved(exchange: Exchange) -> None:
            exchange.reply(status=status, Location=f"{target}{exchange.path}")

        with web_server(moved) as (url, _):
            said = error_of(bundle, url, token=TOKEN)
    assert said == f"answers {status}, a redirect, which is not followed: give its own URL"
    assert followed == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "answers 400, as it does over http where it speaks https"),
        (401, "answers 401, it wants a token, or another one"),
        (403, "answers 403, it does not let this token ask for main/findings"),
        (404, "answers 404, there is no OPA at this URL"),
        (500, "answers 500, the evaluation broke off"),
        (503, "answers 503"),
        (304, "gives an answer that can't be used"),
        (204, "gives an answer that can't be used"),
    ],
)
def test_an_answer_of_another_status_is_none(bundle: Bundle, status: int, words: str) -> None:
    body = b"" if status in {204, 304} else answer_of(bundle, message=f"not with {TOKEN}")
    with web_server(lambda exchange: exchange.reply(body, status)) as (url, _):
        assert error_of(bundle, url, token=TOKEN).startswith(words)


def test_a_wrong_answer_gives_no_verdict(bundle: Bundle) -> None:
    finding = {
        "rule": "reliability/database-is-regional",
        "path": ["service"],
        "params": {},
        "status": "failed",
    }
    right = answer_of(bundle)
    wrong: list[bytes | str] = [
        b"",
        b"<html>It works!</html>",
        b"\xff\xfe",
        b"[" * 100_000,
        right[:-1],
        "null",
        "[]",
        "{}",
        '{"result": []}',
        '{"result": [], "provenance": {}}',
        answer_of(bundle, result=None),
        answer_of(bundle, result={}),
        answer_of(bundle, result=[{}]),
        answer_of(bundle, result=[finding | {"rule": f"{TOKEN}\nnew line"}]),
        answer_of(bundle, result=[finding | {"rule": "x" * 100_000}]),
        answer_of(bundle, result=[finding | {"path": ["catalog", "teams"]}]),
        answer_of(bundle, result=[finding | {"params": {"store": ["orders"]}}]),
        answer_of(bundle, result=[finding | {"status": TOKEN}]),
        answer_of(bundle, result=[finding | {"status": "passed"}]),
        answer_of(bundle, result=[finding | {"more": 1}]),
        right.replace(bundle.revision, bundle.revision[:12]),
        right.replace(bundle.revision, ""),
        json.dumps({"provenance": json.loads(right)["provenance"]}),
    ]
    answers = iter(wrong)
    with web_server(lambda exchange: exchange.reply(next(answers))) as (url, _):
        for given in wrong:
            said = error_of(bundle, url, token=TOKEN)
            assert said.startswith("gives an answer that can't be used: "), given[:200]
            assert len(said) < 500
        answers = iter([answer_of(bundle, result=[finding])])
        assert len(ServerEngine(bundle, Server(url)).evaluate(DOCUMENT)) == 1


# --- asking again


def test_a_server_that_is_busy_or_goes_away_is_asked_again(bundle: Bundle) -> None:
    def be_busy(exchange: Exchange) -> None:
        exchange.reply(status=503, Retry_After="3600")

    def hang_up(exchange: Exchange) -> None:
        exchange.wfile.write(b"HTTP/1.1 2")
        exchange.close_connection = True

    def answer(exchange: Exchange) -> None:
        next(left)(exchange)

    def be_well(exchange: Exchange) -> None:
        exchange.reply(answer_of(bundle))

    left = iter([be_busy, hang_up, be_well])
    with web_server(answer) as (url, seen):
        assert ServerEngine(bundle, Server(url, retries=2)).evaluate(DOCUMENT) == []
    assert len(seen) == 3


def test_a_server_is_only_asked(bundle: Bundle) -> None:
    with web_server(lambda exchange: exchange.reply(answer_of(bundle))) as (url, seen):
        engine = ServerEngine(bundle, Server(f"{url}/policies/v7/", TOKEN))
        for _ in range(3):
            engine.evaluate(DOCUMENT)
    asked = {(each.command, each.path, each.headers["Authorization"]) for each in seen}
    assert asked == {("POST", "/policies/v7/v1/data/main/findings?provenance=true", f"Bearer {TOKEN}")}


def test_the_environment_does_not_say_whom_to_trust(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password other")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, free_url())
    with web_server(lambda exchange: exchange.reply(answer_of(bundle))) as (url, seen):
        ServerEngine(bundle, Server(url, TOKEN)).evaluate(DOCUMENT)
        ServerEngine(bundle, Server(url)).evaluate(DOCUMENT)
    assert [each.headers["Authorization"] for each in seen] == [f"Bearer {TOKEN}", None]


# --- tokens and certificates


@pytest.mark.opa
def test_a_server_that_wants_a_token_gets_it(
    bundle: Bundle, opa: Path, tarball: Path, tmp_path: Path
) -> None:
    (tmp_path / ".manifest").write_text('{"roots": ["system/authz"]}')
    (tmp_path / "authz.rego").write_text(AUTHORIZATION)
    guarded = ("--authentication=token", "--authorization=basic", "--bundle", tarball, tmp_path)
    with opa_server(opa, *guarded) as url:
        assert ServerEngine(bundle, Server(url, TOKEN)).evaluate(DOCUMENT)
        assert error_of(bundle, url).startswith("answers 401, it wants a token")
        assert error_of(bundle, url, token="another").startswith("answers 401, it wants a token, or another")


@pytest.mark.opa
def test_a_server_is_trusted_by_its_authority_only(
    bundle: Bundle, opa: Path, tarball: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, key = certificate(tmp_path)
    files = (f"--tls-cert-file={made}", f"--tls-private-key-file={key}", "--bundle", tarball)
    with opa_server(opa, *files, scheme="https") as url:
        assert ServerEngine(bundle, Server(url, TOKEN, made)).evaluate(DOCUMENT)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made))
        said = error_of(bundle, url, token=TOKEN)
        assert said == "can't be trusted (self-signed certificate); a PEM file can name its authority"
        elsewhere = url.replace("127.0.0.1", "localhost")
        assert error_of(bundle, elsewhere, ca=made).startswith("can't be trusted (Hostname mismatch")
        assert error_of(bundle, url.replace("https", "http")).startswith("answers 400, as it does over http")
        assert error_of(bundle, url, ca=key).startswith("can't be trusted (NO_CERTIFICATE")


@pytest.mark.opa
def test_a_server_without_tls_is_not_asked_over_https(bundle: Bundle, shipped: str) -> None:
    said = error_of(bundle, shipped.replace("http", "https"), token=TOKEN)
    assert said.startswith("can't be trusted (")


@pytest.mark.parametrize(
    "url",
    [
        *("", "opa", "127.0.0.1:8181", "ftp://opa", "unix:///opa.sock", "http://", "http://opa:port"),
        *("http://opa:99999", f"http://me:{TOKEN}@opa", f"http://opa?token={TOKEN}", f"http://opa#{TOKEN}"),
        *("http://o pa", "http://opa\n", "http://ora\u0441le", "http://opa/../v1 "),
    ],
)
def test_a_url_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(EngineError) as raised:
        Server(url)
    assert str(raised.value) == "the URL of the OPA server must be like https://opa.example.com:8181"


@pytest.mark.parametrize("token", ["", " ", "a b", "a\nHost: x", "a\r", "\u0430", "a\x00"])
def test_a_token_that_is_none_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(EngineError, match=r"^the token for the OPA server must be one word"):
        Server("https://opa", token)


def test_a_token_is_not_sent_in_clear() -> None:
    for host in ("localhost", "127.0.0.1", "127.8.8.8", "[::1]"):
        Server(f"http://{host}:8181", TOKEN)
    for host in ("opa", "10.0.0.1", "localhost.example.com", "[2001:db8::1]"):
        with pytest.raises(EngineError, match=r"would go to http://.* in clear; use https"):
            Server(f"http://{host}:8181", TOKEN)


def test_an_authority_without_tls_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="not asked over https"):
        Server("http://127.0.0.1", ca=tmp_path / "ca.pem")
