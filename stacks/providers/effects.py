"""The table of what changes do, by type: in place, and when one is deleted.

A type or a field that has no row isn't known to be harmless. Durations are those that the sources give for
what is usual; nobody promises them."""

import re
from collections.abc import Mapping
from functools import partial

from catalog.document import Json
from stacks.properties import revealed
from stacks.providers.cluster import CLUSTER
from stacks.providers.compute import MACHINE
from stacks.providers.consequence import Consequence, Effect, at, worst_first
from stacks.providers.data import BUCKET, REDIS, SQL_INSTANCE, VALKEY
from stacks.providers.edge import MAP_ENTRY, RECORD
from stacks.providers.kubernetes import ROLLOUT
from stacks.providers.messages import SUBSCRIPTION
from stacks.providers.routes import URL_MAP, rerouted

_SQL = "https://docs.cloud.google.com/sql/docs/postgres/"
_IMPACT = f"{_SQL}instance-settings#impact"
_VALKEY = "https://docs.cloud.google.com/memorystore/docs/valkey/"
_REDIS = "https://docs.cloud.google.com/memorystore/docs/redis/"
_GKE = "https://docs.cloud.google.com/kubernetes-engine/docs/"
_DEPLOYMENT = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy"
_ROLLOUT = "https://argo-rollouts.readthedocs.io/en/stable/features/canary/"
_VM = "https://docs.cloud.google.com/compute/docs/instances/changing-machine-type-of-stopped-instance"
_CONNECTED = "whoever is connected to the database: connections are cut, and have to be made anew"
_CACHED = "whoever is connected to the cache: connections are cut, and have to be made anew"
_PODS = "whoever talks to a pod that ends: it gets its grace period to answer"


def _engine(version: object) -> tuple[str, list[int]]:
    """`("POSTGRES", [16])` of `POSTGRES_16`."""
    said = version if isinstance(version, str) else ""
    return said.partition("_")[0], [int(number) for number in re.findall(r"\d+", said)]


def _goes_back(field: str, old: Json, new: Json) -> bool:
    """Whether a version becomes an older one, or another engine's."""
    (before, was), (after, becomes) = _engine(at(old, field)), _engine(at(new, field))
    return before != after or becomes < was


def _goes_on(field: str, old: Json, new: Json) -> bool:
    return not _goes_back(field, old, new)


def _lessens(field: str, old: Json, new: Json) -> bool:
    """Whether a duration in seconds, such as `86400s`, becomes shorter."""
    before, after = (float(str(at(each, field) or "0s").removesuffix("s")) for each in (old, new))
    return after < before


def _is_recreated(_: Json, new: Json) -> bool:
    return at(new, "spec.strategy.type") == "Recreate"


def _rolls(old: Json, new: Json) -> bool:
    return not _is_recreated(old, new)


