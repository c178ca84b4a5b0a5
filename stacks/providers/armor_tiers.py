"""Tiers of Cloud Armor, and which rules of a policy take more than the standard one."""

from catalog.document import Json
from stacks.providers.compute import SECURITY_POLICY

STANDARD, PAYGO = "CA_STANDARD", "CA_ENTERPRISE_PAYGO"
ENTERPRISE = (PAYGO, "CA_ENTERPRISE_ANNUAL")
"""https://cloud.google.com/compute/docs/reference/rest/v1/projects/get"""

OF_ENTERPRISE = ("evaluateThreatIntelligence(", "evaluateAdaptiveProtectionAutoDeploy(")
"""https://cloud.google.com/armor/docs/armor-enterprise-overview#standard_versus_enterprise"""


def needs(token: str, inputs: Json) -> list[int]:
    """The priorities of the rules that take Cloud Armor Enterprise, of a resource of a type."""
    if token != SECURITY_POLICY:
        return []
    return [rule["priority"] for rule in inputs.get("rules") or [] if _takes(rule)]


def _takes(rule: Json) -> bool:
    expression = ((rule.get("match") or {}).get("expr") or {}).get("expression") or ""
    return any(function in expression for function in OF_ENTERPRISE)
