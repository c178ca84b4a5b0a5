"""Google credentials without a key: a token that GitLab gives a job is exchanged for one of Google's.

https://docs.gitlab.com/ci/cloud_services/google_cloud/ and
https://docs.cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pave.files import create_file
from pave.refused import Refused

GIVEN = "PAVE_ID_TOKEN"
PROVIDER = "PAVE_GCP_PROVIDER"
ACCOUNTS = {False: "PAVE_GCP_READER", True: "PAVE_GCP_WRITER"}
"""Whether the job may change anything → the variable that names its service account."""

MEANING = {
    GIVEN: "the job's own token, which its `id_tokens` asks for",
    PROVIDER: "projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER",
    ACCOUNTS[False]: "the email of the service account that previews and verifies",
    ACCOUNTS[True]: "the email of the service account that applies",
}


def credentials(environment: Mapping[str, str], folder: Path, *, writes: bool) -> dict[str, str]:
    """Writes the credential configuration into a folder, and gives the variables that lead Google's
    libraries and its command line to it. Nothing in it outlives the job. Raises Refused."""
    account = ACCOUNTS[writes]
    missing = [name for name in (GIVEN, PROVIDER, account) if not environment.get(name)]
    if missing:
        said = "\n".join(f"  {name}: {MEANING[name]}" for name in missing)
        raise Refused(f"There are no credentials, since these CI/CD variables aren't set:\n{said}")
    token = folder / "token"
    create_file(token, environment[GIVEN].encode(), private=True)
    file = folder / "credentials.json"
    create_file(file, json.dumps(configuration(environment[PROVIDER], environment[account], token)).encode())
    return {
        name: str(file)
        for name in ("GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE")
    }


def configuration(provider: str, account: str, token: Path) -> dict[str, object]:
    """What `gcloud iam workload-identity-pools create-cred-config` would write. It holds no secret."""
    return {
        "type": "external_account",
        "audience": f"//iam.googleapis.com/{provider}",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"file": str(token)},
        "service_account_impersonation_url": (
            "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
            f"{account}:generateAccessToken"
        ),
    }


def new_folder() -> Path:
    """A folder of this user's own, outside of what a job could leave as an artifact."""
    return Path(tempfile.mkdtemp(prefix="pave-"))
