"""The kinds that Argo Rollouts adds to a cluster."""

import json
from functools import cache
from pathlib import Path

from catalog.document import Json

FILE = Path(__file__).with_suffix(".json")
"""CustomResourceDefinitions without their descriptions, and without schemas where only its controller
writes. `python -m tools.rollout_definitions` makes it of
https://github.com/argoproj/argo-rollouts/tree/v1.9.0/manifests/crds (Apache-2.0)."""


@cache
def definitions() -> tuple[Json, ...]:
    """All of them, as one gives them to Kubernetes."""
    return tuple(json.loads(FILE.read_text("utf-8")))
