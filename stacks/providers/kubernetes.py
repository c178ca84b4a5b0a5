"""Types of Kubernetes, and those that GKE adds. What a field must look like is in Kubernetes' own schemas."""

from stacks.providers.row import ResourceType

_OBJECTS = "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"
_SYNC = "https://cloud.google.com/secret-manager/docs/sync-k8-secrets"

_VICTORIA = "https://docs.victoriametrics.com/operator/api/"
_METRICS = "https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/doc/api.md"

POD_MONITORING = "kubernetes:monitoring.googleapis.com/v1:PodMonitoring"
RULES = "kubernetes:monitoring.googleapis.com/v1:Rules"
GLOBAL_RULES = "kubernetes:monitoring.googleapis.com/v1:GlobalRules"

OPERATOR_CONFIG = "kubernetes:monitoring.googleapis.com/v1:OperatorConfigPatch"
"""A patch of the one that is there: pulumi-kubernetes adds `Patch` to the kind."""

ANALYSIS_TEMPLATE = "kubernetes:argoproj.io/v1alpha1:AnalysisTemplate"
ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout"
OPERATOR = "kubernetes:operator.victoriametrics.com/v1beta1"

FQDN_NETWORK_POLICY = "kubernetes:networking.gke.io/v1alpha1:FQDNNetworkPolicy"

OF_THE_CLUSTER = frozenset((GLOBAL_RULES,))
"""Custom resources that stand in no namespace."""

_IDENTITY = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
"""What makes another object of one, whatever its type."""


def _object(
    *immutable: str, source: str = _OBJECTS, required: tuple[str, ...] = (), data: str = ""
) -> ResourceType:
    return ResourceType(source, "", required, (*_IDENTITY, *immutable), data=data)


KUBERNETES: dict[str, ResourceType] = {
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition": _object(
        source="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/",
        data="all objects of its kind",
    ),
    "kubernetes:apiregistration.k8s.io/v1:APIService": _object(
        source="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/api-service-v1/"
    ),
    "kubernetes:apps/v1:Deployment": _object(
        "spec.selector",
        source="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates",
    ),
    "kubernetes:apps/v1:StatefulSet": _object(
        *("spec.podManagementPolicy", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"),
        source="https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations",
        data="all that was measured and told, on the disks of its copies",
    ),
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": _object(),
    "kubernetes:batch/v1:CronJob": _object(),
    "kubernetes:batch/v1:Job": _object(
        *("spec.completions", "spec.selector", "spec.template"),
        source="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/",
    ),
    "kubernetes:core/v1:ConfigMap": _object(),
    "kubernetes:core/v1:Namespace": _object(),
    "kubernetes:core/v1:Service": _object("spec.clusterIP"),
    "kubernetes:core/v1:ServiceAccount": _object(),
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": _object(),
    "kubernetes:policy/v1:PodDisruptionBudget": _object(),
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": _object(),
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": _object(
        "roleRef", source="https://kubernetes.io/docs/reference/access-authn-authz/rbac/#clusterrolebinding"
    ),
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": _object(
        "roleRef", source="https://kubernetes.io/docs/reference/access-authn-authz/rbac/#clusterrolebinding"
    ),
    # There are no schemas of these, so what they require is said here.
    FQDN_NETWORK_POLICY: _object(
        source="https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies",
        required=("spec.podSelector", "spec.egress"),
    ),
    ANALYSIS_TEMPLATE: _object(
        source="https://argo-rollouts.readthedocs.io/en/stable/features/analysis/",
        required=("spec.metrics",),
    ),
    ROLLOUT: _object(
        source="https://argo-rollouts.readthedocs.io/en/stable/features/specification/",
        required=("spec.selector", "spec.template", "spec.strategy"),
    ),
    GLOBAL_RULES: _object(source=_METRICS, required=("spec.groups",)),
    OPERATOR_CONFIG: _object(source=_METRICS, required=("rules",)),
    POD_MONITORING: _object(source=_METRICS, required=("spec.selector", "spec.endpoints")),
    RULES: _object(source=_METRICS, required=("spec.groups",)),
    f"{OPERATOR}:VMAlert": _object(source=_VICTORIA, required=("spec.datasource",)),
    f"{OPERATOR}:VMAlertmanager": _object(source=_VICTORIA),
    f"{OPERATOR}:VMAuth": _object(source=_VICTORIA),
    f"{OPERATOR}:VMCluster": _object(
        source="https://docs.victoriametrics.com/operator/resources/vmcluster/",
        data="all that units have written, on the disks of its storage nodes",
    ),
    f"{OPERATOR}:VMRule": _object(source=_VICTORIA, required=("spec.groups",)),
    f"{OPERATOR}:VMUser": _object(source=_VICTORIA, required=("spec.targetRefs",)),
    "kubernetes:secret-sync.gke.io/v1:SecretSync": _object(
        source=_SYNC,
        required=("spec.secretObject", "spec.secretProviderClassName", "spec.serviceAccountName"),
    ),
    "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass": _object(
        source=_SYNC, required=("spec.provider", "spec.parameters")
    ),
}
