"""The known name that somebody probably meant: what every message about an unknown one ends with."""

from collections.abc import Iterable

LIKENESS = 0.58
"""From which a name counts as near: the share of letters that needn't be changed, where two that changed
places are one change (optimal string alignment, https://rapidfuzz.github.io/RapidFuzz/Usage/distance/OSA.html).
`portl` is 0.83 like `portal`, `the-portal` 0.6; `deploy` is 0.57 like `destroy`, and means something else."""

SHORTEST = 4
"""How many letters of a name's beginning tell it, if it is the only one that begins so."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like `name`, whatever letters are capitals, or the only one that begins
    with it; None when none is near."""
    from rapidfuzz import process  # late: only who is wrong waits for it
    from rapidfuzz.distance import OSA

    names, wanted = list(known), name.casefold()
    best = process.extractOne(
        wanted, names, scorer=OSA.normalized_similarity, processor=str.casefold, score_cutoff=LIKENESS
    )
    if best is not None:
        return str(best[0])
    begun = [each for each in names if each.casefold().startswith(wanted)]
    return begun[0] if len(begun) == 1 and len(wanted) >= SHORTEST else None


def did_you_mean(name: str, known: Iterable[str], listed_as: str = "Known") -> str:
    """One sentence for whoever wrote a `name` that isn't known: "Did you mean `portal`?", or, when none is
    near, all that are known, sorted: "Known: billing, portal." (`listed_as` is the word before the colon)."""
    names = list(known)
    best = nearest(name, names)
    return f"Did you mean `{best}`?" if best else f"{listed_as}: {', '.join(sorted(names)) or 'none'}."
