"""A plain list: on each line the id of a resource, and before it, where several types have such ids, its
type, as Pulumi, Terraform or the asset inventory call it.

    projects/acme-prod/zones/us-east1-b/instances/portal
    google_sql_database_instance projects/acme-prod/instances/portal-db   # the old one

What begins with `#` after a space, or a line, is a comment."""

import re
from collections.abc import Iterator

from pave.adopting.found import FoundResource
from pave.adopting.reading import NoSource, SourceText
from pave.adopting.sources.asset_inventory import of_name
from stacks.providers.imports import BY_ASSET, BY_TERRAFORM, ELSEWHERE, parts_of

_TYPE = re.compile(r"gcp:\w+/\w+:\w+|google_[a-z0-9_]+|[a-z]+\.googleapis\.com/\w+")
_CHARACTERS = re.compile(r"[!-~]+( [!-~]+)*")


def recognises(source: SourceText) -> bool:
    """Whether it is no JSON, and some line may be an id."""
    return not source.values and any(_plain(line) for line in source.text.splitlines())


def read(source: SourceText) -> Iterator[FoundResource]:
    """A resource for each line. Raises NoSource for a line that can't be an id."""
    for number, line in enumerate(source.text.splitlines(), start=1):
        if not (said := _plain(line)):
            continue
        if not _CHARACTERS.fullmatch(said) or len(said) > 2000:
            raise NoSource("No id has such characters, or so many.", str(number))
        kind, _, id_ = said.partition(" ")
        if not _TYPE.fullmatch(kind):
            kind, id_ = "", said
        where = f"line {number}"
        if id_.startswith("//"):
            yield of_name(id_, kind, {}, {}, where)
        elif not id_:
            raise NoSource(f"This line has the type {kind}, and no id.", str(number))
        else:
            token = kind if kind in ELSEWHERE else BY_TERRAFORM.get(kind) or BY_ASSET.get(kind, "")
            project = parts_of(token, id_).get("project", "") or _project(id_)
            yield FoundResource(type=token, kind=kind, id=id_, project=project, where=where)


def _plain(line: str) -> str:
    return re.sub(r"(^|\s)#.*$", "", line).strip()


def _project(id_: str) -> str:
    found = re.match(r"projects/([^/ ]+)/", id_)
    return found[1] if found else ""
