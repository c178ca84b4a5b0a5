"""OpenSLO's documents into a spec: what we export comes back, and what a spec can't say is listed."""

import contextlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from catalog.yaml.text import parse
from pave.monitoring.documents import as_yaml, exported
from pave.monitoring.importing import Imported, documents, imported
from pave.monitoring.taking_over import CantBeTaken, differing, taken_over
from tests.command import pave
from tests.conftest import HOME
from tests.shipped import NAMED_BY_SERVICES

SPEC = """\
# A comment that stays.
apiVersion: pave/v1
kind: Service
metadata: {name: portal, owner: fulfillment-platform}
spec:
  tier: critical
  stage: ga
  workloads:
    - name: web
      image: us-docker.pkg.dev/acme-registry/portal@sha256:DIGEST
    - name: jobs
      kind: worker
      metrics: {port: 9394, queue: yabeda-sidekiq}
      image: us-docker.pkg.dev/acme-registry/portal@sha256:DIGEST
  endpoints:
    - {name: buy, paths: [/buy/*], slo: {availability: 99, latencyMs: 1000, latency: 95}}
    - name: read   # the rest
      paths: [/*]
  jobs:
    - {name: remind, workload: jobs}
""".replace("DIGEST", "0f1e2d3c4b5a6978" * 4)

SLO: dict[str, Any] = {
    "apiVersion": "openslo/v1",
    "kind": "SLO",
    "metadata": {"name": "portal-buy-availability"},
    "spec": {
        "service": "portal",
        "budgetingMethod": "Occurrences",
        "timeWindow": [{"duration": "28d", "isRolling": True}],
        "indicator": {"metadata": {"name": "buy"}, "spec": {"ratioMetric": {"counter": True}}},
        "objectives": [{"target": 0.9995}],
    },
}


def with_service(folder: Path, text: str) -> Catalog:
    path = folder / "portal.yaml"
    path.write_text(text)
    return load(HOME / "catalog", [path])


def service(catalog: Catalog) -> Service:
    found = service_at(catalog, "portal", "production")
    assert isinstance(found, Service), found
    return found


def slos(catalog: Catalog) -> bytes:
    """All of them, as one file."""
    files = exported(catalog, service(catalog), "openslo")
    return b"---\n".join(as_yaml(content) for content in files.values())


def read(text: bytes, catalog: Catalog) -> Imported:
    return imported([(one, "slo.yaml") for one in documents(text, "slo.yaml")], service(catalog).document)


def changed(**fields: Any) -> bytes:
    """The SLO with other fields of its `spec`, of its `metadata` and at its root."""
    slo = msgspec.json.decode(msgspec.json.encode(SLO))
    for name, value in fields.items():
        place, _, field = name.partition("_")
        if field:
            slo[place][field] = value
        else:
            slo[name] = value
    return as_yaml(slo)


percents = st.floats(90, 99.99).map(lambda value: round(value, 3))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(percents, st.integers(1, 60_000), percents, percents, percents)
def test_what_is_exported_comes_back_as_it_was(
    tmp_path: Path, availability: float, limit: int, latency: float, runs: float, other: float
) -> None:
    first = SPEC.replace(
        "{availability: 99, latencyMs: 1000, latency: 95}",
        f"{{availability: {availability}, latencyMs: {limit}, latency: {latency}}}",
    )
    first = first.replace("workload: jobs}", f"workload: jobs, successPercent: {runs}, maxDelaySeconds: 60}}")
    first = first.replace("paths: [/*]\n", f"paths: [/*]\n      slo: {{availability: {other}}}\n")
    said = slos(with_service(tmp_path, first))
    catalog = with_service(tmp_path, SPEC)
    found = read(said, catalog)
    assert found.unsaid == []
    text = taken_over(catalog, service(catalog).document, differing(service(catalog), found.said))
    assert slos(with_service(tmp_path, text.decode())) == said
    assert text.startswith(b"# A comment that stays.\n")
    assert b"name: read   # the rest\n" in text


def test_what_is_so_already_is_not_written(tmp_path: Path) -> None:
    catalog = with_service(tmp_path, SPEC)
    found = read(slos(catalog), catalog)
    assert len(found.said) == 8
    assert differing(service(catalog), found.said) == []


@pytest.mark.parametrize(
    ("slo", "line"),
    [
        (changed(spec_service="other"), ":6:12: portal-buy-availability is of the service other."),
        (changed(spec_timeWindow=[{"duration": "30d", "isRolling": True}]), "not of 30d, rolling."),
        (changed(spec_timeWindow=[{"duration": "1M", "isRolling": False}]), "not of 1M, of a calendar."),
        (changed(spec_budgetingMethod="Timeslices"), "budgets count events, not Timeslices."),
        (changed(spec_alertPolicies=["page"]), "its policies are left out."),
        (changed(spec_objectives=[{"target": 0.99}, {"target": 0.9}]), "the first counts."),
        (changed(spec_objectives=[]), "has no target."),
        (changed(metadata={"name": "else"}), "names none of the endpoints"),
        (changed(metadata={"name": "x", "labels": {"subject": "sell"}}), "names none of the endpoints"),
        (changed(metadata={"name": "x", "labels": {"promise": "beauty"}}), "promises `beauty`"),
        (changed(), "its queries are left out."),
        (changed(apiVersion="openslo/v1alpha"), "is another version than openslo/v1"),
        (changed(kind="AlertPolicy"), "AlertPolicy portal-buy-availability: a spec says nothing like it"),
    ],
)
def test_what_a_spec_cannot_say_is_listed_with_its_place(tmp_path: Path, slo: bytes, line: str) -> None:
    found = read(slo, with_service(tmp_path, SPEC)).unsaid
    assert any(line in one for one in found), found
    assert all(one.startswith("slo.yaml:") for one in found)


