"""The first files of a catalog: an environment, what watches it, a team that runs both, and a service there.

Pure. What only the organisation can know stands as a placeholder, with a note that says so."""

from catalog.document import Json
from catalog.yaml.parsed import Pointer
from pave.drafting.service import Draft, StartingPoint, fresh

ENVIRONMENT, TEAM, SERVICE = "production", "platform", "hello"
PROJECT = "my-project"
DOMAIN = "example.com"
"""No catalog's own: it is reserved (https://www.rfc-editor.org/rfc/rfc2606)."""

NO_DIGEST = "sha256:" + 64 * "0"
"""Stands for a digest that only who mirrors an image knows. No image has it, so nothing else runs by it."""

UNIT_IMAGES = {
    "prometheus": "prometheus",
    "alertmanager": "alertmanager",
    "blackbox": "blackbox-exporter",
    "dashboards": "grafana",
    "gateway": "haproxy",
    "tenancy": "prom-label-proxy",
    "collector": "k8s-sidecar",
    "state": "kube-state-metrics",
    "catchUp": "vmctl",
}
"""What a unit runs, and what the projects call it that publish it."""


def drafts(project: str | None, domain: str | None) -> dict[str, Draft]:
    """The files by their paths in the catalog."""
    production = _environment(project, domain)
    spec = production.data["spec"]
    ground = StartingPoint(ENVIRONMENT, spec["purpose"], spec["imageRegistries"][0])
    return {
        f"environments/{ENVIRONMENT}.yaml": production,
        f"units/{ENVIRONMENT}.yaml": _unit(spec["imageRegistries"][0], spec["dns"]["domain"]),
        f"teams/{TEAM}.yaml": _team(),
        f"services/{SERVICE}.yaml": fresh(SERVICE, TEAM, "internal", "experiment", ground),
    }


def _environment(project: str | None, domain: str | None) -> Draft:
    """The production environment: three zones of a low-carbon region, in ranges of RFC 1918."""
    registry = f"us-docker.pkg.dev/{project or PROJECT}/"
    spec: Json = {
        "purpose": "production",
        "owner": TEAM,
        "project": project or PROJECT,
        "region": "us-central1",
        "zones": ["us-central1-a", "us-central1-b", "us-central1-c"],
        "dns": {"domain": domain or DOMAIN},
        "network": {
            "nodes": "10.0.0.0/20",
            "pods": "10.4.0.0/14",
            "services": "10.8.0.0/20",
            "stores": "10.16.0.0/20",
            "controlPlane": "172.16.0.0/28",
            "operators": ["10.100.0.0/24"],
        },
        "employees": [f"employees@{domain or DOMAIN}"],
        "imageRegistries": [registry],
        "cluster": {"rollouts": f"{registry}mirror/argo-rollouts:v1.9.0@{NO_DIGEST}"},
        "sizes": [
            _size("small", 0.5, 1024, 2, 200, 50, 1),
            _size("medium", 1, 2048, 4, 500, 200, 5),
            _size("large", 2, 4096, 8, 800, 500, 10),
        ],
    }
    notes: dict[Pointer, str] = {
        ("spec", "project"): "Fill in: the id of the project in Google Cloud.",
        ("spec", "region"): "Fill in: where it runs, and three zones of it.",
        ("spec", "dns"): "Fill in: the domain below which services answer.",
        ("spec", "network", "operators"): "Fill in: from where people reach the cluster.",
        ("spec", "employees"): "Fill in: the Google group of those who may use what is for employees.",
        ("spec", "imageRegistries"): "Fill in: where images may come from.",
        (
            "spec",
            "cluster",
            "rollouts",
        ): "Fill in: your copy of quay.io/argoproj/argo-rollouts, by its digest.",
    }
    if project is not None:
        del notes["spec", "project"]
    if domain is not None:
        del notes["spec", "dns"]
    return Draft(_document("Environment", ENVIRONMENT, spec), notes, [])


def _unit(registry: str, domain: str) -> Draft:
    """What watches the environment, and goes on when all else is down."""
    spec: Json = {
        "owner": TEAM,
        "images": {part: f"{registry}mirror/{image}@{NO_DIGEST}" for part, image in UNIT_IMAGES.items()},
        "receivers": [
            {"name": "channel", "kind": "slack"},
            {"name": "pager", "kind": "pagerduty", "pages": True},
        ],
        "watchdog": {"url": f"https://deadman.{domain}/ping/{ENVIRONMENT}"},
    }
    notes: dict[Pointer, str] = {
        ("spec", "images"): "Fill in: your copies of these programs, by their digests.",
        ("spec", "receivers"): "Fill in: who is told, and who is woken.",
        ("spec", "watchdog"): "Fill in: who notices when nobody pings any more, such as healthchecks.io.",
    }
    return Draft(_document("ObservabilityUnit", ENVIRONMENT, spec), notes, [])


def _team() -> Draft:
    """The team that runs the environment."""
    spec: Json = {"slackChannel": "platform_alerts", "onCall": {"coverage": "business-hours"}}
    notes: dict[Pointer, str] = {
        ("spec", "slackChannel"): "Fill in: where alerts go.",
        ("spec", "onCall"): "Fill in: when somebody reacts; 24x5 and 24x7 are what higher tiers need.",
    }
    return Draft(_document("Team", TEAM, spec), notes, [])


def _size(name: str, cpu: float, memory: int, cores: int, connections: int, disk: int, cache: int) -> Json:
    """What a size means: a copy of a workload, a database of `cores`, and a cache of `cache` GB.

    https://cloud.google.com/sql/docs/postgres/instance-settings#machine-type-2ndgen"""
    return {
        "name": name,
        "cpu": cpu,
        "memoryMb": memory,
        "postgresTier": f"db-custom-{cores}-{cores * 3840}",
        "postgresPlusTier": f"db-perf-optimized-N-{cores}",
        "maxConnections": connections,
        "diskGb": disk,
        "memoryGb": cache,
    }


def _document(kind: str, name: str, spec: Json) -> Json:
    return {"apiVersion": "pave/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
