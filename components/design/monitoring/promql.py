"""Pieces of PromQL: https://prometheus.io/docs/prometheus/latest/querying/basics/."""

from collections.abc import Mapping

WINDOW = "$window"
"""Where an expression says over how long."""


def quoted(value: str) -> str:
    """A string of PromQL."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def series(metric: str, labels: Mapping[str, str], **matching: str) -> str:
    """A metric with these labels, and with those in `matching` by a regular expression."""
    matchers = [f"{name}={quoted(value)}" for name, value in labels.items()]
    matchers += [f"{name}=~{quoted(pattern)}" for name, pattern in matching.items()]
    return f"{metric}{{{','.join(matchers)}}}"


def rate(selected: str) -> str:
    """What all series of a counter count together, a second."""
    return f"sum(rate({selected}[{WINDOW}]))"


def over(expr: str, window: str) -> str:
    """The expression over that window."""
    return expr.replace(WINDOW, window)
