"""Windows that aren't to count, as a file lists them."""

from pathlib import Path

import msgspec

from pave.budgets.published import ExcludedWindow
from pave.refused import Refused


def windows(path: Path | None) -> list[ExcludedWindow]:
    """The windows in a JSON file; none without one. Raises Refused for what is none."""
    if path is None:
        return []
    try:
        found = msgspec.json.decode(path.read_bytes(), type=list[ExcludedWindow])
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        what = "Write a list of {begin, end, announced, why}, times like 2026-11-02T03:00:00Z"
        raise Refused(f"{path}: {error}. {what}.") from error
    for index, window in enumerate(found):
        if any(at.tzinfo is None for at in (window.begin, window.end, window.announced)):
            raise Refused(
                f"{path}: a time of window {index} has no zone. Write it like 2026-11-02T03:00:00Z."
            )
        if window.end <= window.begin:
            raise Refused(f"{path}: window {index} ends before it begins.")
        if not window.why.strip():
            raise Refused(f"{path}: window {index} doesn't say why.")
    return found
