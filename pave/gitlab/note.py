"""The one note of pave in a merge request: written once, then kept current."""

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pave.gitlab.client import Project, User
from pave.refused import Refused

MARK = "<!-- pave -->"
"""How a note of ours begins; nobody sees it."""
LONGEST = 1_000_000
"""Characters that GitLab takes (https://docs.gitlab.com/administration/instance_limits/)."""
CUT = "\n\nThe rest is too long for a note; it is in the artifacts of the jobs.\n"
QUICK_ACTION = re.compile(r"^(\s*)/(?=\w)", re.MULTILINE)
"""A line that GitLab would not show but do, as whoever writes the note
(https://docs.gitlab.com/user/project/quick_actions/)."""


class Note(msgspec.Struct, frozen=True):
    """One that is there (https://docs.gitlab.com/api/notes/#merge-requests)."""

    id: int
    author: User
    body: str


def compose(paths: Iterable[Path]) -> str:
    """The note that some Markdown files make, in their order; one that isn't there is left out.

    A merge request's code may have made them: a link is refused, since it may lead to a secret, and what
    GitLab would take for a command is text. Raises Refused."""
    parts = [_read(path) for path in paths if path.exists() or path.is_symlink()]
    text = "\n\n".join([MARK, *(QUICK_ACTION.sub(r"\1\\/", part.strip()) for part in parts)]) + "\n"
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def put(project: Project, merge_request: str, text: str) -> str:
    """Writes the note, over the one that is there. Gives `updated` or `written`. Raises GitLabError."""
    me = project.who_am_i()
    notes = f"/merge_requests/{merge_request}/notes"
    for note in project.pages(notes, list[Note]):
        if note.author.id == me and note.body.startswith(MARK):
            project.send("PUT", f"{notes}/{note.id}", {"body": text})
            return "updated"
    project.send("POST", notes, {"body": text})
    return "written"


def _read(path: Path) -> str:
    above = () if path.is_absolute() else path.parents
    if any(place.is_symlink() for place in (path, *above)) or not path.is_file():
        raise Refused(f"{path} is no file of its own, so it does not go into a note.")
    try:
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from error
