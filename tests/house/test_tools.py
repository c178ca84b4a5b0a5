"""The set-up and the pinned binaries."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pave.local_cloud.kubernetes import VERSION
from policies.rule import OPA
from tools import build, set_up, unpack

HOME = Path(__file__).resolve().parents[2]
SETTINGS = """\
:env:.index-url='https://first.example/pypi'
global.cert='/etc/certificates.pem'
global.extra-index-url='\\nhttps://second.example/pypi\\nhttps://third.example/pypi'
global.index-url='https://last.example/pypi'
global.quiet='1'
install.find-links='wheels more-wheels'
"""


def test_pips_settings_about_the_index_are_handed_to_uv() -> None:
    assert set_up.uv_environment(SETTINGS, {"PATH": "/bin"}) == {
        "PATH": "/bin",
        "SSL_CERT_FILE": "/etc/certificates.pem",
        "UV_DEFAULT_INDEX": "https://first.example/pypi",
        "UV_FIND_LINKS": "wheels,more-wheels",
        "UV_INDEX": "https://second.example/pypi https://third.example/pypi",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_what_the_user_tells_uv_itself_wins() -> None:
    own = {"UV_DEFAULT_INDEX": "https://own.example/pypi"}
    assert set_up.uv_environment(SETTINGS, own)["UV_DEFAULT_INDEX"] == "https://own.example/pypi"


def test_uv_is_installed_in_the_locked_version_with_all_its_hashes() -> None:
    found = set_up.locked_requirement(set_up.LOCK.read_text(), "uv")
    first, *hashes = found.rstrip("\n").split("\n")
    assert re.fullmatch(r"uv==[\d.]+ \\", first)
    assert len(hashes) > 10
    assert all("--hash=sha256:" in line for line in hashes)


def test_a_package_outside_the_lock_is_not_installed() -> None:
    with pytest.raises(LookupError, match="doesn't pin left-pad"):
        set_up.locked_requirement("uv==1.0\n", "left-pad")


def test_an_old_python_is_refused_in_one_line(tmp_path: Path) -> None:
    for name in ("python3", "python3.11"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    make = shutil.which("make")
    assert make is not None
    command = [make, "--silent", "set-up", f"VENV={tmp_path}/venv"]
    done = subprocess.run(
        command, cwd=HOME, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("pave needs Python 3.11 or newer with venv and pip")


@pytest.mark.parametrize("target", ["test-engine", "test-kubernetes", "test-prometheus"])
@pytest.mark.parametrize(("ci", "goes_on"), [("", True), ("true", False)])
def test_what_cannot_be_built_stops_a_pipeline_and_nobody_else(
    tmp_path: Path, target: str, ci: str, goes_on: bool
) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\ncase "$1" in tools/*) exit 1;; esac; echo "tests ran"\n')
    python.chmod(0o755)
    command = ["make", "--old-file=.venv/.ready", target, f"PY={python}"]
    environment = {**os.environ, "CI": ci}
    done = subprocess.run(
        command, cwd=HOME, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert ("tests ran" in done.stdout, done.returncode == 0) == (goes_on, goes_on)


def test_every_tool_pins_its_version_and_every_byte_it_is_built_from() -> None:
    tools = build.all_tools()
    assert set(tools) == {
        *("alertmanager", "conftest", "core-rules", "etcd", "opa", "prom-label-proxy", "pulumi", "sloth"),
        *("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "rollouts-controller"),
        *("kube-state-metrics", "victoria-metrics", "vmauth", "vmctl"),
    }
    for tool in tools.values():
        sums = (build.TOOLS / tool.name / "go.sum").read_text()
        assert f" v{tool.version} h1:" in sums
        assert "{" not in tool.ldflags


def test_opa_is_the_one_that_the_bundle_names() -> None:
    assert build.all_tools()["opa"].version == OPA


def test_the_pulumi_command_is_as_old_as_its_sdk() -> None:
    assert f"pulumi=={build.all_tools()['pulumi'].version}" in (HOME / "requirements.in").read_text()


def test_the_api_server_is_of_the_version_that_the_local_cloud_judges_by() -> None:
    version = build.all_tools()["kube-apiserver"].version
    assert version.startswith(f"{VERSION}.")
    module = (build.TOOLS / "kube-apiserver" / "go.mod").read_text()
    parts = re.findall(r"^\t(\S+) => (\S+) v(\S+)$", module, re.MULTILINE)
    assert len(parts) > 20
    assert {(old == new, f"1{of[1:]}") for old, new, of in parts} == {(True, version)}


def tool(*, newer_is_fine: bool) -> build.Tool:
    return build.Tool(
        "opa", "example.org/opa", "1.22.0", "1.26.0", ("version",), newer_is_fine, "-s -w", "digest"
    )


@pytest.mark.parametrize(
    ("printed", "exactly", "at_least"),
    [
        ("Version: 1.22.0\nGo Version: go1.26.8", True, True),
        ("v1.22.1", False, True),
        ("1.100.0", False, True),
        ("1.21.9", False, False),
        ("1.22.0-dev.3", True, True),
        ("dev", False, False),
    ],
)
def test_a_tool_is_taken_from_the_path_only_in_a_version_that_serves(
    printed: str, exactly: bool, at_least: bool
) -> None:
    version = build.parse_version(printed)
    assert tool(newer_is_fine=False).accepts(version) is exactly
    assert tool(newer_is_fine=True).accepts(version) is at_least


def test_a_tool_on_the_path_is_linked_instead_of_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opa = tmp_path / "opa"
    opa.write_text("#!/bin/sh\necho 'Version: 1.22.0'\n")
    opa.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(build, "BUILT", tmp_path / ".tools")
    assert build.provide(tool(newer_is_fine=False)) == f"is {opa}"
    assert (tmp_path / ".tools" / "opa").resolve() == opa


def test_a_built_tool_is_kept_until_its_sources_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "BUILT", tmp_path)
    (tmp_path / "opa").write_text("built")
    (tmp_path / ".opa.digest").write_text("digest")
    assert build.provide(tool(newer_is_fine=False)) == "is up to date"


def test_progress_counts_what_is_compiled_and_keeps_what_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    said = list(build.show_progress(tool(newer_is_fine=False), ["a\n", "b\n"], total=2))
    assert said == ["a", "b"]
    assert capsys.readouterr().out == "opa 1.22.0: compiled 1 of 2 packages\n"


def test_a_tool_without_a_package_says_how_to_name_one(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module pave/tools/none\n\ngo 1.26.0\n")
    (tmp_path / "tool.toml").write_text("")
    with pytest.raises(build.BuildError, match="go get -tool"):
        build.read_tool(tmp_path)


def test_an_unknown_tool_is_named_and_the_known_ones_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["terraform"]) == 1
    assert (
        capsys.readouterr().err
        == "no tool terraform; there are alertmanager, conftest, core-rules, etcd, kube-apiserver,"
        " kube-controller-manager, kube-scheduler, kube-state-metrics, kwok, opa, prom-label-proxy, pulumi,"
        " rollouts-controller, sloth, victoria-metrics, vmauth, vmctl\n"
    )


def packaged(oldest: str = "2.42") -> unpack.Packaged:
    return unpack.Packaged("promtool", "prometheus", oldest, ("--version",))


def printing(folder: Path, text: str) -> Path:
    binary = folder / "promtool"
    binary.write_text(f"#!/bin/sh\necho '{text}'\n")
    binary.chmod(0o755)
    return binary


@pytest.mark.parametrize(
    ("printed", "serves"),
    [
        ("promtool, version 2.42.0+ds (branch: debian/sid)", True),
        ("promtool, version 3.5.0 (branch: HEAD)", True),
        ("amtool, version v2.43", True),
        ("promtool, version 2.41.9", False),
        ("promtool", False),
    ],
)
def test_a_binary_serves_from_its_oldest_version_on(tmp_path: Path, printed: str, serves: bool) -> None:
    assert unpack.serves(packaged(), printing(tmp_path, printed)) is serves


def test_a_binary_on_the_path_is_linked_and_one_that_is_too_old_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = printing(tmp_path, "promtool, version 3.5.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(unpack, "BUILT", tmp_path / ".tools")
    assert unpack.provide(packaged()) == f"is {found}"
    assert (tmp_path / ".tools" / "promtool").resolve() == found
    assert unpack.provide(packaged()) == "is up to date"
    with pytest.raises(unpack.UnpackError, match="no apt-get to fetch"):
        unpack.provide(packaged("4.0"))


def test_every_packaged_binary_says_what_serves() -> None:
    assert set(unpack.all_packaged()) == {
        *(
            "amtool",
            "haproxy",
            "named-checkzone",
            "postgres",
            "prometheus",
            "prometheus-blackbox-exporter",
            "promtool",
            "redis-server",
        ),
    }
