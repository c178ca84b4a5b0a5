"""Specs that lie where nobody reads them."""

from pathlib import Path

import pytest

from catalog.loader import load
from tests.catalog.test_loader import SHIPPED, root

__all__ = ["root"]

SPEC = "apiVersion: pave/v1\nkind: Service\n"


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("service/tea.yaml", SPEC, "nothing in `service` is read. Did you mean `services`?"),
        ("Services/tea.yaml", SPEC, "nothing in `Services` is read. Did you mean `services`?"),
        ("tea.yaml", SPEC, "is a spec in no folder of a kind. Move it"),
        ("services/tea.YAML", SPEC, "isn't read by that ending. Let its name end in `.yaml`."),
        ("services/tea.json", "{}\n", None),
        ("services/tea.txt", f"# tea\n{SPEC}", "isn't read by that ending. Let its name end in `.yaml`."),
        ("services/README.md", SPEC, None),
        ("services/portal.yaml~", SPEC, None),
        ("services/._portal.yaml", SPEC, None),
        ("services/.idea/portal.yaml", SPEC, None),
        ("examples/tea.yaml", SPEC, None),
        ("mkdocs.yaml", "site_name: x\n", None),
    ],
)
def test_a_spec_that_lies_where_nobody_reads_is_said(
    root: Path, path: str, text: str, told: str | None
) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")
    found = [str(each) for each in load(root).unusable]
    assert [path in each and (told or "") in each for each in found] == ([True] if told else [])


def test_the_lock_of_an_editor_that_leads_nowhere_is_no_spec(root: Path) -> None:
    (root / "services" / ".#portal.yaml").symlink_to("ada@desk.4711")
    assert load(root).unusable == []


def test_the_shipped_catalog_has_nothing_astray() -> None:
    assert load(SHIPPED).unusable == []
