"""Mends findings in the owners' files, as `pave fix` does."""
