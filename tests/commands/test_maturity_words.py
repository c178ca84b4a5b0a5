"""What `pave maturity` proposes can be taken over as it stands."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result


def test_links_that_are_missing_are_proposed_in_one_list(run: Callable[..., Result], tmp_path: Path) -> None:
    catalog = tmp_path / "catalog"
    assert run("new", "catalog", catalog).exit_code == 0
    spec = catalog / "services/hello.yaml"
    address = '\n  dependencies:\n    - {name: search, addresses: ["search.example.net:443"]}\n'
    spec.write_text(spec.read_text("utf-8").rstrip() + address, "utf-8")
    done = run("maturity", "hello", "--catalog", catalog)
    assert done.exit_code == 0
    proposed = done.output.partition("\n    metadata:\n")[2]
    assert proposed.count("kind: ") == 3
    assert "metadata:" not in proposed
    assert proposed.splitlines()[0] == "      links:"
