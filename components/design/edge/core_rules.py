"""The OWASP core rules as Cloud Armor takes them: groups by name, and which rules are in each."""

from collections.abc import Iterable, Mapping

from components.design.edge.request import Signature
from components.design.edge_model import WafGroup

VERSION = "v422"
"""The newest that Cloud Armor has, of 4.22 (https://cloud.google.com/armor/docs/waf-rules)."""

BASELINE = ("sqli", "xss", "lfi", "rce", "protocolattack", "scannerdetection")
"""The groups of the baseline (https://cloud.google.com/armor/docs/waf-rules)."""

GROUPS = {
    "methodenforcement": 911,
    "scannerdetection": 913,
    "protocolattack": 921,
    "lfi": 930,
    "rfi": 931,
    "rce": 932,
    "php": 933,
    "generic": 934,
    "xss": 941,
    "sqli": 942,
    "sessionfixation": 943,
    "java": 944,
}
"""What the numbers of a group's rules begin with, as its file in https://github.com/coreruleset/coreruleset
is called."""


def waf_groups(sensitivity: int, own: Mapping[str, int | None]) -> list[WafGroup]:
    """The groups that are asked: the baseline at a sensitivity, and those that have one of their `own`."""
    beyond = (name for name in GROUPS if own.get(name) is not None and name not in BASELINE)
    return [WafGroup(name, own.get(name) or sensitivity, name in BASELINE) for name in (*BASELINE, *beyond)]


def preconfigured(group: str) -> str:
    """The name of a group in an expression."""
    return f"{group}-{VERSION}-stable"


def signature_name(rule: int) -> str:
    """What Cloud Armor calls a core rule, to leave it out: `owasp-crs-v042200-id942100-sqli`
    (https://cloud.google.com/armor/docs/rule-tuning)."""
    return f"owasp-crs-v042200-id{rule}-{group_of(rule)}"


def group_of(rule: int) -> str | None:
    """The group that a core rule is in, by its number; None for one that is in none."""
    return next((name for name, first in GROUPS.items() if rule // 1000 == first), None)


def recognising(
    group: str, sensitivity: int, left_out: Iterable[str], found: Iterable[Signature]
) -> list[Signature]:
    """Those of the rules that recognised a request which count for a group at a sensitivity: one is enough,
    as Cloud Armor adds up no scores."""
    without = set(left_out)
    return [
        each
        for each in found
        if each.rule // 1000 == GROUPS[group]
        and each.level <= sensitivity
        and signature_name(each.rule) not in without
    ]
