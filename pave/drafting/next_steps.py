"""What is left to do once drafts are written, until the new service answers: in words."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from catalog.document import readable
from catalog.kinds.service import Service, places_of, service_at
from catalog.loader import Catalog
from components.design.service import designed
from pave.drafting.service import Draft
from pave.finding import find_catalog
from stacks.stack import foundation_stack, stack_of


def next_steps(
    root: Path, wanted: Catalog, drafts: Mapping[str, Draft], service: str, model: str | None
) -> str:
    """What was written into the catalog at `root`, by its paths there, and what comes next.

    `wanted` is the catalog with it, `service` the one that is to answer in the end, `model` the one that lent
    its shape."""
    paths = ", ".join(str(root / path) for path in drafts)
    lines = [f"Written, and allowed by `pave check`: {paths}", *_to_fill_in(root, wanted, drafts)]
    if model is not None:
        left = "; ".join(what for draft in drafts.values() for what in draft.left_out)
        also = f" Not taken over: {left}." if left else ""
        lines += ["", f"All else is as {model} has it: read it once.{also}"]
    lines += [*_to_do(root, drafts, service), *_to_happen(wanted, drafts, service)]
    return "".join(f"{line}\n" for line in lines)


def _to_fill_in(root: Path, wanted: Catalog, drafts: Mapping[str, Draft]) -> Iterator[str]:
    yield from ("", "Fill in what only you know:")
    places = {
        f"{root / path}:{wanted.file(path).mark(pointer)[0].line}": readable(pointer, draft.data)
        for path, draft in drafts.items()
        for pointer in draft.notes
    }
    yield from _columns(places)


def _to_do(root: Path, drafts: Mapping[str, Draft], service: str) -> Iterator[str]:
    where = "" if root == find_catalog(Path.cwd()) else f" --catalog {root}"
    what = str(root / next(iter(drafts))) if len(drafts) == 1 else str(root)
    judged = f" {what}" if len(drafts) == 1 else ""
    yield from ("", "Then:")
    yield from _columns(
        {
            f"pave check{judged}{where}": "what blocks, and what comes next",
            f"pave plan {service}{where}": "what would exist; blocked until each image is built",
            "pave explain contract": "what your image is told and held to",
            f"pave run {service}{where}": "a Compose file, to try it on this machine",
            f"git add {what}": "commit it, and open a merge request",
        }
    )


def _to_happen(wanted: Catalog, drafts: Mapping[str, Draft], service: str) -> Iterator[str]:
    documents = [wanted.file(path) for path in drafts]
    applied = {str(foundation_stack(d.name)): "" for d in documents if d.kind == "Environment"}
    secrets: list[str] = []
    for name in places_of(wanted, service):
        found = service_at(wanted, service, name)
        assert isinstance(found, Service)
        made = designed(wanted, found)
        applied[str(stack_of(found))] = f"https://{made.edge.host}" if made.edge is not None else ""
        secrets += [
            f"pave secrets set {stack_of(found)} {secret.name} --cloud gcp"
            for secret in made.secrets
            if secret.store is None  # else `pave up` writes it
        ]
    yield from ("", "The merge request shows the verdict and the plan. Once it is merged, this is applied:")
    yield from _columns(applied)
    if secrets:
        yield from ("", "Its pods wait for secrets. Give each a value once the apply has made it:")
        yield from _columns(dict.fromkeys(secrets, ""))


def _columns(rows: Mapping[str, str]) -> Iterator[str]:
    width = max(map(len, rows), default=0)
    for left, right in rows.items():
        yield f"  {left:{width}}  {right}".rstrip()
