"""`--engine opa`: the same words from a server, and never a pass without one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.building.build import server_bundle
from tests.command import pave
from tests.policies.opa_servers import POLICIES, free_url, opa_server, required_opa

DAY = ("--today", "2026-11-21")
SPEC = "catalog/examples/customersdot-today.yaml"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    opa = required_opa()
    tarball = tmp_path_factory.mktemp("server") / "bundle.tar.gz"
    tarball.write_bytes(server_bundle(POLICIES, opa))
    with opa_server(opa, "--bundle", tarball) as url:
        yield url


@pytest.mark.opa
@pytest.mark.parametrize("words", [("check",), ("check", SPEC), ("plan", "customersdot")])
def test_a_server_is_quoted_word_for_word_as_the_embedded_engine(
    home: Path, url: str, words: tuple[str, ...]
) -> None:
    asked = pave(home, *words, *DAY, "--engine", "opa", "--opa-url", url)
    embedded = pave(home, *words, *DAY, "--format", "text")
    assert asked.stdout == embedded.stdout
    assert asked.exit_code == embedded.exit_code


@pytest.mark.parametrize("words", [("check",), ("check", SPEC), ("plan", "customersdot")])
def test_without_its_server_nothing_is_allowed(home: Path, words: tuple[str, ...]) -> None:
    pave(home, *words, *DAY)  # what the embedded engine remembers of it does not count
    away = free_url()
    run = pave(home, *words, *DAY, "--engine", "opa", "--opa-url", away, "--opa-retries", "0")
    assert run.exit_code == 2
    assert run.stdout == ""
    assert run.stderr == f"pave: the OPA server at {away} can't be asked: Connection refused\n"


def test_a_token_comes_from_a_file_or_the_environment_and_is_not_shown(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("two words\n")
    asked = ("check", "--engine", "opa", "--opa-url", "https://127.0.0.1:1")
    for run in (
        pave(home, *asked, "--opa-token-file", str(file)),
        pave(home, *asked, PAVE_OPA_TOKEN="two words"),
    ):
        assert run.exit_code == 2
        assert run.stderr == "pave: the token for the OPA server must be one word of plain ASCII\n"
    file.write_bytes(b"\xff\n")
    run = pave(home, *asked, "--opa-token-file", str(file))
    assert run.stderr == f"pave: {file} holds no token that can be read.\n"
    assert pave(home, "check", *DAY, PAVE_OPA_TOKEN="two words").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--opa-url", "http://opa"], "pave: --opa-url needs --engine opa.\n"),
        (["--opa-retries", "3"], "pave: --opa-retries needs --engine opa.\n"),
        (["--engine", "opa", "--opa-url", "opa"], "pave: the URL of the OPA server must be like https://"),
        (["--engine", "opa", "--opa-ca", "none.pem"], "'none.pem' does not exist"),
        (["--engine", "opa", "--opa-timeout", "0"], "Invalid value for '--opa-timeout'"),
        (["--engine", "conftest"], "Invalid value for '--engine'"),
    ],
)
def test_what_can_not_be_meant_is_refused(home: Path, words: list[str], said: str) -> None:
    run = pave(home, "check", *words)
    assert run.exit_code == 2
    assert said in run.stderr
