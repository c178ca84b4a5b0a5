"""Tells the local cloud what quotas its projects have, as far as the environments of a catalog say."""

from datetime import UTC, datetime
from pathlib import Path

from catalog.kinds.environment import Environment
from catalog.loader import Catalog
from components.design.capacity.quotas import stated_quotas
from pave.local_cloud.settings import STATED
from pave.local_cloud.store import CloudStore, store_file


def state_quotas(state: Path, catalog: Catalog) -> None:
    """From now on the local cloud in the folder `state` has them, and no longer those that these
    environments stated before. Quotas of other projects stay."""
    found = (catalog.find(Environment, name) for name in sorted(catalog.documents["Environment"]))
    environments = [each for each in found if each is not None]
    stated = stated_quotas(environments)
    store = CloudStore(store_file(state), lambda: datetime.now(UTC))
    try:
        for project in {environment.spec.project for environment in environments}:
            own = {"/".join(quota): str(limit) for quota, limit in stated.items() if quota[0] == project}
            store.set_all(STATED, f"{project}/", own)
    finally:
        store.close()
