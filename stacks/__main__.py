"""The Pulumi program: `pulumi up --stack service.portal.production`.

The gate stands before the first registration, so a blocked stack registers nothing.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
if str(HOME) not in sys.path:
    sys.path.insert(0, str(HOME))

import pulumi  # noqa: E402

from catalog.loader import load  # noqa: E402
from stacks.gate import run_gated  # noqa: E402

root = Path(pulumi.Config("pave").get("catalog") or HOME / "catalog")
run_gated(load(root), root, pulumi.get_stack(), datetime.now(UTC).date())