@pytest.mark.parametrize(
    ("metric", "limit"), [("request_duration_seconds_bucket", 400), ("took_milliseconds", 0), ("took", None)]
)
def test_a_threshold_has_the_unit_of_its_metrics_name(tmp_path: Path, metric: str, limit: int | None) -> None:
    threshold = {"thresholdMetric": {"metricSource": {"spec": {"query": metric}}}}
    slo = changed(
        metadata={"name": "buy"},
        spec_indicator={"spec": threshold},
        spec_objectives=[{"target": 0.97, "op": "lte", "value": 0.4}],
    )
    found = read(slo, with_service(tmp_path, SPEC))
    said = {one.pointer[-1]: one.value for one in found.said}
    assert said.get("latency") == 97
    assert said.get("latencyMs") == limit
    assert any("in which unit" in one for one in found.unsaid) == (limit is None)


def test_of_two_that_contradict_each_other_the_first_counts(tmp_path: Path) -> None:
    text = changed() + b"---\n" + changed(spec_objectives=[{"target": 0.9}])
    found = read(text, with_service(tmp_path, SPEC))
    assert [one.value for one in found.said] == [99.95]
    assert any("contradicts slo.yaml:" in one for one in found.unsaid)


@pytest.mark.parametrize(
    "objective", [{"target": 1e308}, {"targetPercent": 1e308}, {"target": 0.97, "value": 1e308}]
)
def test_a_number_that_no_unit_takes_is_left_out_or_refused(
    tmp_path: Path, objective: dict[str, float]
) -> None:
    catalog = with_service(tmp_path, SPEC)
    threshold = {"thresholdMetric": {"metricSource": {"spec": {"query": "request_duration_seconds_bucket"}}}}
    slo = changed(
        metadata={"name": "buy"},
        spec_indicator={"spec": threshold},
        spec_objectives=[{"op": "lte", **objective}],
    )
    found = read(slo, catalog)
    assert "latencyMs" not in {one.pointer[-1] for one in found.said}
    with contextlib.suppress(CantBeTaken):
        taken_over(catalog, service(catalog).document, found.said)


@pytest.mark.parametrize("target", [1, 0, -1, 40])
def test_what_the_spec_does_not_allow_is_refused(tmp_path: Path, target: float) -> None:
    catalog = with_service(tmp_path, SPEC)
    found = read(changed(spec_objectives=[{"target": target}]), catalog)
    with pytest.raises(CantBeTaken, match=r"slo\.yaml:\d+:\d+: with"):
        taken_over(catalog, service(catalog).document, found.said)


_leaves = (
    st.none() | st.integers(-9, 9) | st.booleans() | st.sampled_from(["SLO", "latency", "28d", "1.5", 1e308])
)
_names = st.sampled_from(["name", "labels", "promise", "subject", "duration", "isRolling", "target", "spec"])
_anything = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3)
)


@given(_anything, st.sampled_from(["kind", "metadata", "spec", *(f"spec_{name}" for name in SLO["spec"])]))
def test_whatever_stands_in_a_document_is_no_traceback(value: Any, field: str) -> None:
    document = load(HOME / "catalog").documents["Service"]["customersdot"]
    text = changed(**{field: value}).replace(b"service: portal", b"service: customersdot")
    imported([(parse(text, "slo.yaml"), "slo.yaml")], document)


def test_the_command_writes_the_owners_file_and_says_what_is_left(home: Path, tmp_path: Path) -> None:
    root = tmp_path / "catalog"
    for folder in (*NAMED_BY_SERVICES, "services"):
        (root / folder).mkdir(parents=True)
        for path in (home / "catalog" / folder).glob("*.yaml"):
            (root / folder / path.name).write_bytes(path.read_bytes())
    slo = tmp_path / "slo.yaml"
    slo.write_bytes(
        changed(
            metadata={"name": "x", "labels": {"subject": "purchase", "promise": "availability"}},
            spec_service="customersdot",
            spec_objectives=[{"target": 0.9991}],
        )
    )
    words = ("monitor", "import", "customersdot", str(slo), "--catalog", str(root))
    shown = pave(home, *words, "--diff")
    assert shown.exit_code == 0, shown.output
    assert "99.91" in shown.stdout
    done = pave(home, *words)
    assert done.exit_code == 0, done.output
    assert "99.91" in (root / "services" / "customersdot.yaml").read_text()
    assert "0 of them new" in pave(home, *words).output
    slo.write_text("a: [")
    assert pave(home, *words).exit_code == 2
    assert pave(home, *words[:3], str(tmp_path / "none.yaml")).exit_code == 2
