"""The entry of the Pulumi program: the program of the current stack, behind its gate."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pulumi

from catalog.loader import load
from stacks.backend import unfinished
from stacks.gate.gate import run_gated
from stacks.rollouts.own_cluster import clusters
from stacks.stack import home


def run() -> None:
    """Registers the resources of the engine's current stack. The catalog is the folder that the configuration
    `pave:catalog` names, else the one of this checkout. Raises pulumi.RunError when the gate blocks, and when
    an earlier update was cut off."""
    stack = pulumi.get_stack()
    if not pulumi.runtime.is_dry_run() and (why := unfinished(os.environ, stack)):
        raise pulumi.RunError(why)
    root = Path(pulumi.Config("pave").get("catalog") or home() / "catalog")
    run_gated(load(root), root, stack, datetime.now(UTC), clusters=clusters(os.environ))
