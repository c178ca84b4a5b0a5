"""Targets: the local cloud or Google Cloud, each with the back end that keeps the state of its stacks."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pave.files import create_file, unversioned
from pave.refused import Refused
from stacks.backend import stack_names

BACKEND = "PULUMI_BACKEND_URL"
SECRETS = "PAVE_SECRETS_PROVIDER"
FOREIGN = ("PULUMI_", "GOOGLE_", "GCLOUD_", "CLOUDSDK_", "KUBE")
"""Prefixes of environment variables that would lead the engine to another cloud or back end than the local
one."""


class Target(NamedTuple):
    """A cloud, and all that the engine needs to work on it.

    `cloud` is the word that `--cloud` takes. `folder` holds the engine's project file. `backend` is the URL
    of the back end, `secrets_provider` what encrypts the secrets in its states, as `pulumi stack init` takes
    it. `environment` is the whole environment of the CLI. `state` is the local cloud's folder, None for
    Google Cloud."""

    cloud: str
    folder: Path
    backend: str
    secrets_provider: str
    environment: Mapping[str, str]
    state: Path | None

    def __str__(self) -> str:
        return "the local cloud" if self.state is not None else f"Google Cloud, state in {self.backend}"


def local_target(state: Path, environ: Mapping[str, str]) -> Target:
    """The local cloud in the folder `state`, started if it doesn't run.

    Pulumi's home and back end are in that folder too: the person's own login is neither used nor changed.
    Raises Refused when it doesn't start."""
    from pave.local_cloud.process import NotStarted, start

    try:
        running = start(state, 0, 0.0)
    except NotStarted as error:
        raise Refused(f"The local cloud didn't start: {error} ({state / 'server.log'})") from error
    own = local_backend(state).parent
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
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(_passphrase(own / "passphrase", folders["backend"])),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        **_QUIET,
    }
    return Target("local", folders["project"], backend, "passphrase", kept | ours, state)


def local_backend(state: Path) -> Path:
    """The folder of the local cloud's back end, whether it is there or not."""
    return state.resolve() / "pulumi" / "backend"


def gcp_target(state: Path, environ: Mapping[str, str]) -> Target:
    """Google Cloud, with the credentials of whoever runs this.

    The back end and the secrets provider are those of the environment variables PULUMI_BACKEND_URL and
    PAVE_SECRETS_PROVIDER. The folder `state` only holds the engine's project file. Raises Refused unless both
    are set."""
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
    unversioned(state)
    folder = state.resolve() / "gcp"
    folder.mkdir(exist_ok=True)
    ours = {"PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true", **_QUIET}
    return Target("gcp", folder, backend, provider, {**environ, **ours}, None)


_QUIET = {"PULUMI_SKIP_UPDATE_CHECK": "true"}

CLOUDS = {"local": local_target, "gcp": gcp_target}
"""What makes a target of the folder of `--state` and the environment, by the word that `--cloud` takes."""


class AskedCloud(NamedTuple):
    """What `--cloud` and `--state` say: one of the words of `CLOUDS`, and the folder of a local cloud, or of
    the engine's project."""

    name: str
    state: Path

    def __str__(self) -> str:
        """Which cloud it is, in words."""
        return f"the local cloud in {self.state}" if self.name == "local" else "Google Cloud"

    def target(self, environ: Mapping[str, str]) -> Target:
        """The target of both with these variables; a local cloud is started. Raises Refused."""
        return CLOUDS[self.name](self.state, environ)

    def existing_target(self, environ: Mapping[str, str]) -> Target:
        """The same for commands that only work on what was made before: no local cloud is created for them.
        Raises Refused when there is none, or as the target does."""
        from pave.local_cloud.store import has_store

        if self.name == "local" and not has_store(self.state):
            raise Refused(
                f"There is no local cloud in {self.state}: nothing was applied there. Pass --state."
            )
        return self.target(environ)


def _passphrase(path: Path, backend: Path) -> Path:
    """The file with the passphrase of this folder's states, made once and readable by its owner only. Raises
    Refused when it is gone and states of `backend` are encrypted with it: another can't read them."""
    if not path.exists():
        import secrets

        if there := stack_names(backend):
            raise Refused(
                f"{path} is gone, and the secrets in the states of {', '.join(there)} can't be read without"
                " it: a new passphrase would be another. Put it back from where that folder was copied to."
                f" If it is lost, so are these states: begin anew in another folder (--state)."
            )

        with suppress(FileExistsError):  # somebody else has made it just now
            create_file(path, secrets.token_urlsafe(32).encode(), private=True)
    return path
