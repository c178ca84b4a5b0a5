"""The pods of a unit's process."""

from collections.abc import Mapping, Sequence

from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    HTTPGetActionArgs,
    KeyToPathArgs,
    ObjectFieldSelectorArgs,
    PodSecurityContextArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    SeccompProfileArgs,
    SecretVolumeSourceArgs,
    TopologySpreadConstraintArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from components.design.unit import prometheus
from components.design.unit.model import Process
from components.design.unit.names import DASHBOARDS, PAGES, PROMETHEUS, SCRATCH
from components.unit.closed_namespace import NOBODY
from components.workloads.confinement import exactly, without_privileges

USER = 65534
"""As whom the upstream images run, and who owns their disks."""


def pods(
    design: Process, *, account: str, labels: Mapping[str, str], beside: Sequence[ContainerArgs]
) -> PodTemplateSpecArgs:
    """Pods with one copy each, in different zones, with what they read and keep. Only the account that asks
    Kubernetes gets a token for it."""
    zones = TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key="topology.kubernetes.io/zone",
        when_unsatisfiable="DoNotSchedule",
        label_selector=LabelSelectorArgs(match_labels={"app.kubernetes.io/name": design.name}),
        node_taints_policy="Honor",
    )
    spec = PodSpecArgs(
        service_account_name=account,
        automount_service_account_token=account != NOBODY,
        enable_service_links=False,
        security_context=nobody(),
        topology_spread_constraints=[zones],
        containers=[_container(design), *beside],
        volumes=_volumes(design),
    )
    return PodTemplateSpecArgs(metadata=ObjectMetaArgs(labels=labels), spec=spec)


def nobody() -> PodSecurityContextArgs:
    """As whom a unit's pods run."""
    return PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=USER,
        fs_group=USER,
        seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
    )


def _container(design: Process) -> ContainerArgs:
    asked = HTTPGetActionArgs(path=design.health, port="http")
    pod = EnvVarSourceArgs(field_ref=ObjectFieldSelectorArgs(field_path="metadata.name"))
    return ContainerArgs(
        name=design.name,
        image=design.image,
        args=design.arguments or None,
        env=[
            EnvVarArgs(name="POD_NAME", value_from=pod),
            *(EnvVarArgs(name=name, value=value) for name, value in design.variables.items()),
        ],
        ports=[ContainerPortArgs(name="http", container_port=design.port)],
        # Reading a day of a log again takes minutes.
        startup_probe=ProbeArgs(http_get=asked, period_seconds=10, failure_threshold=90),
        readiness_probe=ProbeArgs(http_get=asked, period_seconds=10),
        liveness_probe=ProbeArgs(http_get=asked, period_seconds=30, failure_threshold=4),
        resources=exactly(design.cpu, design.memory_mb),
        security_context=without_privileges(),
        volume_mounts=[*mounts(design)],
    )


def mounts(design: Process) -> list[VolumeMountArgs]:
    """Where a copy finds its files, its secret, its disk, what is collected for it, and room for a while."""
    config = VolumeMountArgs(name="config", mount_path=design.folder, read_only=True)
    found = [*([config] if design.files else []), VolumeMountArgs(name="scratch", mount_path=SCRATCH)]
    if design.name in COLLECTED:
        found.append(VolumeMountArgs(name="collected", mount_path=COLLECTED[design.name]))
    if design.disk_gb:
        found.append(VolumeMountArgs(name="data", mount_path="/data"))
    if design.held_in is not None:
        path = f"/etc/{design.name}/secret"
        found.append(VolumeMountArgs(name="secret", mount_path=path, read_only=True))
    return found


COLLECTED = {PROMETHEUS: prometheus.COLLECTED, DASHBOARDS: PAGES}
"""Where those that read what services bring look for it."""


def key_of(path: str) -> str:
    """What a file is called in a ConfigMap, whose keys have no slashes."""
    return path.replace("/", "_")


def _volumes(design: Process) -> list[VolumeArgs]:
    files = ConfigMapVolumeSourceArgs(
        name=design.name, items=[KeyToPathArgs(key=key_of(path), path=path) for path in sorted(design.files)]
    )
    config = VolumeArgs(name="config", config_map=files)
    scratch = VolumeArgs(name="scratch", empty_dir=EmptyDirVolumeSourceArgs())
    found = [*([config] if design.files else []), scratch]
    if design.name in COLLECTED:
        found.append(VolumeArgs(name="collected", empty_dir=EmptyDirVolumeSourceArgs()))
    if design.held_in is not None:
        held = SecretVolumeSourceArgs(secret_name=design.held_in, optional=True if design.goes_on else None)
        found.append(VolumeArgs(name="secret", secret=held))
    return found
