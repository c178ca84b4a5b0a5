"""Google's projects, asked over its REST APIs."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from catalog.document import Json
from pave.google_client import GoogleApi, GoogleClient, message_of
from pave.preflight.model import NoAnswer, QuotaState
from pave.refused import Refused
from stacks.providers.data import BUCKET, SQL_INSTANCE
from stacks.providers.quotas import GLOBAL

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
ROOTS = {
    "certificatemanager": GoogleApi(
        "Certificate Manager",
        "https://certificatemanager.googleapis.com/v1",
        "GOOGLE_CERTIFICATE_MANAGER_CUSTOM_ENDPOINT",
    ),
    "compute": COMPUTE,
    "container": GoogleApi("GKE", "https://container.googleapis.com/v1", "GOOGLE_CONTAINER_CUSTOM_ENDPOINT"),
    "dns": GoogleApi("Cloud DNS", "https://dns.googleapis.com/dns/v1", "GOOGLE_DNS_CUSTOM_ENDPOINT"),
    "kms": GoogleApi("Cloud KMS", "https://cloudkms.googleapis.com/v1", "GOOGLE_KMS_CUSTOM_ENDPOINT"),
    "logging": GoogleApi(
        "Cloud Logging", "https://logging.googleapis.com/v2", "GOOGLE_LOGGING_CUSTOM_ENDPOINT"
    ),
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
AT_ONCE = 20
"""Names in one request: Service Usage takes 30 of them, and a URL has an end."""
PERMISSIONS_AT_ONCE = 100
"""https://docs.cloud.google.com/resource-manager/reference/rest/v3/projects/testIamPermissions"""


class GoogleProject:
    """`CloudProject` of Google Cloud, asked in an `environment`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._client = GoogleClient(environment)

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

    def _ask(self, api: GoogleApi, method: str, path: str, body: Json | None = None) -> Json:
        return self._object(api, *self._answer(api, method, path, body))

    def _answer(self, api: GoogleApi, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        try:
            return self._client.ask(api, method, path, body)
        except Refused as error:
            raise NoAnswer(error.message) from error

    def _object(self, api: GoogleApi, status: int, answer: Json) -> Json:
        if status != 200:
            raise NoAnswer(f"{api.title} answered {status}: {message_of(answer)}")
        return answer


def place_of(token: str, id_: str, project: str) -> tuple[GoogleApi, str]:
    """The API that has a resource, and its path there. Raises NoAnswer for what has none that follows."""
    module = token.removeprefix("gcp:").partition("/")[0]
    if module not in ROOTS or not (token in _PATHS or id_.startswith("projects/")):
        raise NoAnswer(f"nobody knows how to ask for a {token}")
    return ROOTS[module], quote(_PATHS.get(token, "{id}").format(id=id_, project=project))


def _parts(names: Sequence[str], size: int) -> list[Sequence[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]
