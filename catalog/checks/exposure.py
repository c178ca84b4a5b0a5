"""What a service says of the way in from the internet, where there is none."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

FIX = "Remove it, or write `exposure: public` or `employees`."


def unread_edge(written: Json) -> Iterator[Wrong]:
    """What nothing would realise of a schema-valid, merged service that only its cluster may call."""
    spec = written["spec"]
    if spec.get("edge", {}).get("exposure") != "internal":
        return
    for field in spec["edge"]:
        if field != "exposure":
            what = f"`{field}` is for what the internet may call, and the exposure is internal."
            yield ("spec", "edge", field), "catalog/exposure", what, FIX
    for i, endpoint in enumerate(spec.get("endpoints", ())):
        if "rateLimit" in endpoint:
            at: Pointer = ("spec", "endpoints", i, "rateLimit")
            what = "Nothing between services of a cluster limits them, and the exposure is internal."
            yield at, "catalog/exposure", what, FIX
    for i, workload in enumerate(spec["workloads"]):
        if workload.get("runtime") == "vm":
            at = ("spec", "workloads", i, "runtime")
            what = f"`{workload['name']}` runs on a machine, and only the cluster may call this service."
            yield at, "catalog/exposure", what, "Move it to `runtime: kubernetes`, or change `edge.exposure`."
