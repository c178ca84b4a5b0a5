"""What services refer to of a foundation is the same from its design and from its recording."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.kinds.environment import Environment
from catalog.loader import Catalog, load
from components.design.foundation.foundation import design_foundation
from stacks.plan import Planner
from stacks.programs.outputs import outputs_by_design
from stacks.stack import foundation_stack

HOME = Path(__file__).parents[2]
SHIPPED = load(HOME / "catalog")
PLANNED = """
import sys
from pathlib import Path
from catalog.loader import load
from stacks.plan import record_stack
from stacks.stack import parse_stack
from catalog.kinds.environment import Environment
catalog = load(Path("catalog"))
record_stack(catalog, parse_stack("service.usage-api.production", catalog))
print(*sys.modules, sep="\\n")
"""


def same(catalog: Catalog, name: str) -> bool:
    environment = catalog.find(Environment, name)
    assert environment is not None
    recorded = Planner(catalog).recording(foundation_stack(name)).outputs
    return outputs_by_design(design_foundation(environment, [], None)) == recorded


@pytest.mark.parametrize("name", sorted(SHIPPED.documents["Environment"]))
def test_a_design_gives_the_outputs_that_a_recording_exports(name: str) -> None:
    assert same(SHIPPED, name)


def test_it_does_so_for_an_environment_of_other_names(tmp_path: Path) -> None:
    shutil.copytree(HOME / "catalog", tmp_path / "catalog")
    folder = tmp_path / "catalog" / "environments"
    text = (folder / "production.yaml").read_text("utf-8")
    assert "acme.example" in text
    name, domain = "a-rather-long-name", "a-rather-long-name-of-a-company-in-a-group-of-companies.example"
    text = text.replace("name: production\n", f"name: {name}\n").replace("acme.example", domain)
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    assert same(load(tmp_path / "catalog"), name)


@pytest.mark.slow
def test_a_service_is_planned_without_the_classes_of_its_foundation() -> None:
    command = [sys.executable, "-c", PLANNED]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "stacks.programs.service" in imported
    assert (
        imported & {"stacks.programs.foundation", "components.foundation", "components.cluster.cluster"}
        == set()
    )
