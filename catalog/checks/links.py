"""Links into the repository must lead to a file that is there."""

from collections.abc import Iterator, MutableMapping
from pathlib import Path

from catalog.document import Json
from catalog.problem import Wrong


def broken_links(
    written: Json, file: Path, repository: Path, seen: MutableMapping[str, bool]
) -> Iterator[Wrong]:
    """The links of a schema-valid service that name no file of the repository. `./` and `../` start at the
    spec's own folder, `/` at the repository's root. `seen` takes up which places were looked for, and
    whether something was there: a verdict depends on it."""
    for index, link in enumerate(written["metadata"].get("links", ())):
        url: str = link["url"]
        if url.startswith("https://"):
            continue
        place = repository / url.lstrip("/") if url.startswith("/") else file.parent / url
        target = Path(str(place).partition("#")[0])
        seen[str(target)] = target.exists()
        if not seen[str(target)]:
            what = f"There is no file at `{url}`."
            yield (
                ("metadata", "links", index, "url"),
                "catalog/link",
                what,
                "Correct the path, or add the file.",
            )
        elif not target.resolve().is_relative_to(repository.resolve()):
            what = f"`{url}` leads out of the repository."
            yield (
                ("metadata", "links", index, "url"),
                "catalog/link",
                what,
                "Link to a file of this repository.",
            )
