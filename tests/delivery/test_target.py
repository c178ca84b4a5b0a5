"""Where a stack goes: what each cloud needs to be told, and what never gets in from outside."""

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pave.asked_rules import AskedRules
from pave.delivery.command_line import CommandLine
from pave.delivery.engine.target import BACKEND, FOREIGN, SECRETS, AskedCloud, gcp_target, local_target
from pave.delivery.options import ask, day
from pave.finding import STATE
from pave.local_cloud.process import find, stop
from pave.refused import Refused

OWN = {
    "PATH": "/bin",
    "HOME": "/abode/me",
    "PULUMI_ACCESS_TOKEN": "mine",
    "PULUMI_BACKEND_URL": "https://api.pulumi.com",
    "PULUMI_CONFIG_PASSPHRASE": "mine",
    "GOOGLE_APPLICATION_CREDENTIALS": "mine.json",
    "CLOUDSDK_CORE_PROJECT": "mine",
    "KUBECONFIG": "mine",
}


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "cloud"
    yield folder
    stop(folder)


def test_the_local_cloud_is_started_and_nothing_of_ones_own_gets_there(state: Path) -> None:
    target = local_target(state, OWN)
    running = find(state)
    assert running is not None
    assert target.environment["PULUMI_DEBUG_PROVIDERS"] == f"gcp:{running.port},kubernetes:{running.port}"
    assert "mine" not in "".join(target.environment.values())
    ours = {name: value for name, value in target.environment.items() if name.startswith(FOREIGN)}
    assert target.environment["PULUMI_BACKEND_URL"] == target.backend == f"{state.as_uri()}/pulumi/backend"
    assert {target.environment["PULUMI_HOME"], str(target.folder)} == {
        str(state / "pulumi" / "home"),
        str(state / "pulumi" / "project"),
    }
    assert ours.keys() > {"PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"}
    assert (target.environment["PATH"], target.environment["HOME"]) == ("/bin", "/abode/me")


def test_the_passphrase_is_made_once_for_its_owner_only(state: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        targets = list(pool.map(lambda _: local_target(state, {}), range(8)))
    (file,) = {target.environment["PULUMI_CONFIG_PASSPHRASE_FILE"] for target in targets}
    assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
    assert len(Path(file).read_text()) >= 32
    assert [path.name for path in Path(file).parent.iterdir() if path.is_file()] == ["passphrase"]


def test_a_lost_passphrase_is_not_replaced_while_states_need_it(state: Path) -> None:
    target = local_target(state, {})
    file = Path(target.environment["PULUMI_CONFIG_PASSPHRASE_FILE"])
    file.unlink()
    assert local_target(state, {}).environment["PULUMI_CONFIG_PASSPHRASE_FILE"] == str(file), (
        "nothing needs it"
    )
    there = state / "pulumi" / "backend" / ".pulumi" / "stacks" / "pave" / "service.shop.test.json"
    there.parent.mkdir(parents=True)
    there.write_text("{}")
    file.unlink()
    with pytest.raises(Refused, match=r"passphrase is gone.*service\.shop\.test.*Put it back"):
        local_target(state, {})
    assert not file.exists()


@pytest.mark.parametrize(
    ("environ", "missing"),
    [({}, BACKEND), ({SECRETS: "gcpkms://key"}, BACKEND), ({BACKEND: "gs://bucket"}, SECRETS)],
)
def test_google_cloud_says_what_is_to_be_set(tmp_path: Path, environ: dict[str, str], missing: str) -> None:
    with pytest.raises(Refused, match=f"set {missing}"):
        gcp_target(tmp_path, environ)
    assert list(tmp_path.iterdir()) == []


def test_google_cloud_is_reached_as_whoever_runs_it(tmp_path: Path) -> None:
    environ = {**OWN, BACKEND: "gs://bucket", SECRETS: "gcpkms://key"}
    target = gcp_target(tmp_path, environ)
    assert target.environment.items() > environ.items()
    assert (target.backend, target.secrets_provider) == ("gs://bucket", "gcpkms://key")
    assert str(target) == "Google Cloud, state in gs://bucket"


def test_only_the_local_cloud_believes_in_another_day() -> None:
    assert day(datetime(2026, 1, 2, tzinfo=UTC), AskedCloud("local", STATE)) == date(2026, 1, 2)
    assert day(None, AskedCloud("gcp", STATE)) == datetime.now(UTC).date()
    with pytest.raises(Refused, match="a day is what it is"):
        day(datetime(2026, 1, 2, tzinfo=UTC), AskedCloud("gcp", STATE))


def test_a_command_is_written_so_that_it_can_be_pasted() -> None:
    plain = CommandLine("service.shop.production", Path("catalog"), AskedCloud("local", Path(".cloud")))
    assert plain.of("up") == "pave up service.shop.production"
    other = CommandLine("service.shop.production", Path("my catalog"), AskedCloud("gcp", Path("s")))
    assert other.of("up", "--yes") == (
        "pave up service.shop.production --catalog 'my catalog' --cloud gcp --state s --yes"
    )
    broken = plain._replace(glass=("incident=1", "person=ada l"))
    assert broken.of("up").endswith(" --break-glass incident=1 --break-glass 'person=ada l'")
    assert broken.of("drift") == "pave drift service.shop.production"
    judged = plain._replace(asked=AskedRules(Path("our rules")))
    assert judged.of("preview") == "pave preview service.shop.production --policies 'our rules'"
    assert judged.of("drift") == "pave drift service.shop.production"


def test_nobody_there_to_ask_is_no_yes() -> None:
    with pytest.raises(Refused, match=r"nothing was changed\. Not to be asked: pave up x --yes"):
        ask("Go?", "pave up x --yes")


def test_a_cloud_says_which_it_is() -> None:
    assert str(AskedCloud("local", Path("here/.pave"))) == "the local cloud in here/.pave"
    assert str(AskedCloud("gcp", Path("here/.pave"))) == "Google Cloud"