EFFECTS: Mapping[str, tuple[Effect, ...]] = {
    SQL_INSTANCE: (
        Effect(
            "impossible",
            ("databaseVersion",),
            "Cloud SQL takes no database back to an older version, nor to another engine",
            "nobody: the update fails here, after what came before it",
            f"{_SQL}upgrade-major-db-version-inplace",
            partial(_goes_back, "databaseVersion"),
        ),
        Effect(
            "irreversible",
            ("databaseVersion",),
            "the database is upgraded where it is, and there is no way back but a backup from before;"
            " it answers nobody for about ten minutes, longer if it is large",
            _CONNECTED,
            f"{_SQL}upgrade-major-db-version-inplace",
            partial(_goes_on, "databaseVersion"),
        ),
        Effect(
            "irreversible",
            ("settings.ipConfiguration.privateNetwork",),
            "it restarts, and can't leave a private network again",
            _CONNECTED,
            f"{_SQL}configure-private-ip",
            lambda old, _: not at(old, "settings.ipConfiguration.privateNetwork"),
        ),
        Effect(
            "interruption",
            ("settings.tier", "settings.edition"),
            "the database moves to another machine: down for a minute (Enterprise Plus: a second)",
            _CONNECTED,
            "https://docs.cloud.google.com/sql/docs/availability",
        ),
        Effect(
            "interruption",
            ("settings.availabilityType", "settings.locationPreference.zone"),
            "the database restarts, or moves to another zone: down for up to a few minutes",
            _CONNECTED,
            _IMPACT,
        ),
        Effect(
            "restart",
            ("settings.databaseFlags", "settings.backupConfiguration.pointInTimeRecoveryEnabled"),
            "the database may restart: down for about a minute if it does",
            _CONNECTED,
            f"{_SQL}flags",
        ),
        Effect(
            "interruption",
            ("settings.ipConfiguration.sslMode",),
            "connections that aren't as the new mode wants them are refused",
            "clients without TLS, or without a certificate",
            f"{_SQL}configure-ssl-instance",
        ),
        Effect(
            "interruption",
            ("settings.connectorEnforcement",),
            "connections that don't come through Google's connectors or its Auth Proxy are refused",
            "clients that connect by themselves; copies that still do can make no new connections until the"
            " rollout has replaced them",
            f"{_SQL}language-connectors",
            lambda _, new: at(new, "settings.connectorEnforcement") == "REQUIRED",
        ),
    ),
    REDIS: (
        Effect(
            "irreversible",
            ("redisVersion",),
            "the cache is upgraded, and can't go back; it fails over (basic tier: down, and empty after)",
            _CACHED,
            f"{_REDIS}supported-versions",
            partial(_goes_on, "redisVersion"),
        ),
        Effect(
            "interruption",
            ("memorySizeGb",),
            "the cache is scaled and fails over, down for seconds (basic tier: for minutes, and empty after)",
            _CACHED,
            f"{_REDIS}scaling-instances",
        ),
        Effect(
            "interruption",
            ("authEnabled",),
            "connections that don't log in as the new setting wants are refused",
            "clients that haven't the password yet",
            f"{_REDIS}manage-redis-auth",
        ),
    ),
    VALKEY: (
        Effect(
            "irreversible",
            ("engineVersion",),
            "the cache is upgraded, and can't go back; it fails over (with no replica: empty after)",
            _CACHED,
            f"{_VALKEY}supported-versions",
            partial(_goes_on, "engineVersion"),
        ),
        Effect(
            "interruption",
            ("nodeType",),
            "the cache is scaled and fails over, down for seconds (with no replica: empty after)",
            _CACHED,
            f"{_VALKEY}scale-instance-capacity",
        ),
    ),
    BUCKET: (
        Effect(
            "irreversible",
            ("retentionPolicy.isLocked",),
            "nobody can lessen the retention again, Google neither, nor delete the bucket while it holds an"
            " object that is younger",
            "nobody, until an object has to be deleted",
            "https://docs.cloud.google.com/storage/docs/bucket-lock",
            lambda _, new: at(new, "retentionPolicy.isLocked") is True,
        ),
        Effect(
            "irreversible",
            ("versioning.enabled",),
            "what is overwritten or deleted from then on leaves no version behind",
            "nobody, until somebody wants one back",
            "https://docs.cloud.google.com/storage/docs/object-versioning",
            lambda _, new: at(new, "versioning.enabled") is False,
        ),
    ),
    SUBSCRIPTION: (
        Effect(
            "irreversible",
            ("messageRetentionDuration",),
            "messages that have waited for longer than that are dropped",
            "whoever waits for what they ask for",
            "https://docs.cloud.google.com/pubsub/docs/subscription-retention-policy",
            partial(_lessens, "messageRetentionDuration"),
        ),
    ),
    MACHINE: (
        Effect(
            "interruption",
            ("machineType", "minCpuPlatform", "serviceAccount", "shieldedInstanceConfig"),
            "the machine is stopped, changed and started: down for as long as that and its own start take",
            "whoever uses what runs on it",
            _VM,
        ),
    ),
    CLUSTER: (
        Effect(
            "irreversible",
            ("minMasterVersion",),
            "the control plane is upgraded, and can't go back to an earlier minor version",
            "nobody who uses what runs in it: a regional control plane stays up",
            f"{_GKE}concepts/cluster-upgrades",
        ),
    ),
    "gcp:container/nodePool:NodePool": (
        Effect(
            "restart",
            (
                "version",
                *(f"nodeConfig.{each}" for each in ("machineType", "diskSizeGb", "diskType", "imageType")),
            ),
            "every node is made anew, a few at a time, and the pods on it move to others",
            _PODS,
            f"{_GKE}concepts/node-pool-upgrade-strategies",
        ),
    ),
    "gcp:compute/sSLPolicy:SSLPolicy": (
        Effect(
            "interruption",
            ("minTlsVersion", "profile"),
            "clients that can't speak what the policy wants are refused",
            "old browsers, devices and libraries",
            "https://docs.cloud.google.com/load-balancing/docs/ssl-policies-concepts",
        ),
    ),
    "gcp:compute/routerNat:RouterNat": (
        Effect(
            "interruption",
            ("natIps",),
            "calls that leave through an address that goes are cut, and new ones come from others",
            "vendors that allow-list the addresses",
            "https://docs.cloud.google.com/nat/docs/set-up-manage-network-address-translation",
        ),
    ),
    RECORD: (
        Effect(
            "rerouting",
            ("rrdatas",),
            "the name leads elsewhere, for everybody when the old time to live is over",
            "whoever uses the name",
            "https://docs.cloud.google.com/dns/docs/records",
        ),
    ),
    MAP_ENTRY: (
        Effect(
            "interruption",
            ("certificates",),
            "its host is served with another certificate; while Google still makes that one, which takes up"
            " to an hour from when the host is proven for it, browsers refuse to connect",
            "whoever uses the host",
            "https://docs.cloud.google.com/load-balancing/docs/ssl-certificates/google-managed-certs",
        ),
    ),
    ROLLOUT: (
        Effect(
            "restart",
            ("spec.template",),
            "its pods are replaced step by step, as its own steps say, and nobody waits here for the last",
            _PODS,
            _ROLLOUT,
        ),
    ),
    "kubernetes:apps/v1:Deployment": (
        Effect(
            "interruption",
            ("spec.template",),
            "all of its pods end before the first new one starts",
            "whoever uses it, until the new ones are ready",
            _DEPLOYMENT,
            _is_recreated,
        ),
        Effect(
            "restart",
            ("spec.template",),
            "its pods are replaced a few at a time, each new one ready before an old one ends",
            _PODS,
            _DEPLOYMENT,
            _rolls,
        ),
    ),
}

