"""Compiles the rules: `python -m policies.building build`, and `check` to prove that the bundle is current.

`python -m policies.building server OUT.tar.gz` makes the bundle that an OPA server answers from, with
`--policies DIR` of an organisation's own rules too.
`python -m policies.building capabilities` rewrites `capabilities.json`, the built-in functions that a rule
may call: those of this OPA that run inside WebAssembly. Do that only together with a new version of OPA.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from policies.building.build import build, server_bundle
from policies.building.capabilities import capabilities
from policies.building.extension import ExtensionError, extended_server_bundle
from policies.building.opa import BuildError, MissingOpaError, find_opa

HOME = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str]) -> int:
    """The command: 0 when done, 1 when the rules are wrong or the bundle is old, 2 without opa."""
    parser = argparse.ArgumentParser(prog="python -m policies.building", description=__doc__)
    parser.add_argument("action", choices=("build", "check", "capabilities", "server"))
    parser.add_argument("out", type=Path, nargs="?", help="for `server`: the file to write")
    parser.add_argument("--root", type=Path, default=HOME, help="the folder policies/")
    parser.add_argument("--policies", type=Path, metavar="DIR", help="for `server`: own rules, too")
    chosen = parser.parse_args(arguments)
    if (chosen.action == "server") != (chosen.out is not None):
        parser.error("`server` takes a file to write, and nothing else does")
    if chosen.policies is not None and chosen.action != "server":
        parser.error("only `server` takes --policies; pave compiles own rules when they are asked")
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
    return extended_server_bundle(root, own, opa)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _report(what: str, code: int) -> int:
    sys.stderr.write(f"{what}\n")
    return code
