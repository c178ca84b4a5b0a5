"""Cloud Armor: what a rule of a security policy may say, and how much of it."""

from collections import Counter
from collections.abc import Iterator

from catalog.document import Json
from components.design.edge.language import NotAnExpression, subexpressions
from pave.local_cloud.refusal import ApiError, CloudCall
from pave.local_cloud.settings import armor_tier
from stacks.providers.armor_tiers import ENTERPRISE, needs
from stacks.providers.compute import SECURITY_POLICY

LIMITS = "https://cloud.google.com/armor/quotas#limits"
RATES = "https://cloud.google.com/armor/docs/rate-limiting-overview"
TIERS = "https://cloud.google.com/armor/docs/armor-enterprise-overview"
RULES = "https://cloud.google.com/compute/docs/reference/rest/v1/securityPolicies"

MOST_SUBEXPRESSIONS = 5
LONGEST_SUBEXPRESSION = 1024
LONGEST_EXPRESSION = 2048
MOST_RANGES = 10
LONGEST_DESCRIPTION = 64
LAST_PRIORITY = 2147483647

MOST_REQUESTS = {"throttle": 1_000_000, "rate_based_ban": 10_000}
INTERVALS = (10, 30, 60, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700, 3600)
NAMED_KEYS = ("HTTP_HEADER", "HTTP_COOKIE")
FINGERPRINTS = ("TLS_JA3_FINGERPRINT", "TLS_JA4_FINGERPRINT")
KEYS = ("ALL", "ASN", "IP", "XFF_IP", "USER_IP", "HTTP_PATH", "SNI", "REGION_CODE", *FINGERPRINTS)
MOST_KEYS = 3
ACTIONS = ("allow", "deny(403)", "deny(404)", "deny(429)", "deny(502)", "redirect", *MOST_REQUESTS)


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Expressions that can't be read, are too long or of another tier, rates that can't be counted, and rules
    that are twice there."""
    if asked.token != SECURITY_POLICY or asked.after is None:
        return
    rules = asked.after.get("rules", [])
    for priority, times in Counter(rule["priority"] for rule in rules).items():
        if times > 1:
            yield ApiError(400, f"Cannot have rules with the same priorities: {priority}.", RULES)
    for rule in rules:
        yield from _rule(rule)
    if armor_tier(asked.settings, asked.scope) not in ENTERPRISE:
        for priority in needs(asked.token, asked.after):
            what = f"Rule {priority} takes Cloud Armor Enterprise, in which {asked.scope} isn't enrolled."
            yield ApiError(400, what, TIERS)
    for before in asked.before.get("rules", []) if asked.before is not None else []:
        for rule in rules:
            if rule["priority"] == before["priority"] and _unbans(before, rule):
                what = f"The rule {rule['priority']} bans; its action can't be changed to throttle."
                yield ApiError(400, what, RATES)


def _unbans(before: Json, after: Json) -> bool:
    return (before["action"], after["action"]) == ("rate_based_ban", "throttle")


def _rule(rule: Json) -> Iterator[ApiError]:
    where = f"of rule {rule['priority']}"
    if not 0 <= rule["priority"] <= LAST_PRIORITY:
        yield ApiError(400, f"Invalid value for the priority {where}.", RULES)
    if rule["action"] not in ACTIONS:
        yield ApiError(400, f"Invalid value for the action {where}: {rule['action']}.", RULES)
    if len(rule.get("description", "")) > LONGEST_DESCRIPTION:
        what = f"The description {where} has more than {LONGEST_DESCRIPTION} characters."
        yield ApiError(400, what, RULES)
    match = rule.get("match", {})
    if len(match.get("config", {}).get("srcIpRanges", [])) > MOST_RANGES:
        yield ApiError(400, f"There are more than {MOST_RANGES} ranges in srcIpRanges {where}.", LIMITS)
    if "expr" in match:
        yield from _expression(match["expr"]["expression"], where)
    if (rule["action"] in MOST_REQUESTS) != ("rateLimitOptions" in rule):
        yield ApiError(
            400, f"rateLimitOptions are for throttle and rate_based_ban; see those {where}.", RATES
        )
    elif "rateLimitOptions" in rule:
        yield from _rate(rule["rateLimitOptions"], rule["action"], where)


def _expression(expression: str, where: str) -> Iterator[ApiError]:
    if len(expression) > LONGEST_EXPRESSION:
        what = f"The expression {where} has {len(expression)} characters; at most {LONGEST_EXPRESSION} fit."
        yield ApiError(400, what, LIMITS)
    try:
        parts = subexpressions(expression)
    except NotAnExpression as wrong:
        yield ApiError(400, f"Invalid expression {where}: {wrong}.", RULES)
        return
    if len(parts) > MOST_SUBEXPRESSIONS:
        what = f"The expression {where} has {len(parts)} subexpressions; at most {MOST_SUBEXPRESSIONS} fit."
        yield ApiError(400, what, LIMITS)
    if any(len(part) > LONGEST_SUBEXPRESSION for part in parts):
        what = f"A subexpression {where} has more than {LONGEST_SUBEXPRESSION} characters."
        yield ApiError(400, what, LIMITS)


def _rate(options: Json, action: str, where: str) -> Iterator[ApiError]:
    yield from _key(options, where)
    thresholds = [(name, options[name]) for name in ("rateLimitThreshold", "banThreshold") if name in options]
    for name, threshold in thresholds:
        most = MOST_REQUESTS[action]
        if not 1 <= threshold["count"] <= most:
            yield ApiError(400, f"{name}.count {where} must be between 1 and {most}.", RATES)
        if threshold["intervalSec"] not in INTERVALS:
            legal = ", ".join(map(str, INTERVALS))
            yield ApiError(400, f"{name}.intervalSec {where} must be one of {legal}.", RATES)
    if (action == "rate_based_ban") != ("banDurationSec" in options):
        yield ApiError(
            400, f"banDurationSec is for rate_based_ban, and needed there; see that {where}.", RATES
        )


def _key(options: Json, where: str) -> Iterator[ApiError]:
    configs = options.get("enforceOnKeyConfigs", [])
    if configs and options.get("enforceOnKey"):
        yield ApiError(400, f"enforceOnKey and enforceOnKeyConfigs {where} can't both be there.", RULES)
    if len(configs) > MOST_KEYS:
        yield ApiError(400, f"There are more than {MOST_KEYS} enforceOnKeyConfigs {where}.", RATES)
    keys = [(each.get("enforceOnKeyType"), each.get("enforceOnKeyName")) for each in configs]
    if not configs and options.get("enforceOnKey"):
        keys = [(options["enforceOnKey"], options.get("enforceOnKeyName"))]
    for key, times in Counter(keys).items():
        if times > 1:
            yield ApiError(400, f"The key {key[0]} is {times} times in enforceOnKeyConfigs {where}.", RATES)
    for kind, name in keys:
        if kind not in KEYS and kind not in NAMED_KEYS:
            yield ApiError(400, f"Invalid value for the key {where}: {kind}.", RULES)
        elif (kind in NAMED_KEYS) != bool(name):
            what = f"enforceOnKeyName is for {' and '.join(NAMED_KEYS)}, and needed; see {kind} {where}."
            yield ApiError(400, what, RATES)
