"""New things, each as small as it can be: a rule, a service, a waiver, a command, a format, a kind."""

RULE = """\
# METADATA
# title: Names are short
# description: A name that nobody can remember is not said in a crisis.
# custom:
#   level: 1
#   severity: error
#   stages: [spec]
#   message: "{service} is too long a name."
#   remediation: Find a shorter name.
#   references: ["https://sre.google/sre-book/simplicity/"]
package rules.operations.names_are_short

import rego.v2

import data.lib.result

deny contains finding if {
	name := input.spec.service.metadata.name
	count(name) > 11
	finding := result.fail(rego.metadata.chain(), ["service", "metadata", "name"], {"service": name})
}
"""

SERVICE = """\
apiVersion: pave/v1
kind: Service
metadata: {name: tea-kitchen, owner: OWNER}
spec:
  tier: internal
  stage: beta
  environments: [{name: ENVIRONMENT}]
  workloads:
    - name: web
      image: us-docker.pkg.dev/acme-registry/tea-kitchen/app@sha256:DIGEST
  dependencies: [{name: tea, vendor: VENDOR, need: soft, timeoutSeconds: 5}]
""".replace("DIGEST", "0f1e2d3c4b5a6978" * 4)

WAIVER = """\
apiVersion: pave/v1
kind: Waiver
metadata: {{name: recovery-{number}}}
spec:
  rule: {rule}
  service: customersdot
  environment: {environment}
  path: "{path}"
  reason: The log is switched on together with the next upgrade.
  owner: fulfillment-platform
  ticket: https://example.com/issues/1
  requestedBy: ada
  approvedBy: grace
  granted: "2026-11-01"
  expires: "2026-12-31"
"""

COMMAND = """\
\"\"\"`pave hello`.\"\"\"

import click


@click.command()
def command() -> None:
    \"\"\"Greet.\"\"\"
    click.echo("hello")
"""

REPORT = """\
\"\"\"One line for each service.\"\"\"

from pave.reports.model import Report
from pave.terminal import Page

FILES = ("*.names",)


def render(report: Report, page: Page) -> str:
    \"\"\"The services that were judged.\"\"\"
    return "".join(f"{decision.service}\\n" for decision in report.decisions)
"""

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Ring",
    "type": "object",
    "additionalProperties": False,
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "properties": {
        "apiVersion": {"const": "pave/v1"},
        "kind": {"const": "Ring"},
        "metadata": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "spec": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"percent": {"type": "integer"}, "minutes": {"type": "integer", "default": 30}},
        },
    },
}

RING = "apiVersion: pave/v1\nkind: Ring\nmetadata: {name: own-people}\nspec:\n  percent: 1\n"

KIND = """\
\"\"\"Rings: who gets a new version first.\"\"\"

from catalog.kind import Effective, Fields


class RingSpec(Fields, frozen=True):
    \"\"\"The percent of users in a ring, and how many minutes a version is watched there.\"\"\"

    percent: int
    minutes: int


class Ring(Effective):
    \"\"\"A ring with its defaults filled in.\"\"\"

    __slots__ = ()
    spec: RingSpec
    Spec = RingSpec
"""

KIND_RULE = RULE.replace("names_are_short", "rings_are_small").replace(
    """\
	name := input.spec.service.metadata.name
	count(name) > 11
	finding := result.fail(rego.metadata.chain(), ["service", "metadata", "name"], {"service": name})
""",
    """\
	some ring in input.spec.catalog.rings
	ring.percent * ring.minutes > 10
	finding := result.fail(rego.metadata.chain(), ["service", "metadata", "name"], {"service": ring.name})
""",
)

KIND_COMPONENT = """\
\"\"\"The rings, for the copies of a service to read.\"\"\"

import pulumi
from pulumi_kubernetes.core.v1 import ConfigMap
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from catalog.kinds.ring import Ring
from components.paved import Paved


class RingFlags(Paved, area="service"):
    \"\"\"A map from ring to percent.\"\"\"

    def __init__(self, name: str, rings: list[Ring], opts: pulumi.ResourceOptions) -> None:
        super().__init__(f"{name}-rings", rings[0].origin("spec", "percent"), opts)
        ConfigMap(
            f"{name}-rings",
            metadata=ObjectMetaArgs(name="rings", namespace=name),
            data={ring.name: f"{ring.spec.percent} % for {ring.spec.minutes} min" for ring in rings},
            opts=self.child(),
        )
        self.register_outputs({})
"""

COMPOSED = (
    "    import catalog.kinds.ring as r, catalog.neighbourhood as n, components.ring_flags as c; "
    "c.RingFlags(service.name, n.neighbourhood(catalog, service).all(r.Ring), "
    "pulumi.ResourceOptions(providers=providers))\n"
)
"""The one line that a new component costs where the stack's program composes it."""
