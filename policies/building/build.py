"""Compiles rules into a bundle: the same sources give the same bytes."""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import msgspec

from policies.building.opa import LIMITS, BuildError, as_json, module_of, run
from policies.building.source import Source, faults, rule_of
from policies.engines.answer import ENTRYPOINT, entrypoint_of
from policies.rule import OPA, Manifest, Rule, rego_sources, revision_of


def build(root: Path, opa: Path, schema: Path | None = None) -> dict[str, bytes]:
    """The bundle of the policies in `root`: the bytes of `policy.wasm` and `rules.json`. With the `schema` of
    what rules are asked about, they may read no field that it hasn't.

    The same sources give the same bytes, wherever they lie. Raises BuildError for rules that can't be
    compiled, can fail open, or whose metadata doesn't hold.
    """
    sources = rego_sources(root)
    with tempfile.TemporaryDirectory() as folder:
        rules = _checked(root, opa, sources, folder, schema)
        questions = (ENTRYPOINT, *(entrypoint_of(rule.id) for rule in rules))
        asked = [word for question in questions for word in ("--entrypoint", question)]
        output = ("--output", "bundle.tar.gz")
        run(opa, "build", "--target=wasm", *LIMITS, *asked, *output, "policies", cwd=folder)
        wasm = module_of(Path(folder) / "bundle.tar.gz")
    manifest = Manifest(revision_of(root, sources), OPA, hashlib.sha256(wasm).hexdigest(), rules)
    return {"policy.wasm": wasm, "rules.json": as_json(msgspec.to_builtins(manifest))}


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
        run(opa, "build", *LIMITS, "--output", "bundle.tar.gz", "--bundle", "policies", cwd=folder)
        return (Path(folder) / "bundle.tar.gz").read_bytes()


def _checked(
    root: Path, opa: Path, sources: dict[str, bytes], folder: str, schema: Path | None = None
) -> tuple[Rule, ...]:
    """The rules, proved to compile and to mean what they say, with their sources in `folder`/policies."""
    copy = Path(folder) / "policies"  # sources only: OPA would take fixtures for data
    for path, text in sources.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(text)
    shutil.copy(root / "capabilities.json", folder)
    read = [*LIMITS, "policies"]
    run(opa, "check", "--strict", "--format=json", *read, cwd=folder)
    if schema is not None:
        # Without it, a misspelt field is undefined, and a rule that asks for it passes everything.
        shutil.copy(schema, Path(folder) / "input.schema.json")
        run(opa, "check", "--strict", "--format=json", "--schema=input.schema.json", *read, cwd=folder)
    return _rules(opa, sources, folder)


def _rules(opa: Path, sources: dict[str, bytes], folder: str) -> tuple[Rule, ...]:
    inspected = json.loads(run(opa, "inspect", "--annotations", "--format=json", "policies", cwd=folder))
    metadata = {
        each["location"]["file"].removeprefix("policies/"): each["annotations"]
        for each in inspected.get("annotations", [])
        if each["annotations"]["scope"] == "package"
    }
    texts = {path: text.decode() for path, text in sources.items()}
    query = "{path: rego.parse_module(path, text) | some path, text in input}"
    options = ("--format=raw", "--stdin-input")
    modules = json.loads(run(opa, "eval", *options, query, cwd=folder, stdin=json.dumps(texts)))
    parsed = [Source(path, text, modules[path], metadata.get(path, {})) for path, text in texts.items()]
    found = [
        f"policies/{source.path}:{fault.line}: {fault.what}" for source in parsed for fault in faults(source)
    ]
    rules = [source for source in parsed if source.path.startswith("rules/")]
    if found or not rules:
        raise BuildError("\n".join(found) or "policies/rules: there are no rules")
    return tuple(sorted(map(rule_of, rules), key=lambda rule: rule.id))
