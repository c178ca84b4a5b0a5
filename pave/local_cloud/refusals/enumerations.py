"""Values that the provider doesn't know, of every part of Google Cloud."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.enumerations import foreign_values


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Nothing is made or changed with a value that isn't one of those that there are."""
    for field, value, taken, source in foreign_values(asked.token, asked.after or {}):
        known = " ".join(f'"{each}"' for each in taken)
        yield ApiError(0, f"expected {field} to be one of [{known}], got {value}", source)
