"""The pods of a recorded plan as a Compose file (https://github.com/compose-spec/compose-spec).

Taken from what would be applied, so that an image which works here is told and held to the same there: its
variables, port, user, folders, memory and time to stop."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import Any

import msgspec

from catalog.checks.reserved_names import PROXY
from catalog.checks.variables import ADDRESS_FACTS, SERVICE_FACTS
from catalog.document import Json
from catalog.kinds.service import Service
from catalog.kinds.service_spec import Dependency
from catalog.stores.store import Store, variable
from pave.trial import stand_ins
from pave.trial.secrets_said import SecretsSaid
from pave.trial.stand_in import HOST, StandIn
from stacks.plan import Plan
from stacks.pods import CRON_JOB, DEPLOYMENT, INIT, JOB, pod_of
from stacks.providers.kubernetes import ROLLOUT

NOWHERE = "NONE.on-this-machine"
"""What a store is called that nothing stands in for, unless the shell says better: a trial must not write to
production's. No bucket can have capital letters in its name
(https://cloud.google.com/storage/docs/buckets#naming), and no topic be called so."""

NONE_SAID = SecretsSaid()
ARGUMENT = "\0secret"
"""Stands for a secret among the words of a command line; none of them can hold that character."""

FINISHED = {"condition": "service_completed_successfully"}
STARTED = {"condition": "service_started"}
RUNNING = (JOB, DEPLOYMENT, ROLLOUT, CRON_JOB)
"""In the order in which they start: jobs are migrations."""


def compose(service: Service, plan: Plan, secrets: SecretsSaid = NONE_SAID) -> Json:
    """The file's content. A store has a container that stands in for it, where there is one for its kind; a
    schedule is started by hand, since it has the profile `cron`; a secret is asked of the shell, also where
    the service's file says it (`secrets`)."""
    managed = [store for store in service.spec.stores if store.runtime == "managed"]
    stores = {store.name: found for store in managed if (found := stand_in(store)) is not None}
    told = {
        variable(name, fact): _literal(value.replace(HOST, _store(name)))
        for name, each in stores.items()
        for fact, value in each.facts.items()
    }
    told |= {
        name: f"${{{name}:?where {each.service or each.name} answers here}}"
        for each in service.spec.dependencies
        for name in _asked(each)
    }
    told |= {
        name: f"${{{name}:-{NOWHERE}}}"
        for each in managed
        if each.name not in stores
        for name in (variable(each.name, fact) for fact in each.facts(_as_written(each)))
    }
    told |= {name: _asked_secret(name) for name in secrets.variables}
    services: Json = {_store(name): dict(_stand_in(each)) for name, each in stores.items()}
    before = {name: {"condition": "service_healthy"} for name in services}
    for kind in RUNNING:
        for name, pod in _pods(plan, kind):
            made = dict(_pod(name, _without(pod, secrets.words), told, before))
            if kind == CRON_JOB:
                made[name]["profiles"] = ["cron"]
            services |= made
            if kind == JOB:
                before[name] = FINISHED
    _give_ports(services)
    return {"name": service.full_name, "services": services, **_volumes(services)}


def _asked_secret(name: str) -> str:
    return f"${{{name}:?a secret: export {name}=...}}"


def _without(pod: Json, words: Collection[str]) -> Json:
    """A pod without the secrets among the words of its command lines: the shell is asked for each."""
    if not words:
        return pod
    left = dict(pod)
    for containers in (each for each in ("containers", INIT) if each in pod):
        left[containers] = [
            {
                **one,
                **{
                    field: [ARGUMENT if word in words else word for word in one[field]]
                    for field in ("command", "args")
                    if one.get(field)
                },
            }
            for one in pod[containers]
        ]
    return left


def _as_written(store: Store) -> Json:
    """What is said of a store, without what isn't."""
    said: Json = msgspec.to_builtins(store)
    return {field: value for field, value in said.items() if value is not None}


def _asked(dependency: Dependency) -> list[str]:
    """What only who is at this machine can say of what the service calls: where else it answers is no place
    for a trial."""
    facts = SERVICE_FACTS if dependency.service is not None else ADDRESS_FACTS
    return [variable(dependency.name, fact) for fact in facts] if dependency.vendor is None else []


def stand_in(store: Store) -> StandIn | None:
    """That of a store's kind, `stand_in(store)` in its module; None when nothing is known that could be."""
    name = f"{stand_ins.__name__}.{store.kind}"
    if find_spec(name) is None:
        return None
    made: StandIn = import_module(name).stand_in(store)
    return made


def _store(name: str) -> str:
    return f"store-{name}"


def _pods(plan: Plan, kind: str) -> Iterator[tuple[str, Json]]:
    """The pods of a kind of object, each with the name of its own container."""
    for resource in plan.resources:
        if resource.type == kind:
            pod = pod_of(kind, resource.inputs)
            yield pod["containers"][0]["name"], pod


def _stand_in(found: StandIn) -> Iterator[tuple[str, Any]]:
    yield "image", found.image
    if found.environment:
        yield "environment", dict(found.environment)
    if found.command:
        yield "command", found.command
    yield "healthcheck", {"test": ["CMD", *found.ready], "interval": "2s", "retries": 30}


def _pod(
    name: str, pod: Json, told: Mapping[str, str], before: Mapping[str, Json]
) -> Iterator[tuple[str, Json]]:
    """The containers of a pod, in the order in which they start. They are one host, as in the cluster: that
    of the first one that goes on."""
    (own,) = pod["containers"]
    helpers = [each for each in pod.get(INIT, ()) if each["name"] != PROXY]
    folders = dict(_folders(name, pod, is_shared=bool(helpers)))
    waits, host = dict(before), ""
    if helpers:
        shared = [{**folder, "target": f"/{source}"} for source, folder in folders.items()]
        yield f"{name}-folders", _opened(shared)
        waits[f"{name}-folders"] = FINISHED
    for each in [*helpers, own]:
        called = name if each is own else f"{name}-{each['name']}"
        goes_on = each is own or each.get("restartPolicy") == "Always"
        made = dict(_container(each, pod, told, folders))
        if goes_on and not host:
            host = called
            made |= _published(own)
        elif goes_on:
            made["network_mode"] = f"service:{host}"
        yield called, made | ({"depends_on": dict(waits)} if waits else {})
        waits[called] = STARTED if goes_on else FINISHED


def _opened(folders: list[Json]) -> Json:
    """Lets anybody write to new folders on disk, which are root's at first."""
    command = ["chmod", "1777", *(each["target"] for each in folders)]
    return {"image": "docker.io/library/busybox:1.37", "command": command, "volumes": folders}


def _published(container: Json) -> Json:
    ports = [each["containerPort"] for each in container.get("ports", ())]
    return {"ports": ports} if ports else {}


def _container(
    container: Json, pod: Json, told: Mapping[str, str], folders: Mapping[str, Json]
) -> Iterator[tuple[str, Any]]:
    yield "image", container["image"]
    for field, ours in (("entrypoint", "command"), ("command", "args")):
        if container.get(ours):
            yield field, [_literal(word) for word in container[ours]]
    yield "environment", {each["name"]: _value(each, told) for each in container.get("env", ())}
    yield "read_only", container["securityContext"]["readOnlyRootFilesystem"]
    yield "cap_drop", container["securityContext"]["capabilities"]["drop"]
    yield "security_opt", ["no-new-privileges:true"]
    mounts = [(each["mountPath"], folders[each["name"]]) for each in container.get("volumeMounts", ())]
    volumes = [{**folder, "target": path} for path, folder in mounts]
    if volumes:
        yield "volumes", volumes
    limits = container["resources"]["limits"]
    yield "cpus", int(limits["cpu"].removesuffix("m")) / 1000
    yield "mem_limit", limits["memory"].replace("Mi", "m")
    yield "stop_grace_period", f"{pod['terminationGracePeriodSeconds']}s"
    command = container.get("livenessProbe", {}).get("exec", {}).get("command")
    if command:
        yield "healthcheck", {"test": ["CMD", *map(_literal, command)], "interval": "10s", "retries": 3}


def _folders(name: str, pod: Json, *, is_shared: bool) -> Iterator[tuple[str, Json]]:
    """The folders that may be written to: in memory, or where several containers share them, on disk."""
    for volume in pod.get("volumes", ()):
        size = volume.get("emptyDir", {}).get("sizeLimit")
        if is_shared:
            yield volume["name"], {"type": "volume", "source": f"{name}-{volume['name']}"}
        else:
            limit = {"size": size.replace("Mi", "m")} if size else {}
            yield volume["name"], {"type": "tmpfs", "tmpfs": {"mode": 0o1777, **limit}}


def _give_ports(services: Json) -> None:
    """Each port of a container one of this machine's own: its number, or the next that is free."""
    taken: set[int] = set()
    for each in (one for one in services.values() if "ports" in one):
        ports = []
        for port in each["ports"]:
            free = next(number for number in count(port) if number not in taken)
            taken.add(free)
            ports.append(f"127.0.0.1:{free}:{port}")
        each["ports"] = ports


def _volumes(services: Json) -> Json:
    mounts = (each for one in services.values() for each in one.get("volumes", ()))
    names = sorted({each["source"] for each in mounts if each["type"] == "volume"})
    return {"volumes": {name: {} for name in names}} if names else {}


def _value(variable_: Json, told: Mapping[str, str]) -> str:
    """What a stand-in tells, what is written, or what the shell is asked for: a secret, or what only a cloud
    would say."""
    name = variable_["name"]
    if name in told:
        return told[name]
    if isinstance(variable_.get("value"), str):
        return _literal(variable_["value"])
    if "valueFrom" in variable_:
        return _asked_secret(name)
    return f"${{{name}:?only the cloud knows it: export {name}=...}}"


def _literal(text: str) -> str:
    """As it is: Compose would take a dollar for the beginning of a variable."""
    if text == ARGUMENT:
        return _asked_secret("SECRET_ARGUMENT")
    return text.replace("$", "$$")


def not_started(service: Service, services: Iterable[str]) -> list[str]:
    """What the file leaves out, and why; in words."""
    left = [f"workload {w.name} runs on a machine" for w in service.spec.workloads if w.runtime == "vm"]
    known = set(services)
    left += [
        f"nothing here stands in for store {store.name} ({store.kind})"
        for store in service.spec.stores
        if store.runtime == "managed" and _store(store.name) not in known
    ]
    left += [
        f"{each.name} is {each.service}, which has a file of its own: pave run {each.service}"
        for each in service.spec.dependencies
        if each.service is not None
    ]
    left += [
        f"{each.name} answers elsewhere: export {_asked(each)[0]} with what is to stand in for it"
        for each in service.spec.dependencies
        if each.addresses is not None
    ]
    return left
