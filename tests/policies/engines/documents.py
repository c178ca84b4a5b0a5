"""Documents to judge: services with databases, and plans of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from policies.engines import wasm
from policies.engines.answer import RawFinding
from policies.rule import Bundle
from tests.policies.scratch import EXAMPLE

Build = Callable[[int], tuple[Path, Bundle]]
"""Makes policies of so many equal rules on the plan, beside the example: their folder and their bundle."""

DATABASE = "gcp:sql/databaseInstance:DatabaseInstance"


def service(*stores: dict[str, Any]) -> dict[str, Any]:
    return {"service": {"spec": {"stores": list(stores)}}}


def postgres(availability: str, name: str = "orders") -> dict[str, Any]:
    return {"name": name, "kind": "postgres", "family": "database", "availability": availability}


def encoded(spec: dict[str, Any], *resources: dict[str, Any]) -> bytes:
    plan = {"plan": {"stack": "service.shop.production", "resources": resources}} if resources else {}
    return msgspec.json.encode({"spec": spec} | plan)


def resource(urn: str, inputs: Any, kind: str = DATABASE) -> dict[str, Any]:
    return {"urn": urn, "type": kind, "name": urn, "inputs": inputs}


def of_example(findings: list[RawFinding]) -> list[RawFinding]:
    return [finding for finding in findings if finding.rule == EXAMPLE]


ZONAL = encoded(service(postgres("zonal")))


def compiles_nothing(_: bytes) -> wasm.CompiledModule:
    raise AssertionError("compiled again")
