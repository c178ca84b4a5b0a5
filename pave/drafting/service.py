"""A new service's spec: the least that its tier and stage ask for, or the shape of a service that is there.

Pure. What only its owner can know stands as a placeholder, with a note that says so."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Json
from catalog.place import PRODUCTION
from catalog.yaml.parsed import Pointer
from policies.enforcement import target_level

NAME = re.compile(r"[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?")
"""What the schema allows as a name."""

NO_DIGEST = f"sha256:{'0' * 64}"
"""Stands for the digest of an image that isn't built yet: no image has it, and no plan of one is allowed
(operations/images-are-built)."""

GUIDES = ("dashboard", "developer-guide", "sre-guide")
GUIDE = "https://example.com/fill-in"
"""No page is there: the domain is reserved (https://www.rfc-editor.org/rfc/rfc2606)."""


class Draft(NamedTuple):
    """A document that isn't written yet. A note says what has to be filled in at its place; `left_out` is, in
    words, what a new service can't take over from another."""

    data: Json
    notes: dict[Pointer, str]
    left_out: list[str]


def check_name(name: str) -> str | None:
    """What is wrong with a name of a new document; None if nothing is."""
    if NAME.fullmatch(name):
        return None
    near = re.sub(r"[^a-z0-9]+", "-", name.lower()).lstrip("-0123456789")[:40].rstrip("-")
    hint = f" Write `{near}`." if near else " Write it like `lunch-menu`."
    return f"`{name}` is no name: up to 40 small letters, digits and hyphens, a letter first.{hint}"


class StartingPoint(NamedTuple):
    """What a new service starts on: an environment by its name, its purpose and a registry it takes images
    from."""

    environment: str
    purpose: str
    registry: str


def fresh(name: str, owner: str, tier: str, stage: str, ground: StartingPoint) -> Draft:
    """A service with one workload that answers requests, in one environment.

    It says only what the rules that bind there can't do without: the rest are defaults."""
    level = target_level(tier, stage, ground.purpose)
    notes: dict[Pointer, str] = {}
    metadata: Json = {"name": name, "owner": owner}
    spec: Json = {"tier": tier, "stage": stage}
    if level >= 3:
        metadata["links"] = [{"kind": kind, "url": f"{GUIDE}/{name}/{kind}"} for kind in GUIDES]
        notes["metadata", "links"] = "Fill in: where these are. On-call will need them."
        spec["recovery"] = {"rtoMinutes": 60}
        notes["spec", "recovery"] = "Fill in: the minutes until it is back after a disaster."
    if level >= 2:
        spec["dataClass"] = "orange"
        notes["spec", "dataClass"] = (
            "Fill in: red if it holds customers' own data, else orange (personal), yellow (internal), green."
        )
    elif tier != "internal":
        spec["dataClass"] = "yellow"
        notes["spec", "dataClass"] = "Fill in: what is this early holds yellow (internal) or green data only."
    spec["workloads"] = [{"name": "web", "image": _unbuilt_image(ground.registry, name, "web")}]
    if ground.environment != PRODUCTION:
        spec["environments"] = [{"name": ground.environment}]
    return _draft(metadata, spec, notes, [])


def like(
    model: Json,
    name: str,
    owner: str | None,
    tier: str | None,
    stage: str | None,
    ground: StartingPoint,
    promise: float | None = None,
) -> Draft:
    """A service of the shape that `model`, a document as written, has.

    It has its own name, images and hosts. What was granted to the other one, or is true only of it, stays
    behind: links, exceptions, days of tests, limits that were observed, variables that name it. A new service
    isn't `ga`: it starts as `beta` unless `stage` says otherwise. `promise` is the percentage to promise
    where the shape can't keep what the other one did."""
    old = model["metadata"]["name"]
    taken = _Taken(old, name, ground.registry, _hosts(model))
    spec: Json = {
        **taken.spec(model["spec"]),
        "tier": tier or model["spec"]["tier"],
        "stage": stage or ("beta" if model["spec"]["stage"] == "ga" else model["spec"]["stage"]),
    }
    if "environments" in spec:
        spec["environments"] = [
            _filled({**entry, "override": taken.spec(entry.get("override", {}))})
            for entry in spec["environments"]
        ]
    notes: dict[Pointer, str] = {}
    if promise is not None:
        taken.leave(f"a promise that what it is made of doesn't keep: {promise:g} % is promised instead")
        spec["availability"] = {**spec.get("availability", {}), "target": promise}
        notes["spec", "availability"] = "Fill in: what you promise; this is what SLAs amount to."
    if model["metadata"].keys() & {"title", "description", "links", "costCentre"}:
        taken.leave(f"title, description, links and cost centre of {old}")
    metadata = {"name": name, "owner": owner or model["metadata"]["owner"]}
    return _draft(metadata, spec, notes, taken.left_out)


class _Taken:
    """Takes parts of another service over, and remembers what it leaves behind."""

    def __init__(self, old: str, new: str, registry: str, hosts: Iterable[str]) -> None:
        self._old, self._new, self._registry = old, new, registry
        self._own = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in [old, *hosts]))
        self.left_out: list[str] = []

    def leave(self, what: str) -> None:
        if what not in self.left_out:
            self.left_out.append(what)

    def spec(self, spec: Json) -> Json:
        """A spec, or the override of one."""
        changes: dict[str, Callable[[Any], Any]] = {
            "recovery": self._recovery,
            "maturity": self._maturity,
            "edge": self._edge,
            "workloads": lambda items: [self._workload(item) for item in items],
            "stores": lambda items: [_without(item, "generation") for item in items],
            "endpoints": lambda items: [self._endpoint(item) for item in items],
        }
        return _filled({key: changes[key](value) if key in changes else value for key, value in spec.items()})

    def _recovery(self, written: Json) -> Json:
        return self._without(
            written,
            "days of restore and failover tests",
            "restoreTestedOn",
            "restoreMinutes",
            "failoverTestedOn",
        )

    def _maturity(self, _: Json) -> Json:
        self.leave("criteria of the maturity model that it skips")
        return {}

    def _edge(self, written: Json) -> Json:
        edge = self._without(written, "its hosts", "host", "formerHosts")
        edge = self._without(edge, "evidence of its own previews", "evidence")
        if "waf" in edge:
            waf = self._without(edge["waf"], "the firewall's exceptions", "exceptions")
            edge = {**edge, "waf": self._in_preview(waf)}
        return _filled(edge)

    def _endpoint(self, written: Json) -> Json:
        if "rateLimit" not in written:
            return written
        return {**written, "rateLimit": self._in_preview(written["rateLimit"])}

    def _in_preview(self, written: Json) -> Json:
        return self._without(written, "limits that refuse: they start in preview", "mode", "previewedOn")

    def _workload(self, written: Json) -> Json:
        made = dict(written)
        if "image" in made:
            made["image"] = self._image(made["image"], made["name"])
        if "environment" in made:
            made["environment"] = [one for one in made["environment"] if not self._is_its_own(one)]
        return made

    def _image(self, image: str, workload: str) -> str:
        path = image.partition("@")[0]
        steps = path.split("/")
        if self._old in steps[1:]:
            steps = [self._new if step == self._old else step for step in steps]
            steps[-1] = steps[-1].partition(":")[0]
            return f"{'/'.join(steps)}@{NO_DIGEST}"
        return _unbuilt_image(self._registry, self._new, workload)

    def _is_its_own(self, variable: Json) -> bool:
        """Whether a variable's value leads to the other service, or is called like it."""
        if not self._own.search(variable.get("value") or ""):
            return False
        self.leave(f"variable {variable['name']}, which names it")
        return True

    def _without(self, written: Json, what: str, *fields: str) -> Json:
        if written.keys() & set(fields):
            self.leave(what)
        return _without(written, *fields)


