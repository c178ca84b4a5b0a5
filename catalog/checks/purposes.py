"""Environments that call themselves less than their name or their project says they are.

What binds, what is protected and what is regional by default follows from an environment's purpose. One word
in its file would take all of that away from what runs there; a project isn't renamed, and a name stands in
every stack's.
"""

import re
from collections.abc import Iterator

from catalog.document import Json
from catalog.problem import Wrong

PRODUCTION = frozenset({"production", "prod", "prd", "live"})
"""Words that say production."""

BELOW = frozenset(
    {"staging", "stage", "stg", "development", "dev", "test", "testing", "qa", "uat", "sandbox", "demo"}
    | {"non", "not", "no", "pre", "like", "copy", "mirror"}
)
"""Words beside which those don't: `pre-production` is none, nor is `acme-prod-mirror`."""


def understated_purpose(written: Json) -> Iterator[Wrong]:
    """That an environment whose name or project says production has another purpose."""
    spec, name = written["spec"], written["metadata"]["name"]
    if spec["purpose"] == "production":
        return
    for what, called in (("its name is", name), ("its project is", spec["project"])):
        if says_production(called):
            said = f"Its purpose is {spec['purpose']}, but {what} `{called}`."
            fix = (
                "Write `purpose: production`: elsewhere fewer rules bind, and nothing is protected. What is"
                " no production needs a name and a project that don't say so."
            )
            yield ("spec", "purpose"), "catalog/understated-purpose", said, fix
            return


def says_production(name: str) -> bool:
    """Whether one of the words of a name says production, and none takes that back."""
    words = {re.sub(r"\d+$", "", word) for word in re.split(r"[-_]", name.lower())}
    return not words.isdisjoint(PRODUCTION) and words.isdisjoint(BELOW)
