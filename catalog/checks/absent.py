"""What a document names that isn't in the catalog; and what is there and broken, which is another thing."""

from catalog.kind import Documents
from catalog.nearest import did_you_mean, nearest
from catalog.problem import BROKEN_NEIGHBOUR, Wrong
from catalog.validation import called
from catalog.yaml.parsed import Pointer


def absent(catalog: Documents, kind: str, name: str, at: Pointer, fix: str | None = None) -> Wrong:
    """Why there is no document of a kind and name, for whoever names it at a pointer. `fix` is what to do
    where it isn't there, by default to name what was probably meant.

    Of one whose file can't be used nobody knows what it says: what names it isn't wrong, and waits."""
    if (path := catalog.broken(kind, name)) is not None:
        what = f"{path} can't be used, so what depends on it can't be decided."
        return at, BROKEN_NEIGHBOUR, what, "Mend that file first."
    known, kind_said = list(catalog.documents[kind]), called(kind)
    other = OTHER.get(kind)
    if fix is None and other is not None and name in catalog.documents[other]:
        fix = f"`{name}` is a {other.lower()}: write `{other.lower()}: {name}`."
    if fix is None:
        made = f" `pave new {kind_said} NAME` makes one." if kind in MADE and not nearest(name, known) else ""
        fix = f"{did_you_mean(name, known)}{made}"
    return at, "catalog/reference", f"There is no {kind_said} `{name}` in the catalog.", fix


MADE = ("Service", "Vendor")
"""The kinds that `pave new` makes one by one."""

OTHER = {"Service": "Vendor", "Vendor": "Service"}
"""What a dependency may name instead."""
