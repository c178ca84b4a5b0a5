"""The organisation's policies, as far as they are set."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from pave.local_cloud.settings import policy
from stacks.providers.constraints import demands
from stacks.providers.organisation_policies import is_allowed

PAGE = "https://docs.cloud.google.com/organization-policy/reference/org-policy-constraints"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Nothing is made that a policy doesn't allow. What is there already stays, and is changed as before."""
    if asked.before is not None or asked.after is None:
        return
    for demand in demands(asked.token, asked.after, asked.scope):
        if is_allowed(policy(asked.settings, asked.scope, demand.constraint), demand) is False:
            what = f"violated for projects/{asked.scope}. It {demand.what}., conditionNotMet"
            yield ApiError(412, f"Constraint constraints/{demand.constraint} {what}", PAGE)
