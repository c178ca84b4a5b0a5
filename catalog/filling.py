"""Text with holes: templates in files, beside the module that fills them.

In the lowest package, since whatever stands on it may write texts: drafts, reports, rules for alerts. What is
data all through (JSON, XML, a YAML document) has an encoder, and no template.
"""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = "templates"
ENDING = ".j2"


class Templates:
    """The templates in the folder `templates/` beside a module, which says `Templates(__file__)`.

    They are Jinja's (https://jinja.palletsprojects.com/en/stable/templates/). The line of a tag leaves
    nothing behind. A value goes in as it is, and nothing in it is a template: what a format could take for
    its own, the template has escaped by one of the `filters`, each a function by its name there. Only HTML
    (`*.html.j2`) is escaped without asking."""

    def __init__(self, module: str, **filters: Callable[..., str]) -> None:
        self._folder = Path(module).parent / FOLDER
        self._filters = filters

    def fill(self, name: str, /, **values: object) -> str:
        """The text of a template, `rule/test.rego` for the file `rule/test.rego.j2`, with these values in it.

        Raises jinja2.UndefinedError for a hole without a value, jinja2.TemplateNotFound for a name without
        a file."""
        return self._environment.get_template(name + ENDING).render(values)

    @functools.cached_property
    def _environment(self) -> "Environment":
        from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

        made = Environment(
            loader=FileSystemLoader(self._folder),
            undefined=StrictUndefined,
            autoescape=select_autoescape(enabled_extensions=(f"html{ENDING}",)),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        made.filters.update(self._filters)
        return made
