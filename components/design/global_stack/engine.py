"""VictoriaMetrics' cluster, what lets in, and what evaluates and tells, as objects of its operator:
https://docs.victoriametrics.com/operator/api/."""

from collections.abc import Iterator
from typing import Any

from catalog.document import Json
from catalog.kinds.observability_global import ObservabilityGlobal
from catalog.kinds.team import Team
from components.design.global_stack.model import CustomObject
from components.design.global_stack.names import (
    CERTIFICATE,
    CLUSTER,
    DOOR,
    DOOR_PORT,
    EVALUATED,
    INTERNAL_PORT,
    NAMESPACE,
    OWN_ACCOUNT,
    RECEIVERS,
    RULES,
    TOLD,
    service_of,
)
from components.design.monitoring.model import Monitoring
from components.design.monitoring.rules import group
from components.design.scraping import INTERVAL_SECONDS
from components.design.unit import alertmanager
from components.design.unit.model import text_of

REPLICATION = 2
"""Each sample is on so many storage nodes: one may be lost, with its disk."""

SECRETS = "/etc/vm/secrets"
"""Where the operator mounts what `secrets` names."""


def engine(
    hub: ObservabilityGlobal, owner: Team, own: Monitoring, labels: dict[str, str]
) -> list[CustomObject]:
    """All but who is let in. What is `own` is evaluated here."""
    return [
        _cluster(hub),
        _door(hub, labels),
        _alertmanager(hub, owner),
        _evaluated(hub, labels),
        _rules(hub, own),
    ]


def _cluster(hub: ObservabilityGlobal) -> CustomObject:
    spec = hub.spec
    # Of what two Prometheus of a unit say, one sample is kept for each interval; so is one of two copies.
    one_of_two = {"dedup.minScrapeInterval": f"{INTERVAL_SECONDS}s"}
    images = spec.images
    return CustomObject(
        name=CLUSTER,
        origin=hub.origin("spec", "storageNodes"),
        kind="VMCluster",
        holds_data=True,
        spec={
            "retentionPeriod": f"{spec.retention_days}d",
            "replicationFactor": REPLICATION,
            "useStrictSecurity": True,
            "vmstorage": {
                **_pods("vmstorage", CLUSTER, images.storage, spec.storage_nodes, 1, spec.memory_mb),
                "extraArgs": one_of_two,
                "storageDataPath": "/vm-data",
                "storage": _disk(spec.disk_gb),
            },
            "vmselect": {
                **_pods("vmselect", CLUSTER, images.select, 2, 0.5, 1024),
                "extraArgs": {**one_of_two, "search.latencyOffset": f"{INTERVAL_SECONDS}s"},
            },
            "vminsert": _pods("vminsert", CLUSTER, images.insert, 2, 0.5, 512),
        },
    )


def _door(hub: ObservabilityGlobal, labels: dict[str, str]) -> CustomObject:
    """The one way in, over TLS. It knows the users of this stack, and nobody who doesn't say who they are."""
    service = {
        "type": "LoadBalancer",
        "loadBalancerSourceRanges": hub.spec.sources or ["127.0.0.1/32"],
        # Else the address of who comes is lost, and the namespace's own policy sees a node's.
        "externalTrafficPolicy": "Local",
        "ports": [{"name": "https", "port": 443, "targetPort": DOOR_PORT, "protocol": "TCP"}],
    }
    return CustomObject(
        name=DOOR,
        origin=hub.origin("spec", "host"),
        kind="VMAuth",
        spec={
            **_pods("vmauth", DOOR, hub.spec.images.auth, 2, 0.5, 256),
            "useStrictSecurity": True,
            "port": str(DOOR_PORT),
            "internalListenPort": str(INTERNAL_PORT),  # what it says of itself is nobody's outside
            "userSelector": {"matchLabels": labels},
            "secrets": [CERTIFICATE],
            "extraArgs": {
                "tls": "true",
                "tlsCertFile": f"{SECRETS}/{CERTIFICATE}/tls.crt",
                "tlsKeyFile": f"{SECRETS}/{CERTIFICATE}/tls.key",
                "tlsMinVersion": "TLS12",
            },
            "serviceSpec": {"metadata": {"name": f"{DOOR}-outside"}, "spec": service},
        },
    )


def _alertmanager(hub: ObservabilityGlobal, owner: Team) -> CustomObject:
    held = f"{SECRETS}/{RECEIVERS}"
    config = alertmanager.configuration(hub.spec.receivers, hub.spec.watchdog, owner, [], held)
    return CustomObject(
        name=TOLD,
        origin=hub.origin("spec", "receivers"),
        kind="VMAlertmanager",
        spec={
            **_pods("vmalertmanager", TOLD, hub.spec.images.alertmanager, alertmanager.COPIES, 0.1, 256),
            "useStrictSecurity": True,
            "secrets": [RECEIVERS],
            "configRawYaml": text_of(config),
            "storage": _disk(10),
        },
    )


def _evaluated(hub: ObservabilityGlobal, labels: dict[str, str]) -> CustomObject:
    selected = {"labelSelector": {"matchLabels": labels}, "namespaceSelector": {"matchNames": [NAMESPACE]}}
    own = f"/{OWN_ACCOUNT}/prometheus"
    select, insert = service_of("vmselect", CLUSTER, 8481), service_of("vminsert", CLUSTER, 8480)
    return CustomObject(
        name=EVALUATED,
        origin=hub.origin("spec", "freshness"),
        kind="VMAlert",
        spec={
            **_pods("vmalert", EVALUATED, hub.spec.images.alert, 2, 0.2, 256),
            "useStrictSecurity": True,
            "evaluationInterval": "60s",
            "ruleSelector": {"matchLabels": labels},
            "datasource": {"url": f"{select}/select/multitenant/prometheus"},
            "remoteRead": {"url": f"{select}/select{own}"},
            "remoteWrite": {"url": f"{insert}/insert{own}"},
            "notifiers": [{"selector": selected}],
        },
    )


def _rules(hub: ObservabilityGlobal, own: Monitoring) -> CustomObject:
    groups = [group(own, watch) for watch in own.watches]
    origin = hub.origin("spec", "freshness")
    return CustomObject(name=RULES, origin=origin, kind="VMRule", spec={"groups": groups})


def _pods(part: str, name: str, image: str, copies: int, cpu: float, memory_mb: int) -> dict[str, Any]:
    """What the operator is told of all pods alike: copies in different zones, of which maintenance takes one
    at a time."""
    repository, _, tag = image.rpartition(":")
    room = {"cpu": f"{round(cpu * 1000)}m", "memory": f"{memory_mb}Mi"}
    return {
        "image": {"repository": repository, "tag": tag},  # it joins them with a colon: a digest stays one
        "replicaCount": copies,
        "resources": {"requests": room, "limits": room},
        "podDisruptionBudget": {"maxUnavailable": 1},
        "disableAutomountServiceAccountToken": True,
        "topologySpreadConstraints": [*_zones(part, name)],
    }


def _zones(part: str, name: str) -> Iterator[Json]:
    """By the labels that the operator gives the pods."""
    selected = {"app.kubernetes.io/name": part, "app.kubernetes.io/instance": name}
    yield {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": selected},
    }


def _disk(size_gb: int) -> Json:
    requests = {"storage": f"{size_gb}Gi"}
    return {"volumeClaimTemplate": {"spec": {"resources": {"requests": requests}}}}
