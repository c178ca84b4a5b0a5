"""What the programs ask of Kubernetes, a real API server takes: as one would find out in the cluster."""

from collections.abc import Callable

import pytest

from catalog.place import environment_of
from stacks.providers.kubernetes import KUBERNETES
from tests.kubernetes.api_server import ApiServer, Json
from tests.kubernetes.planned import pods, resources, stand_ins, what_runs

pytestmark = pytest.mark.kubernetes
ServerOf = Callable[[str], ApiServer]

EVERYTHING = pytest.mark.parametrize(("name", "environment"), what_runs())

KNOWN_LATER = {
    ".spec.template.spec.containers[].env[].value",
    ".spec.template.spec.initContainers[].env[].value",
    ".spec.jobTemplate.spec.template.spec.containers[].env[].value",
}
"""A stand-in is only ever the value of a variable, which may be any text: no schema or rule of Kubernetes
looks at it. An unknown anywhere else needs thought about what may stand for it."""


@EVERYTHING
def test_only_the_values_of_variables_are_unknown_until_an_update(name: str, environment: str) -> None:
    found = {place for resource in resources(name, environment) for place in stand_ins(resource)}
    assert found <= KNOWN_LATER


@EVERYTHING
def test_every_resource_is_taken_and_a_second_time_changes_nothing(
    server_of: ServerOf, name: str, environment: str
) -> None:
    server = server_of(environment_of(environment))
    versions = []
    for _ in range(2):
        answers = [server.apply(resource) for resource in resources(name, environment)]
        assert [answer.body for answer in answers if not answer.is_taken] == []
        assert [warning for answer in answers for warning in answer.warnings] == []
        versions.append([as_asked(answer.body) for answer in answers])
    assert versions[0] == versions[1]


def as_asked(answered: Json) -> Json:
    """An object as whoever applied it left it. Of an API, the server itself says meanwhile whether it is
    served, which changes its status and nothing else."""
    if answered["kind"] != "APIService":
        return {"resourceVersion": answered["metadata"]["resourceVersion"]}
    kept = {key: value for key, value in answered["metadata"].items() if key != "resourceVersion"}
    own = [each for each in kept.pop("managedFields") if each["manager"] == "pave"]
    return {"metadata": kept, "spec": answered["spec"], "fields": own}


@EVERYTHING
def test_the_namespace_lets_every_pod_in(server_of: ServerOf, name: str, environment: str) -> None:
    """A controller would make them, long after the apply was said to be done."""
    server = server_of(environment_of(environment))
    for resource in resources(name, environment):
        assert server.apply(resource).is_taken
    for resource in resources(name, environment):
        for pod in pods(resource):
            answer = server.would_create(pod)
            assert answer.is_taken, answer.body
            assert answer.warnings == []


def test_every_kind_that_components_use_is_among_them() -> None:
    found = {
        f"kubernetes:{version if '/' in version else f'core/{version}'}:{resource['kind']}"
        for name, environment in what_runs()
        for resource in resources(name, environment)
        for version in [resource["apiVersion"]]
    }
    assert found == {token.removesuffix("Patch") for token in KUBERNETES}
