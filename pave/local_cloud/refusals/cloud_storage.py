"""Cloud Storage."""

import re
from collections.abc import Iterator

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.data import BUCKET
from stacks.providers.row import DOCS

PAGE = f"{DOCS}storage_bucket.html.markdown"
NAMES = "https://cloud.google.com/storage/docs/buckets#naming"
LOCK = "https://cloud.google.com/storage/docs/bucket-lock"

VERSIONS = "https://cloud.google.com/storage/docs/object-versioning"
SOFT_DELETE = "https://cloud.google.com/storage/docs/soft-delete"
SECONDS_PER_DAY = 86_400
LONGEST = 3_155_760_000
"""Seconds, a hundred years: what a retention period stays below."""


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A name is one bucket's in the whole world. Versions and a retention exclude each other; what was
    deleted is kept for a week to three months, or not at all; a retention period is a number of seconds, and
    a locked one is never lessened."""
    if asked.token != BUCKET or asked.after is None:
        return
    names = {each.id for each in asked.others if each.type == BUCKET and each.scope != asked.scope}
    if asked.before is None and asked.after.get("name") in names:
        what = "The requested bucket name is not available. Please select a different name, conflict"
        yield ApiError(409, what, NAMES)
    soft: Json = asked.after.get("softDeletePolicy") or {}
    kept = soft.get("retentionDurationSeconds", 7 * SECONDS_PER_DAY)
    if kept != 0 and not 7 * SECONDS_PER_DAY <= kept <= 90 * SECONDS_PER_DAY:
        what = f"Soft delete policy retention duration must be 0 or between 7 and 90 days, not {kept} s."
        yield ApiError(400, what, SOFT_DELETE)
    if _policy(asked.after) and (asked.after.get("versioning") or {}).get("enabled"):
        yield ApiError(400, "Retention policies and Object Versioning are mutually exclusive.", VERSIONS)
    after = _policy(asked.after)
    seconds = str(after.get("retentionPeriod", LONGEST - 1))  # a string in the SDK, whatever it holds
    if not re.fullmatch(r"[0-9]+", seconds) or not 0 < int(seconds) < LONGEST:
        what = f"retentionPeriod must be a number of seconds below {LONGEST}, not {seconds}"
        yield ApiError(0, what, PAGE)
        return
    if asked.before is None:
        return
    before = _policy(asked.before)
    if before.get("isLocked") and int(after.get("retentionPeriod", 0)) < int(before["retentionPeriod"]):
        name = asked.before["name"]
        yield ApiError(
            403, f"Cannot reduce retention duration of a locked Retention Policy for bucket {name}.", LOCK
        )


def _policy(inputs: Json) -> Json:
    found: Json = inputs.get("retentionPolicy") or {}
    return found
