"""The main job on the shipped catalog, as `pave demo` shows it."""
