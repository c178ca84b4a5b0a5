"""Compiles the rules: `python -m policies.bundle build`, and `check` to prove that the bundle is current.

`python -m policies.bundle server OUT.tar.gz` makes the bundle that an OPA server answers from, with
`--policies DIR` of an organisation's own rules too.
`python -m policies.bundle capabilities` rewrites `capabilities.json`, the built-in functions that a rule may
call: those of this OPA that run inside WebAssembly. Do that only together with a new version of OPA.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from policies.engine import ENTRYPOINT, entrypoint_of, foreign_builtins
from policies.rule import OPA, Manifest, Rule, rego_sources, revision_of
from policies.source import Source, faults, rule_of

_LIMITS = ("--capabilities", "capabilities.json")


class BuildError(Exception):
    """The rules can't be compiled: one line for each reason, `file:line: what`."""


class MissingOpaError(Exception):
    """There is no opa of the right version. One line."""


def build(root: Path, opa: Path) -> dict[str, bytes]:
    """The bundle of the policies in `root`: the bytes of `policy.wasm` and `rules.json`.

    The same sources give the same bytes, wherever they lie. Raises BuildError for rules that can't be
    compiled, can fail open, or whose metadata doesn't hold.
    """
    sources = rego_sources(root)
    with tempfile.TemporaryDirectory() as folder:
        rules = _checked(root, opa, sources, folder)
        questions = (ENTRYPOINT, *(entrypoint_of(rule.id) for rule in rules))
        asked = [word for question in questions for word in ("--entrypoint", question)]
        output = ("--output", "bundle.tar.gz")
        _run(opa, "build", "--target=wasm", *_LIMITS, *asked, *output, "policies", cwd=folder)
        wasm = _module(Path(folder) / "bundle.tar.gz")
    manifest = Manifest(revision_of(root, sources), OPA, hashlib.sha256(wasm).hexdigest(), rules)
    return {"policy.wasm": wasm, "rules.json": _json(msgspec.to_builtins(manifest))}


def server_bundle(root: Path, opa: Path) -> bytes:
    """The policies in `root` as a bundle for OPA servers: https://www.openpolicyagent.org/docs/management-bundles

    It carries their revision and owns only its own packages, so that it goes along with other bundles. The
    same sources give the same bytes. Raises BuildError as `build` does.
    """
    sources = rego_sources(root)
    with tempfile.TemporaryDirectory() as folder:
        _checked(root, opa, sources, folder)
        packages = sorted({path.removesuffix(".rego").split("/")[0] for path in sources})
        manifest = {"revision": revision_of(root, sources), "roots": packages}
        (Path(folder) / "policies" / ".manifest").write_text(json.dumps(manifest))
        _run(opa, "build", *_LIMITS, "--output", "bundle.tar.gz", "--bundle", "policies", cwd=folder)
        return (Path(folder) / "bundle.tar.gz").read_bytes()


def capabilities(opa: Path) -> bytes:
    """`capabilities.json` for this OPA: its language, and of its built-ins those WebAssembly has natively.

    OPA doesn't say which they are, but compiles a module that lists those it lacks, so one that calls them
    all is asked. `print` is dropped by the compiler and deprecated functions are refused by Rego v1.
    """
    known = json.loads(_run(opa, "capabilities", "--current"), object_hook=_undocumented)
    callable_ = [each for each in known["builtins"] if not each.get("deprecated") and each["name"] != "print"]
    lines = ["package probe"]
    for number, builtin in enumerate(callable_):
        arguments = ", ".join(f"input.a{i}" for i, _ in enumerate(builtin["decl"].get("args", [])))
        if builtin["name"] not in {"eq", "assign"}:  # operators that the compiler resolves
            lines.append(f"called contains {number} if {builtin['name']}({arguments})")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "probe.rego").write_text("\n".join(lines) + "\n")
        output = ("--entrypoint", "probe/called", "--output", "bundle.tar.gz")
        _run(opa, "build", "--target=wasm", *output, "probe.rego", cwd=folder)
        foreign = foreign_builtins(_module(Path(folder) / "bundle.tar.gz"))
    known["builtins"] = [each for each in callable_ if each["name"] not in foreign]
    return _json(known)


def find_opa(root: Path) -> Path:
    """The opa that `make tools` built, else the one on the PATH. MissingOpaError if it isn't 1.22.0."""
    built = root.resolve().parent / ".tools" / "opa"
    found = str(built) if built.exists() else shutil.which("opa")
    if found is None:
        raise MissingOpaError(f"opa {OPA} is needed to compile the rules: make tools")
    version = re.search(r"^Version: (\S+)", _run(Path(found), "version"), re.MULTILINE)
    if version is None or version[1] != OPA:
        raise MissingOpaError(f"{found} is not opa {OPA}, which the bundle is compiled with: make tools")
    return Path(found)


