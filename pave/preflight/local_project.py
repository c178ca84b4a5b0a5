"""The projects of the local cloud, as its store has them."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from catalog.document import Json
from pave.delivery.secret_values import LocalSecretValues
from pave.local_cloud.inspection import store_in
from pave.local_cloud.settings import (
    DELEGATION,
    ORGANISATION,
    armor_tier,
    is_enabled,
    is_granted,
    is_readable,
    is_there,
    policy,
    quotas,
)
from pave.preflight.images import READER, ArtifactImage, PublicImage
from pave.preflight.model import NoAnswer, Organisation, PublicZone, QuotaState, Referral
from stacks.properties import revealed
from stacks.providers.data import BUCKET
from stacks.providers.edge import RECORD, ZONE
from stacks.providers.organisation_policies import PolicyRule
from stacks.providers.quotas import uses
from stacks.rollouts.model import WorkloadRollout


class LocalProject:
    """`CloudProject` of the local cloud in the folder `state`."""

    def __init__(self, state: Path) -> None:
        store = store_in(state)
        self._settings = store.settings()
        self._values = LocalSecretValues(state)
        self._resources = store.resources()
        store.close()

    def enabled_apis(self, project: str, services: Sequence[str]) -> set[str]:
        """As `pave cloud set api` and foundations set them."""
        self._require(project, "apis")
        return {service for service in services if is_enabled(self._settings, project, service)}

    def quotas(self, project: str, place: str) -> Mapping[str, QuotaState]:
        """The limits by which the local cloud refuses, and what the resources take of them."""
        self._require(project, "quotas")
        limits = quotas(self._settings, project, place)
        taken = dict.fromkeys(limits, 0.0)
        for held in self._resources:
            for use in uses(held.type, revealed(held.inputs)) if held.scope == project else ():
                if use.place == place and use.metric in taken:
                    taken[use.metric] += use.amount
        return {metric: QuotaState(limit, taken[metric]) for metric, limit in limits.items()}

    def armor_tier(self, project: str) -> str:
        """As `pave cloud set tier` says, else the environment of the project."""
        self._require(project, "tiers")
        return armor_tier(self._settings, project)

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

    def policy(self, project: str, constraint: str) -> Sequence[PolicyRule]:
        """As `pave cloud set constraint` says."""
        self._require(project, "constraints")
        return policy(self._settings, project, constraint)

    def organisation(self, project: str) -> Organisation | None:
        """As `pave cloud set organisation` says."""
        self._require(project, "constraints")
        said = self._settings.get((ORGANISATION, project))
        if said is None:
            raise NoAnswer(f"nobody says which organisation {project} is in")
        return Organisation(*said.split("/"))

    def zone(self, project: str, name: str) -> PublicZone | None:
        """From the store. Its key is one that is made of its name."""
        self._require(project, "delegation")
        for held in self._resources:
            if (held.type, held.scope, held.inputs.get("name")) == (ZONE, project, name):
                domain = str(held.inputs["dnsName"]).rstrip(".")
                is_signed = (held.inputs.get("dnssecConfig") or {}).get("state") == "on"
                servers = frozenset(each.rstrip(".") for each in held.outputs["nameServers"])
                return PublicZone(domain, servers, frozenset([_key(domain)] if is_signed else []))
        return None

    def delegation(self, domain: str) -> Referral:
        """As `pave cloud set delegation` says; else by the zone above, where that is here too."""
        zones = [self.zone(held.scope, held.inputs["name"]) for held in self._resources if held.type == ZONE]
        known = {zone.domain: zone for zone in zones if zone is not None}
        found = known[domain]
        answers = {
            "right": Referral(found.servers, found.keys),
            "none": Referral(),
            "elsewhere": Referral(frozenset({f"ns1.elsewhere.{domain}"})),
            "unsigned": Referral(found.servers),
            "other-keys": Referral(found.servers, frozenset({_key(f"other.{domain}")})),
        }
        said = self._settings.get((DELEGATION, domain))
        is_below = any(domain.endswith(f".{above}") for above in known)
        if said is None and is_below:
            return Referral(frozenset(self._records(domain, "NS")), frozenset(self._records(domain, "DS")))
        return answers[said or "right"]

    def _records(self, domain: str, kind: str) -> Iterator[str]:
        for held in self._resources:
            inputs = held.inputs
            if held.type == RECORD and (inputs["name"], inputs["type"]) == (f"{domain}.", kind):
                yield from (str(value).lower().rstrip(".") for value in inputs["rrdatas"])

    def has_image(self, image: ArtifactImage | PublicImage) -> bool:
        """As `pave cloud set image` says."""
        if isinstance(image, ArtifactImage):
            self._require(image.project, "images")
        return is_there(self._settings, str(image))

    def may_pull(self, account: str, image: ArtifactImage) -> bool:
        """By the grants on the project of its repository."""
        self._require(image.project, "images")
        wanted = (image.project, READER, f"serviceAccount:{account}")
        return any(
            tuple(held.inputs.get(name) for name in ("project", "role", "member")) == wanted
            for held in self._resources
        )

    def has_value(self, secret: str) -> bool:
        """From the store, as `pave secrets set` fills it."""
        self._require(secret.split("/")[1], "secrets")
        return self._values.has_value(secret)

    def workloads(self, cluster: str, namespace: str) -> Sequence[WorkloadRollout]:
        """None: nothing runs on the local cloud."""
        self._require(cluster.split("/")[1], "rollouts")
        del namespace
        return []

    def _require(self, project: str, what: str) -> None:
        if not is_readable(self._settings, project, what):
            raise NoAnswer(f"who asks may not read {what} of {project}")


def _key(domain: str) -> str:
    return f"{len(domain)} 8 2 {sha256(domain.encode()).hexdigest()}"
