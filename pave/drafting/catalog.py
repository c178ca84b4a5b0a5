"""The first files of a catalog: an environment, a team that runs it, and a service there.

Pure. What only the organisation can know stands as a placeholder, with a note that says so."""

from catalog.document import Json
from catalog.yaml.parsed import Pointer
from pave.drafting.service import Draft, StartingPoint, fresh

ENVIRONMENT, TEAM, SERVICE = "production", "platform", "hello"
PROJECT = "my-project"
DOMAIN = "example.com"
"""No catalog's own: it is reserved (https://www.rfc-editor.org/rfc/rfc2606)."""


def drafts(project: str | None, domain: str | None) -> dict[str, Draft]:
    """The files by their paths in the catalog."""
    production = _environment(project, domain)
    spec = production.data["spec"]
    ground = StartingPoint(ENVIRONMENT, spec["purpose"], spec["imageRegistries"][0])
    return {
        f"environments/{ENVIRONMENT}.yaml": production,
        f"teams/{TEAM}.yaml": _team(),
        f"services/{SERVICE}.yaml": fresh(SERVICE, TEAM, "internal", "experiment", ground),
    }


def _environment(project: str | None, domain: str | None) -> Draft:
    """The production environment: three zones of a low-carbon region, in ranges of RFC 1918."""
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
        "imageRegistries": [f"us-docker.pkg.dev/{project or PROJECT}/"],
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
    }
    if project is not None:
        del notes["spec", "project"]
    if domain is not None:
        del notes["spec", "dns"]
    return Draft(_document("Environment", ENVIRONMENT, spec), notes, [])


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
