"""Finds the built-in functions that a rule may call: those of this OPA that run inside WebAssembly."""

import json
import tempfile
from pathlib import Path
from typing import Any

from policies.building.opa import as_json, module_of, run
from policies.engines.embedded import foreign_builtins


def capabilities(opa: Path) -> bytes:
    """`capabilities.json` for this OPA: its language, and of its built-ins those WebAssembly has natively.

    OPA doesn't say which they are, but compiles a module that lists those it lacks, so one that calls them
    all is asked. `print` is dropped by the compiler and deprecated functions are refused by Rego v1.
    """
    known = json.loads(run(opa, "capabilities", "--current"), object_hook=_undocumented)
    callable_ = [each for each in known["builtins"] if not each.get("deprecated") and each["name"] != "print"]
    lines = ["package probe"]
    for number, builtin in enumerate(callable_):
        arguments = ", ".join(f"input.a{i}" for i, _ in enumerate(builtin["decl"].get("args", [])))
        if builtin["name"] not in {"eq", "assign"}:  # operators that the compiler resolves
            lines.append(f"called contains {number} if {builtin['name']}({arguments})")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "probe.rego").write_text("\n".join(lines) + "\n")
        output = ("--entrypoint", "probe/called", "--output", "bundle.tar.gz")
        run(opa, "build", "--target=wasm", *output, "probe.rego", cwd=folder)
        foreign = foreign_builtins(module_of(Path(folder) / "bundle.tar.gz"))
    known["builtins"] = [each for each in callable_ if each["name"] not in foreign]
    return as_json(known)


def _undocumented(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in {"description", "categories"}}
