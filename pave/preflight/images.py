"""Which images the pods of a stack run, and where in Artifact Registry they are."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from catalog.document import Json
from stacks.pods import containers

REFERENCE = re.compile(
    r"(?P<location>[a-z0-9-]+)-docker\.pkg\.dev/(?P<project>[^/]+)/(?P<repository>[^/]+)"
    r"/(?P<name>[^@:]+)(:[^@]+)?@(?P<digest>sha256:[0-9a-f]{64})"
)
"""https://docs.cloud.google.com/artifact-registry/docs/docker/names"""

READER = "roles/artifactregistry.reader"
"""Who has it may pull images."""

PUBLIC = "gcr.io"
"""Where Google's own images are, for everybody."""

PUBLIC_REFERENCE = re.compile(
    rf"{re.escape(PUBLIC)}/(?P<name>cloud-sql-connectors/[^@:]+)(:[^@]+)?@(?P<digest>sha256:[0-9a-f]{{64}})"
)


class ArtifactImage(NamedTuple):
    """An image of Artifact Registry, by its digest."""

    location: str
    project: str
    repository: str
    name: str
    digest: str

    @property
    def path(self) -> str:
        """The path of its repository in the API."""
        return f"projects/{self.project}/locations/{self.location}/repositories/{self.repository}"

    @property
    def id(self) -> str:
        """Its own, in which the name is one part:
        https://docs.cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.dockerImages."""
        return f"{self.path}/dockerImages/{quote(f'{self.name}@{self.digest}', safe='')}"

    def __str__(self) -> str:
        where = f"{self.location}-docker.pkg.dev/{self.project}/{self.repository}"
        return f"{where}/{self.name}@{self.digest}"


def artifact_image(reference: str) -> ArtifactImage | None:
    """The image that a reference with a digest names; None for one of another registry, or without."""
    found = REFERENCE.fullmatch(reference)
    return None if found is None else ArtifactImage(**found.groupdict())


class PublicImage(NamedTuple):
    """One of Google's own images, by its digest."""

    name: str
    digest: str

    def __str__(self) -> str:
        return f"{PUBLIC}/{self.name}@{self.digest}"


def public_image(reference: str) -> PublicImage | None:
    """The image of Google's that a reference with a digest names; None for another."""
    found = PUBLIC_REFERENCE.fullmatch(reference)
    return None if found is None else PublicImage(found["name"], found["digest"])


def images(objects: Iterable[tuple[str, Json]]) -> Iterator[str]:
    """The images of all containers, of objects that are a type and inputs."""
    for token, inputs in objects:
        for _, container in containers(token, inputs):
            yield container["image"]
