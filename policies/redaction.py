"""Keeps what a rule has found to be a secret out of all that is shown of it.

A secret in a spec is public already, and has to be revoked. A log or an artifact that quotes it makes it
public once more, and stays when the spec is mended.
"""

from collections.abc import Callable, Sequence
from typing import Any

from catalog.document import Document, pointer_of
from policies.decision import Decision, Finding

FINDS_SECRETS = frozenset({"security/no-secret-in-the-spec"})
"""Rules whose findings are at a secret."""

HIDDEN = "[secret]"


def without_secrets(
    decision: Decision, lines: Callable[[str], Sequence[str]]
) -> Callable[[str], Sequence[str]]:
    """`lines` of a document by its path, with what a decision found to be a secret left out."""
    found = _found(decision)
    if not found:
        return lines

    def shown(path: str) -> Sequence[str]:
        quoted = list(lines(path))
        for finding in found:
            if finding.document == path:
                _hide(quoted, finding)
        return quoted

    return shown


def _hide(lines: list[str], finding: Finding) -> None:
    """Covers a span in place: as long as it was, so that columns stay."""
    for number in range(finding.line, min(finding.end_line, len(lines)) + 1):
        text = lines[number - 1]
        begin = finding.column - 1 if number == finding.line else 0
        end = finding.end_column - 1 if number == finding.end_line else len(text)
        lines[number - 1] = text[:begin] + "•" * (end - begin) + text[end:]


def secrets_in(decision: Decision, document: Callable[[str], Document]) -> list[str]:
    """The values that a decision found to be secrets, the longest first."""
    found = set()
    for finding in _found(decision):
        value: Any = document(finding.document).data
        for step in pointer_of(finding.pointer, value):
            value = value[step]
        if isinstance(value, str):
            found.add(value)
    return sorted(found, key=lambda one: (-len(one), one))


def redacted(value: Any, secrets: Sequence[str]) -> Any:
    """A JSON value with each secret in its strings left out."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, HIDDEN)
        return value
    if isinstance(value, dict):
        return {name: redacted(item, secrets) for name, item in value.items()}
    return [redacted(item, secrets) for item in value] if isinstance(value, list) else value


def _found(decision: Decision) -> list[Finding]:
    return [finding for finding in decision.findings if finding.rule in FINDS_SECRETS and finding.written]
