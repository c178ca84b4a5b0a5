"""`python -m policies.building`."""

import sys

from policies.building.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
