"""Service Usage: which APIs a project has enabled."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from pave.local_cloud.settings import is_enabled
from stacks.providers.apis import api_of

PAGE = "https://cloud.google.com/service-usage/docs/enable-disable"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Nothing is made, changed or deleted with an API that the project hasn't enabled."""
    api = api_of(asked.token)
    if api is None or is_enabled(asked.settings, asked.scope, api.service):
        return
    yield ApiError(
        403,
        f"{api.title} has not been used in project {asked.scope} before or it is disabled. Enable it by"
        f" visiting https://console.developers.google.com/apis/api/{api.service}/overview?project="
        f"{asked.scope} then retry. If you enabled this API recently, wait a few minutes for the action to"
        " propagate to our systems and retry., SERVICE_DISABLED",
        PAGE,
    )
