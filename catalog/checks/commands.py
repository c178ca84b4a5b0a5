"""Command lines that stand as one word, so that nothing of that name is ever found."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.problem import Wrong
from catalog.schema_words import flow, words_of
from catalog.yaml.parsed import Pointer


def unsplit_commands(written: Json) -> Iterator[Wrong]:
    """The commands of a schema-valid, merged service of which the program's name holds blanks, and arguments
    that one word holds all of."""
    for i, workload in enumerate(written["spec"]["workloads"]):
        at: Pointer = ("spec", "workloads", i)
        yield from _started(workload, at)
        for name in ("readiness", "liveness"):
            yield from _program(workload.get(name, {}), (*at, name))
        for j, helper in enumerate(workload.get("helpers", ())):
            yield from _started(helper, (*at, "helpers", j))
    for i, store in enumerate(written["spec"].get("stores", ())):
        yield from _program(store.get("migration", {}), ("spec", "stores", i, "migration"))


def _started(container: Json, at: Pointer) -> Iterator[Wrong]:
    yield from _program(container, at)
    command, args = container.get("command", ()), container.get("args", ())
    is_script = bool(command) and command[-1].startswith("-")  # as after `sh -c`
    if command and not is_script and len(args) == 1 and " -" in args[0].strip():
        what = f"`{args[0]}` is one argument: nothing splits it at its blanks."
        yield (
            (*at, "args", 0),
            "catalog/command",
            what,
            f"Write `args: {flow(words_of(args[0], program=False))}`.",
        )


def _program(part: Json, at: Pointer) -> Iterator[Wrong]:
    command = part.get("command", ())
    if command and len(command[0].split()) > 1:
        what = f"No program is called `{command[0]}`: nothing splits it at its blanks."
        fix = f"Write `command: {flow([*words_of(command[0]), *command[1:]])}`."
        yield (*at, "command", 0), "catalog/command", what, fix
