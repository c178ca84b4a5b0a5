"""What keeps a container of ours within its bounds, whatever runs in it."""

from pulumi_kubernetes.core.v1 import (
    CapabilitiesArgs,
    ResourceRequirementsArgs,
    SeccompProfileArgs,
    SecurityContextArgs,
)


def without_privileges() -> SecurityContextArgs:
    """What the restricted standard asks (https://kubernetes.io/docs/concepts/security/pod-security-standards/),
    and a file system that nobody can change."""
    return SecurityContextArgs(
        run_as_non_root=True,
        read_only_root_filesystem=True,
        allow_privilege_escalation=False,
        capabilities=CapabilitiesArgs(drop=["ALL"]),
        seccomp_profile=SeccompProfileArgs(type="RuntimeDefault"),
    )


def exactly(cpu: float, memory_mb: int, *, disk_mb: int = 0) -> ResourceRequirementsArgs:
    """So much and no more: requests are limits, so that a neighbour can't take what a container needs. A node
    with `disk_mb` of disk is looked for; what is written to its volumes, they limit themselves."""
    resources = {"cpu": f"{round(cpu * 1000)}m", "memory": f"{memory_mb}Mi"}
    disk = {"ephemeral-storage": f"{disk_mb}Mi"} if disk_mb else {}
    return ResourceRequirementsArgs(requests=resources | disk, limits=resources)
