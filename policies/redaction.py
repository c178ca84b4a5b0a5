"""Keeps what a rule has found to be a secret out of all that is shown of it.

A secret in a spec is public already, and has to be revoked. A log or an artifact that quotes it makes it
public once more, and stays when the spec is mended.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from catalog.document import Document, pointer_of
from catalog.yaml.parsed import Mark, Pointer
from policies.decision import Decision, Finding
from policies.engines.answer import Engine, RawFinding

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
                hide(quoted, finding)
        return quoted

    return shown


def hide(lines: list[str], span: Finding | Mark) -> None:
    """Covers a span of a text's lines in place: as long as it was, so that columns stay."""
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        text = lines[number - 1]
        begin = span.column - 1 if number == span.line else 0
        end = span.end_column - 1 if number == span.end_line else len(text)
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
    return _longest_first(found)


def secrets_found(raw: Sequence[RawFinding], document: Mapping[str, Any]) -> list[str]:
    """The values that rules found to be secrets in the `spec` of a rule input, the longest first."""
    found = set()
    for finding in raw:
        if finding.rule in FINDS_SECRETS:
            value: Any = document["spec"]
            for step in finding.path:
                value = value[step]
            found.add(value)
    return _longest_first(found)


def _longest_first(found: Iterable[str]) -> list[str]:
    return sorted(found, key=lambda one: (-len(one), one))


def secrets_of_unjudged(data: Any, engine: Engine) -> dict[Pointer, str]:
    """The secrets in a document whatever its shape, by where they stand.

    Each string and number is asked about as if it were the value of a variable: of the one it stands at in
    an `environment`, else of one called like its key. Raises EngineError."""
    said = list(_scalars(data))
    variables = [{"name": name, "value": text} for _, name, text in said]
    service = {"spec": {"workloads": [{"environment": variables}]}}
    raw = engine.evaluate(msgspec.json.encode({"spec": {"service": service}}))
    found = {int(finding.path[5]) for finding in raw if finding.rule in FINDS_SECRETS}
    return {said[index][0]: said[index][2] for index in sorted(found)}


def _scalars(
    value: Any, at: Pointer = (), variable: str = "", key: str = ""
) -> Iterator[tuple[Pointer, str, str]]:
    """Each string and number of a value, with its pointer and the name of the variable that it may be of."""
    if isinstance(value, dict):
        if at[-2:-1] == ("environment",):
            variable = str(value.get("name", ""))
        for step, item in value.items():
            is_name = step in {"name", "secret"}  # a variable's `secret` is the name of a holder
            yield from _scalars(item, (*at, step), *(("", "") if is_name else (variable, step)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, (*at, index), variable, key)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield at, variable or key, str(value)


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
