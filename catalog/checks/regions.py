"""Regions and zones of Google Cloud, and project ids that nobody has."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.nearest import nearest
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

PAGE = "https://cloud.google.com/compute/docs/regions-zones#available"

REGIONS = (
    *("africa-south1", "asia-east1", "asia-east2", "asia-northeast1", "asia-northeast2", "asia-northeast3"),
    *("asia-south1", "asia-south2", "asia-southeast1", "asia-southeast2", "asia-southeast3"),
    *("australia-southeast1", "australia-southeast2", "europe-central2", "europe-north1", "europe-north2"),
    *("europe-southwest1", "europe-west1", "europe-west10", "europe-west12", "europe-west2", "europe-west3"),
    *("europe-west4", "europe-west6", "europe-west8", "europe-west9", "me-central1", "me-central2"),
    *("me-west1", "northamerica-northeast1", "northamerica-northeast2", "northamerica-south1"),
    *("southamerica-east1", "southamerica-west1", "us-central1", "us-east1", "us-east4", "us-east5"),
    *("us-south1", "us-west1", "us-west2", "us-west3", "us-west4"),
)
"""Those of the page, as of August 2026."""

ZONES = {"europe-west1": "bcd", "us-central1": "abcf", "us-east1": "bcd"}
"""The letters of a region's zones where they aren't a, b and c."""

RESERVED = ("google", "null", "undefined", "ssl")
"""What no project id has in it:
https://cloud.google.com/resource-manager/docs/creating-managing-projects#before_you_begin."""


def misplaced_environment(written: Json) -> Iterator[Wrong]:
    """The region of a schema-valid environment that there isn't, the zones that it does not have, and the
    project that there can't be."""
    spec = written["spec"]
    region: str = spec["region"]
    at: Pointer = ("spec", "region")
    if region not in REGIONS:
        hint = nearest(region, REGIONS)
        fix = f"Write {hint}, or another of {PAGE}." if hint else f"Write one of {PAGE}."
        yield at, "catalog/region", f"Google Cloud has no region `{region}`.", fix
    letters = ZONES.get(region, "abc")
    for index, zone in enumerate(spec["zones"]):
        of, _, letter = zone.rpartition("-")
        if of == region and (region not in REGIONS or letter in letters):
            continue
        what = f"`{zone}` is not in {region}." if of != region else f"{region} has no zone {letter}."
        yield ("spec", "zones", index), "catalog/zone", what, f"Write one like {region}-{letters[0]}."
    for word in RESERVED:
        if word in spec["project"]:
            what = f"No project may have `{word}` in its id, so `{spec['project']}` is none."
            yield ("spec", "project"), "catalog/project", what, "Write the id of the project that there is."
