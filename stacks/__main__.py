"""The Pulumi program: `pulumi up --stack service.portal.production`.

The gate stands before the first registration, so a blocked stack registers nothing.
"""

import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
# Before all others: a PYTHONPATH with a `stacks` or a `policies` of its own must not be asked first.
sys.path[:] = [str(HOME), *(entry for entry in sys.path if entry != str(HOME))]

from stacks import current  # noqa: E402

current.run()
