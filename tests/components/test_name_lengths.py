"""The longest names that the schema takes, as the cloud sees them."""

import shutil
from pathlib import Path

from catalog.loader import load
from stacks.plan import Planner
from stacks.stack import Stack
from tests.components.service_plans import CATALOG, HEAD

LIMITS = {
    "gcp:redis/instance:Instance": 40,
    "gcp:serviceaccount/account:Account": 30,
    "kubernetes:batch/v1:CronJob": 52,
}
"""Characters of a name, where they are fewer than 63:
https://cloud.google.com/memorystore/docs/redis/reference/rest/v1/projects.locations.instances/create,
https://cloud.google.com/iam/docs/service-accounts-create and
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/."""

USUAL = 63
"""https://cloud.google.com/compute/docs/naming-resources and
https://kubernetes.io/docs/concepts/overview/working-with-objects/names/."""

FREE = {"gcp:dns/recordSet:RecordSet"}
"""Types that are named by a host."""


def longest(begin: str) -> str:
    return f"{begin}-{'x' * 40}"[:40]


SERVICE = (
    HEAD.format(name=longest("shop"), tier="standard")
    + f"""
  workloads:
    - name: {longest("web")}
      image: us-docker.pkg.dev/acme-registry/shop/app:1
      environment: [{{name: TOKEN, secret: {longest("token")}}}]
    - {{name: {longest("jobs")}, kind: worker, image: us-docker.pkg.dev/acme-registry/shop/app:1}}
    - name: {longest("night")}
      kind: cron
      schedule: 1 2 * * *
      image: us-docker.pkg.dev/acme-registry/shop/app:1
    - {{name: {longest("old")}, runtime: vm, vm: {{host: {longest("box")}, instances: 12}}}}
  stores:
    - {{name: {longest("db")}, kind: postgres, readReplicas: 2}}
    - {{name: {longest("cache")}, kind: redis}}
  endpoints:
    - {{name: {longest("buy")}, paths: [/*], workload: {longest("web")}, rateLimit: {{requests: 5}}}}
    - {{name: {longest("before")}, paths: [/old/*], workload: {longest("old")}}}
  edge: {{host: {"a" * 60}.{"b" * 60}.elsewhere.example, waf: {{mode: enforce}}}}
"""
)


def in_the_longest_project(folder: Path) -> Path:
    """A catalog in which production is in a project of 30 characters."""
    catalog = shutil.copytree(
        CATALOG, folder / "catalog", ignore=shutil.ignore_patterns("services", "waivers", "*.py")
    )
    production = catalog / "environments/production.yaml"
    text = production.read_text("utf-8")
    assert text.count("project: acme-subscriptions-prod") == 1
    production.write_text(
        text.replace("project: acme-subscriptions-prod", f"project: acme-{'x' * 25}"), "utf-8"
    )
    return catalog


def test_the_longest_names_fit_everywhere(tmp_path: Path) -> None:
    path = tmp_path / f"{longest('shop')}.yaml"
    path.write_text(SERVICE)
    catalog = load(in_the_longest_project(tmp_path), [path])
    plan = Planner(catalog).plan(Stack("service", path.stem, "production"))
    lengths = {
        (resource.type, name): len(name)
        for resource in plan.resources
        if resource.custom and resource.type not in FREE
        for name in (
            *(resource.inputs.get(field) for field in ("name", "accountId", "secretId")),
            resource.inputs.get("metadata", {}).get("name"),
        )
        if isinstance(name, str)
    }
    too_long = {at: length for at, length in lengths.items() if length > LIMITS.get(at[0], USUAL)}
    assert too_long == {}
    assert set(LIMITS) <= {of for of, _ in lengths}
    assert len(lengths) > 40
    assert max(length for (of, _), length in lengths.items() if of == "gcp:sql/user:User") == USUAL
