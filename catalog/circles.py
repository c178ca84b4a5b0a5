"""Which members of a graph reach each other, found in one pass over all of it."""

from collections.abc import Iterator, Mapping, Sequence


def circles(leads_to: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """For each member of a graph the number of its circle: two have the same if each reaches the other. One
    that is in no circle has a number of its own. What isn't a key leads nowhere, and is no member.

    These are the strongly connected components (Tarjan, https://doi.org/10.1137/0201010), which take time in
    proportion to members and edges. No recursion: a chain may be as long as there is memory."""
    found: dict[str, int] = {}
    reached: dict[str, int] = {}  # when each was come by; the least that it leads back to is in `back`
    back: dict[str, int] = {}
    open_: list[str] = []  # those whose circle isn't known yet
    for start in leads_to:
        way: list[tuple[str, Iterator[str]]] = []
        follow = None if start in reached else start
        while follow is not None or way:
            if follow is not None:
                reached[follow] = back[follow] = len(reached)
                open_.append(follow)
                way.append((follow, iter(leads_to[follow])))
            at, rest = way[-1]
            follow = None
            for other in rest:
                if other in leads_to and other not in reached:
                    follow = other
                    break
                if other in reached and other not in found:
                    back[at] = min(back[at], reached[other])
            if follow is None:
                way.pop()
                if way:
                    back[way[-1][0]] = min(back[way[-1][0]], back[at])
                if back[at] == reached[at]:
                    number = reached[at]
                    while at not in found:
                        found[open_.pop()] = number
    return found
