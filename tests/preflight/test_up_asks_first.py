"""`pave up --cloud gcp` asks the project before its first call, and stops when an answer is no."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import Result

from catalog.kinds.environment import Environment
from catalog.loader import load
from pave.preflight.images import artifact_image
from tests.command import pave
from tests.repository import HOME
from tests.served_google import google as served_google

PROJECT = "acme-subscriptions-prod"


def google(
    *, disabled: set[str] | None = None, missing: set[str] | None = None
) -> AbstractContextManager[Mapping[str, str]]:
    """A project that may pull what its cluster itself runs."""
    environment = load(HOME / "catalog").find(Environment, "production")
    assert environment is not None
    cluster = environment.spec.cluster
    images = [artifact_image(each) for each in (cluster.queue_metrics, cluster.rollouts) if each is not None]
    found = {unquote(each.id): {"name": "n", "uri": str(each)} for each in images if each is not None}
    return served_google(found, disabled=disabled, missing=missing)


class EngineReached(Exception):
    """The engine would be asked now: its preview is the first call."""


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def reached(*_: object, **__: object) -> None:
        raise EngineReached

    monkeypatch.setattr("pave.delivery.preview.preview_stack", reached)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the command prints, though it doesn't end."""
    texts: list[str] = []
    monkeypatch.setattr("click.echo", lambda text="", **_: texts.append(str(text)))
    return texts


def run(command: str, folder: Path, served: Mapping[str, str], *words: str) -> Result:
    (folder / "backend").mkdir(exist_ok=True)
    where = {"PULUMI_BACKEND_URL": f"file://{folder / 'backend'}", "PAVE_SECRETS_PROVIDER": "passphrase"}
    stack = (command, "foundation.production", "--cloud", "gcp", "--state", str(folder))
    return pave(HOME, *stack, *words, **served, **where)


def test_an_answer_that_is_no_stops_it_with_what_mends_that(tmp_path: Path) -> None:
    with google(disabled={"serviceusage.googleapis.com"}) as environment:
        done = run("up", tmp_path, environment, "--yes")
    assert done.exit_code == 1
    told = " ".join(done.output.split())
    assert "✗ no apis: acme-subscriptions-prod/serviceusage.googleapis.com is not enabled" in told
    assert f"gcloud services enable serviceusage.googleapis.com --project {PROJECT}" in told
    assert "Nothing was changed. To try it all the same: " in done.output
    assert "--skip-preflight" in done.output


def test_an_answer_that_nobody_gives_is_shown_and_left_to_the_update(tmp_path: Path, said: list[str]) -> None:
    with google() as environment, pytest.raises(EngineReached):
        run("up", tmp_path, environment, "--yes")
    assert any("? undecided  quotas: " in text for text in said)


def test_without_its_questions_it_says_so_and_asks_none(tmp_path: Path, said: list[str]) -> None:
    with google(disabled={"serviceusage.googleapis.com"}) as environment, pytest.raises(EngineReached):
        run("up", tmp_path, environment, "--yes", "--skip-preflight")
    assert any("PREFLIGHT SKIPPED" in text for text in said)
    assert not any("apis:" in text for text in said)


def test_the_command_asks_the_same_and_exits_as_it_answers(tmp_path: Path) -> None:
    with google() as environment:
        assert run("preflight", tmp_path, environment).exit_code == 3
    with google(missing={"compute.networks.create"}) as environment:
        done = run("preflight", tmp_path, environment)
    assert done.exit_code == 1
    assert "compute.networks.create" in done.output
