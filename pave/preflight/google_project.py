"""Google's projects, asked over its REST APIs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from catalog.document import Json
from components.design.capacity.default_quotas import GLOBAL
from pave.delivery.google_secrets import GoogleSecretValues
from pave.google_client import GoogleApi, GoogleClient, message_of
from pave.preflight.images import ArtifactImage, PublicImage
from pave.preflight.model import NoAnswer, Organisation, PublicZone, QuotaState, Referral
from pave.preflight.zone_above import delegation_of
from pave.refused import Refused
from pave.rollouts.finding import GKE, by_google
from stacks.providers.armor_tiers import STANDARD
from stacks.providers.data import BUCKET, SQL_INSTANCE
from stacks.providers.organisation_policies import PolicyRule
from stacks.rollouts.cluster import NoCluster
from stacks.rollouts.model import WorkloadRollout
from stacks.rollouts.reading import workloads

USAGE = GoogleApi(
    "Service Usage", "https://serviceusage.googleapis.com/v1", "GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT"
)
MANAGER = GoogleApi(
    "Resource Manager",
    "https://cloudresourcemanager.googleapis.com/v3",
    "GOOGLE_RESOURCE_MANAGER_V3_CUSTOM_ENDPOINT",
)
COMPUTE = GoogleApi(
    "Compute Engine", "https://compute.googleapis.com/compute/v1", "GOOGLE_COMPUTE_CUSTOM_ENDPOINT"
)
DNS = GoogleApi("Cloud DNS", "https://dns.googleapis.com/dns/v1", "GOOGLE_DNS_CUSTOM_ENDPOINT")
ORGANISATION = GoogleApi(
    "Organization Policy", "https://orgpolicy.googleapis.com/v2", "GOOGLE_ORG_POLICY_CUSTOM_ENDPOINT"
)
REGISTRY = GoogleApi(
    "Artifact Registry",
    "https://artifactregistry.googleapis.com/v1",
    "GOOGLE_ARTIFACT_REGISTRY_CUSTOM_ENDPOINT",
)
PUBLIC_IMAGES = GoogleApi(
    "Google's registry of public images", "https://gcr.io/v2", "GOOGLE_PUBLIC_IMAGES_CUSTOM_ENDPOINT"
)
TROUBLESHOOTER = GoogleApi(
    "Policy Troubleshooter",
    "https://policytroubleshooter.googleapis.com/v3",
    "GOOGLE_POLICY_TROUBLESHOOTER_CUSTOM_ENDPOINT",
)
ROOTS = {
    "certificatemanager": GoogleApi(
        "Certificate Manager",
        "https://certificatemanager.googleapis.com/v1",
        "GOOGLE_CERTIFICATE_MANAGER_CUSTOM_ENDPOINT",
    ),
    "compute": COMPUTE,
    "container": GKE,
    "dns": DNS,
    "kms": GoogleApi("Cloud KMS", "https://cloudkms.googleapis.com/v1", "GOOGLE_KMS_CUSTOM_ENDPOINT"),
    "logging": GoogleApi(
        "Cloud Logging", "https://logging.googleapis.com/v2", "GOOGLE_LOGGING_CUSTOM_ENDPOINT"
    ),
    "networkconnectivity": GoogleApi(
        "Network Connectivity",
        "https://networkconnectivity.googleapis.com/v1",
        "GOOGLE_NETWORK_CONNECTIVITY_CUSTOM_ENDPOINT",
    ),
    "pubsub": GoogleApi("Pub/Sub", "https://pubsub.googleapis.com/v1", "GOOGLE_PUBSUB_CUSTOM_ENDPOINT"),
    "redis": GoogleApi("Memorystore", "https://redis.googleapis.com/v1", "GOOGLE_REDIS_CUSTOM_ENDPOINT"),
    "secretmanager": GoogleApi(
        "Secret Manager", "https://secretmanager.googleapis.com/v1", "GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT"
    ),
    "serviceaccount": GoogleApi("IAM", "https://iam.googleapis.com/v1", "GOOGLE_IAM_CUSTOM_ENDPOINT"),
    "sql": GoogleApi("Cloud SQL", "https://sqladmin.googleapis.com/v1", "GOOGLE_SQL_CUSTOM_ENDPOINT"),
    "storage": GoogleApi(
        "Cloud Storage", "https://storage.googleapis.com/storage/v1", "GOOGLE_STORAGE_CUSTOM_ENDPOINT"
    ),
}
"""By the module of the type token. A resource's id is its path there, but for those of `_PATHS`."""

