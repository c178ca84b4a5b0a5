"""What collects what services bring: rules, probes and dashboards in ConfigMaps with a label.

https://github.com/kiwigrid/k8s-sidecar"""

from pulumi_kubernetes.core.v1 import ContainerArgs, EnvVarArgs, VolumeMountArgs

from components.design.monitoring.collected import COLLECT
from components.design.unit.model import COLLECTOR
from components.design.unit.names import SCRATCH
from components.workloads.confinement import exactly, without_privileges


def collector(image: str, what: str, folder: str, *, reload: str | None) -> ContainerArgs:
    """A container that lays down in `folder` all ConfigMaps labelled `what`, and asks `reload` after each
    change."""
    settings = {
        "LABEL": COLLECT,
        "LABEL_VALUE": what,
        "FOLDER": folder,
        "NAMESPACE": "ALL",
        "RESOURCE": "configmap",
        "UNIQUE_FILENAMES": "true",  # of two namespaces, none overwrites the other's
        "METHOD": "WATCH",
    }
    if reload is not None:
        settings |= {"REQ_URL": reload, "REQ_METHOD": "POST"}
    return ContainerArgs(
        name=f"collect-{what}",
        image=image,
        env=[EnvVarArgs(name=name, value=value) for name, value in sorted(settings.items())],
        resources=exactly(*COLLECTOR),
        security_context=without_privileges(),
        volume_mounts=[
            VolumeMountArgs(name="collected", mount_path=folder.removesuffix(f"/{what}")),
            VolumeMountArgs(name="scratch", mount_path=SCRATCH),
        ],
    )
