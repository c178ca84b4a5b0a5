"""Whether images are in their registry, for whoever brings one without an update."""

from collections.abc import Iterable, Iterator, Mapping

from pave.preflight.google_project import GoogleProject
from pave.preflight.images import artifact_image
from pave.preflight.model import NoAnswer
from pave.refused import Refused
from pave.rollouts.deciding import ImageAnswer


def images_there(images: Iterable[str], environ: Mapping[str, str]) -> dict[str, ImageAnswer]:
    """What a preflight would say of each image; undecided where nobody says."""
    return dict(_asked_for(sorted(set(images)), environ))


def _asked_for(images: Iterable[str], environ: Mapping[str, str]) -> Iterator[tuple[str, ImageAnswer]]:
    project = GoogleProject(environ)
    for each in images:
        image = artifact_image(each)
        if image is None:
            yield each, "undecided"
            continue
        try:
            yield each, "ok" if project.has_image(image) else "no"
        except (NoAnswer, Refused):
            yield each, "undecided"