def _unbuilt_image(registry: str, *steps: str) -> str:
    return "/".join([registry.rstrip("/"), *steps]) + f"@{NO_DIGEST}"


def _without(written: Mapping[str, Any], *fields: str) -> Json:
    return {key: value for key, value in written.items() if key not in fields}


def _hosts(model: Json) -> list[str]:
    overrides = [entry.get("override", {}) for entry in model["spec"].get("environments", ())]
    edges = [spec.get("edge", {}) for spec in [model["spec"], *overrides]]
    return [
        host for edge in edges for host in (*filter(None, [edge.get("host")]), *edge.get("formerHosts", ()))
    ]


def _filled(written: Json) -> Json:
    """Without the fields in which nothing is left."""
    return {key: value for key, value in written.items() if value != {}}


def _draft(metadata: Json, spec: Json, notes: dict[Pointer, str], left_out: list[str]) -> Draft:
    data = {"apiVersion": "pave/v1", "kind": "Service", "metadata": metadata, "spec": spec}
    image = "Fill in: the image that your pipeline built, by its digest. Until then its plan is blocked."
    return Draft(data, {**notes, **dict.fromkeys(_unbuilt(data, ()), image)}, left_out)


def _unbuilt(value: Any, at: Pointer) -> Iterator[Pointer]:
    """Where an image stands that no pipeline has built."""
    if isinstance(value, str):
        if value.endswith(NO_DIGEST):
            yield at
        return
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in steps:
        yield from _unbuilt(item, (*at, step))
