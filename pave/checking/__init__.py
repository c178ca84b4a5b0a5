"""Judges specs, as `pave check` does: baselines, broken glasses, and what is known from earlier runs."""
