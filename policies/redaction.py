"""Keeps what a rule has found to be a secret out of all that is shown of it.

A secret in a spec is public already, and has to be revoked. A log or an artifact that quotes it makes it
public once more, and stays when the spec is mended.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from catalog.document import Document, pointer_of
from catalog.schema_words import EXAMPLE
from catalog.yaml.parsed import Mark, Pointer
from policies.decision import Decision, Finding
from policies.engines.answer import Engine, RawFinding

FINDS_SECRETS = frozenset({"security/no-secret-in-the-spec"})
"""Rules whose findings are at a secret."""

HIDDEN = "[secret]"

ENOUGH = 8
"""Characters of a secret that give it away; a message may hold its beginning only."""

CUT = 40
"""Characters of a secret that a message quotes at least, where it quotes no more than a beginning."""

PART = 4
"""Characters of a part of a secret that tell of it, in an example that is made of that secret."""

Nearness = Literal["itself", "around", "elsewhere"]
"""What a message is about: a secret, what holds it, or anything else."""

_TELLING = re.compile(r"\S{20}|(?=\S*\d)\S{8}")
"""What nobody writes without meaning that secret: a word that is long, or has a digit and isn't short. A
password may as well be `postgres`, which half of all messages hold."""

_HOLD_VALUES = frozenset({"value", "command", "args"})
"""Fields of a container in which what a spec says of a variable, or an argument, arrives whole."""


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
        if _is_variable(value, at):
            variable = str(value.get("name", ""))
        for step, item in value.items():
            is_name = step in {"name", "secret"}  # a variable's `secret` is the name of a holder
            yield from _scalars(item, (*at, step), *(("", "") if is_name else (variable, step)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, (*at, index), variable, key)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield at, variable or key, str(value)


def _is_variable(value: Mapping[str, Any], at: Pointer) -> bool:
    """Whether a mapping is a variable with its name: one of an `environment`, or in its place, and whatever
    else has a name and a value, in a list that somebody calls otherwise."""
    return ("environment" in (at[-2:-1] + at[-1:]) and "name" in value) or {"name", "value"} <= value.keys()


def without_quoted(text: str, secret: str, way: Nearness) -> str | None:
    """A message with a secret left out where it quotes it; None where it holds a part that can't be told from
    the rest.

    About the secret itself, any beginning of it counts. About what holds it, one behind a quote: values are
    quoted as JSON or Python write them. About anything else, a secret as a whole, or as much of it as a cut
    message has, and only if it can't be a word of ours."""
    forms = {secret, json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    if way == "elsewhere" and not _TELLING.search(secret):
        return text
    least = CUT if way == "elsewhere" else ENOUGH
    before = r"(?<=[\"'`])" if way == "around" else ""
    for form in sorted(filter(None, forms), key=lambda one: (-len(one), one)):
        begun = re.compile(before + re.escape(form[:least]))
        while (found := begun.search(text)) is not None:
            end = found.end()
            while text[end : end + 1] == form[end - found.start() :][:1] != "":
                end += 1
            whole = end - found.start() == len(form)
            if not (whole or text[end : end + 1] == "…"):
                return None
            text = f"{text[: found.start()]}{HIDDEN}{text[end:]}"
    return text


def without_parts(fix: str, secret: str, way: Nearness) -> str:
    """How to mend what is wrong at a secret, or around one, without what is made of parts of it: of a command
    line its words, each by itself. The name in `NAME=value` isn't secret. Of a mapping around one only an
    example is made."""
    if way == "elsewhere":
        return fix
    value = re.sub(r"^[A-Za-z_][A-Za-z0-9_]*=", "", secret) or secret
    parts = [part for part in re.split(r"[\s'\"\\]+", value) if len(part) >= PART] or [value]
    told, such_as, example = fix.partition(EXAMPLE)
    if way == "itself" and any(part in told for part in parts):
        return ""
    return f"{told}." if such_as and any(part in example for part in parts) else fix


def redacted(value: Any, secrets: Sequence[str], key: str = "") -> Any:
    """A JSON value with each secret in its strings left out: one that tells wherever it is a part of a
    string, one that may be any word only where it is a whole variable or argument. `key` is the field that
    holds the value."""
    if isinstance(value, str):
        for secret in secrets:
            if _TELLING.search(secret):
                value = value.replace(secret, HIDDEN)
            elif value == secret and key in _HOLD_VALUES:
                value = HIDDEN
        return value
    if isinstance(value, dict):
        return {name: redacted(item, secrets, name) for name, item in value.items()}
    return [redacted(item, secrets, key) for item in value] if isinstance(value, list) else value


def _found(decision: Decision) -> list[Finding]:
    return [finding for finding in decision.findings if finding.rule in FINDS_SECRETS and finding.written]
