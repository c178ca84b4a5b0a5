"""The recording of a program's run, as data. Imports no Pulumi, so that plans can be read without it."""

from typing import Literal

import msgspec

from catalog.document import Json

STACK = "pulumi:pulumi:Stack"
"""The type of the root of every stack."""


class RecordingError(Exception):
    """A program can't be recorded: it does what a plan can't show, or what the engine would refuse."""


class Options(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A resource's options as they are on the wire; what isn't set isn't in the JSON.

    `depends_on` holds what was asked for and what the inputs imply, `property_dependencies` the latter
    per input. `provider` and `providers` (by package) are URNs, without the provider's id. An alias is a
    URN or the parts of one. Lists of URNs are sorted, other lists are in the program's order."""

    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool | None = None
    depends_on: tuple[str, ...] = ()
    property_dependencies: dict[str, tuple[str, ...]] = {}
    provider: str = ""
    providers: dict[str, str] = {}
    version: str = ""
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    replace_with: tuple[str, ...] = ()
    deleted_with: str = ""
    import_id: str = ""
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[str | Json, ...] = ()
    custom_timeouts: dict[str, str] = {}


class Resource(msgspec.Struct, frozen=True, rename="camel"):
    """One resource that the program registers, or looks up (`read`: `Type.get`, a `StackReference`).

    `urn` is the engine's: the types of all its parents up to the stack. `parent` is a URN, None directly
    below the stack. `inputs` are plain JSON under the provider's names, sorted; in them stands
    `{"$unknown": [urns]}` for a value that only an update knows and the sorted URNs that its whole input
    depends on (for rules they stand only in `options.propertyDependencies`), `{"$secret": true}` for a
    secret (its value isn't kept), `{"$resource": urn}` for a resource, and
    `{"$asset": {"path" | "uri" | "sha256" (of its text) | "assets": ...}}` for a file."""

    urn: str
    type: str
    name: str
    parent: str | None
    custom: bool
    inputs: Json
    options: Options
    read: bool = False


class LogMessage(msgspec.Struct, frozen=True, rename="camel"):
    """One message of the program to its user, about the resource `urn` or about the whole."""

    severity: Literal["info", "warning", "error"]
    message: str
    urn: str | None = None


class Recording(msgspec.Struct, frozen=True, rename="camel"):
    """All that one run of a program asked the engine for.

    `resources` are sorted by URN, without the stack itself; `outputs` are the stack's, with the same
    marks as inputs (an unknown one names no URNs: exports carry no dependencies); `logs` are in the
    program's order. The same program and arguments give the same bytes of JSON."""

    project: str
    stack: str
    resources: list[Resource]
    outputs: Json
    logs: list[LogMessage]
