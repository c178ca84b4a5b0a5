"""The pinned OPA: where it is, and how it is run so that the same sources give the same bytes."""

import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from policies.rule import OPA

LIMITS = ("--capabilities", "capabilities.json")
"""What a rule may call, said to each command that reads rules; from its working directory."""


class BuildError(Exception):
    """The rules can't be compiled: one line for each reason, `file:line: what`."""


class MissingOpaError(Exception):
    """There is no opa of the right version. One line."""


def find_opa(root: Path) -> Path:
    """The opa that `make tools` built, else the one on the PATH. MissingOpaError if it isn't 1.22.0."""
    built = root.resolve().parent / ".tools" / "opa"
    found = str(built) if built.exists() else shutil.which("opa")
    if found is None:
        raise MissingOpaError(f"opa {OPA} is needed to compile the rules: make tools")
    version = re.search(r"^Version: (\S+)", run(Path(found), "version"), re.MULTILINE)
    if version is None or version[1] != OPA:
        raise MissingOpaError(f"{found} is not opa {OPA}, which the bundle is compiled with: make tools")
    return Path(found)


def run(opa: Path, *arguments: str, cwd: str | None = None, stdin: str = "") -> str:
    """What a command of OPA prints. Raises BuildError with what it says of the rules."""
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
    places = [(each.get("location", {}), _said(each)) for each in errors]
    return "\n".join(f"{at['file']}:{at['row']}: {what}" if at else what for at, what in places)


def _said(error: Any) -> str:
    """What is wrong with a rule, with the fields that there are where it names one that there isn't."""
    known = error.get("details", {}).get("oneOf") if isinstance(error.get("details"), dict) else None
    if not known:
        return str(error["message"])
    asked = str(error["message"]).removeprefix("undefined ref: ")
    from catalog.nearest import nearest

    near = nearest(asked.rpartition(".")[2], known)
    hint = f"Did you mean `{near}`? " if near else ""
    return f"there is no `{asked}`. {hint}There: {', '.join(map(str, known))}"


def as_json(value: Any) -> bytes:
    """A value as a committed file holds it."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def module_of(tarball: Path) -> bytes:
    """The WebAssembly in a bundle that OPA made. Raises BuildError."""
    with tarfile.open(tarball) as opened:
        member = opened.extractfile("/policy.wasm")
        if member is None:
            raise BuildError("opa compiled no WebAssembly")
        return member.read()
