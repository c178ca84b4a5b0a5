"""Failures on demand: what a fault is called, what the engine is told, and which of them pass."""

from typing import NamedTuple

RETRIES = 4
"""How often a failure that passes is tried again. The provider tries for as long as the operation may take:
https://github.com/hashicorp/terraform-provider-google/blob/main/google/transport/retry_utils.go"""


class FailureKind(NamedTuple):
    """What a fault says. `status` is that of gRPC; `is_after` when the cloud has done it all the same, and
    `is_the_end` when the process that was asked ends at once."""

    status: str
    message: str
    is_passing: bool = False
    is_after: bool = False
    is_the_end: bool = False


FAULTS = {
    # The provider retries these: `isCommonRetryableErrorCode` of
    # https://github.com/hashicorp/terraform-provider-google/blob/main/google/transport/error_retry_predicates.go
    "429": FailureKind(
        "RESOURCE_EXHAUSTED", "googleapi: Error 429: Rate limit exceeded, rateLimitExceeded", True
    ),
    "503": FailureKind(
        "UNAVAILABLE", "googleapi: Error 503: The service is currently unavailable, backendError", True
    ),
    "409": FailureKind(
        "ABORTED", "googleapi: Error 409: The resource is busy with another operation, conflict"
    ),
    "quota": FailureKind("RESOURCE_EXHAUSTED", "googleapi: Error 403: Quota exceeded, quotaExceeded"),
    "timeout": FailureKind(
        "DEADLINE_EXCEEDED",
        "timeout while waiting for the operation, which goes on in the cloud",
        is_after=True,
    ),
    "crash": FailureKind("UNAVAILABLE", "the provider is gone", is_after=True, is_the_end=True),
    "crash-before": FailureKind("UNAVAILABLE", "the provider is gone, and nothing was done", is_the_end=True),
}
"""By the code that `pave cloud fault add --code` takes."""


class InjectedFailure(Exception):
    """A call that fails with the fault `code`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def seconds_to_wait(attempt: int) -> float:
    """Simulated seconds to wait after an attempt, the first being 0."""
    return float(2**attempt)
