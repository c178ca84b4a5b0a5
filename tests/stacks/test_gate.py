"""The gate in the program: a blocked stack registers nothing, and says what `pave check` says."""

import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pulumi
import pytest

from catalog.loader import Catalog, load
from pave.delivery.engine.stack import on_day
from policies.decision import rules_asked
from policies.rule import Bundle
from stacks.gate.gate import run_gated
from stacks.plan import Planner
from stacks.recording.model import Recording
from stacks.recording.recorder import record
from stacks.stack import foundation_stack
from tests.shipped import NAMED_BY_SERVICES

STACK = "service.invoice-archive.production"
"""A small one, with a database: each test records it twice."""


@pytest.fixture(scope="module")
def references(shipped: Path) -> dict[str, Any]:
    """What the foundation exports, as the engine's stack reference gives it."""
    foundation = Planner(load(shipped)).recording(foundation_stack("production"))
    return {"organization/pave/foundation.production": foundation.outputs}


def gated(
    root: Path,
    stack: str,
    today: date,
    references: Mapping[str, Any] = {},
    glass: Mapping[str, Any] | None = None,
) -> Recording:
    program = lambda: run_gated(load(root), root, stack, on_day(today))  # noqa: E731
    config = {} if glass is None else {"pave:breakGlass": json.dumps(glass)}
    return record(program, project="pave", stack=stack, references=references, config=config)


@pytest.fixture
def root(tmp_path: Path, shipped: Path) -> Path:
    for folder in (*NAMED_BY_SERVICES, "services"):
        shutil.copytree(shipped / folder, tmp_path / "catalog" / folder)
    return tmp_path / "catalog"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_an_allowed_stack_runs_whole(root: Path, today: date, references: dict[str, Any]) -> None:
    recording = gated(root, STACK, today, references)
    assert any(r.type == "gcp:sql/databaseInstance:DatabaseInstance" for r in recording.resources)


def test_a_blocked_stack_registers_nothing_and_shows_the_owners_line(root: Path, today: date) -> None:
    replace(root / ZONAL[0], *ZONAL[1:])
    registered: list[str] = []

    def program() -> None:
        pulumi.runtime.register_stack_transformation(lambda args: registered.append(args.name))
        run_gated(load(root), root, STACK, on_day(today))

    with pytest.raises(pulumi.RunError) as error:
        record(program, project="pave", stack=STACK)
    assert registered == []
    message = str(error.value)
    assert message.startswith("BLOCKED  invoice-archive · production: ")
    assert "reliability/database-is-regional" in message
    assert "availability: zonal" in message
    assert "^^^^^" in message


def test_a_strangers_broken_file_stops_no_hotfix(root: Path, today: date, references: dict[str, Any]) -> None:
    (root / "services" / "other.yaml").write_text("kind: [", "utf-8")
    (root / "services" / "lunch-menu.yaml").write_text("kind: Service\n", "utf-8")
    assert gated(root, STACK, today, references).resources


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("services/invoice-archive.yaml", "tier: standard", "tier: standrd"),
        ("services/invoice-archive.yaml", "owner: fulfillment-platform", "owner: nobody"),
        ("environments/production.yaml", "purpose: production", "purpose: prod"),
        ("environments/production.yaml", "10.0.0.0/20", "10.0.0.1/20"),
    ],
)
def test_a_stack_whose_own_files_are_wrong_is_not_judged_and_not_run(
    root: Path, today: date, file: str, old: str, new: str
) -> None:
    replace(root / file, old, new)
    with pytest.raises(pulumi.RunError, match="pave can't judge"):
        gated(root, STACK, today)


def test_an_unknown_stack_names_the_nearest(root: Path, today: date) -> None:
    with pytest.raises(pulumi.RunError, match=r"Did you mean `service\.invoice-archive\.production`"):
        gated(root, "service.invoice-archve.production", today)


ZONAL = ("services/invoice-archive.yaml", "kind: postgres, ", "kind: postgres, availability: zonal, ")
LOST = ("environments/production.yaml", "purpose: production", "purpose: production\n  protected: false")
GLASS = {
    "incident": 4711,
    "reason": "us-east1 is down",
    "person": "jane@acme.example",
    "expires": "2026-11-22",
}


def warnings(recording: Recording) -> str:
    return "\n".join(log.message for log in recording.logs if log.severity == "warning")


def test_a_broken_glass_passes_aloud_and_is_an_output(
    root: Path, today: date, references: dict[str, Any]
) -> None:
    replace(root / ZONAL[0], *ZONAL[1:])
    recording = gated(root, STACK, today, references, GLASS)
    assert recording.resources
    assert "is broken: 4711, us-east1 is down, by jane@acme.example, to 2026-11-22" in warnings(recording)
    assert warnings(recording).count("reliability/database-is-regional") == 1
    assert recording.outputs["pave"]["breakGlass"] == {
        **GLASS,
        "incident": "4711",
        "passed": {"$unknown": []},
    }, "a value is unknown, and an update may find more when it knows it"


