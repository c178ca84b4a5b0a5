"""The image can't be built here, for want of Docker: what can be read of its file is."""

import hashlib
import re
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from policies.rule import OPA
from tools import build

HOME = Path(__file__).resolve().parents[2]
INSTRUCTIONS = {"ADD", "ARG", "CMD", "COPY", "ENV", "FROM", "RUN", "USER", "WORKDIR"}
"""Those that we use of https://docs.docker.com/reference/dockerfile/."""


def instructions(text: str) -> list[tuple[str, str]]:
    """(instruction, the rest) of each, as the builder reads them: no comments, continued lines as one."""
    kept = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    lines = "\n".join(kept).replace("\\\n", " ").splitlines()
    return [
        (first, rest.strip()) for first, _, rest in (line.partition(" ") for line in lines if line.strip())
    ]


@pytest.fixture(scope="module")
def image() -> list[tuple[str, str]]:
    return instructions((HOME / "Dockerfile").read_text("utf-8"))


def of(image: list[tuple[str, str]], kind: str) -> list[str]:
    return [rest for instruction, rest in image if instruction == kind]


def test_every_line_is_an_instruction(image: list[tuple[str, str]]) -> None:
    assert {instruction for instruction, _ in image} == INSTRUCTIONS


def test_a_shell_understands_every_command(image: list[tuple[str, str]]) -> None:
    commands = of(image, "RUN")
    assert commands
    for command in commands:
        done = subprocess.run(["sh", "-n", "-c", command], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_every_argument_is_declared_where_it_is_used(image: list[tuple[str, str]]) -> None:
    """An argument ends with the stage that declares it; one before the first stage is for `FROM` only."""
    outside: set[str] = set()
    declared: set[str] | None = None
    for instruction, rest in image:
        used = set(re.findall(r"\$\{([A-Z][A-Z0-9_]*)\b", rest))
        if instruction == "FROM":
            assert used <= outside
            declared = set()
        elif instruction == "ARG":
            (outside if declared is None else declared).add(rest.partition("=")[0])
        else:
            assert declared is not None
            assert used <= declared, rest


def test_no_base_moves_under_our_feet(image: list[tuple[str, str]]) -> None:
    assert all(rest.startswith("${PYTHON}") for rest in of(image, "FROM"))
    (python,) = (rest for rest in of(image, "ARG") if rest.startswith("PYTHON="))
    assert re.fullmatch(r"PYTHON=python:3\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", python)


def test_the_pulumi_command_is_the_pinned_one(image: list[tuple[str, str]]) -> None:
    assert f"PULUMI_VERSION={build.all_tools()['pulumi'].version}" in of(image, "ARG")


def test_the_opa_command_is_the_pinned_one(image: list[tuple[str, str]]) -> None:
    assert f"OPA_VERSION={OPA}" in of(image, "ARG")


def test_the_providers_versions_are_read_from_the_lock(image: list[tuple[str, str]]) -> None:
    (installing,) = (command for command in of(image, "RUN") if "plugin install" in command)
    function = installing.partition("&&")[0]
    lock = HOME / "requirements.lock"
    for name in ("gcp", "kubernetes"):
        command = ["sh", "-c", f"{function}\nversion {name}"]
        done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True)
        assert f"pulumi-{name}=={done.stdout.strip()} " in lock.read_text()
    assert installing.count("--checksum") == 2


