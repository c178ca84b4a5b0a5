"""The tables of https://yaml.org/spec/1.2.2/#1032-tag-resolution, as they are printed there."""

import re
from typing import Any

CORE_SCHEMA = {
    "null": r"null | Null | NULL | ~ | ",
    "bool": r"true | True | TRUE | false | False | FALSE",
    "int 10": r"[-+]? [0-9]+",
    "int 8": r"0o [0-7]+",
    "int 16": r"0x [0-9a-fA-F]+",
    "float": r"[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?",
    "infinity": r"[-+]? ( \.inf | \.Inf | \.INF )",
    "not a number": r"\.nan | \.NaN | \.NAN",
}


def resolve_by_the_table(plain: str) -> Any:
    name = next((n for n, e in CORE_SCHEMA.items() if re.fullmatch(e, plain, re.VERBOSE)), "str")
    constructors: dict[str, Any] = {
        "null": lambda _: None,
        "bool": lambda p: p.lower() == "true",
        "int 10": int,
        "int 8": lambda p: int(p, 0),
        "int 16": lambda p: int(p, 0),
        "float": float,
        "infinity": lambda _: "refused",
        "not a number": lambda _: "refused",
        "str": str,
    }
    found = constructors[name](plain)
    is_too_large = (name == "float" and abs(found) == float("inf")) or (
        name[:3] == "int" and abs(found) > 2**53
    )
    return "refused" if is_too_large else found
