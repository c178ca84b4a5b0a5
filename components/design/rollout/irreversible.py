"""Decides from which version of a workload there is no way back."""

from catalog.kinds.service import Service
from catalog.kinds.service_spec import Workload
from catalog.stores.database import Database


def irreversible(service: Service, workload: Workload) -> list[str]:
    """The stores that the image of a workload changes for good: those whose migration its spec says is
    irreversible, where the same image brings it. Other images that reach such a store are other releases,
    and don't become new ones by it."""
    images = {each.name: each.image for each in service.spec.workloads}
    return [
        store.name
        for store in service.spec.stores
        if isinstance(store, Database)
        and store.migration is not None
        and store.migration.irreversible
        and workload.image is not None
        and images.get(store.migration.workload) == workload.image
    ]
