"""Cloud KMS: keys that nobody may use, or that don't work any more."""

from collections.abc import Iterator

from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.cluster import CLUSTER, KEY, KEY_GRANT

PAGE = "https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets"
USER = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
AGENT = "@container-engine-robot.iam.gserviceaccount.com"
"""How the account of GKE ends in every project."""


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """A cluster's secrets are encrypted with a key that is enabled and that GKE may use."""
    if asked.token != CLUSTER or asked.after is None:
        return
    name = asked.after.get("databaseEncryption", {}).get("keyName")
    if name is None:
        return
    key = next((each for each in asked.others if each.type == KEY and each.id == name), None)
    states = [each["state"] for each in key.outputs["primaries"]] if key is not None else ["not there"]
    if states != ["ENABLED"]:
        yield ApiError(400, f"Cloud KMS key {name} is not usable: its primary version is {states[0]}.", PAGE)
    grants = [each.inputs for each in asked.others if each.type == KEY_GRANT]
    if not any(
        one["cryptoKeyId"] == name and one["role"] == USER and one["member"].endswith(AGENT) for one in grants
    ):
        yield ApiError(403, f"GKE's account lacks {USER} on {name}.", PAGE)
