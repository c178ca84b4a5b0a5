"""The Pulumi program: `pulumi up --stack service.portal.production`.

The gate stands before the first registration, so a blocked stack registers nothing.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
# Before all others: a PYTHONPATH with a `stacks` or a `policies` of its own must not be asked first.
sys.path[:] = [str(HOME), *(entry for entry in sys.path if entry != str(HOME))]

import pulumi  # noqa: E402

from catalog.loader import load  # noqa: E402
from stacks import backend, gate  # noqa: E402

if not pulumi.runtime.is_dry_run() and (why := backend.unfinished(os.environ, pulumi.get_stack())):
    raise pulumi.RunError(why)
root = Path(pulumi.Config("pave").get("catalog") or HOME / "catalog")
gate.run_gated(load(root), root, pulumi.get_stack(), datetime.now(UTC).date())
