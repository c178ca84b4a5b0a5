"""Google's Auth Proxy in the pods of a workload."""

from pulumi_kubernetes.core.v1 import ContainerArgs, ContainerPortArgs, HTTPGetActionArgs, ProbeArgs

from catalog.checks.reserved_names import PROXY
from components.design.database_proxy import DatabaseProxy
from components.workloads.confinement import exactly, without_privileges


def beside(design: DatabaseProxy) -> ContainerArgs:
    """A native sidecar: it starts before the workload, which waits until it listens, is started anew when it
    ends, and ends after the workload, so that jobs end too
    (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/).

    It is never asked whether it is *ready*: that asks the database, and a database that is away would take
    all copies out at once. Only node agents reach the port of its health."""
    return ContainerArgs(
        name=PROXY,
        image=design.image,
        restart_policy="Always",
        args=[
            "--auto-iam-authn",
            *(["--private-ip"] if design.is_private else []),
            "--structured-logs",
            "--exit-zero-on-sigterm",
            "--health-check",
            "--http-address=0.0.0.0",  # the node asks from outside of the pod
            f"--http-port={design.health_port}",
            # With a port said, it listens without having asked Google for the engine's version.
            *(f"{each.instance}?port={each.port}" for each in design.databases),
        ],
        ports=[ContainerPortArgs(name="proxy-health", container_port=design.health_port)],
        startup_probe=_probe("/startup", every=1, failures=design.startup_checks),
        liveness_probe=_probe("/liveness", every=10, failures=3),
        resources=exactly(design.cpu, design.memory_mb),
        security_context=without_privileges(),
    )


def _probe(path: str, *, every: int, failures: int) -> ProbeArgs:
    return ProbeArgs(
        http_get=HTTPGetActionArgs(path=path, port="proxy-health"),
        period_seconds=every,
        timeout_seconds=5,
        failure_threshold=failures,
    )
