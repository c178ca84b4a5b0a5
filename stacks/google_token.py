"""Who asks Google: whoever runs this, by the credentials that Pulumi's provider would use
(https://www.pulumi.com/registry/packages/gcp/installation-configuration/)."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

ACCESS = "GOOGLE_OAUTH_ACCESS_TOKEN"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TIMEOUT_SECONDS = 20.0


class NoToken(Exception):
    """There are no credentials: a sentence."""


def google_token(environ: Mapping[str, str]) -> str:
    """The token that an environment names, else a new one. Where there are no credentials, it takes seconds
    to know. Raises NoToken."""
    if ACCESS in environ:
        return environ[ACCESS]
    import urllib3  # late: few need it
    from google.auth import default
    from google.auth.exceptions import GoogleAuthError

    transport: Any = import_module("google.auth.transport.urllib3")  # says nothing about its types
    try:
        found: Any = default(scopes=[SCOPE])[0]
        found.refresh(transport.Request(urllib3.PoolManager(timeout=TIMEOUT_SECONDS)))
    except GoogleAuthError as error:
        raise NoToken(f"There are no credentials for Google: {error}") from error
    return str(found.token)
