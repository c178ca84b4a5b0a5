"""Machines, nodes and quotas of an environment that contradict each other or that no cloud has."""

import re
from collections import Counter
from collections.abc import Iterator

from catalog.checks.machine_types import PAGE, wrong_machine
from catalog.checks.quota_metrics import wrong_metric
from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

CUSTOM_TIER = re.compile(r"db-custom-(\d+)-(\d+)")
LEAST_MB, STEP_MB = 3840, 256
"""https://cloud.google.com/sql/docs/postgres/create-instance#machine-types: one processor or an even number,
a multiple of 256 MB, at least 3.75 GB, and from 0.9 to 6.5 GB a processor."""


def impossible_capacity(written: Json) -> Iterator[Wrong]:
    """Of a schema-valid environment."""
    spec = written["spec"]
    nodes = spec.get("cluster", {}).get("nodesPerZone", {})
    least, most = nodes.get("min", 1), nodes.get("max", 5)
    if least > most:
        at: Pointer = ("spec", "cluster", "nodesPerZone")
        what = f"At least {least} nodes in a zone are more than at most {most}."
        yield at, "catalog/bounds", what, "Raise `max`, or lower `min`."
    counts = Counter((each["metric"], each["scope"]) for each in spec.get("quotas", ()))
    for index, quota in enumerate(spec.get("quotas", ())):
        if wrong_name := wrong_metric(quota["metric"], quota["scope"]):
            yield ("spec", "quotas", index, "metric"), "catalog/quota", *wrong_name
        if counts[quota["metric"], quota["scope"]] > 1:
            at = ("spec", "quotas", index)
            what = f"{quota['metric']} ({quota['scope']}) stands twice, and only one can be so."
            yield at, "catalog/unique-name", what, "Keep the one that the project has."
    machine_type = spec.get("cluster", {}).get("machineType")
    if machine_type is not None and (wrong := wrong_machine(machine_type)):
        yield ("spec", "cluster", "machineType"), "catalog/machine", *_no_machine(machine_type, wrong)
    for index, size in enumerate(spec["sizes"]):
        found = CUSTOM_TIER.fullmatch(size.get("postgresTier", ""))
        if found is not None and (wrong := _wrong(*map(int, found.groups()))):
            at = ("spec", "sizes", index, "postgresTier")
            what = f"There is no `{found[0]}`: {wrong}."
            yield at, "catalog/machine", what, "Write one like `db-custom-4-15360`."


def impossible_machines(written: Json) -> Iterator[Wrong]:
    """Of a schema-valid, merged service, the types of its virtual machines."""
    for index, workload in enumerate(written["spec"]["workloads"]):
        name = workload.get("vm", {}).get("machineType")
        if name is not None and (wrong := wrong_machine(name)):
            at: Pointer = ("spec", "workloads", index, "vm", "machineType")
            yield at, "catalog/machine", *_no_machine(name, wrong)


def _no_machine(name: str, why: str) -> tuple[str, str]:
    return f"There is no machine type `{name}`: {why.rstrip('.')}.", f"Write one of {PAGE}."


def _wrong(processors: int, memory_mb: int) -> str:
    if processors != 1 and processors % 2:
        return "it has one processor or an even number"
    if memory_mb < LEAST_MB or memory_mb % STEP_MB:
        return f"its memory is a multiple of {STEP_MB} MB, and at least {LEAST_MB}"
    if not 0.9 * 1024 * processors <= memory_mb <= 6.5 * 1024 * processors:
        return "its memory is from 0.9 to 6.5 GB for each processor"
    return ""
