"""A plan as pages that a reviewer reads: one for each component of a stack, with the resources in it.

Nothing of a plan is lost. Left out is only what follows, and only where it does: a URN from type, name and
parent; a parent that is the component of the page, or for a component the stack's own; the provider and
version that `stack.yaml` gives for a package; the origin that the parent or the inputs have too. Resources
are called TYPE::NAME instead of by their URN, which is as distinct within a stack.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
import yaml

from stacks.plan import Plan
from stacks.stack import PROJECT

Json = dict[str, Any]
BY_PACKAGE = ("provider", "version", "providers")
"""The options that most resources have in common with the others of their package."""


MARKS = {"$unknown", "$secret", "$resource"}
"""How a recording says of a value that it is none yet, or nobody's business."""


class Mark(Json):
    """A mark instead of a value: it stands on one line."""


class Writer(yaml.SafeDumper):
    """Writes the lines of a text as lines, and a value out again where it stands twice."""

    def ignore_aliases(self, data: Any) -> bool:
        """True: a reviewer looks nothing up."""
        del data
        return True


def _text(writer: Writer, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


def _mark(writer: Writer, mark: Mark) -> yaml.MappingNode:
    return writer.represent_mapping("tag:yaml.org,2002:map", mark, flow_style=True)


Writer.add_representer(str, _text)
Writer.add_representer(Mark, _mark)


def pages(plan: Plan) -> dict[str, str]:
    """The pages of a plan by the names of their files, as in `database.customersdot-db-g1.yaml`: one for each
    component below the stack's own, and `stack.yaml` for that one and what is in none."""
    found: Json = msgspec.json.decode(msgspec.json.encode(plan))
    resources: list[Json] = found.pop("resources")
    by_urn = {each["urn"]: each for each in resources}
    names = {urn: f"{each['type']}::{each['name']}" for urn, each in by_urn.items()}
    assert len(set(names.values())) == len(names), "two resources of one type and name"
    usual = _usual(resources)
    made: dict[str, list[Json]] = {"stack.yaml": [{**found, "usual options": usual}]}
    for each in sorted(resources, key=lambda each: (each["custom"], each["urn"])):
        above = by_urn.get(each["parent"])
        component = above if each["custom"] else each
        page = _file(component) if component and component["parent"] else "stack.yaml"
        is_implied = above is None or (page != "stack.yaml" and (each["custom"] or above["parent"] is None))
        entry = _entry(plan.stack, each, above, usual)
        shown = {} if is_implied else {"parent": each["parent"]}
        made.setdefault(page, []).append({names[each["urn"]]: {**shown, **entry}})
    return {
        page: "\n".join(_yaml(_named(entry, names)) for entry in entries) for page, entries in made.items()
    }


def _yaml(value: Json) -> str:
    return yaml.dump(value, Dumper=Writer, sort_keys=False, width=110, allow_unicode=True)


def _file(component: Json) -> str:
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", component["type"].split(":")[-1]).lower()
    return f"{kind}.{component['name']}.yaml"


def _usual(resources: list[Json]) -> dict[str, Json]:
    """By package, the options that most of its resources have."""
    usual: dict[str, Json] = {}
    for package in sorted({_package(each) for each in resources} - {"pulumi"}):
        there = [each["options"] for each in resources if _package(each) == package]
        for name in BY_PACKAGE:
            values = Counter(msgspec.json.encode(options.get(name)) for options in there)
            value = msgspec.json.decode(values.most_common(1)[0][0])
            if value is not None:
                usual.setdefault(package, {})[name] = value
    return usual


def _package(resource: Json) -> str:
    return str(resource["type"]).split(":")[0]


def _entry(stack: str, resource: Json, above: Json | None, usual: Mapping[str, Json]) -> Json:
    """What there is to say of a resource below `above`, but for its parent."""
    rest = dict(resource)
    urn, kind, name = rest.pop("urn"), rest.pop("type"), rest.pop("name")
    del rest["parent"]
    shown: Json = {}
    types = f"{above['urn'].split('::')[2]}$" if above else ""
    if urn != f"urn:pulumi:{stack}::{PROJECT}::{types}{kind}::{name}":
        shown["urn"] = urn
    if rest.pop("custom") == kind.startswith("pave:"):
        shown["custom"] = resource["custom"]
    if rest.pop("read"):
        shown["read"] = True
    origin, inputs = rest.pop("origin"), rest.pop("inputs")
    if origin != inputs.get("origin", above and above["origin"]):
        shown["origin"] = origin
    shown["inputs"] = inputs
    options = dict(rest.pop("options"))
    for option in BY_PACKAGE:
        value, expected = options.pop(option, None), usual.get(_package(resource), {}).get(option)
        if value != expected:
            options[option] = value
    shown |= {"options": options} if options else {}
    return {**shown, **rest}


def _named(value: Any, names: Mapping[str, str]) -> Any:
    """The same with TYPE::NAME for every URN of the plan."""
    if isinstance(value, dict):
        named = {_named(key, names): _named(each, names) for key, each in value.items()}
        return Mark(named) if value.keys() <= MARKS else named
    if isinstance(value, list):
        return [_named(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value
