"""Where a stack goes: the local cloud or Google's, with the back end that keeps its state."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pave.refused import Refused

BACKEND = "PULUMI_BACKEND_URL"
SECRETS = "PAVE_SECRETS_PROVIDER"
FOREIGN = ("PULUMI_", "GOOGLE_", "GCLOUD_", "CLOUDSDK_", "KUBE")
"""Beginnings of the variables that would lead an engine on the local cloud somewhere else."""


class Target(NamedTuple):
    """A cloud, and how the engine gets there.

    `folder` is where the engine's project stands; `backend` the URL of the state; `secrets_provider` what
    encrypts the secrets in it; `environment` the whole environment of the CLI. `state` is the local
    cloud's folder, None for a real cloud."""

    cloud: str
    folder: Path
    backend: str
    secrets_provider: str
    environment: Mapping[str, str]
    state: Path | None

    def __str__(self) -> str:
        return "the local cloud" if self.state is not None else f"Google Cloud, state in {self.backend}"


def local(state: Path, environ: Mapping[str, str]) -> Target:
    """The local cloud that keeps its things in the folder `state`, started if it doesn't run.

    All that the engine keeps is in that folder too: the person's own Pulumi login is neither used nor
    changed. Raises Refused."""
    from pave.local_cloud.process import NotStarted, start

    try:
        running = start(state, 0, 0.0)
    except NotStarted as error:
        raise Refused(f"The local cloud didn't start: {error} ({state / 'server.log'})") from error
    own = state.resolve() / "pulumi"
    folders = {name: own / name for name in ("home", "backend", "project")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in environ.items() if not name.startswith(FOREIGN)}
    backend = folders["backend"].as_uri()
    variable, _, ports = running.environment.partition("=")
    ours = {
        BACKEND: backend,
        variable: ports,
        "PULUMI_HOME": str(folders["home"]),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(_passphrase(own / "passphrase")),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        **_QUIET,
    }
    return Target("local", folders["project"], backend, "passphrase", kept | ours, state)


def gcp(state: Path, environ: Mapping[str, str]) -> Target:
    """Google Cloud, as whoever runs this. Raises Refused unless it is said where the state is kept.

    `state` only holds the engine's project, with no secret in it: what encrypts the secrets is written
    into the state itself."""
    backend, provider = environ.get(BACKEND, ""), environ.get(SECRETS, "")
    if not backend:
        raise Refused(
            f"--cloud gcp needs a place for the state that a team shares: set {BACKEND} to a bucket, as in"
            f" {BACKEND}=gs://acme-pulumi-state. It locks and encrypts."
        )
    if not provider:
        raise Refused(
            f"--cloud gcp needs a key for the secrets in the state: set {SECRETS}, as in {SECRETS}=gcpkms://"
            "projects/acme-ops/locations/us-east1/keyRings/pulumi/cryptoKeys/state."
        )
    folder = state.resolve() / "gcp"
    folder.mkdir(parents=True, exist_ok=True)
    (state / ".gitignore").write_text("*\n")
    ours = {"PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true", **_QUIET}
    return Target("gcp", folder, backend, provider, {**environ, **ours}, None)


_QUIET = {"PULUMI_SKIP_UPDATE_CHECK": "true"}

CLOUDS = {"local": local, "gcp": gcp}
"""By the word that `--cloud` takes."""


def standing(cloud: str, state: Path, environ: Mapping[str, str]) -> Target:
    """A cloud by that word, for who asks what is there: a local one isn't made for it. Raises Refused."""
    from pave.local_cloud.store import has_store

    if cloud == "local" and not has_store(state):
        raise Refused(f"There is no local cloud in {state}: nothing was applied there. Pass --state.")
    return CLOUDS[cloud](state, environ)


def _passphrase(path: Path) -> Path:
    """The file with the passphrase of this folder's states, made once and readable by its owner only."""
    if not path.exists():
        import secrets

        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(0o600, exist_ok=False)
        fresh.write_text(secrets.token_urlsafe(32), "ascii")
        with suppress(FileExistsError):
            os.link(fresh, path)  # whole, or not at all: somebody else may be making it now
        fresh.unlink()
    return path
