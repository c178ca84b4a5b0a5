"""What `pave migrate adopt` does: reads, adopts, writes, prints."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import click
import msgspec

from pave.adopting.adopt import Existing, adopted
from pave.adopting.live import CloudLook
from pave.adopting.reading import read_found
from pave.adopting.report import AdoptionReport, as_json, as_text
from pave.delivery.command_line import CommandLine
from pave.delivery.engine.previews import EngineFailed
from pave.delivery.engine.target import AskedCloud
from pave.exit_code import ExitCode
from pave.files import FileChanged, create_file, replace_file
from pave.fixing.printing import print_diff
from pave.refused import Refused
from pave.terminal import has_colour, screen_width
from pave.workspace import Workspace
from stacks.recording.model import RecordingError
from stacks.stack import stack_of


def adopt(
    service: str,
    environment: str | None,
    files: Iterable[Path],
    said: Iterable[str],
    new: Iterable[str],
    root: Path,
    cloud: AskedCloud,
    today: date,
    format_: str,
    *,
    is_diff: bool,
) -> ExitCode:
    """Adopts what `files` say that exists, and gives how that ended. With `is_diff` it writes nothing. Raises
    Refused."""
    existing = Existing([each for file in files for each in read_found(file)], _said(said), frozenset(new))
    work = Workspace(root, today)
    of = work.service(service, environment)
    stack = stack_of(of)
    try:
        look = CloudLook(cloud, stack, root, today)
        done = adopted(work, of, existing, look)
    except EngineFailed as error:
        raise Refused(f"{stack} can't be previewed:\n{error}") from error
    except RecordingError as error:
        raise Refused(f"{stack} can't be planned: {error}") from error
    report = done.report
    if is_diff:
        _print_diffs(work, done.texts)
    elif report.proof == "no-op":
        report = msgspec.structs.replace(report, written=_write(work, done.texts))
    _print(report, CommandLine(str(stack), root, cloud).of("up"), format_, is_aside=is_diff)
    return report.exit_code


def _said(words: Iterable[str]) -> Mapping[str, str]:
    found = {}
    for word in words:
        name, sign, id_ = word.partition("=")
        if not (name and sign and id_):
            raise Refused(f"--as takes NAME=ID, not {word!r}.")
        found[name] = id_
    return found


def _print(report: AdoptionReport, following: str, format_: str, *, is_aside: bool) -> None:
    text = (
        as_json(report)
        if format_ == "json"
        else as_text(report, following, colour=has_colour(), width=screen_width())
    )
    click.echo(text, nl=False, err=is_aside)


def _print_diffs(work: Workspace, texts: Mapping[str, bytes]) -> None:
    for path, text in sorted(texts.items()):
        file = work.root / path
        before = file.read_bytes() if file.is_file() else b""
        print_diff(work, path, str(file), before, text)


def _write(work: Workspace, texts: Mapping[str, bytes]) -> list[str]:
    """Writes the files of a catalog, each whole or not at all, and gives them. Raises Refused."""
    written: list[str] = []
    for path, text in sorted(texts.items()):
        file = work.root / path
        try:
            before = work.catalog.file(path).text if file.is_file() else None
            if before is None:
                file.parent.mkdir(exist_ok=True)
                create_file(file, text)
            else:
                replace_file(file, text, before=before)
        except (FileChanged, FileExistsError):
            what = f"{file} was changed in the meantime, and is as it was. Run it again."
        except (OSError, KeyError) as error:
            what = f"{file} can't be written: {getattr(error, 'strerror', None) or error}."
        else:
            written.append(str(file))
            continue
        raise Refused(what + (f" Written before it: {', '.join(written)}." if written else ""))
    return written
