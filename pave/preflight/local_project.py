"""The projects of the local cloud, as its store has them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from catalog.document import Json
from pave.local_cloud.inspection import store_in
from pave.local_cloud.settings import QUOTA, is_enabled, is_granted, is_readable
from pave.preflight.model import NoAnswer, QuotaState
from stacks.properties import revealed
from stacks.providers.data import BUCKET
from stacks.providers.quotas import uses


class LocalProject:
    """`CloudProject` of the local cloud in the folder `state`."""

    def __init__(self, state: Path) -> None:
        store = store_in(state)
        self._settings = store.settings()
        self._resources = store.resources()
        store.close()

    def enabled_apis(self, project: str, services: Sequence[str]) -> set[str]:
        """As `pave cloud set api` and foundations set them."""
        self._require(project, "apis")
        return {service for service in services if is_enabled(self._settings, project, service)}

    def quotas(self, project: str, place: str) -> Mapping[str, QuotaState]:
        """The limits of `pave cloud set quota`, and what the resources take of them."""
        self._require(project, "quotas")
        limits = {
            name.split("/")[1]: float(limit)
            for (kind, name), limit in self._settings.items()
            if kind == QUOTA and name.split("/")[::2] == [project, place]
        }
        taken = dict.fromkeys(limits, 0.0)
        for held in self._resources:
            for use in uses(held.type, revealed(held.inputs)) if held.scope == project else ():
                if use.place == place and use.metric in taken:
                    taken[use.metric] += use.amount
        return {metric: QuotaState(limit, taken[metric]) for metric, limit in limits.items()}

    def granted(self, project: str, permissions: Sequence[str]) -> set[str]:
        """As `pave cloud set permission` says."""
        self._require(project, "permissions")
        return {each for each in permissions if is_granted(self._settings, project, each)}

    def find(self, token: str, id_: str, project: str) -> Json | None:
        """From the store. The names of buckets are those of all projects."""
        self._require(project, "names")
        for held in self._resources:
            if (held.type, held.id) == (token, id_) and (held.scope == project or token == BUCKET):
                return {**held.inputs, **held.outputs}
        return None

    def _require(self, project: str, what: str) -> None:
        if not is_readable(self._settings, project, what):
            raise NoAnswer(f"who asks may not read {what} of {project}")