@pytest.mark.parametrize(
    ("glass", "why"),
    [
        ({**GLASS, "incident": " "}, "its `incident` is empty"),
        ({**GLASS, "person": None}, "it isn't whole: .*person"),
        ({name: GLASS[name] for name in ("incident", "reason", "person")}, "it isn't whole: .*expires"),
        ({**GLASS, "stack": "all"}, "it isn't whole: .*stack"),
        ({**GLASS, "expires": "2026-11-20"}, "it ended on 2026-11-20"),
        ({**GLASS, "expires": "2026-11-25"}, "it ends on 2026-11-25; 2026-11-24 is the latest"),
        ({**GLASS, "expires": "for ever"}, "it isn't whole: .*expires"),
        (["4711"], "it isn't an object"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_glass_that_is_not_whole_or_has_ended_passes_nothing(
    root: Path, today: date, glass: Any, why: str
) -> None:
    replace(root / ZONAL[0], *ZONAL[1:])
    with pytest.raises(pulumi.RunError, match=f"passes nothing: {why}"):
        gated(root, STACK, today, glass=glass)


def test_no_glass_passes_a_rule_that_can_not_be_waived(root: Path, today: date) -> None:
    replace(root / ZONAL[0], *ZONAL[1:])
    replace(root / LOST[0], *LOST[1:])
    with pytest.raises(
        pulumi.RunError, match="No broken glass passes reliability/stateful-resources-are-protected:"
    ):
        gated(root, STACK, today, glass=GLASS)


def test_no_glass_passes_what_can_not_be_judged(root: Path, today: date) -> None:
    replace(root / "services" / "invoice-archive.yaml", "tier: standard", "tier: standrd")
    with pytest.raises(pulumi.RunError, match="pave can't judge"):
        gated(root, STACK, today, glass=GLASS)


def test_a_glass_that_is_left_over_stops_nothing_and_is_named(
    root: Path, today: date, references: dict[str, Any]
) -> None:
    recording = gated(root, STACK, today, references, {**GLASS, "expires": "2026-11-01"})
    assert "passes nothing: it ended on 2026-11-01" in warnings(recording)
    assert "breakGlass" not in recording.outputs["pave"]
    needless = gated(root, STACK, today, references, GLASS)
    assert f"`pulumi config rm --stack {STACK} pave:breakGlass` removes it" in warnings(needless)
    assert needless.outputs["pave"]["breakGlass"]["incident"] == "4711"


def test_a_blocked_stack_says_how_to_break_the_glass(root: Path, today: date) -> None:
    replace(root / ZONAL[0], *ZONAL[1:])
    with pytest.raises(pulumi.RunError) as error:
        gated(root, STACK, today)
    assert f"pulumi config set-all --stack {STACK} --path" in str(error.value)
    assert "pave:breakGlass.expires=2026-11-22" in str(error.value)


def test_the_outputs_say_what_was_judged_by_which_rules(
    root: Path, today: date, references: dict[str, Any], bundle: Bundle
) -> None:
    first = gated(root, STACK, today, references).outputs["pave"]
    assert first["catalog"]["root"] == str(root)
    assert first["decision"]["blocking"] == 0
    assert (first["rules"], first["decision"]["rules"]) == (
        bundle.revision,
        len(rules_asked(bundle.rules, ["spec", "plan"])),
    )
    replace(root / "services" / "lunch-menu.yaml", "tier: internal", "tier: standard")
    with (root / "services" / "invoice-archive.yaml").open("a") as own:
        own.write("# a comment\n")
    assert gated(root, STACK, today, references).outputs["pave"] == first, "neither others nor comments count"
    replace(root / "environments" / "production.yaml", "diskGb: 500", "diskGb: 600")
    assert gated(root, STACK, today, references).outputs["pave"]["catalog"] != first["catalog"]


def test_the_shipped_catalog_has_the_same_name_in_every_checkout(shipped: Path, today: date) -> None:
    recording = gated(shipped, "foundation.production", today)
    assert recording.outputs["pave"]["catalog"]["root"] == "catalog"


@pytest.fixture
def two_faced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A foundation that asks for a wide firewall when it is run, and not when it is recorded for the gate."""
    from pulumi_gcp import Provider
    from pulumi_gcp.compute import Address, Firewall

    runs: list[str] = []

    def program(_catalog: Catalog, _environment: str) -> None:
        runs.append("recorded" if not runs else "run")
        options = pulumi.ResourceOptions(provider=Provider("gcp", project="acme", region="us-east1"))
        kept = pulumi.ResourceOptions.merge(
            options, pulumi.ResourceOptions(protect=True, retain_on_delete=True)
        )
        Address("kept", opts=kept)
        if runs[-1] == "run":
            web: Any = {"protocol": "tcp", "ports": ["443"]}
            Firewall("added", network="n", source_ranges=["0.0.0.0/0"], allows=[web], opts=options)

    monkeypatch.setattr("stacks.programs.foundation.program", program)
    return runs


def test_a_program_that_asks_for_other_than_it_was_judged_for_is_judged_again(
    root: Path, today: date, two_faced: list[str]
) -> None:
    with pytest.raises(pulumi.RunError) as error:
        gated(root, "foundation.production", today)
    assert two_faced == ["recorded", "run"]
    assert "security/firewall-is-narrow" in str(error.value)
    assert "on added (gcp:compute/firewall:Firewall)" in str(error.value)
    assert "Known only now that added" in str(error.value)


@pytest.mark.usefixtures("two_faced")
def test_what_a_broken_glass_passes_on_the_way_is_an_output_too(root: Path, today: date) -> None:
    recording = gated(root, "foundation.production", today, glass=GLASS)
    assert "security/firewall-is-narrow" in warnings(recording)
    assert recording.outputs["pave"]["decision"]["blocking"] == 0
    assert recording.outputs["pave"]["breakGlass"]["passed"] == ["security/firewall-is-narrow"]
