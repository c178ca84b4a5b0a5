"""How the Pulumi CLI is found and run: real processes, with a stand-in for the CLI."""

import sys
from pathlib import Path

import pytest
from pulumi.automation import CommandError
from semver import VersionInfo

from pave.delivery.engine import cli
from pave.delivery.engine.cli import Cli, find_cli
from pave.refused import Refused

VERSION = VersionInfo.parse("3.258.0")

STOPPED_BY_HAND = """
import os, signal, sys, time
times = []
def stop(*_):
    times.append(1)
    print("stopping", len(times), flush=True)
    if len(times) == {wishes}:
        sys.exit(3)
    os.kill(os.getppid(), signal.SIGINT)  # the person's next Ctrl-C
signal.signal(signal.SIGINT, stop)
os.kill(os.getppid(), signal.SIGINT)
time.sleep(60)
"""


def stand_in(folder: Path, program: str, name: str = "pulumi") -> Path:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{program}")
    path.chmod(0o755)
    return path


def test_it_gets_its_environment_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "mine")
    program = "import os, sys; print(sorted(os.environ), sys.argv[1:])"
    done = Cli(stand_in(tmp_path, program), VERSION, {"A": "1"}).run(["up"], str(tmp_path), {"B": "2"})
    assert "PULUMI_ACCESS_TOKEN" not in done.stdout
    assert "'A', 'B'" in done.stdout
    assert done.stdout.endswith("['--non-interactive', '--color', 'never', 'up']")


def test_its_lines_are_heard_as_they_come(tmp_path: Path) -> None:
    heard: list[str] = []
    program = "import sys; print('one'); print('two'); print('three', file=sys.stderr)"
    done = Cli(stand_in(tmp_path, program), VERSION, {}).run(
        [], str(tmp_path), {}, heard.append, heard.append
    )
    assert (done.stdout, done.stderr) == ("one\ntwo", "three")
    assert sorted(heard) == ["one", "three", "two"]


def test_flags_are_only_for_what_is_inside(tmp_path: Path) -> None:
    run = Cli(stand_in(tmp_path, "import sys; print(sys.argv[-1])"), VERSION, {})
    with run.with_flags("--ignore-protect"):
        assert run.run(["preview"], str(tmp_path), {}).stdout == "--ignore-protect"
    assert run.run(["preview"], str(tmp_path), {}).stdout == "preview"


@pytest.mark.parametrize("wishes", [1, 2])
def test_a_wish_to_stop_is_passed_on_and_waited_for(tmp_path: Path, wishes: int) -> None:
    run = Cli(stand_in(tmp_path, STOPPED_BY_HAND.format(wishes=wishes)), VERSION, {})
    heard = []
    run.on_stop = lambda: heard.append("stop")
    with pytest.raises(CommandError, match=f"stopping {wishes}"):
        run.run([], str(tmp_path), {})
    assert run.is_stopping
    assert heard == ["stop"] * wishes


def test_where_nobody_follows_what_happens_a_wish_to_stop_ends_all(tmp_path: Path) -> None:
    run = Cli(stand_in(tmp_path, STOPPED_BY_HAND.format(wishes=1)), VERSION, {})
    with pytest.raises(KeyboardInterrupt):
        run.run([], str(tmp_path), {})


def test_the_one_that_was_built_comes_before_the_one_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = stand_in(tmp_path, "print('v3.258.0')", "built")
    (tmp_path / "bin").mkdir()
    on_path = stand_in(tmp_path / "bin", "print('v3.300.1')")
    monkeypatch.setenv("PATH", str(on_path.parent))
    monkeypatch.setattr(cli, "BUILT", built)
    assert find_cli() == (built, VERSION)
    monkeypatch.setattr(cli, "BUILT", tmp_path / "none")
    assert find_cli() == (on_path, VersionInfo.parse("3.300.1"))


def test_a_cli_is_asked_once_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tmp_path / "asked"
    asking = f"print('v3.258.0'); print('again', file=open({str(asked)!r}, 'a'))"
    monkeypatch.setattr(cli, "BUILT", stand_in(tmp_path, asking))
    assert find_cli() == find_cli()
    assert asked.read_text() == "again\n"


@pytest.mark.parametrize("printed", ["v3.100.0", "v4.0.0", "nonsense", ""])
def test_a_cli_that_would_not_understand_us_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str
) -> None:
    monkeypatch.setattr(cli, "BUILT", stand_in(tmp_path, f"print({printed!r})"))
    with pytest.raises(Refused, match="make tools"):
        find_cli()


def test_without_a_cli_it_is_said_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "BUILT", tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="There is no Pulumi CLI: `make tools` provides it"):
        find_cli()


def test_of_several_errors_each_is_said_and_not_how_many_they_are() -> None:
    printed = "  error: 2 errors occurred:\n    \t* first of them\n    \t* second: of them\n\n  done\n"
    assert cli.errors_in(printed) == ["first of them", "second: of them"]
    assert cli.errors_in("error: one\nerror: one\nno * item\n") == ["one"]
