"""A virtual machine, on which workloads are: each of them says what it is."""

from typing import Any

from catalog.document import Json
from catalog.yaml.parsed import Pointer
from pave.adopting.word import field

TYPE = "gcp:compute/instance:Instance"

WORDS = {
    "machineType": field("machineType"),
    "zone": field("zone"),
    "bootDisk.initializeParams.image": field("image"),
}

HOST = "vm"
"""The machine of workloads that name none."""


def elements(data: Json, at: Pointer) -> list[Pointer]:
    """The `vm` of every workload on the machine."""
    *above, number, _ = at
    workloads: Any = data
    for step in above:
        workloads = workloads[step]
    asked = _host(workloads[number])
    return [
        (*above, index, "vm")
        for index, each in enumerate(workloads)
        if each.get("runtime") == "vm" and _host(each) == asked
    ]


def _host(workload: Json) -> str:
    return str((workload.get("vm") or {}).get("host", HOST))
