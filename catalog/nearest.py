"""The known name that somebody probably meant: what every message about an unknown one ends with."""

from collections.abc import Iterable

LIKENESS = 60
"""Of 100, from which a name counts as near, by RapidFuzz's `WRatio`
(https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html#wratio): `portl` is 91 like `portal`, `potral` 83;
names that only share some letters, as `gateway` and `billing`, stay below 30."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like `name`; None when none is near."""
    from rapidfuzz import process  # late: only who is wrong waits for it

    best = process.extractOne(name, list(known), score_cutoff=LIKENESS)
    return None if best is None else str(best[0])


def did_you_mean(name: str, known: Iterable[str], listed_as: str = "Known") -> str:
    """One sentence for whoever wrote a `name` that isn't known: "Did you mean `portal`?", or, when none is
    near, all that are known, sorted: "Known: billing, portal." (`listed_as` is the word before the colon)."""
    names = list(known)
    best = nearest(name, names)
    return f"Did you mean `{best}`?" if best else f"{listed_as}: {', '.join(sorted(names)) or 'none'}."