def test_an_archive_is_unpacked_only_with_the_digest_that_its_release_states(
    tmp_path: Path, image: list[tuple[str, str]]
) -> None:
    """The very command, with a release on this machine instead of the network's."""
    (unpacking,) = (command for command in of(image, "RUN") if "checksums.txt" in command)
    tools, release = tmp_path / "bin", tmp_path / "release"
    for folder in (tools, release, tmp_path / "made" / "pulumi"):
        folder.mkdir(parents=True)
    (tmp_path / "made" / "pulumi" / "pulumi").write_text("#!/bin/sh\n")
    archive = release / "pulumi-v1.2.3-linux-x64.tar.gz"
    subprocess.run(["tar", "-czf", archive, "-C", tmp_path / "made", "pulumi"], check=True)
    digest = subprocess.run(
        ["sha256sum", archive], capture_output=True, text=True, check=True
    ).stdout.split()[0]
    script(tools / "dpkg", "echo amd64")
    script(tools / "curl", f'cp "{archive}" .; cp "{release}/sums" sums')
    command = unpacking.replace("/opt/pulumi", str(tmp_path / "opt"))

    def unpack(stated: str, given: str = "") -> int:
        (release / "sums").write_text(f"{stated}  {archive.name}\n{'0' * 64}  another.tar.gz\n")
        (tmp_path / "download").mkdir(exist_ok=True)
        environment = {"PATH": f"{tools}:/usr/bin:/bin", "PULUMI_VERSION": "1.2.3", "PULUMI_SHA256": given}
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path / "download",
            env=environment,
            capture_output=True,
            check=False,
        )
        return done.returncode

    assert unpack("f" * 64) != 0
    assert unpack(digest, "e" * 64) != 0
    assert not (tmp_path / "opt").exists()
    assert unpack(digest, digest) == 0
    assert (tmp_path / "opt" / "pulumi").exists()


def test_opa_is_installed_only_with_the_digest_that_its_release_states(
    tmp_path: Path, image: list[tuple[str, str]]
) -> None:
    (installing,) = (command for command in of(image, "RUN") if "open-policy-agent" in command)
    tools, release, installed = tmp_path / "bin", tmp_path / "release", tmp_path / "opa"
    for folder in (tools, release):
        folder.mkdir()
    binary = release / "opa_linux_amd64_static"
    binary.write_text("#!/bin/sh\n")
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()
    script(tools / "dpkg", "echo amd64")
    script(tools / "curl", f'cp "{binary}" .; cp "{release}/sum" opa.sha256')
    command = installing.replace("/opt/pulumi/opa", str(installed))

    def install(stated: str, given: str = "") -> int:
        (release / "sum").write_text(f"{stated}  {binary.name}\n")
        environment = {"PATH": f"{tools}:/usr/bin:/bin", "OPA_VERSION": "1.2.3", "OPA_SHA256": given}
        words = ["sh", "-c", command]
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, check=False)
        return done.returncode

    assert install("f" * 64) != 0
    assert install(digest, "e" * 64) != 0
    assert not installed.exists()
    assert install(digest, digest) == 0
    assert installed.stat().st_mode & 0o111 == 0o111


def script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def test_what_is_copied_exists_and_is_not_ignored(image: list[tuple[str, str]]) -> None:
    ignored = (HOME / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "**"
    kept = {line[1:] for line in ignored if line.startswith("!")}
    assert {name for name in kept if not (HOME / name).exists()} == set()
    assert kept >= {"catalog", "components", "pave", "policies", "stacks", "tools", "Pulumi.yaml"}
    assert not any(fnmatchcase(name, pattern) for name in (".git", ".venv", ".tools") for pattern in kept)
    sources = [source for rest in of(image, "COPY") if "--from" not in rest for source in rest.split()[:-1]]
    assert set(sources) - {"."} <= kept


def test_the_image_runs_as_nobody_in_particular(image: list[tuple[str, str]]) -> None:
    *_, user = of(image, "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    last = [instruction for instruction, _ in image[-3:]]
    assert last == ["USER", "WORKDIR", "CMD"]


def test_the_packages_are_installed_as_everywhere(image: list[tuple[str, str]]) -> None:
    assert any(command.startswith("python tools/set_up.py .venv") for command in of(image, "RUN"))
    assert not re.search(r"pip install|\| (ba|da)?sh\b", "\n".join(of(image, "RUN")))
