"""The compiled bundle as data: the rules' metadata, their WebAssembly, and proof that both are current."""

import hashlib
import os
import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec

OPA = "1.22.0"
"""The version of OPA that compiles the bundle."""

Stage = Literal["spec", "plan", "state"]

DOCUMENTS: dict[Stage, tuple[str, ...]] = {
    "spec": ("service", "environment", "unit", "global"),
    "plan": ("plan",),
    "state": ("service",),
}
"""The documents that a rule of each stage may judge: its findings' paths start with one of them."""


Stake = Literal["public", "data", "sign-in", "payment"]
"""What may be at stake in a service (`policies.stakes`)."""

PILLARS = ("reliability", "security", "operations", "performance", "cost", "sustainability")
"""The folders of `rules/`, most urgent first
(https://docs.cloud.google.com/architecture/framework)."""


class Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That a rule passes on words: on what the owner wrote in the field `field`, or in any of several (below
    a list, in any of its items). Where they are empty, or have not `beside` them what is said there, or the
    environment or the tier is none of those named, there is nothing to be proven. It is proven where the rule
    `proof` was asked at each of its stages and finds nothing; None: nothing does."""

    field: str | tuple[str, ...]
    proof: str | None = None
    purposes: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    beside: dict[str, str] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """Those of which the words in any are believed."""
        return (self.field,) if isinstance(self.field, str) else self.field


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule says about itself in its `# METADATA`; its id and pillar come from its folder.

    `message` and `remediation` are templates: `{name}` is a parameter of the finding.
    `description` says why the rule exists. `level` is the maturity level, 1 to 5, from which it binds.
    A rule that is not `waivable` can't be broken with permission either. One with `declared` never counts as
    passed where it applies, only as declared. Where what it `guards` is at stake in production, it binds
    whatever the service's tier and stage.
    """

    id: str
    pillar: str
    title: str
    description: str
    level: Annotated[int, msgspec.Meta(ge=1, le=5)]
    severity: Literal["error", "warning", "info"]
    stages: tuple[Stage, ...]
    message: str
    remediation: str
    references: tuple[str, ...]
    waivable: bool = True
    declared: Declared | None = None
    guards: tuple[Stake, ...] = ()


class Bundle(msgspec.Struct, frozen=True):
    """The rules by id in the order of their ids, the module that decides on them, and their revision."""

    revision: str
    rules: dict[str, Rule]
    wasm: bytes


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`rules.json`: `revision` is the digest of the sources, `wasm` that of the module beside it."""

    revision: str
    opa: str
    wasm: str
    rules: tuple[Rule, ...]

    def bundle(self, module: bytes) -> Bundle:
        """The bundle of these rules and their module."""
        return Bundle(self.revision, {rule.id: rule for rule in self.rules}, module)


class BundleError(Exception):
    """The bundle can't be trusted. One line: what is wrong, and the command that mends it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; run `make bundle`")


PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A parameter in the template of a message or a remediation; group 1 is its name."""


def placeholders(template: str) -> frozenset[str]:
    """The names of a template's parameters: `"{store} is {what}"` has `store` and `what`.

    A name is lower case letters, digits and underscores. Any other brace is refused with ValueError, since
    a template that can't be filled in would be noticed only when its rule fails for the first time.
    """
    rest = PLACEHOLDER.sub("", template)
    if "{" in rest or "}" in rest:
        raise ValueError(f"a brace in {template!r} encloses no parameter's name")
    return frozenset(PLACEHOLDER.findall(template))


def rego_sources(root: Path) -> dict[str, bytes]:
    """The Rego that decides, by its path below `root` (the folder `policies/`), in the order of the paths.

    That is `main.rego` and everything in `lib/` and `rules/` but tests and hidden files.
    """
    found: list[str] = []
    if (root / "main.rego").exists():
        found.append("main.rego")
    pending = [folder for folder in ("lib", "rules") if (root / folder).is_dir()]
    while pending:
        folder = pending.pop()
        with os.scandir(root / folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    pending.append(f"{folder}/{entry.name}")
                elif entry.name.endswith(".rego") and not entry.name.endswith("_test.rego"):
                    found.append(f"{folder}/{entry.name}")
    return {path: (root / path).read_bytes() for path in sorted(found)}


def revision_of(root: Path, sources: dict[str, bytes]) -> str:
    """The SHA-256 over `sources` and the `capabilities.json` in `root`, with their paths and lengths.

    Raises OSError when the capabilities can't be read.
    """
    digest = hashlib.sha256()
    for path, text in (("capabilities.json", (root / "capabilities.json").read_bytes()), *sources.items()):
        digest.update(f"{path}\0{len(text)}\0".encode())
        digest.update(text)
    return digest.hexdigest()


def load_bundle(directory: Path) -> Bundle:
    """Read the bundle in `directory` (`policies/bundle`), or raise BundleError; never an old verdict.

    The module must be the one that `rules.json` names. Where the sources lie beside the directory, as in a
    checkout, their digest must be the bundle's revision; an image may leave the sources out.
    """
    try:
        manifest = msgspec.json.decode((directory / "rules.json").read_bytes(), type=Manifest)
        wasm = (directory / "policy.wasm").read_bytes()
        sources = rego_sources(directory.parent)
        current = revision_of(directory.parent, sources) if sources else manifest.revision
    except OSError as error:
        raise BundleError(f"{error.filename} can't be read ({error.strerror})") from error
    except msgspec.MsgspecError as error:
        raise BundleError(f"{directory / 'rules.json'} is damaged ({error})") from error
    if hashlib.sha256(wasm).hexdigest() != manifest.wasm:
        raise BundleError(f"{directory / 'policy.wasm'} is not the module that rules.json describes")
    if current != manifest.revision:
        raise BundleError(f"the rules in {directory.parent} were changed after {directory} was built")
    if not manifest.rules:
        raise BundleError(f"{directory / 'rules.json'} holds no rules")
    return manifest.bundle(wasm)
