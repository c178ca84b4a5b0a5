"""CustomersDot's own thresholds, as they are published: a latency objective of 90 %, whose fast alert fires
above 144 % of its requests.

https://gitlab.com/gitlab-com/runbooks/-/blob/master/metrics-catalog/services/customersdot.jsonnet"""

from pathlib import Path

import msgspec
import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitored import monitored
from pave.monitoring.trying import try_alerts
from tests.command import pave
from tests.conftest import HOME

pytestmark = pytest.mark.prometheus

SPEC = """\
apiVersion: pave/v1
kind: Service
metadata: {name: portal, owner: fulfillment-platform}
spec:
  tier: critical
  stage: ga
  workloads:
    - name: web
      image: us-docker.pkg.dev/acme-registry/portal@sha256:DIGEST
  endpoints:
    - {name: all, paths: [/*], slo: {availability: 95, latencyMs: 400, latency: 90}}
""".replace("DIGEST", "0f1e2d3c4b5a6978" * 4)
RULE = "reliability/alerts-can-fire"


def read(folder: Path, text: str) -> tuple[Catalog, Path]:
    path = folder / "portal.yaml"
    path.write_text(text)
    return load(HOME / "catalog", [path]), path


def latency_of(catalog: Catalog) -> Monitoring:
    """What guards the latency, and nothing else."""
    found = service_at(catalog, "portal", "production")
    assert isinstance(found, Service), found
    made = monitored(catalog, found)
    guards = [one for one in made.watches if one.sli is not None and one.sli.kind == "latency"]
    return msgspec.structs.replace(made, watches=guards)


def test_it_is_refused_with_the_objective_from_which_on_it_can_fire(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog, path = read(tmp_path, SPEC)
    monkeypatch.chdir(HOME)
    done = pave(home, "check", str(path), "--format", "json")
    assert done.exit_code == 1, done.output
    found = [
        one
        for decision in msgspec.json.decode(done.stdout)["decisions"]
        for one in decision["findings"]
        if one["rule"] == RULE
    ]
    assert [(one["path"], one["blocking"], one["expected"]) for one in found] == [
        ("spec.endpoints[all].slo.latency", True, 94)
    ]
    windows = {alert.labels["window"] for watch in latency_of(catalog).watches for alert in watch.alerts}
    assert "1h" not in windows, "an alert that can never fire is no alert"


def test_with_that_objective_its_fast_alert_fires_at_its_minute(tmp_path: Path) -> None:
    catalog, _ = read(tmp_path, SPEC.replace("latency: 90", "latency: 94"))
    report = try_alerts(latency_of(catalog))
    fast = [one for one in report.trials if one.alert.endswith("[1h]")]
    assert any("fires it after" in one.title for one in fast)
    assert [one.said for one in report.trials if not one.passed] == []
    assert report.passed
