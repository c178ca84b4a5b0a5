"""Whether the images that the pods run are there, and nodes may pull them."""

from collections.abc import Callable, Iterator

from pave.preflight.images import READER, ArtifactImage, PublicImage, artifact_image, images, public_image
from pave.preflight.model import CloudProject, NoAnswer, PlannedStack, PreflightFinding

GRANT = "gcp:projects/iAMMember:IAMMember"


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each image, and one for each repository."""
    found = sorted({*images((each.type, each.inputs) for each in planned.resources)})
    known = [image for each in found if (image := artifact_image(each)) is not None]
    for each in found:
        if (public := public_image(each)) is not None:
            yield _public(each, public, cloud)
        elif artifact_image(each) is None:
            what = "is in no Artifact Registry, or has no digest: nobody here asks for it"
            yield PreflightFinding("images", each, "undecided", what, f"docker manifest inspect {each}")
    for image in known:
        yield _there(image, cloud)
    for image in {image.path: image for image in known}.values():
        if _is_let_by(planned, image):
            what = "may be pulled from by nodes once this stack is there, which lets them"
            yield PreflightFinding("images", image.path, "ok", what)
        else:
            yield _pullable(image, planned, cloud)


def _there(image: ArtifactImage, cloud: CloudProject) -> PreflightFinding:
    name = str(image).partition("@")[0]
    return _answered(
        str(image),
        lambda: cloud.has_image(image),
        yes="is there",
        no="isn't there: no pod of it would start",
        fix=f"gcloud artifacts docker images list {name}, and push it, or name one of these in the spec.",
        look=f"gcloud artifacts docker images describe {image}",
    )


def _public(reference: str, image: PublicImage, cloud: CloudProject) -> PreflightFinding:
    look = f"gcloud artifacts docker images describe {reference.partition('@')[0]}"
    return _answered(
        reference,
        lambda: cloud.has_image(image),
        yes="is there, for everybody",
        no="isn't there with that digest: no pod beside it would start",
        fix=f"{look}, and tell who maintains pave.",
        look=look,
    )


def _pullable(image: ArtifactImage, planned: PlannedStack, cloud: CloudProject) -> PreflightFinding:
    where = f"{image.repository} --location {image.location} --project {image.project}"
    grant = f"--member serviceAccount:{planned.nodes} --role roles/artifactregistry.reader"
    by_hand = f"gcloud artifacts repositories add-iam-policy-binding {where} {grant}"
    return _answered(
        image.path,
        lambda: cloud.may_pull(planned.nodes, image),
        yes=f"may be pulled from by {planned.nodes}",
        no=f"may not be pulled from by {planned.nodes}, which nodes run as",
        fix=f"pave up {planned.foundation}, or {by_hand}",
        look=f"gcloud artifacts repositories get-iam-policy {where}",
    )


def _is_let_by(planned: PlannedStack, image: ArtifactImage) -> bool:
    """Whether it is the stack itself that lets the nodes read the image's project."""
    return planned.stack == planned.foundation and any(
        (grant.type, grant.inputs.get("project"), grant.inputs.get("role")) == (GRANT, image.project, READER)
        for grant in planned.resources
    )


def _answered(
    subject: str, is_so: Callable[[], bool], *, yes: str, no: str, fix: str, look: str
) -> PreflightFinding:
    """`fix` mends a no; `look` is how somebody else sees what gets no answer."""
    try:
        if is_so():
            return PreflightFinding("images", subject, "ok", yes)
    except NoAnswer as error:
        return PreflightFinding("images", subject, "undecided", str(error), look)
    return PreflightFinding("images", subject, "no", no, fix)
