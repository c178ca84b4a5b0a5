"""`python -m pave`."""

from pave.cli import main

main()