_PATHS = {BUCKET: "b/{id}", SQL_INSTANCE: "projects/{project}/instances/{id}"}
ALGORITHMS = {"rsasha1": 5, "rsasha256": 8, "rsasha512": 10, "ecdsap256sha256": 13, "ecdsap384sha384": 14}
DIGESTS = {"sha1": 1, "sha256": 2, "sha384": 4}
"""The numbers of https://www.iana.org/assignments/dns-sec-alg-numbers and
https://www.iana.org/assignments/ds-rr-types for Cloud DNS's words."""

PULL = "artifactregistry.repositories.downloadArtifacts"
"""https://docs.cloud.google.com/artifact-registry/docs/access-control"""

AT_ONCE = 20
"""Names in one request: Service Usage takes 30 of them, and a URL has an end."""
PERMISSIONS_AT_ONCE = 100
"""https://docs.cloud.google.com/resource-manager/reference/rest/v3/projects/testIamPermissions"""


class GoogleProject:
    """`CloudProject` of Google Cloud, asked in an `environment`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._client = GoogleClient(environment)
        self._secrets = GoogleSecretValues(environment)

    def enabled_apis(self, project: str, services: Sequence[str]) -> set[str]:
        """https://docs.cloud.google.com/service-usage/docs/reference/rest/v1/services/batchGet"""
        found = set()
        for some in _parts(services, AT_ONCE):
            names = "&".join(f"names=projects/{project}/services/{service}" for service in some)
            answer = self._ask(USAGE, "GET", f"projects/{project}/services:batchGet?{names}")
            for each in answer.get("services", []):
                if each.get("state") == "ENABLED":
                    found.add(str(each["name"]).rpartition("/")[2])
        return found

    def quotas(self, project: str, place: str) -> Mapping[str, QuotaState]:
        """https://docs.cloud.google.com/compute/docs/reference/rest/v1/regions/get, and of its project."""
        where = "" if place == GLOBAL else f"/regions/{place}"
        answer = self._ask(COMPUTE, "GET", f"projects/{project}{where}")
        return {each["metric"]: QuotaState(each["limit"], each["usage"]) for each in answer.get("quotas", [])}

    def armor_tier(self, project: str) -> str:
        """https://docs.cloud.google.com/compute/docs/reference/rest/v1/projects/get, by which a project that
        says none is of the standard tier."""
        return str(self._ask(COMPUTE, "GET", f"projects/{project}").get("cloudArmorTier") or STANDARD)

    def granted(self, project: str, permissions: Sequence[str]) -> set[str]:
        """https://docs.cloud.google.com/resource-manager/reference/rest/v3/projects/testIamPermissions"""
        found: set[str] = set()
        for some in _parts(permissions, PERMISSIONS_AT_ONCE):
            path = f"projects/{project}:testIamPermissions"
            found.update(self._ask(MANAGER, "POST", path, {"permissions": [*some]}).get("permissions", []))
        return found

    def find(self, token: str, id_: str, project: str) -> Json | None:
        """By a GET of it. A bucket that is somebody else's answers 403, where one that isn't there answers
        404: it is there, and without labels."""
        api, path = place_of(token, id_, project)
        status, answer = self._answer(api, "GET", path)
        if status == 404:
            return None
        if token == BUCKET and status == 403 and "storage.buckets.get" in message_of(answer):
            return {}
        return self._object(api, status, answer)

    def policy(self, project: str, constraint: str) -> Sequence[PolicyRule]:
        """https://docs.cloud.google.com/organization-policy/reference/rest/v2/projects.policies/getEffectivePolicy"""
        path = f"projects/{project}/policies/{constraint}:getEffectivePolicy"
        rules = (self._ask(ORGANISATION, "GET", path).get("spec") or {}).get("rules") or []
        return [_rule(each) for each in rules]

    def organisation(self, project: str) -> Organisation | None:
        """Up from the project, by folders:
        https://docs.cloud.google.com/resource-manager/reference/rest/v3/organizations/get"""
        parent = str(self._ask(MANAGER, "GET", f"projects/{project}").get("parent", ""))
        while parent.startswith("folders/"):
            parent = str(self._ask(MANAGER, "GET", parent).get("parent", ""))
        if not parent:
            return None
        found = self._ask(MANAGER, "GET", parent)
        number = parent.rpartition("/")[2]
        return Organisation(number, str(found.get("directoryCustomerId", "")), str(found["displayName"]))

    def zone(self, project: str, name: str) -> PublicZone | None:
        """https://docs.cloud.google.com/dns/docs/reference/rest/v1/managedZones/get, and dnsKeys/list."""
        path = f"projects/{project}/managedZones/{name}"
        found = self._there(DNS, path)
        if found is None:
            return None
        keys: frozenset[str] = frozenset()
        if (found.get("dnssecConfig") or {}).get("state") == "on":
            keys = frozenset(_ds(self._ask(DNS, "GET", f"{path}/dnsKeys").get("dnsKeys", ())))
        servers = frozenset(server.lower().rstrip(".") for server in found.get("nameServers", ()))
        return PublicZone(str(found["dnsName"]).lower().rstrip("."), servers, keys)

    def delegation(self, domain: str) -> Referral:
        """From the domain name system itself."""
        return delegation_of(domain)

    def has_image(self, image: ArtifactImage | PublicImage) -> bool:
        """https://docs.cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.dockerImages/get,
        and for Google's own
        https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests"""
        if isinstance(image, ArtifactImage):
            return self._there(REGISTRY, image.id) is not None
        return self._there(PUBLIC_IMAGES, f"{image.name}/manifests/{image.digest}") is not None

    def may_pull(self, account: str, image: ArtifactImage) -> bool:
        """By what Google says of everything that is inherited, denied or under a condition:
        https://docs.cloud.google.com/policy-intelligence/docs/reference/policytroubleshooter/rest/v3/iam/troubleshoot"""
        asked = {
            "principal": account,
            "fullResourceName": f"//artifactregistry.googleapis.com/{image.path}",
            "permission": PULL,
        }
        answer = self._ask(TROUBLESHOOTER, "POST", "iam:troubleshoot", {"accessTuple": asked})
        state = answer.get("overallAccessState", "OVERALL_ACCESS_STATE_UNSPECIFIED")
        if state not in ("CAN_ACCESS", "CANNOT_ACCESS"):
            raise NoAnswer(f"Policy Troubleshooter says {state} of {account}")
        return bool(state == "CAN_ACCESS")

    def has_value(self, secret: str) -> bool:
        """As `pave secrets status` asks."""
        try:
            return self._secrets.has_value(secret)
        except Refused as error:
            raise NoAnswer(error.message) from error

    def workloads(self, cluster: str, namespace: str) -> Sequence[WorkloadRollout]:
        """By the cluster's own API, as `pave rollout status --cloud gcp` asks it."""
        try:
            objects = by_google(self._environment, cluster).objects(namespace)
        except NoCluster as error:
            raise NoAnswer(str(error)) from error
        return workloads(objects, datetime.now(UTC))

    def _ask(self, api: GoogleApi, method: str, path: str, body: Json | None = None) -> Json:
        return self._object(api, *self._answer(api, method, path, body))

    def _answer(self, api: GoogleApi, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        try:
            return self._client.ask(api, method, path, body)
        except Refused as error:
            raise NoAnswer(error.message) from error

    def _there(self, api: GoogleApi, path: str) -> Json | None:
        """What a GET gives; None where there is nothing."""
        status, answer = self._answer(api, "GET", path)
        return None if status == 404 else self._object(api, status, answer)

    def _object(self, api: GoogleApi, status: int, answer: Json) -> Json:
        if status != 200:
            raise NoAnswer(f"{api.title} answered {status}: {message_of(answer)}")
        return answer


def _rule(rule: Json) -> PolicyRule:
    values = rule.get("values") or {}
    return PolicyRule(
        bool(rule.get("enforce")),
        bool(rule.get("allowAll")),
        bool(rule.get("denyAll")),
        tuple(values.get("allowedValues") or ()),
        tuple(values.get("deniedValues") or ()),
        str((rule.get("condition") or {}).get("expression", "")),
    )


def _ds(keys: Iterable[Json]) -> Iterator[str]:
    """The DS records of the keys that others may trust: those that sign keys."""
    for key in keys:
        if key.get("type") == "KEY_SIGNING" and key.get("isActive"):
            for digest in key.get("digests", ()):
                number = ALGORITHMS[key["algorithm"]], DIGESTS[digest["type"]]
                yield f"{key['keyTag']} {number[0]} {number[1]} {digest['digest'].lower()}"


def place_of(token: str, id_: str, project: str) -> tuple[GoogleApi, str]:
    """The API that has a resource, and its path there. Raises NoAnswer for what has none that follows."""
    module = token.removeprefix("gcp:").partition("/")[0]
    if module not in ROOTS or not (token in _PATHS or id_.startswith("projects/")):
        raise NoAnswer(f"nobody knows how to ask for a {token}")
    return ROOTS[module], quote(_PATHS.get(token, "{id}").format(id=id_, project=project))


def _parts(names: Sequence[str], size: int) -> list[Sequence[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]
