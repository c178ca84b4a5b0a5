"""The values behind a service's secrets: whether there are any, and a new one. No value is ever read."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from catalog.kinds.service import service_at
from components.design.model import Design, Secret
from components.design.service import designed
from pave.delivery.engine.target import Target
from pave.delivery.held_back import HeldBack, held_back, to_be_set
from pave.local_cloud.store import CloudStore, StoredResource, store_file
from pave.workspace import Workspace
from stacks.plan import Plan
from stacks.properties import secret as marked
from stacks.providers.data import VERSION
from stacks.stack import Stack


class SecretValues(Protocol):
    """Secret Manager of one cloud. Secrets are `projects/P/secrets/S`. Raises Refused when it can't be
    asked."""

    def has_value(self, secret: str) -> bool:
        """Whether there is an enabled version of it. False where there is no such secret."""

    def add(self, secret: str, value: bytes) -> str:
        """Adds a version, which is the newest from now on, and gives its name. Raises Refused where there is
        no such secret."""


class LocalSecretValues:
    """`SecretValues` of the local cloud in the folder `state`."""

    def __init__(self, state: Path) -> None:
        self._store = CloudStore(store_file(state), lambda: datetime.now(UTC))

    def has_value(self, secret: str) -> bool:
        """By the cloud's own store."""
        return any(held.inputs.get("enabled", True) for held in self._versions(secret))

    def add(self, secret: str, value: bytes) -> str:
        """Into the cloud's own store, where no stack manages it. A holder need not be there."""
        with self._store.transaction():
            numbers = [int(held.id.rpartition("/")[2]) for held in self._versions(secret)]
            id_ = f"{secret}/versions/{max(numbers, default=0) + 1}"
            inputs = {
                "secret": secret,
                "enabled": True,
                "secretData": marked(value.decode("utf-8", "replace")),
            }
            self._store.insert(secret.split("/")[1], VERSION, id_, "", inputs, {"name": id_})
        return id_

    def _versions(self, secret: str) -> list[StoredResource]:
        prefix = f"{secret}/versions/"
        return [h for h in self._store.resources() if h.type == VERSION and h.id.startswith(prefix)]


def secret_values(target: Target) -> SecretValues:
    """Secret Manager of the cloud that a target is."""
    if target.state is not None:
        return LocalSecretValues(target.state)
    from pave.delivery.google_secrets import GoogleSecretValues

    return GoogleSecretValues(target.environment)


def design_of(work: Workspace, stack: Stack) -> Design | None:
    """The design of a service's stack; None for another stack, and where its file can't be used."""
    if stack.service is None:
        return None
    service = service_at(work.catalog, stack.service, stack.place)
    return None if isinstance(service, list) else designed(work.catalog, service)


def holder(design: Design, secret: Secret) -> str:
    """What Secret Manager calls a secret of a design."""
    return f"projects/{design.project}/secrets/{secret.resource}"


def look(design: Design | None, asked: Plan, values: SecretValues) -> HeldBack:
    """What an update of a service leaves out now; nothing for another stack."""
    if design is None:
        return HeldBack()
    return held_back(design, asked, valued(design, to_be_set(design), values))


def valued(design: Design, secrets: Iterable[Secret], values: SecretValues) -> set[str]:
    """The names of those of a design's secrets that have a value."""
    return {secret.name for secret in secrets if values.has_value(holder(design, secret))}
