"""How many stores one identity can have grants for."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.problem import Wrong
from catalog.stores.database import Database
from catalog.stores.registry import store_kinds
from catalog.yaml.parsed import Pointer

MOST_CONDITIONS = 20
"""Role bindings of a project with one role and one member that differ by their condition. It is a limit, and
Google raises those for nobody: https://cloud.google.com/iam/quotas#limits."""


def impossible_grants(written: Json) -> Iterator[Wrong]:
    """The workloads of a schema-valid, merged service that reach more databases than an identity can: it may
    log in to each by a condition of its own. Where several say nothing, one mistake is said once."""
    spec = written["spec"]
    kinds = store_kinds()
    databases = {
        store["name"]
        for store in spec.get("stores", ())
        if issubclass(kinds[store["kind"]], Database) and store.get("runtime", "managed") == "managed"
    }
    if len(databases) <= MOST_CONDITIONS:
        return
    for index, workload in enumerate(spec["workloads"]):
        reached = len(databases.intersection(workload.get("stores", databases)))
        if reached > MOST_CONDITIONS and workload.get("connections") != 0:
            at: Pointer = ("spec", "workloads", index)
            how = "" if "stores" in workload else ", all that there are"
            what = f"Workload `{workload['name']}` reaches {reached} databases{how}, and Google lets one"
            what += f" identity log in to {MOST_CONDITIONS} at most in a project."
            fix = "Name under its `stores` those that it needs, or divide the workload."
            yield (*at, "stores") if "stores" in workload else at, "catalog/grants", what, fix
            if "stores" not in workload:
                return
