"""Text with holes: nothing is left empty unnoticed, and what goes in is text."""

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from catalog.filling import Templates

HOME = Path(__file__).resolve().parents[2]


def fill(folder: Path, template: str, name: str = "note.md", **values: object) -> str:
    """A template as the module `folder/module.py` would fill it."""
    place = folder / "templates" / f"{name}.j2"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(template, "utf-8")
    return Templates(str(folder / "module.py"), loud=str.upper).fill(name, **values)


def test_a_hole_without_a_value_is_an_error(tmp_path: Path) -> None:
    for template in ("{{ gone }}", "{% if gone %}{% endif %}", "{{ there.gone }}"):
        with pytest.raises(UndefinedError, match="gone"):
            fill(tmp_path, template, there={})
    with pytest.raises(TemplateNotFound):
        Templates(str(tmp_path / "module.py")).fill("gone.md")


def test_a_value_goes_in_as_it_is(tmp_path: Path) -> None:
    hostile = "{{ 7 * 7 }} {% raw %} <b>&\"'\n"
    assert fill(tmp_path, "{{ said }}|{{ said | loud }}", said=hostile) == f"{hostile}|{hostile.upper()}"
    assert fill(tmp_path, "{{ said }}", "rule.rego", said=hostile) == hostile


def test_only_html_is_escaped_without_asking(tmp_path: Path) -> None:
    assert fill(tmp_path, "{{ said }}", "page.html", said="<b>") == "&lt;b&gt;"


def test_the_line_of_a_tag_leaves_nothing_behind(tmp_path: Path) -> None:
    template = "spec:\n  {% for name in names %}\n  - {{ name }}\n  {% endfor %}\nend\n"
    assert fill(tmp_path, template, names=["a", "b"]) == "spec:\n  - a\n  - b\nend\n"


def test_every_template_is_named_by_a_module_beside_it_or_by_another_template() -> None:
    found = [
        path
        for folder in ("catalog", "components", "pave", "policies", "stacks")
        for path in (HOME / folder).rglob("*.j2")
    ]
    assert found
    for path in found:
        folder = next(above for above in path.parents if above.name == "templates")
        name = path.relative_to(folder).as_posix().removesuffix(".j2")
        named = [module for module in folder.parent.glob("*.py") if f'"{name}"' in module.read_text("utf-8")]
        named += [other for other in folder.rglob("*.j2") if f'"{name}.j2"' in other.read_text("utf-8")]
        assert named, path
