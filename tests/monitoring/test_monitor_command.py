"""`pave monitor`, as its users meet it."""

import json
from pathlib import Path

import pytest

from components.design.monitoring.lasting import lasting
from pave.monitoring import promtool
from pave.refused import Refused
from tests.command import pave


def test_an_unknown_format_names_those_that_there_are(home: Path, tmp_path: Path) -> None:
    run = pave(home, "monitor", "export", "usage-api", "--to", str(tmp_path), "--format", "prometeus")
    assert run.exit_code == 2
    assert "Did you mean `prometheus`?" in run.stderr


def test_an_export_says_which_files_it_wrote(home: Path, tmp_path: Path) -> None:
    run = pave(home, "monitor", "export", "usage-api", "--to", str(tmp_path / "new"))
    assert run.exit_code == 0, run.stderr
    names = [Path(line).name for line in run.stdout.splitlines()]
    assert names == ["usage-api.rules.yaml", "usage-api.alertmanager.yaml"]
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(names)


def test_without_a_service_all_are_exported_each_into_a_folder_of_its_own(home: Path, tmp_path: Path) -> None:
    run = pave(home, "monitor", "export", "--to", str(tmp_path), "--env", "production")
    assert run.exit_code == 0, run.stderr
    names = sorted(path.stem for path in (home / "catalog" / "services").glob("*.yaml"))
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert all((tmp_path / name / f"{name}.rules.yaml").is_file() for name in names)


def test_the_report_for_programs_has_what_the_screen_has(home: Path) -> None:
    report = json.loads(pave(home, "monitor", "show", "usage-api", "--format", "json").stdout)
    assert report["kind"] == "MonitorReport"
    assert [each["promise"]["sli"] for each in report["watched"] if each["promise"]][:2] == [
        "quota-availability",
        "quota-latency",
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ("lunch-menu",),
            "`onCall.coverage` of the service is business-hours, whenever workplace is on call",
        ),
        (("usage-api", "--env", "staging"), "only production pages, and this is staging"),
    ],
)
def test_where_nobody_is_paged_it_says_why(home: Path, words: tuple[str, ...], why: str) -> None:
    assert why in " ".join(pave(home, "monitor", "show", *words).stdout.split())
    assert why in json.loads(pave(home, "monitor", "show", *words, "--format", "json").stdout)["pagesNobody"]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, "1 minute"),
        (120, "120 minutes"),
        (121, "2 hours 1 minute"),
        (2285, "1 day 14 hours 5 minutes"),
        (2880, "2 days"),
    ],
)
def test_how_long_something_lasts_is_said_in_parts_that_people_can_count(minutes: int, said: str) -> None:
    assert lasting(minutes) == said


def test_without_promtool_nothing_is_called_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promtool, "BUILT", tmp_path / "promtool")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="make prometheus"):
        promtool.promtool()


@pytest.mark.parametrize("format_", ["google", "openslo", "prometheus", "prometheus-operator"])
def test_each_format_gives_documents_of_its_own(home: Path, tmp_path: Path, format_: str) -> None:
    run = pave(home, "monitor", "export", "usage-api", "--to", str(tmp_path), "--format", format_)
    assert run.exit_code == 0, run.stderr
    texts = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    names = ("loadbalancing_googleapis_com:", "stackdriver_https_lb_rule_")
    told = [name for name in names if any(name in text for text in texts.values())]
    assert told == ["loadbalancing_googleapis_com:" if format_ == "google" else "stackdriver_https_lb_rule_"]
    kinds = {
        line.removeprefix("kind: ")
        for text in texts.values()
        for line in text.splitlines()
        if line[:5] == "kind:"
    }
    assert (
        kinds
        == {
            "google": {"GlobalRules", "Rules"},
            "openslo": {"SLO", "Service"},
            "prometheus": set(),
            "prometheus-operator": {"PrometheusRule"},
        }[format_]
    )
