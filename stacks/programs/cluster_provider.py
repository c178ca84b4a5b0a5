"""How programs reach the cluster of an environment."""

import json
from typing import Any

import pulumi
from pulumi_kubernetes import Provider

from stacks.programs.outputs import FoundationOutputs


def cluster_provider(foundation: FoundationOutputs, project: str, region: str) -> Provider:
    """The provider of all that is in the cluster of a foundation, which is in that project and region."""
    return Provider(
        "kubernetes",
        kubeconfig=kubeconfig(foundation),
        # Without it, a new address or certificate of the same cluster would replace all that is on it.
        cluster_identifier=foundation.cluster_name.apply(lambda cluster: f"{project}/{region}/{cluster}"),
        enable_server_side_apply=True,
    )


def kubeconfig(foundation: FoundationOutputs) -> pulumi.Output[str]:
    """How the provider reaches the cluster: as whoever runs the program, with a token of Google's that the
    plugin asks for each time. It holds no secret."""
    return pulumi.Output.all(foundation.cluster_name, foundation.cluster_dns_endpoint).apply(
        lambda values: json.dumps(_kubeconfig(*values), sort_keys=True)
    )


def _kubeconfig(cluster: str, endpoint: str) -> dict[str, Any]:
    """By the control plane's DNS name, whose certificate every system trusts:
    https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl"""
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "gke-gcloud-auth-plugin",
        "installHint": "Install it with `gcloud components install gke-gcloud-auth-plugin`.",
        "interactiveMode": "Never",
        "provideClusterInfo": True,
    }
    server = {"server": f"https://{endpoint}"}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": cluster, "cluster": server}],
        "users": [{"name": cluster, "user": {"exec": plugin}}],
        "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": cluster}}],
        "current-context": cluster,
    }
