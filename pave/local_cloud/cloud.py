"""Creating, changing, deleting and finding in the local cloud: what the calls do, without the protocol."""

from collections.abc import Callable, Iterator
from datetime import datetime

from catalog.document import Json
from pave.local_cloud import input_types, kubernetes
from pave.local_cloud.outputs import OutputContext, outputs, primary_version
from pave.local_cloud.refusal import ERRORS, ApiError, CloudCall, refused
from pave.local_cloud.refusals import service_usage
from pave.local_cloud.settings import API, ENABLED, is_enabled
from pave.local_cloud.store import CloudStore, Exists, StoredResource
from pave.local_cloud.waiting import given_up
from stacks.properties import is_unknown, revealed
from stacks.providers.access import ENABLED_API, MEMBER
from stacks.providers.cluster import KEY, SERVICE_AGENT
from stacks.providers.data import HOLDER
from stacks.providers.ids import ProviderSettings, identity
from stacks.providers.imports import is_imported_as
from stacks.providers.table import TYPES, without_cleared

ADDRESSES = ("address", "host", "endpoint", "privateIpAddress", "publicIpAddress")
NAMESPACE = "kubernetes:core/v1:Namespace"
WITH_CONTENTS = (NAMESPACE, HOLDER)
"""What is deleted with all that is in it: a namespace, and a secret with its versions
(https://docs.cloud.google.com/secret-manager/docs/delete-secret)."""
OVERWRITTEN = {
    *(ENABLED_API, SERVICE_AGENT),
    *("gcp:binaryauthorization/policy:Policy", "gcp:projects/iAMAuditConfig:IAMAuditConfig"),
    *(token for token, row in TYPES.items() if row.source == MEMBER),
}
"""Creating one sets it, whether it was there or not: settings of a project, such as its APIs and the accounts
of Google's services, and grants, which are merged into the policy of what they are on."""


class CallRefused(Exception):
    """The cloud, or its provider, refuses a call: `refusal` says why, as Google would."""

    def __init__(self, refusal: ApiError) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class NotServed(Exception):
    """A type that the local cloud doesn't serve: one line that says what to do."""


