"""Whether the images that the pods run are there, and nodes may pull them."""

from collections.abc import Iterator

from pave.preflight.images import ArtifactImage, artifact_image, images, public_image
from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each image, and one for each repository."""
    found = sorted({*images((each.type, each.inputs) for each in planned.resources)})
    known = [image for each in found if (image := artifact_image(each)) is not None]
    for each in found:
        if (public := public_image(each)) is not None:
            yield _public(each, *public, cloud)
        elif artifact_image(each) is None:
            what = "is in no Artifact Registry, or has no digest: nobody here asks for it"
            yield PreflightFinding("images", each, "undecided", what, f"docker manifest inspect {each}")
    for image in known:
        yield _there(image, cloud)
    for image in {image.path: image for image in known}.values():
        yield _pullable(image, planned, cloud)


def _there(image: ArtifactImage, cloud: CloudProject) -> PreflightFinding:
    name = str(image).partition("@")[0]
    try:
        if cloud.has_image(image):
            return PreflightFinding("images", str(image), "ok", "is there")
    except NoAnswer as error:
        fix = f"gcloud artifacts docker images describe {image}"
        return PreflightFinding("images", str(image), "undecided", str(error), fix)
    fix = f"gcloud artifacts docker images list {name}, and push it, or name one of these in the spec."
    return PreflightFinding("images", str(image), "no", "isn't there: no pod of it would start", fix)


def _public(reference: str, name: str, digest: str, cloud: CloudProject) -> PreflightFinding:
    tag = reference.partition("@")[0]
    fix = f"gcloud artifacts docker images describe {tag}"
    try:
        if cloud.has_public_image(name, digest):
            return PreflightFinding("images", reference, "ok", "is there, for everybody")
    except NoAnswer as error:
        return PreflightFinding("images", reference, "undecided", str(error), fix)
    what = "isn't there with that digest: no pod beside it would start"
    return PreflightFinding("images", reference, "no", what, f"{fix}, and tell who maintains pave.")


def _pullable(image: ArtifactImage, planned: PlannedStack, cloud: CloudProject) -> PreflightFinding:
    where = f"{image.repository} --location {image.location} --project {image.project}"
    try:
        if cloud.may_pull(planned.nodes, image):
            return PreflightFinding("images", image.path, "ok", f"may be pulled from by {planned.nodes}")
    except NoAnswer as error:
        fix = f"gcloud artifacts repositories get-iam-policy {where}"
        return PreflightFinding("images", image.path, "undecided", str(error), fix)
    grant = f"--member serviceAccount:{planned.nodes} --role roles/artifactregistry.reader"
    by_hand = f"gcloud artifacts repositories add-iam-policy-binding {where} {grant}"
    fix = f"pave up {planned.foundation}, or {by_hand}"
    what = f"may not be pulled from by {planned.nodes}, which nodes run as"
    return PreflightFinding("images", image.path, "no", what, fix)
