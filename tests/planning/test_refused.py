"""What no update makes is refused when it is asked for, not only when it is applied."""

import json
from pathlib import Path

import pytest

from tests.command import pave
from tests.repository import commit, own

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning"),
]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return own(tmp_path)


def changed(repository: Path, *swaps: tuple[str, str], service: str = "customersdot") -> Path:
    spec = repository / "catalog" / "services" / f"{service}.yaml"
    text = spec.read_text("utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    spec.write_text(text, "utf-8")
    return spec


def test_a_store_under_another_name_is_refused_first_and_with_the_way_there(repository: Path) -> None:
    changed(repository, ("name: redis", "name: line"))
    run = pave(repository, "plan", "customersdot", "--env", "production", "--against", "HEAD")
    assert run.exit_code == 1
    lines = run.stdout.splitlines()
    assert lines[0] == "✗ keeps-data"
    assert lines[1].startswith("  catalog/services/customersdot.yaml:")
    said = " ".join(run.stdout.split())
    assert "REFUSED service.customersdot.production: `pave up` makes none of it" in said
    assert "`pave migrate plan customersdot` shows the way there." in said


def test_the_target_in_the_place_of_today_is_refused_with_the_way_there(tmp_path: Path) -> None:
    """What is on main is today's; whoever writes the highly available one over it learns of its phases."""
    repository = own(tmp_path)
    catalog = repository / "catalog"
    spec = catalog / "services" / "customersdot.yaml"
    target = spec.read_text("utf-8")
    today = (catalog / "examples" / "customersdot-today.yaml").read_text("utf-8")
    spec.write_text(today.replace("name: customersdot-today", "name: customersdot"), "utf-8")
    (catalog / "migrations" / "customersdot.yaml").unlink()
    commit(repository)
    spec.write_text(target, "utf-8")
    run = pave(repository, "plan", "customersdot", "--env", "production", "--against", "HEAD")
    assert run.exit_code == 1
    said = " ".join(run.stdout.split())
    assert "customersdot-vm-1 (gcp:compute/instance:Instance) would be deleted." in said
    assert "`pave migrate plan customersdot` shows the way there." in said


def test_a_host_that_is_swapped_is_refused_in_every_format(repository: Path) -> None:
    changed(repository, ("host: customers.acme.example", "host: portal.acme.example"))
    formats = ("json", "markdown", "sarif", "codequality", "junit")
    wanted = [word for form in formats for word in ("--output", f"{form}={form}.report")]
    run = pave(repository, "plan", "customersdot", "--env", "production", "--against", "HEAD", *wanted)
    assert run.exit_code == 1
    texts = {form: (repository / f"{form}.report").read_text("utf-8") for form in formats}
    report = json.loads(texts["json"])
    assert report["allowed"] is False
    assert {each["rule"] for each in report["problems"]} == {"guard/keeps-hosts"}
    assert [form for form, text in texts.items() if "guard/keeps-hosts" not in text] == []


def test_what_an_option_lets_through_is_not_refused(repository: Path) -> None:
    changed(repository, ("timeoutSeconds: 60", "timeoutSeconds: 50"))
    run = pave(repository, "plan", "customersdot", "--env", "production", "--against", "HEAD")
    assert "REFUSED" not in run.stdout
