"""What somebody else wrote, as text in GitLab's Markdown (https://docs.gitlab.com/user/markdown/).

Which is GitHub's too but for a few references like `@group`. The filters of every template for Markdown."""

import re

ESCAPED = re.compile(r"([\\`*_\[\]<>&~$^]|[@#!%](?=[\w\"']))")
"""What starts formatting, HTML or one of GitLab's references. After a backslash it is itself
(https://docs.gitlab.com/user/markdown/#escape-characters)."""
LINE_BREAK = re.compile(r"\s*[\r\n]\s*")


def literal(text: str) -> str:
    """Text in which nothing formats, in one line."""
    return ESCAPED.sub(r"\\\1", LINE_BREAK.sub(" ", text))


def code(text: str) -> str:
    """Text as code, in one line; nothing for nothing."""
    inner = " ".join(text.split()).replace("`", "'")
    return f"`{inner}`" if inner else ""


def sentence(text: str) -> str:
    """A sentence of a rule, in which code between backquotes stays code and all else is text."""
    parts = re.split(r"`([^`]*)`", text)  # every second one stood between two of them
    return "".join(code(part) if i % 2 else literal(part) for i, part in enumerate(parts))


def cell(markdown: str) -> str:
    """Markdown as a table's cell. A bar ends one even within code, so that none goes in as it is."""
    return markdown.replace("|", "\\|")


FILTERS = {"literal": literal, "code": code, "sentence": sentence, "cell": cell}
"""By their names in templates."""
