"""Tells the local cloud what the environments of a catalog say of their projects: quotas, and Cloud Armor's
tier."""

from datetime import UTC, datetime
from pathlib import Path

from catalog.kinds.environment import Environment
from catalog.loader import Catalog
from components.design.capacity.quotas import stated_quotas
from pave.local_cloud.settings import STATED, STATED_TIER
from pave.local_cloud.store import CloudStore, store_file
from stacks.providers.armor_tiers import PAYGO

TIERS = {"enterprise": PAYGO}
"""Google's word for what an environment says; of the standard tier is each project by itself."""


def state_projects(state: Path, catalog: Catalog) -> None:
    """From now on the local cloud in the folder `state` has it, and no longer what these environments stated
    before. What other projects have stays."""
    found = (catalog.find(Environment, name) for name in sorted(catalog.documents["Environment"]))
    environments = [each for each in found if each is not None]
    stated = stated_quotas(environments)
    tiers = {each.spec.project: TIERS.get(each.spec.cloud_armor_tier) for each in environments}
    store = CloudStore(store_file(state), lambda: datetime.now(UTC))
    try:
        for project, tier in tiers.items():
            own = {"/".join(quota): str(limit) for quota, limit in stated.items() if quota[0] == project}
            store.set_all(STATED, f"{project}/", own)
            if tier is None:
                store.unset(STATED_TIER, project)
            else:
                store.set(STATED_TIER, project, tier)
    finally:
        store.close()
