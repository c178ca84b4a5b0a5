"""Values that Google enumerates, tried on everything that stacks register."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from stacks.properties import UNKNOWN, revealed
from stacks.providers.enumerations import foreign_values
from tests.stacks.test_providers import recorded

REDIS = "gcp:redis/instance:Instance"
LOOKS_ENUMERATED = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
FREE = {
    # Judged by the modules of Cloud SQL and Memorystore, which know more of a version than its name.
    ("gcp:sql/databaseInstance:DatabaseInstance", "databaseVersion"),
    (REDIS, "redisVersion"),
    ("gcp:memorystore/instance:Instance", "engineVersion"),
    # Any text, as far as the provider is concerned.
    ("gcp:compute/instance:Instance", "block-project-ssh-keys"),
    ("gcp:compute/instance:Instance", "enable-oslogin"),
    ("gcp:container/nodePool:NodePool", "imageType"),
    ("gcp:sql/database:Database", "charset"),
}


def misspelt(value: Any, change: Any) -> Iterator[tuple[str, Any]]:
    """Every copy of a document in which one value that looks enumerated is misspelt, and its name there.
    `change` makes the whole of a part."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in list(parts):

        def whole(new: Any, key: Any = key) -> Any:
            copy = deepcopy(value)
            copy[key] = new
            return change(copy)

        if isinstance(part, (dict, list)):
            for name, made in misspelt(part, whole):
                yield (str(key) if name.isdigit() else name), made
        elif isinstance(part, str) and len(part) > 2 and LOOKS_ENUMERATED.fullmatch(part):
            yield str(key), whole(f"{part}X")


def test_google_takes_every_value_that_stacks_give() -> None:
    found = {(each.type, *one[:2]) for each in recorded() for one in foreign_values(each.type, each.inputs)}
    assert found == set()


def test_every_value_of_an_enumeration_is_refused_when_it_is_misspelt() -> None:
    tried, passed = 0, set()
    for each in recorded():
        if not each.type.startswith("gcp:"):
            continue
        for name, inputs in misspelt(revealed(each.inputs), lambda made: made):
            tried += 1
            if (each.type, name) not in FREE and not list(foreign_values(each.type, inputs)):
                passed.add((each.type, name))
    assert passed == set()
    assert tried > 100


def test_what_is_not_known_yet_or_not_given_is_no_foreign_value_and_a_number_is_one() -> None:
    assert not list(foreign_values(REDIS, {"tier": UNKNOWN, "connectMode": None, "readReplicasMode": ""}))
    (found,) = foreign_values(REDIS, {"tier": 3})
    assert (found.field, found.value, found.taken) == ("tier", 3, ("BASIC", "STANDARD_HA"))
    assert found.source.startswith("https://")
