"""Names, of every part of Google Cloud."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.names import refused_name


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Nothing is made by a name that its type doesn't take."""
    if asked.before is not None or asked.after is None:
        return
    found = refused_name(asked.token, asked.after)
    if found is not None:
        name, rule = found
        what = (
            f"Invalid value for field 'resource.{rule.field}': '{name}'. Must be a match of regex"
            f" '(?:{rule.pattern})', invalid"
        )
        yield ApiError(400, what, rule.source)
