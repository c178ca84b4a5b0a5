"""An organisation's own rules: compiled together with those of the project, and kept, so that the next run
needs no OPA.

A folder of own rules has the layout of `policies/`: `rules/<pillar>/<rule_name>/<rule_name>.rego`. Such a
rule may import `data.lib`; it can neither replace nor change what the project ships.
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from policies.building.build import build, server_bundle
from policies.building.opa import BuildError, MissingOpaError
from policies.private_folder import PrivateFolder
from policies.rule import OPA, Bundle, Manifest, rego_sources, revision_of

KEPT = 8
"""Compiled bundles kept; those that were longest of no use go first."""


SCHEMA = Path("schema", "input.schema.json")
"""What rules are asked about, in `policies/`. The shipped ones are held to it by `make lint`: it is made of
code that a new kind of document, which a new rule may read, changes."""


class ExtensionError(Exception):
    """The own rules can't be used. One line for each reason, with what mends it."""


def extended(root: Path, own: Path, cache: Path, find_opa: Callable[[], Path]) -> Bundle:
    """The bundle of the policies in `root` and of the own rules in `own`.

    It comes from `cache`, a folder of ours alone, if it was compiled before; `find_opa` is called only
    otherwise. Raises ExtensionError."""
    shipped, sources = _sources(root, own)
    revision = revision_of(root, dict(sorted({**shipped, **sources}.items())))
    kept = PrivateFolder(cache / "policies", KEPT)
    name = f"{revision}-{_compiler()}"
    found = kept.read(name)
    if found is not None and (known := _decoded(found)) is not None:
        return known
    try:
        opa = find_opa()
    except MissingOpaError as error:
        what = f"The rules in {own} have to be compiled once, together with those of pave"
        raise ExtensionError(f"{what}: {error}.") from error
    with _together(root, shipped, own, sources) as both:
        files = build(both, opa, root / SCHEMA if (root / SCHEMA).is_file() else None)
    bundle = msgspec.json.decode(files["rules.json"], type=Manifest).bundle(files["policy.wasm"])
    kept.write(name, msgspec.msgpack.encode(bundle))
    return bundle


def extended_server_bundle(root: Path, own: Path, opa: Path) -> bytes:
    """The bundle for OPA servers of the policies in `root` and of the own rules in `own`. It has the revision
    of their `extended` one. Raises ExtensionError."""
    shipped, sources = _sources(root, own)
    with _together(root, shipped, own, sources) as folder:
        return server_bundle(folder, opa)


def _compiler() -> str:
    """What makes a bundle of sources: this OPA, and our own code around it."""
    policies = Path(__file__).resolve().parents[1]
    code = [policies / "rule.py", policies / "engines" / "answer.py", *sorted(policies.glob("building/*.py"))]
    code += [policies / SCHEMA] if (policies / SCHEMA).is_file() else []
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in code))
    return f"{OPA}-{digest.hexdigest()[:8]}"


def own_ids(root: Path, own: Path) -> list[str]:
    """The ids of the own rules, sorted. Raises ExtensionError."""
    _, sources = _sources(root, own)
    return sorted({_id(path) for path in sources})


def _sources(root: Path, own: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The sources of the project and the own ones, which don't get in each other's way."""
    if not own.is_dir():
        raise ExtensionError(f"There is no folder {own}. Own rules are in DIR/rules/<pillar>/<rule_name>/.")
    shipped = rego_sources(root)
    if "main.rego" not in shipped:
        what = f"{root} holds no sources of rules, and own rules are compiled together with them"
        raise ExtensionError(f"{what}. Use a checkout of pave, or an image with its sources.")
    sources = rego_sources(own)
    wrong = [
        f"{own / path}: own rules are in rules/<pillar>/<rule_name>/; what rules share is the lib of pave."
        for path in sources
        if not path.startswith("rules/")
    ]
    taken = {_id(path) for path in shipped if path.startswith("rules/")}
    wrong += [
        f"{own / path}: {_id(path)} is a rule of pave already. Give yours a name of its own."
        for path in sources
        if path.startswith("rules/") and _id(path) in taken
    ]
    wrong += [place for path, text in sources.items() for place in _misnamed(own, path, text.decode())]
    if not sources:
        wrong = [f"There are no rules in {own}/rules. `pave policies new PILLAR/NAME` makes one."]
    if wrong:
        raise ExtensionError("\n".join(wrong))
    return shipped, sources


def _misnamed(own: Path, path: str, text: str) -> Iterator[str]:
    """Packages that aren't the folder's: under another's name a rule would change that one."""
    wanted = ".".join(path.split("/")[:3])
    for number, line in enumerate(text.splitlines(), start=1):
        said = re.match(r"package\s+([^\s#]+)", line)
        if said and said[1] != wanted and path.startswith("rules/"):
            yield f"{own / path}:{number}: the package is its folder's: {wanted}"


def _id(path: str) -> str:
    return "/".join(path.split("/")[1:3]).replace("_", "-")


@contextmanager
def _together(
    root: Path, shipped: Mapping[str, bytes], own: Path, theirs: Mapping[str, bytes]
) -> Iterator[Path]:
    """A folder like `root` with all these sources. What is wrong with them is raised as ExtensionError."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "policies"
        for path, text in (*shipped.items(), *theirs.items()):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text)
        shutil.copy(root / "capabilities.json", folder)
        try:
            yield folder
        except BuildError as error:
            raise ExtensionError(_placed(str(error), own, theirs)) from error


def _placed(said: str, own: Path, theirs: Iterable[str]) -> str:
    """What is said about `policies/rules/…`, naming the files where they really lie."""
    for path in theirs:
        said = said.replace(f"policies/{path}", str(own / path))
    return said


def _decoded(content: bytes) -> Bundle | None:
    """A bundle that was kept; None for what another version has written."""
    with suppress(msgspec.MsgspecError):
        return msgspec.msgpack.decode(content, type=Bundle)
    return None
