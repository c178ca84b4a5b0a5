"""Secret Manager, and the pods that read from it."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from pave.local_cloud.store import StoredResource
from stacks.pods import CRON_JOB, PODS
from stacks.properties import revealed
from stacks.providers.data import VERSION
from stacks.secret_references import SOURCE, SYNC, secrets_read

STARTING = "https://kubernetes.io/docs/concepts/configuration/secret/#restriction-secret-must-exist"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Pods don't start before the values of all their secrets are there, and whoever waits for them gives up.
    Nobody waits for the pods of a schedule."""
    if asked.after is None or asked.token not in PODS or asked.token == CRON_JOB:
        return
    beside = [
        (each.type, revealed(each.inputs))
        for each in asked.others
        if each.type in {SYNC, SOURCE} and each.scope == asked.scope
    ]
    there = {secret for each in asked.others if (secret := _enabled(each)) is not None}
    for (name, key), secret in secrets_read(asked.token, asked.after, beside).items():
        if secret not in there:
            where = f"{asked.after['metadata'].get('namespace')}/{name}"
            why = f"{secret} has no enabled version" if secret else "nothing copies it there"
            yield ApiError(
                0,
                f"CreateContainerConfigError: couldn't find key {key} in Secret {where}: {why}. Timed out"
                " waiting for the pods to be ready",
                STARTING,
            )


def _enabled(held: StoredResource) -> str | None:
    """The secret that a resource is an enabled version of."""
    if held.type != VERSION or not held.inputs.get("enabled", True):
        return None
    return held.id.partition("/versions/")[0]
