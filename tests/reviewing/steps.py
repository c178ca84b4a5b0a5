"""Steps as the engine reports them, made by hand."""

from typing import Any

from pulumi.automation import StepEventMetadata

ROOT = "urn:pulumi:service.shop.production::pave::"
STORE = "gcp:sql/databaseInstance:DatabaseInstance"
RECORD = "gcp:dns/recordSet:RecordSet"


def urn(token: str, name: str, parent: str = "pave:service:Database") -> str:
    return f"{ROOT}{parent}${token}::{name}"


def state(
    token: str, name: str, inputs: dict[str, Any] | None = None, *, custom: bool = True, **options: Any
) -> dict[str, Any]:
    known = {"type": token, "urn": urn(token, name), "id": f"id-of-{name}", "custom": custom}
    return known | {"inputs": inputs or {}, "outputs": {}} | options


def step(
    op: str,
    token: str,
    name: str,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    **details: Any,
) -> StepEventMetadata:
    """A step on a resource; `old` and `new` are its states, made by `state`."""
    return StepEventMetadata.from_json(
        {"op": op, "urn": urn(token, name), "type": token, "old": old, "new": new} | details
    )
