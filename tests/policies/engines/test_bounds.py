"""A rule that loops, explodes or breaks off is stopped and named, by both engines: no pass, and no hang."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from policies.building.build import server_bundle
from policies.engines.answer import FUEL, Engine, EngineError
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa_server import Server, ServerEngine
from policies.rule import Bundle
from tests.policies.opa_servers import Exchange, opa_server, web_server
from tests.policies.scratch import (
    EXAMPLE,
    GIANT,
    LOOP,
    TWICE,
    WIDE,
    bundle_of,
    firing_if,
    policies,
    text_of,
)

STEPS, MEMORY = 1_000_000_000, 128 << 20
MANY = msgspec.json.encode({"spec": {"many": list(range(300)), "name": "x" * 20_000}})
STORE = {"name": "a", "kind": "postgres", "family": "database", "availability": "zonal"}
ZONAL = msgspec.json.encode({"spec": {"service": {"spec": {"stores": [STORE]}}}})
DEEP = b'{"spec": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001

Scratch = Callable[[dict[str, str]], tuple[Path, Bundle]]


@pytest.fixture
def scratch(opa: Path, tmp_path: Path) -> Scratch:
    """Makes policies of these rules and the example: their folder and their bundle."""

    def made(bodies: dict[str, str]) -> tuple[Path, Bundle]:
        texts = {rule: text_of(rule, body) for rule, body in bodies.items()}
        root = policies(tmp_path / "policies", {EXAMPLE: text_of(), **texts})
        return root, bundle_of(root, opa)

    return made


def error_of(engine: Engine, document: bytes) -> str:
    """Why there is no answer. One line."""
    with pytest.raises(EngineError) as raised:
        engine.evaluate(document)
    assert len(str(raised.value).splitlines()) == 1
    return str(raised.value)


# --- in this process


@pytest.mark.opa
@pytest.mark.parametrize(
    ("body", "fuel", "what"),
    [
        (LOOP, STEPS, "needs more than 1,000,000,000 steps"),
        (GIANT, STEPS, "needs more than 128 MiB of memory"),
        (WIDE, FUEL, "gives an answer of more than 16 MiB"),
        (TWICE, STEPS, "stops: policies/rules/cost/bad_one/bad_one.rego:"),
        (
            firing_if("input.spec.many") + '\ndeny contains "text" if input.spec.many\n',
            STEPS,
            "makes a finding without `result.fail`: Expected `object`, got `str`",
        ),
    ],
)
def test_a_rule_that_gives_no_answer_is_named_and_its_neighbours_work_afterwards(
    scratch: Scratch, body: str, fuel: int, what: str
) -> None:
    _, bundle = scratch({"cost/bad-one": body})
    engine = EmbeddedEngine(bundle, fuel=fuel, memory=MEMORY)
    for _ in range(2):
        assert error_of(engine, MANY).startswith(f"rule cost/bad-one {what}")
        assert EXAMPLE in [finding.rule for finding in engine.evaluate(ZONAL)]


@pytest.mark.opa
def test_of_many_rules_that_loop_a_few_are_named(scratch: Scratch) -> None:
    names = [f"cost/loop-{number}" for number in range(5)]
    _, bundle = scratch(dict.fromkeys(names, LOOP))
    said = error_of(EmbeddedEngine(bundle, fuel=STEPS, memory=MEMORY), MANY)
    assert said == "; ".join(f"rule {name} needs more than 1,000,000,000 steps" for name in names[:3])


@pytest.mark.opa
def test_rules_that_are_too_much_only_together_are_not_blamed_alone(scratch: Scratch) -> None:
    pairs = firing_if("some i in input.spec.many\n\tsome j in input.spec.many\n\ti == j\n\tj < 0")
    _, bundle = scratch({f"cost/pairs-{number}": pairs for number in range(5)})
    probe = EmbeddedEngine(bundle)
    probe.evaluate(MANY)
    limit = probe.spent // 2
    said = error_of(EmbeddedEngine(bundle, fuel=limit), MANY)
    together = f"judging by all rules together needs more than {limit:,} steps, by each of them alone not"
    assert re.fullmatch(rf"{together}; cost/pairs-\d takes most", said)


def test_a_document_that_is_too_much_to_read_is_no_rules_fault(bundle: Bundle) -> None:
    said = error_of(EmbeddedEngine(bundle), DEEP)
    assert said.startswith(f"reading a document of {len(DEEP):,} bytes crashes: ")
    engine = EmbeddedEngine(bundle, memory=4 << 20)
    big = msgspec.json.encode({"spec": {"padding": "x" * (8 << 20)}})
    for _ in range(3):
        said = error_of(engine, big)
        assert said == f"reading a document of {len(big):,} bytes needs more than 4 MiB of memory"
        assert EXAMPLE in [finding.rule for finding in engine.evaluate(ZONAL)]


# --- on an OPA server


@pytest.mark.opa
@pytest.mark.parametrize(
    ("body", "what"),
    [
        (LOOP, "gave no answer in 1 s"),
        (GIANT, "gave no answer in 1 s"),
        (TWICE, "answers 500, the evaluation broke off"),
    ],
)
def test_a_rule_that_keeps_a_server_from_answering_is_named(
    scratch: Scratch, opa: Path, tmp_path: Path, body: str, what: str
) -> None:
    root, bundle = scratch({"cost/bad-one": body})
    tarball = tmp_path / "bundle.tar.gz"
    tarball.write_bytes(server_bundle(root, opa))
    document = msgspec.json.encode({"spec": {"many": list(range(2000)), "name": "x"}})
    with opa_server(opa, "--bundle", tarball) as url:
        said = error_of(ServerEngine(bundle, Server(url, timeout=1, retries=0)), document)
        assert said == f"the OPA server at {url} gives no verdict: rule cost/bad-one {what}"
        found = ServerEngine(bundle, Server(url)).evaluate(ZONAL)
    assert EXAMPLE in [finding.rule for finding in found]


def test_where_a_server_lets_nobody_ask_for_one_rule_it_says_so(bundle: Bundle) -> None:
    provenance = {"version": "1.22.0", "bundles": {"pave": {"revision": bundle.revision}}}

    def answer(exchange: Exchange) -> None:
        if "/main/findings" not in exchange.path:
            exchange.reply(status=403)
        elif exchange.input:
            time.sleep(1)
        else:
            exchange.reply(msgspec.json.encode({"provenance": provenance, "result": []}))

    with web_server(answer) as (url, _):
        said = error_of(ServerEngine(bundle, Server(url, timeout=0.2, retries=0)), ZONAL)
    unknown = "gave no answer in 0.2 s; which rule is to blame can't be told: for one alone it answers 403"
    assert said.startswith(f"the OPA server at {url} {unknown}")