def _run(opa: Path, *arguments: str, cwd: str | None = None, stdin: str = "") -> str:
    # An empty environment: variables such as EXPERIMENTAL_WASM_OPT change what OPA compiles.
    done = subprocess.run(
        [opa.resolve(), *arguments], cwd=cwd, env={}, input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildError(_readable(done.stderr or done.stdout))
    return done.stdout


def _readable(stderr: str) -> str:
    """OPA's errors as `file:line: what`, whether it wrote them as JSON or for people."""
    try:
        errors = json.loads(stderr)["errors"]
    except (ValueError, KeyError):
        return stderr.strip()
    places = [(each.get("location", {}), each["message"]) for each in errors]
    return "\n".join(f"{at['file']}:{at['row']}: {what}" if at else what for at, what in places)


def _undocumented(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in {"description", "categories"}}


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _module(tarball: Path) -> bytes:
    with tarfile.open(tarball) as opened:
        member = opened.extractfile("/policy.wasm")
        if member is None:
            raise BuildError("opa compiled no WebAssembly")
        return member.read()


def _checked(root: Path, opa: Path, sources: dict[str, bytes], folder: str) -> tuple[Rule, ...]:
    """The rules, proved to compile and to mean what they say, with their sources in `folder`/policies."""
    copy = Path(folder) / "policies"  # sources only: OPA would take fixtures for data
    for path, text in sources.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(text)
    shutil.copy(root / "capabilities.json", folder)
    _run(opa, "check", "--strict", "--format=json", *_LIMITS, "policies", cwd=folder)
    return _rules(opa, sources, folder)


def _rules(opa: Path, sources: dict[str, bytes], folder: str) -> tuple[Rule, ...]:
    inspected = json.loads(_run(opa, "inspect", "--annotations", "--format=json", "policies", cwd=folder))
    metadata = {
        each["location"]["file"].removeprefix("policies/"): each["annotations"]
        for each in inspected.get("annotations", [])
        if each["annotations"]["scope"] == "package"
    }
    texts = {path: text.decode() for path, text in sources.items()}
    query = "{path: rego.parse_module(path, text) | some path, text in input}"
    options = ("--format=raw", "--stdin-input")
    modules = json.loads(_run(opa, "eval", *options, query, cwd=folder, stdin=json.dumps(texts)))
    parsed = [Source(path, text, modules[path], metadata.get(path, {})) for path, text in texts.items()]
    found = [
        f"policies/{source.path}:{fault.line}: {fault.what}" for source in parsed for fault in faults(source)
    ]
    rules = [source for source in parsed if source.path.startswith("rules/")]
    if found or not rules:
        raise BuildError("\n".join(found) or "policies/rules: there are no rules")
    return tuple(sorted(map(rule_of, rules), key=lambda rule: rule.id))


def main(arguments: Sequence[str]) -> int:
    """The command: 0 when done, 1 when the rules are wrong or the bundle is old, 2 without opa."""
    parser = argparse.ArgumentParser(prog="python -m policies.bundle", description=__doc__)
    parser.add_argument("action", choices=("build", "check", "capabilities", "server"))
    parser.add_argument("out", type=Path, nargs="?", help="for `server`: the file to write")
    parser.add_argument("--root", type=Path, default=Path(__file__).parent, help="the folder policies/")
    parser.add_argument("--policies", type=Path, metavar="DIR", help="for `server`: own rules, too")
    chosen = parser.parse_args(arguments)
    if (chosen.action == "server") != (chosen.out is not None):
        parser.error("`server` takes a file to write, and nothing else does")
    if chosen.policies is not None and chosen.action != "server":
        parser.error("only `server` takes --policies; pave compiles own rules when they are asked")
    from policies.extension import ExtensionError

    try:
        return _act(chosen.action, chosen.root, chosen.out, chosen.policies)
    except MissingOpaError as error:
        return _report(str(error), 2)
    except (BuildError, ExtensionError) as error:
        return _report(str(error), 1)
    except OSError as error:
        return _report(f"{error.filename} can't be used ({error.strerror})", 1)


def _act(action: str, root: Path, out: Path, own: Path | None) -> int:
    opa = find_opa(root)
    if action == "capabilities":
        (root / "capabilities.json").write_bytes(capabilities(opa))
    elif action == "server":
        out.write_bytes(_served(root, own, opa))
    else:
        files = build(root, opa)
        bundle = root / "bundle"
        if action == "check":
            old = [name for name, content in files.items() if not _holds(bundle / name, content)]
            return _report(f"{bundle}: {' and '.join(old)} not current: make bundle", 1) if old else 0
        bundle.mkdir(exist_ok=True)
        for name, content in files.items():
            (bundle / name).write_bytes(content)
    return 0


def _served(root: Path, own: Path | None, opa: Path) -> bytes:
    if own is None:
        return server_bundle(root, opa)
    from policies.extension import extended_server_bundle

    return extended_server_bundle(root, own, opa)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _report(what: str, code: int) -> int:
    sys.stderr.write(f"{what}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
