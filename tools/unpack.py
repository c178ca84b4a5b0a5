"""Put binaries of Debian's packages into `.tools/`: `python tools/unpack.py [NAME…]`, or all without a name.

For programs that can't be built from Go's module proxy within minutes. A binary is a folder beside this file;
its `package.toml` names the `package` that holds it, the `oldest` version that serves, how the binary prints
its version (`version_arguments`), and packages of `libraries` that not every machine has. With `programs`,
others that lie beside it, the package keeps its folders: such a binary looks for its files from where it is.
One on PATH that is new enough is linked; else apt fetches the package, which it checks against the
distribution's signatures, and only unpacks it: nothing is installed, and no service started.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
BUILT = TOOLS.parent / ".tools"


class UnpackError(Exception):
    """A binary that can't be had; the message says why and what to do."""


@dataclass(frozen=True)
class Packaged:
    """A binary and the package that holds it: what its folder says."""

    name: str
    package: str
    oldest: str
    version_arguments: tuple[str, ...]
    libraries: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()


def all_packaged() -> dict[str, Packaged]:
    """Return every binary by name, sorted: the folders here that hold a `package.toml`."""
    return {folder.parent.name: read(folder.parent) for folder in sorted(TOOLS.glob("*/package.toml"))}


def read(folder: Path) -> Packaged:
    """Read what a folder says of its binary."""
    said = tomllib.loads((folder / "package.toml").read_text())
    lists = (tuple(said.get(each, ())) for each in ("version_arguments", "libraries", "programs"))
    return Packaged(folder.name, said["package"], said["oldest"], *lists)


def provide(packaged: Packaged) -> str:
    """Make `.tools/<name>` the binary, and say in a few words where it came from. Raise UnpackError."""
    target = BUILT / packaged.name
    if serves(packaged, target) and all((BUILT / each).is_file() for each in packaged.programs):
        return "is up to date"
    BUILT.mkdir(exist_ok=True)
    found = shutil.which(packaged.name)
    if found is not None and Path(found).absolute() != target.absolute() and serves(packaged, Path(found)):
        beside = [Path(found).resolve().parent / each for each in packaged.programs]
        if all(each.is_file() for each in beside):
            for each in (Path(found), *beside):
                (BUILT / each.name).unlink(missing_ok=True)
                (BUILT / each.name).symlink_to(each)
            return f"is {found}"
    with tempfile.TemporaryDirectory(prefix="pave-unpack-") as folder:
        unpacked = _ready(packaged, _fetched(packaged, Path(folder)), Path(folder) / "ready")
        if not serves(packaged, unpacked / packaged.name):
            raise UnpackError(
                f"{packaged.name}: the package {packaged.package} here has none from {packaged.oldest} on."
                " Put one on PATH."
            )
        for each in sorted(unpacked.iterdir(), reverse=True):  # first what the binary needs
            _put(each, BUILT / each.name)
    return f"unpacked from {packaged.package}"


def serves(packaged: Packaged, binary: Path) -> bool:
    """Tell whether there is such a binary that runs and is new enough."""
    if not binary.is_file():
        return False
    command = [str(binary), *packaged.version_arguments]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return _version(f"{answer.stdout}{answer.stderr}") >= _version(packaged.oldest)


def _version(text: str) -> tuple[int, ...]:
    """The first `1.2` or `1.2.3` of a text as numbers, `()` when there is none."""
    for word in text.translate(str.maketrans("+-=", "   ")).split():
        numbers = word.removeprefix("v").rstrip(",").split(".")
        if len(numbers) > 1 and all(number.isdigit() for number in numbers):
            return tuple(int(number) for number in numbers)
    return ()


def _ready(packaged: Packaged, files: Path, folder: Path) -> Path:
    """A folder with the binary alone; or, with libraries, a script of its name, and both beside it."""
    folder.mkdir()
    if packaged.programs:
        return _with_folders(packaged, files, folder)
    found = next(files.glob(f"usr/*bin/{packaged.name}"), None)
    if found is None:
        return folder
    if not packaged.libraries:
        shutil.copy2(found, folder)
        return folder
    beside = folder / f"{packaged.name}.files"
    beside.mkdir()
    for each in (found, *files.glob("usr/lib/*/*.so*")):
        shutil.copy2(each, beside)
    _write_script(folder / packaged.name, beside.name, ".", packaged.name)
    return folder


def _with_folders(packaged: Packaged, files: Path, folder: Path) -> Path:
    """A folder with a script for the binary and each of its programs, and all that the packages hold for
    them."""
    home = next(files.glob(f"usr/lib/*/*/bin/{packaged.name}"), None)
    if home is None:
        return folder
    beside = folder / f"{packaged.name}.files"
    for part in ("usr/lib", f"usr/share/{home.relative_to(files).parts[2]}"):
        shutil.copytree(files / part, beside / part, symlinks=True, ignore=shutil.ignore_patterns("bitcode"))
    libraries = next(files.glob("usr/lib/*-linux-gnu*")).relative_to(files)
    for each in (packaged.name, *packaged.programs):
        _write_script(folder / each, beside.name, str(libraries), str(home.parent.relative_to(files) / each))
    return folder


def _write_script(script: Path, folder: str, libraries: str, binary: str) -> None:
    """Writes a script that runs a binary of the folder beside it with the libraries of that folder."""
    script.write_text(
        f'#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")/{folder}\n'
        f'LD_LIBRARY_PATH=$here/{libraries} exec "$here/{binary}" "$@"\n'
    )
    script.chmod(0o755)


def _put(fresh: Path, target: Path) -> None:
    """Puts a file or a folder where another one may be."""
    if fresh.is_dir():
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(fresh, target)
        return
    new = target.with_suffix(".new")
    shutil.copy2(fresh, new)
    new.replace(target)


def _fetched(packaged: Packaged, folder: Path) -> Path:
    """The files of the package and of its libraries, below a folder."""
    for needed in ("apt-get", "dpkg-deb"):
        if shutil.which(needed) is None:
            raise UnpackError(
                f"{packaged.name}: there is none on PATH from {packaged.oldest} on, and no {needed} to fetch"
                f" Debian's package {packaged.package} with."
            )
    sandbox = ["-o", "APT::Sandbox::User=root"] if os.geteuid() == 0 else []
    download = ["apt-get", *sandbox, "--quiet", "--quiet", "download", packaged.package, *packaged.libraries]
    if subprocess.run(download, cwd=folder, check=False).returncode:
        subprocess.run(["apt-get", "--quiet", "--quiet", "update"], check=False)  # a new image has no lists
        if subprocess.run(download, cwd=folder, check=False).returncode:
            raise UnpackError(f"{packaged.name}: apt couldn't fetch {packaged.package}; its word is above.")
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "--extract", str(archive), str(folder / "files")], check=True)
    return folder / "files"


def main(names: list[str]) -> int:
    """Provide the binaries of these names, all without a name. Return 0, or 1 as soon as one can't be had."""
    known = all_packaged()
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no binary {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 1
    for name in names or known:
        try:
            print(f"{name} {provide(known[name])}", flush=True)
        except UnpackError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