GONE: Mapping[str, tuple[str, str, str]] = {
    RECORD: (
        "the name leads nowhere, for everybody when its time to live is over",
        "whoever uses the name",
        "https://docs.cloud.google.com/dns/docs/records",
    ),
    MAP_ENTRY: (
        "no certificate is shown for its host any more, so that browsers refuse to connect",
        "whoever uses the host",
        "https://docs.cloud.google.com/certificate-manager/docs/map-entries",
    ),
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": (
        "nothing answers on its address and port any more",
        "whoever connects there",
        "https://docs.cloud.google.com/load-balancing/docs/forwarding-rule-concepts",
    ),
    "gcp:compute/backendService:BackendService": (
        "requests that were sent there go where the routes say now",
        "whoever uses its paths",
        "https://docs.cloud.google.com/load-balancing/docs/url-map-concepts",
    ),
    MACHINE: (
        "the machine ends",
        "whoever uses what runs on it",
        "https://docs.cloud.google.com/compute/docs/instances/deleting-instance",
    ),
    ROLLOUT: ("all of its pods end", "whoever uses it", _ROLLOUT),
    "kubernetes:apps/v1:Deployment": ("all of its pods end", "whoever uses it", _DEPLOYMENT),
    "kubernetes:batch/v1:CronJob": (
        "it runs no more, and what runs of it ends",
        "whoever waits for its results",
        "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/",
    ),
}
"""What the end of one does, who notices, and the source."""


def of_update(token: str, old: Json, new: Json) -> list[Consequence]:
    """What changing a resource of this type in place, from inputs to others, does; the worst first.

    The inputs may have the engine's marks, or a plan's, of secrets and unknown values: what is only known
    later may differ."""
    before, after = revealed(old), revealed(new)
    found = [one for effect in EFFECTS.get(token, ()) for one in effect.follows(before, after)]
    return worst_first([*found, *(rerouted(before, after) if token == URL_MAP else ())])


def of_replacement(token: str, fields: str) -> list[Consequence]:
    """What deleting a resource of this type and making it anew does, because of such `fields`."""
    what, who, source = GONE.get(token, ("", "", ""))
    said = f"it is deleted and made anew{f'; until then {what}' if what else ''}"
    return [Consequence("replace", fields, said, who or "whoever uses it", source)]


def of_deletion(token: str) -> list[Consequence]:
    """What deleting a resource of this type does; nothing for one of which that isn't known."""
    return [Consequence("interruption", "", *GONE[token])] if token in GONE else []
