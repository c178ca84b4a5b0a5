"""Faults: failures of coming calls that a person orders with `pave cloud fault add`."""

from typing import NamedTuple

RETRIES = 4
"""How often the provider retries a transient failure. The real one retries for as long as the operation may
take: https://github.com/hashicorp/terraform-provider-google/blob/main/google/transport/retry_utils.go"""


class FailureKind(NamedTuple):
    """How a call fails: the gRPC `status` and the `message` that the engine gets.

    The provider retries an `is_passing` one. With `is_after` the cloud has done what was asked before the
    call fails, else nothing. With `is_the_end` the local cloud's process ends in the middle of the call."""

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
"""The kinds of failures, by the code that `pave cloud fault add --code` takes."""


class InjectedFailure(Exception):
    """A call fails because of a fault: `code` is its key in FAULTS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def seconds_to_wait(attempt: int) -> float:
    """Simulated seconds to wait before the next attempt; the first `attempt` is 0."""
    return float(2**attempt)
