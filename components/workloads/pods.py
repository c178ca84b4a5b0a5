"""The pods of a workload: what every copy is, whatever starts it."""

from collections.abc import Iterator, Mapping

import pulumi
from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EmptyDirVolumeSourceArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    ExecActionArgs,
    GRPCActionArgs,
    HTTPGetActionArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    PodSecurityContextArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    SeccompProfileArgs,
    SecretKeySelectorArgs,
    SleepActionArgs,
    TCPSocketActionArgs,
    TopologySpreadConstraintArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from catalog.kinds.service_spec import Probe, Scratch, Variable
from components.design.model import WorkloadDesign
from components.design.scraping import POD_LABELS
from components.workloads.confinement import exactly, without_privileges
from components.workloads.database_proxy import beside

DEPLOYMENTS_VERSION = "pod-template-hash"
"""The label by which a Deployment tells copies of one version from another's:
https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label."""

IMAGE = "spec.template.spec.containers[0].image"
"""Where a deployment says which image runs."""


def serving_pods(
    design: WorkloadDesign,
    variables: Mapping[str, pulumi.Input[str]],
    labels: Mapping[str, str],
    selector: Mapping[str, str],
    annotations: Mapping[str, str],
) -> PodTemplateSpecArgs:
    """Pods that run until they are told to stop, spread evenly over the zones. `annotations` say where their
    metrics are.

    A copy that hangs is restarted, and a rollout waits until the new copies work, where the workload says how
    to ask one. When a zone is lost, its nodes no longer count, or the spread would hold up their successors;
    each version is spread by itself, so a rollout doesn't leave the last one lopsided, and its first copies
    meet what only one zone has."""
    spread = [("topology.kubernetes.io/zone", "DoNotSchedule"), ("kubernetes.io/hostname", "ScheduleAnyway")]
    spec = _pod(design, _serving_container(design, variables))
    spec.topology_spread_constraints = [
        TopologySpreadConstraintArgs(
            max_skew=1,
            topology_key=key,
            when_unsatisfiable=otherwise,
            label_selector=LabelSelectorArgs(match_labels=selector),
            match_label_keys=[DEPLOYMENTS_VERSION if design.rollout is None else POD_LABELS["version"]],
            node_taints_policy="Honor",
        )
        for key, otherwise in spread
    ]
    metadata = ObjectMetaArgs(labels=labels, annotations=annotations or None)
    return PodTemplateSpecArgs(metadata=metadata, spec=spec)