class Cloud:
    """All resources that exist, in `store`, and what may be done to them. `clock` gives the time."""

    def __init__(self, store: CloudStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def problems(self, token: str, inputs: Json) -> Iterator[tuple[str, str]]:
        """What is wrong with the inputs of a resource: the property, and why. Raises NotServed."""
        require_served(token)
        if _is_kubernetes(token):
            if not is_unknown(inputs):
                yield from kubernetes.problems(token, revealed(inputs))
            return
        found = dict(input_types.problems(token, revealed(inputs)))
        yield from found.items()
        for name in TYPES[token].required:
            if inputs.get(name) is None and name not in found:
                yield name, f"is required ({TYPES[token].source})"

    def create(
        self, token: str, urn: str, inputs: Json, place: ProviderSettings, patience: float = 0
    ) -> tuple[str, Json]:
        """Creates a resource: its id, and what it has beside its inputs. `patience` is how many seconds the
        provider waits for it, 0 for its default. Raises NotServed, and CallRefused."""
        require_served(token)
        plain = revealed(inputs)
        scope = _scope(token, plain, place)
        id_ = identity(token, {**inputs, **self._number(token, plain, place)}, place)
        if not id_:
            source = "https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming"
            raise CallRefused(
                ApiError(0, f"A {token} without an explicit name: nobody could find it again.", source)
            )
        with self._store.transaction():
            self._require(token, plain, scope)
            before = self._store.find(scope, token, id_)
            self._ask(token, scope, None, plain)
            context = self._context(id_, plain, place)
            found = _outputs(token, plain, context, 1)
            _await(token, plain, found, patience)
            self._enable(token, scope, plain, to_be=True)
            if before is not None and token in OVERWRITTEN:
                self._store.update(scope, token, id_, inputs, found)
                return id_, found
            if _is_kubernetes(token) and kubernetes.is_built_in(token, id_):
                raise CallRefused(_conflict(token, id_))
            try:
                self._store.insert(scope, token, id_, urn, inputs, found)
            except Exists:
                raise CallRefused(_conflict(token, id_)) from None
        return id_, found

    def update(
        self, token: str, id_: str, inputs: Json, place: ProviderSettings, patience: float = 0
    ) -> tuple[str, Json]:
        """Changes a resource in place: its id, and what it has beside its inputs. `patience` is as for
        `create`. Raises NotServed, and CallRefused."""
        require_served(token)
        scope = _scope(token, revealed(inputs), place)
        with self._store.transaction():
            held = self._store.find(scope, token, id_)
            if held is None:
                raise CallRefused(_missing(token, id_))
            inputs = without_cleared(token, held.inputs, inputs)
            plain = revealed(inputs)
            self._ask(token, scope, held, plain)
            generation = held.outputs.get("metadata", {}).get("generation", 0) + 1
            context = self._context(id_, plain, place)._replace(now=held.created)
            taken = frozenset(context.taken) - _addresses(held)
            found = held.outputs | _outputs(token, plain, context._replace(taken=taken), generation)
            _await(token, plain, found, patience)
            self._store.update(scope, token, id_, inputs, found)
        return id_, found

    def delete(self, token: str, id_: str, known: Json, place: ProviderSettings) -> tuple[str, Json]:
        """Deletes a resource, if it is there, and what is in it where that goes with it; `known` are
        its properties in the state. What is never deleted stays, a key without any version that works. Gives
        its id, and no outputs. Raises NotServed, and CallRefused."""
        with self._store.transaction():
            held = self.find(token, id_, known, place)
            if held is not None:
                self._ask(token, held.scope, held, None)
                self._let_go(held)
                if held.inputs.get("disableOnDestroy"):
                    self._enable(token, held.scope, held.inputs, to_be=False)
                for other in self._store.resources() if token in WITH_CONTENTS else []:
                    if other.scope == held.scope and other.id.startswith(f"{id_}/"):
                        self._store.delete(other.scope, other.type, other.id)
        return id_, {}

    def _let_go(self, held: StoredResource) -> None:
        if not TYPES[held.type].is_forever:
            self._store.delete(held.scope, held.type, held.id)
        elif held.type == KEY:
            outputs = held.outputs | {"primaries": [primary_version(held.id, "DESTROY_SCHEDULED")]}
            inputs = {name: value for name, value in held.inputs.items() if name != "rotationPeriod"}
            self._store.update(held.scope, held.type, held.id, inputs, outputs)

    def find(self, token: str, id_: str, known: Json, place: ProviderSettings) -> StoredResource | None:
        """The resource with this id in the project that `known`, its properties in the state, names; else in
        the provider's. What another project has by that id is another's: `getProject` of
        https://github.com/hashicorp/terraform-provider-google/blob/main/google/tpgresource/utils.go. Raises
        NotServed."""
        require_served(token)
        return self._store.find(_scope(token, revealed(known), place), token, id_)

    def read(self, token: str, id_: str, known: Json, place: ProviderSettings) -> StoredResource | None:
        """As `find`, for a refresh: an API that was disabled by hand isn't there any more
        (`resourceGoogleProjectServiceRead` of https://github.com/hashicorp/terraform-provider-google/blob/
        main/google/services/resourcemanager/resource_google_project_service.go), and nothing that is made
        with it can be read. Raises NotServed, and CallRefused."""
        held = self.find(token, id_, known, place)
        settings, scope = self._store.settings(), _scope(token, revealed(known), place)
        for reason in service_usage.refusals(CloudCall(token, scope, None, None, held, (), settings)):
            raise CallRefused(reason)
        if held is not None and token == ENABLED_API:
            return held if is_enabled(settings, held.scope, str(held.inputs["service"])) else None
        return held

    def imported(self, token: str, asked: str, place: ProviderSettings) -> StoredResource | None:
        """The resource that the provider imports by the id `asked`, in whatever project that says; None when
        there is none, or it isn't imported so. Raises NotServed, and CallRefused."""
        require_served(token)
        if not token.startswith("gcp:"):
            return self.read(token, asked, {}, place)
        for held in self._store.resources():
            there = place._replace(project=held.scope)
            if held.type == token and is_imported_as(token, held.inputs, held.id, there, asked):
                return self.read(token, held.id, held.inputs | {"project": held.scope}, place)
        return None

    def _enable(self, token: str, project: str, inputs: Json, *, to_be: bool) -> None:
        if token == ENABLED_API:
            name = f"{project}/{inputs['service']}"
            self._store.set(API, name, ENABLED if to_be else "disabled")

    def _ask(self, token: str, scope: str, held: StoredResource | None, after: Json | None) -> None:
        """Raises CallRefused for the first reason to refuse a change; the provider's own come first."""
        others = [
            each
            for each in self._store.resources()
            if held is None or (each.scope, each.type, each.id) != (held.scope, held.type, held.id)
        ]
        before = None if held is None else revealed(held.inputs)
        found = sorted(
            refused(CloudCall(token, scope, before, after, held, others, self._store.settings())),
            key=lambda e: e.code != 0,
        )
        if found:
            raise CallRefused(found[0])

    def _require(self, token: str, inputs: Json, scope: str) -> None:
        """Raises CallRefused when something that the inputs name isn't there."""
        everything = [held for held in self._store.resources() if held.scope == scope]
        if _is_kubernetes(token):
            namespace = inputs["metadata"].get("namespace")
            is_made = any(held.type == NAMESPACE and held.id == namespace for held in everything)
            if namespace and not is_made and not kubernetes.is_built_in(NAMESPACE, namespace):
                source = "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"
                missing = f'namespaces "{namespace}" not found'
                raise CallRefused(ApiError(404, missing, source, is_googles=False))
            return
        for name, of in TYPES[token].needs.items():
            wanted = str(inputs[name])
            if not any(h.type == of and wanted in {h.id, h.id.rpartition("/")[2]} for h in everything):
                raise CallRefused(_missing(of, wanted))

    def _number(self, token: str, inputs: Json, place: ProviderSettings) -> Json:
        """The number of the next resource of a type that the cloud counts, as an input."""
        if not TYPES[token].is_counted:
            return {}
        first = TYPES[token].id.partition("{number}")[0].format_map({"project": place.project, **inputs})
        taken = [held.id for held in self._store.resources() if held.type == token]
        last = max((int(id_.removeprefix(first)) for id_ in taken if id_.startswith(first)), default=0)
        return {"number": str(last + 1)}

    def _context(self, id_: str, inputs: Json, place: ProviderSettings) -> OutputContext:
        taken = frozenset[str]().union(*map(_addresses, self._store.resources()))
        now = self._clock().isoformat(timespec="seconds")
        return OutputContext(id_, inputs, place.project, place.region, taken, now)


def require_served(token: str) -> None:
    """Raises NotServed for a type that isn't in the table."""
    if token not in TYPES:
        raise NotServed(
            f"The local cloud doesn't serve {token}: no component registers it. If one does now, add the "
            "type to the table in stacks/providers/."
        )


def _is_kubernetes(token: str) -> bool:
    return token.startswith("kubernetes:")


def _scope(token: str, inputs: Json, place: ProviderSettings) -> str:
    return place.cluster if _is_kubernetes(token) else str(inputs.get("project") or place.project)


def _outputs(token: str, inputs: Json, context: OutputContext, generation: int) -> Json:
    if _is_kubernetes(token):
        return kubernetes.outputs(inputs, context, generation)
    return outputs(token, context)


def _await(token: str, inputs: Json, found: Json, patience: float) -> None:
    """Raises CallRefused when the provider would give up waiting. Nothing is made then: a later call goes the
    whole way again, as one does for the object that a real provider has left behind."""
    if _is_kubernetes(token):
        for reason in given_up(token, inputs, found, patience):
            raise CallRefused(reason)


def _addresses(held: StoredResource) -> frozenset[str]:
    return frozenset(str(held.outputs[name]) for name in ADDRESSES if held.outputs.get(name))


def _conflict(token: str, id_: str) -> ApiError:
    if _is_kubernetes(token):
        return ApiError(409, kubernetes.conflict(token, id_), kubernetes.CREATION, is_googles=False)
    return ApiError(409, f"{id_} already exists, alreadyExists", ERRORS)


def _missing(token: str, id_: str) -> ApiError:
    return ApiError(404, f"{id_} ({token}) was not found, notFound", ERRORS)
