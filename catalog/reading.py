"""What each file of a catalog says by itself, whatever the others say: the part that needs no catalog."""

import json
import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from catalog import validation
from catalog.astray import ENDINGS, astray
from catalog.checks.hidden_characters import hidden_characters
from catalog.document import Document, Json
from catalog.kind import kinds
from catalog.nearest import nearest
from catalog.problem import Problem, problem_at
from catalog.yaml.parsed import Parsed, Unusable
from catalog.yaml.text import data_of, parse, read


class File(NamedTuple):
    """A file of a catalog as it was read: what it is called there, and its text, or why there is none."""

    path: Path
    shown: str
    text: bytes | Unusable


class Reading(msgspec.Struct, frozen=True):
    """What a file says: `data` when it can be used, else `problems`, or why it is `unusable`, which is
    (line, column, what, fix) of an Unusable."""

    data: Json | None = None
    problems: list[Problem] = []
    unusable: tuple[int | None, int | None, str, str] | None = None


def shown_in(root: Path, path: Path) -> str:
    """How a file is called in the catalog at `root`: relative to it, with `..` when it lies elsewhere."""
    return os.fsencode(_relative(path, root)).decode("utf-8", "backslashreplace")


def read_file(root: Path, path: Path) -> File:
    """One file, read once."""
    shown = shown_in(root, path)
    try:
        return File(path, shown, read(path, shown))
    except Unusable as error:
        return File(path, shown, error)


def files_of(root: Path, extra: Iterable[Path] = ()) -> Iterator[File]:
    """Every `*.yaml` and `*.yml` under the folder of each kind, in the order of their names, then `extra`
    files that lie elsewhere (an example, say). A folder that can't be looked into is an unusable file, and so
    is a spec that lies where nobody would read it."""
    for folder in validation.kind_folders().values():
        place = root / folder
        if place.is_dir():
            yield from _files_below(place, root)
    for path, why, fix in astray(root):
        shown = shown_in(root, path)
        yield File(path, shown, Unusable(shown, None, None, why, fix))
    for path in extra:
        yield read_file(root, path)


def specs_below(place: Path) -> tuple[list[Path], list[OSError]]:
    """The YAML files below a folder, sorted, and why folders there couldn't be looked into. What begins with
    a dot is no part of a catalog: editors and file systems keep their own there."""
    closed: list[OSError] = []
    found = []
    for folder, folders, names in os.walk(place, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        seen = (name for name in (*folders, *names) if not name.startswith("."))
        found += [Path(folder, name) for name in seen if name.endswith(ENDINGS)]
    return sorted(found), closed


def _files_below(place: Path, root: Path) -> Iterator[File]:
    found, closed = specs_below(place)
    home = _repository(root)
    for path in found:
        if leads_out(path, home):
            shown = shown_in(root, path)
            what = "is a link out of the repository, whose reviewers never see what it leads to"
            yield File(path, shown, Unusable(shown, None, None, what, "Put the file itself there."))
        else:
            yield read_file(root, path)
    for error in closed:
        path = Path(os.fsdecode(error.filename))
        shown = shown_in(root, path)
        fix = "Make the folder readable: what lies in it may change the verdict."
        yield File(path, shown, Unusable(shown, None, None, f"can't be read: {error.strerror}.", fix))


def leads_out(path: Path, home: Path) -> bool:
    """Whether a file, or a folder above it, is a link to what lies outside the folder `home`."""
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return False  # whoever reads it says why it can't be
    return not real.is_relative_to(home)


def _repository(root: Path) -> Path:
    """The real path of the checkout that a catalog lies in, or of the catalog where there is none."""
    real = root.resolve()
    return next((folder for folder in (real, *real.parents) if (folder / ".git").exists()), real)


def examine(file: File) -> Reading:
    """What a file says. The same name and text always say the same."""
    try:
        if isinstance(file.text, Unusable):
            raise file.text
        data = data_of(file.text, file.shown)
    except Unusable as error:
        return Reading(unusable=(error.line, error.column, error.what, error.fix))
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in validation.kind_folders():
        return Reading(problems=[_unknown_kind(file.shown, parse(file.text, file.shown))])
    if not validation.is_valid(kind, data):
        found = validation.problems(kind, data, file.shown, parse(file.text, file.shown))
        return Reading(problems=found)
    data = with_integers(data)
    said = chain(kinds()[kind].wrong(data), hidden_characters(data, file.text))
    document = Document(file.shown, file.text, data)
    wrong = [problem_at(document, *each) for each in said]
    return Reading(problems=wrong) if wrong else Reading(data)


def with_integers(value: Any) -> Any:
    """The same value with whole numbers as integers: to a JSON schema `8080.0` and `1e3` are integers
    (https://json-schema.org/draft/2020-12/json-schema-core#section-4.2.3), to Python they are none."""
    if isinstance(value, dict):
        return {name: with_integers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [with_integers(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _unknown_kind(shown: str, parsed: Parsed) -> Problem:
    kinds = list(validation.kind_folders())
    mark = parsed.values.get(("kind",)) or parsed.values[()]
    what, fix = "The document does not say its kind.", f"Write `kind:` with one of {', '.join(kinds)}."
    if "kind" in parsed.data:
        said = parsed.data["kind"]
        what = f"There is no kind {json.dumps(said, ensure_ascii=False)}."
        if (meant := nearest(str(said), kinds)) is not None:
            fix = f"Did you mean `{meant}`?"
    return Problem(shown, mark.line, mark.column, "schema/kind", "kind", what, "", fix)


def _relative(path: Path, root: Path) -> str:
    if path.is_relative_to(root) and ".." not in path.parts:
        return path.relative_to(root).as_posix()
    try:
        return Path(os.path.relpath(path.resolve(), root.resolve())).as_posix()
    except (OSError, RuntimeError, ValueError):
        return path.as_posix()
