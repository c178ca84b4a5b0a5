"""What makes a finding of today the finding of yesterday: everything about it but where its lines are.

Whoever compares two reports (a merge request's widget, a dashboard, a person with two files) goes by it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

DIGITS = 32
"""Of a SHA-256 in hexadecimal: 128 bits, so that two of a million findings won't meet by chance."""


def fingerprints(identities: Iterable[Sequence[str]]) -> Iterator[str]:
    """One fingerprint for each identity, in order.

    An identity names what was found, where and in what by names, never by line numbers. It alone decides
    on its fingerprint; only of several that are equal, the second gets `-2` after it, the third `-3`."""
    seen: Counter[str] = Counter()
    for identity in identities:
        text = "".join(f"{len(part)}:{part}" for part in identity)  # no two lists of parts read the same
        digest = hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
        seen[digest] += 1
        yield digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
