"""The JSON Schemas of the reports, made from their types, and where they are published.

A report is a Struct whose `kind` says its name; nothing lists them."""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from pave.workspace import HOME

PUBLISHED = Path(__file__).parent / "schema"
_REPORT = re.compile(
    r'^class (\w+Report)\(msgspec\.Struct.*?\n    kind: Literal\["\1"\]', re.MULTILINE | re.DOTALL
)


def report_modules() -> dict[str, str]:
    """The module of each report, by its kind."""
    found = {}
    for path in sorted((HOME / "pave").rglob("*.py")):
        for name in _REPORT.findall(path.read_text("utf-8")):
            found[str(name)] = ".".join(path.relative_to(HOME).with_suffix("").parts)
    return found


def published(kind: str) -> Path:
    """The file that holds the schema of a report."""
    stem = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()
    return PUBLISHED / f"{stem}.schema.json"


def report_schema(kind: str, module: str) -> str:
    """The JSON Schema 2020-12 of a report. Fields are only ever added within a version of `apiVersion`, so a
    reader has to leave alone what it doesn't know."""
    made_in: Any = import_module(module)
    if "Plan" not in vars(made_in):  # `PlanReport` names it, and only a plan needs it loaded
        from stacks.plan import Plan

        made_in.Plan = Plan
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind,
        **msgspec.json.schema(getattr(made_in, kind)),
    }
    return json.dumps(schema, indent=2) + "\n"
