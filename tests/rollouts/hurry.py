"""What a plan says of time, made to go by faster: everything as often as before for what is counted, since
what is counted comes faster too."""

import re

from tests.kubernetes.api_server import Json

FACTOR = 10

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
WINDOWS = "120|600|3600"
SEEN = "90|570|3570"
"""Seconds of windows, and of the time between the first sample in one and the last."""


def duration(text: str) -> str:
    """A length of time as Prometheus and Argo Rollouts write it."""
    seconds = int(text[:-1]) * UNITS[text[-1]] / FACTOR
    return f"{round(seconds * 1000)}ms" if seconds < 1 else f"{round(seconds)}s"


def promql(expr: str) -> str:
    """An expression over times that are shorter."""
    expr = re.sub(r"\[(\d+[smhd])\]", lambda at: f"[{duration(at[1])}]", expr)
    expr = re.sub(r"offset (\d+[smhd])", lambda at: f"offset {duration(at[1])}", expr)
    expr = re.sub(rf">= ({WINDOWS})\b", lambda at: f">= {int(at[1]) / FACTOR:g}", expr)
    return re.sub(rf"\* ({SEEN})\b", lambda at: f"* {int(at[1]) / FACTOR:g}", expr)


def group(rules: Json) -> Json:
    """A group of recorded rules."""
    hurried = [{**rule, "expr": promql(rule["expr"])} for rule in rules["rules"]]
    return {**rules, "interval": duration(rules["interval"]), "rules": hurried}
