"""What a schema says of a part of a document."""

from catalog.document import Json
from catalog.yaml.parsed import Pointer


def below(root: Json, rules: Json, step: str | int) -> Json:
    """The rules of a field or an item, of a schema `root`; none for one that the schema doesn't know. What a
    definition says comes before what is added where it is used."""
    named = rules["$ref"].rpartition("/")[2] if "$ref" in rules else None
    for part in ([root["$defs"][named]] if named else []) + [rules]:
        found: Json | None = (
            part.get("items") if isinstance(step, int) else part.get("properties", {}).get(step)
        )
        if found is not None:
            return found
    return {}


def rules_at(root: Json, pointer: Pointer) -> Json:
    """The rules of the part at a pointer."""
    rules = root
    for step in pointer:
        rules = below(root, rules, step)
    return rules
