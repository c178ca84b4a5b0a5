"""Values that the API's discovery document doesn't allow, of every part of Google Cloud."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.discovered import invalid_values
from stacks.providers.enumerations import foreign_values

DOCUMENTS = "https://developers.google.com/discovery/v1/reference/apis"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Nothing is made or changed with a value that its API doesn't describe. What the provider refuses by
    itself never comes there."""
    inputs = asked.after or {}
    before = {each.field for each in foreign_values(asked.token, inputs)}
    before |= {"name"}  # whose module says more of it
    for field, value, expected in invalid_values(asked.token, inputs):
        if field in before:
            continue
        yield ApiError(400, f"Invalid value at '{field}': {value!r} is not {expected}.", DOCUMENTS)
