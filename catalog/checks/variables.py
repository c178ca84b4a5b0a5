"""Environment variables that are not a service's to set."""

from collections.abc import Iterable, Iterator

from catalog.document import Json
from catalog.problem import Wrong
from catalog.stores.registry import store_kinds
from catalog.stores.store import variable
from catalog.yaml.parsed import Pointer

SERVICE_FACTS = ("ADDRESS", "URL")
"""What the platform tells workloads of a service in the same cluster that they depend on."""

ADDRESS_FACTS = ("ADDRESS",)
"""What it tells them of what answers at addresses."""

OF_THE_LOADER = ("LD_", "DYLD_", "KUBERNETES_", "BASH_FUNC_")
"""Beginnings of names that change which code runs, or which cluster a client finds."""

OF_THE_PLATFORM = {
    "BASH_ENV": "a shell runs the file that it names",
    "ENV": "a shell runs the file that it names",
    "GLIBC_TUNABLES": "the loader of every program obeys it",
    "GOOGLE_APPLICATION_CREDENTIALS": "the platform gives each workload an identity, and keys are for ever",
    "CLOUDSDK_AUTH_ACCESS_TOKEN": "the platform gives each workload an identity",
    "HOSTNAME": "Kubernetes sets it to the copy's name",
    "PATH": "it says which programs run",
}
"""Names that are not a service's to set, and why."""


def clashing_variables(written: Json) -> Iterator[Wrong]:
    """The variables of a schema-valid, merged service that stand twice, or that the platform sets."""
    spec = written["spec"]
    stores = [each for each in spec.get("stores", ()) if each.get("runtime", "managed") == "managed"]
    called: dict[str, str] = {}
    for dependency in spec.get("dependencies", ()):
        name = dependency["name"]
        called |= {variable(name, fact): name for fact in dependency_facts(dependency)}
    for i, workload in enumerate(spec["workloads"]):
        facts = {
            variable(store["name"], fact): store["name"]
            for store in reached_stores(workload, stores)
            for fact in store_kinds()[store["kind"]].facts(store)
        } | called
        names = [variable["name"] for variable in workload.get("environment", ())]
        for j, name in enumerate(names):
            at: Pointer = ("spec", "workloads", i, "environment", j, "name")
            if name in names[:j]:
                what = f"`{name}` stands twice in environment: the last one counts, a reader sees the first."
                yield at, "catalog/unique-name", what, "Write it once."
            why = _owner(name, facts)
            if why is not None:
                what = f"`{name}` is not the service's to set: {why}."
                yield at, "catalog/variable", what, "Give it another name, or remove it."


def dependency_facts(dependency: Json) -> tuple[str, ...]:
    """What workloads are told of a schema-valid dependency: of a vendor, nothing."""
    return SERVICE_FACTS if "service" in dependency else ADDRESS_FACTS if "addresses" in dependency else ()


def reached_stores(workload: Json, stores: Iterable[Json]) -> list[Json]:
    """Those of the stores that a schema-valid workload reaches: all, unless it says which."""
    reached = workload.get("stores")
    return [each for each in stores if reached is None or each["name"] in reached]


def _owner(name: str, facts: dict[str, str]) -> str | None:
    if name in facts:
        return f"the platform tells workloads where `{facts[name]}` is with it"
    if name.startswith(OF_THE_LOADER):
        return "it says which code runs, or which cluster is found"
    return OF_THE_PLATFORM.get(name)