def running_pods(
    design: WorkloadDesign,
    variables: Mapping[str, pulumi.Input[str]],
    labels: Mapping[str, str],
) -> PodTemplateSpecArgs:
    """Pods that do one piece of work and end. Nothing moves one to another node meanwhile."""
    spec = _pod(design, _container(design, variables))
    spec.restart_policy = "Never"
    annotations = {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"}
    metadata = ObjectMetaArgs(labels=labels, annotations=annotations)
    return PodTemplateSpecArgs(metadata=metadata, spec=spec)


def _pod(design: WorkloadDesign, container: ContainerArgs) -> PodSpecArgs:
    """What the restricted standard asks (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
    Tokens for Google come from the metadata server, so none of Kubernetes' is mounted."""
    return PodSpecArgs(
        service_account_name=design.name,
        automount_service_account_token=False,
        enable_service_links=False,
        termination_grace_period_seconds=design.grace_seconds,
        security_context=PodSecurityContextArgs(
            run_as_non_root=True, seccomp_profile=SeccompProfileArgs(type="RuntimeDefault")
        ),
        init_containers=[*_first(design, container)] or None,
        containers=[container],
        volumes=[
            VolumeArgs(name="tmp", empty_dir=EmptyDirVolumeSourceArgs()),
            *(
                VolumeArgs(name=name, empty_dir=EmptyDirVolumeSourceArgs(size_limit=f"{each.size_mb}Mi"))
                for name, each in _scratch(design)
            ),
        ],
    )


def _first(design: WorkloadDesign, container: ContainerArgs) -> Iterator[ContainerArgs]:
    """What starts before the workload's own container, in this order: the proxy, so that all others have
    databases, and its helpers as they are written."""
    if design.proxy is not None:
        yield beside(design.proxy)
    for helper in design.helpers:
        yield ContainerArgs(
            name=helper.name,
            image=helper.image,
            command=helper.command or None,
            args=helper.args or None,
            restart_policy="Always" if helper.kind == "beside" else None,
            env=container.env,
            resources=exactly(helper.cpu, helper.memory_mb),
            security_context=without_privileges(),
            volume_mounts=container.volume_mounts,
        )


def _scratch(design: WorkloadDesign) -> list[tuple[str, Scratch]]:
    """Its folders, each with the name of its volume."""
    return [(f"scratch-{index}", each) for index, each in enumerate(design.scratch)]


def _container(design: WorkloadDesign, variables: Mapping[str, pulumi.Input[str]]) -> ContainerArgs:
    return ContainerArgs(
        name=design.name,
        image=design.image,
        command=design.command or None,
        args=design.args or None,
        env=[*_written(design), *(EnvVarArgs(name=name, value=value) for name, value in variables.items())],
        resources=exactly(design.cpu, design.memory_mb, disk_mb=sum(each.size_mb for each in design.scratch)),
        security_context=without_privileges(),
        volume_mounts=[
            VolumeMountArgs(name="tmp", mount_path="/tmp"),  # noqa: S108  # an emptyDir of its own
            *(VolumeMountArgs(name=name, mount_path=each.path) for name, each in _scratch(design)),
        ],
    )


def _serving_container(design: WorkloadDesign, variables: Mapping[str, pulumi.Input[str]]) -> ContainerArgs:
    container = _container(design, variables)
    ports = {} if design.port is None else {design.port: design.protocol}
    if design.scrape is not None:
        ports.setdefault(design.scrape.port, design.scrape.port_name)
    container.ports = [
        ContainerPortArgs(name=name, container_port=port) for port, name in ports.items()
    ] or None
    container.startup_probe = _probe(
        design, design.liveness, every=design.probe_seconds, failures=design.startup_checks
    )
    container.readiness_probe = _probe(design, design.readiness, every=design.probe_seconds, failures=2)
    container.liveness_probe = _probe(design, design.liveness, every=10, failures=3)
    if design.stop_delay_seconds:
        sleep = SleepActionArgs(seconds=design.stop_delay_seconds)
        container.lifecycle = LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=sleep))
    return container


def _probe(design: WorkloadDesign, probe: Probe, *, every: int, failures: int) -> ProbeArgs | None:
    """None where nobody can ask. A gRPC probe has to name the port by its number
    (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)."""
    made = ProbeArgs(period_seconds=every, timeout_seconds=every, failure_threshold=failures)
    match probe.by:
        case "http":
            made.http_get = HTTPGetActionArgs(path=probe.path, port=design.protocol)
        case "tcp":
            made.tcp_socket = TCPSocketActionArgs(port=design.protocol)
        case "grpc":
            made.grpc = GRPCActionArgs(port=design.port or 0)
        case "command":
            made.exec_ = ExecActionArgs(command=probe.command)
        case "none":
            return None
    return made


def _written(design: WorkloadDesign) -> list[EnvVarArgs]:
    return [_variable(design.name, variable) for variable in design.environment]


def _variable(workload: str, variable: Variable) -> EnvVarArgs:
    """A secret is read from the copy that the cluster keeps for the workload, under the secret's name."""
    if variable.secret is None:
        return EnvVarArgs(name=variable.name, value=variable.value or "")
    key = SecretKeySelectorArgs(name=workload, key=variable.secret)
    return EnvVarArgs(name=variable.name, value_from=EnvVarSourceArgs(secret_key_ref=key))
