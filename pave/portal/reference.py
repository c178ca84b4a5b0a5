"""Files made from the code, and checked against it: `python -m pave.portal.reference write|check`."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from catalog.kinds.environment import EnvironmentSpec
from catalog.kinds.observability_global import GlobalSpec
from catalog.kinds.observability_unit import UnitSpec
from catalog.kinds.service_spec import Metadata, ServiceSpec
from catalog.neighbourhood import shown_type
from components.design.capacity.together import Together
from components.design.model import Design
from pave.asked_rules import SHIPPED
from pave.portal.rule_index import shipped_rules
from pave.portal.store_page import store_page
from pave.reports.schemas import published, report_modules, report_schema
from pave.workspace import HOME
from policies.coverage import GAPS
from stacks.budgets.known import KnownState
from stacks.plan import Plan


def input_schema() -> str:
    """JSON Schema of the document that rules see; `opa check --schema` finds misspelt fields with it."""
    types = [ServiceSpec, EnvironmentSpec, UnitSpec, GlobalSpec, Metadata, shown_type()]
    types += [Design, Together, Plan, KnownState]
    refs, definitions = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    service, environment, unit, hub, metadata, around, design, together, plan, state = refs
    environment_metadata = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("name", "title", "description")},
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rule input",
        "description": "What a rule sees as `input`. Percents are 0 to 100, dates are days since 1970-01-01.",
        **_object(
            {
                "spec": _object(
                    {
                        "service": _document(metadata, service),
                        "environment": _document(environment_metadata, environment),
                        "unit": _document(environment_metadata, unit),
                        "global": _document(environment_metadata, hub),
                        "design": design,
                        "together": together,
                        "catalog": around,
                        "today": {"type": "integer"},
                    }
                ),
                "plan": plan,
                "state": state,
            }
        ),
        "$defs": definitions,
    }
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def _document(metadata: Any, spec: Any) -> dict[str, Any]:
    word = {"type": "string"}
    return _object({"apiVersion": word, "kind": word, "metadata": metadata, "spec": spec})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def rules_page() -> str:
    """The page that lists the rules; `pave policies docs` writes it alone. Raises Refused."""
    return shipped_rules(SHIPPED.bundle().rules.values(), GAPS)


FILES: dict[str, Callable[[], str]] = {
    "policies/schema/input.schema.json": input_schema,
    "policies/RULES.md": rules_page,
    "catalog/STORES.md": store_page,
}
"""Path from the project's root → what it must hold."""

for _kind, _module in report_modules().items():
    FILES[str(published(_kind).relative_to(HOME))] = partial(report_schema, _kind, _module)


def main(mode: str) -> int:
    """`write` the files, or `check` that each holds what it must: 1 and their names if one does not."""
    stale = [path for path, make in FILES.items() if not _holds(HOME / path, make())]
    for path in stale:
        if mode == "write":
            (HOME / path).parent.mkdir(parents=True, exist_ok=True)
            (HOME / path).write_text(FILES[path](), "utf-8")
        else:
            print(
                f"{path} is not what the code makes: run `python -m pave.portal.reference write`",
                file=sys.stderr,
            )
    return 0 if mode == "write" or not stale else 1


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
