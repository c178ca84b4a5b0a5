"""Who reaches whom and back, in graphs of any shape."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.circles import circles
from tests.laws import law

NAMES = "abcdefgh"


@law(300)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(f"{NAMES}x"), unique=True, max_size=4))
)
def test_two_are_in_one_circle_exactly_if_each_reaches_the_other(leads_to: dict[str, list[str]]) -> None:
    found = circles(leads_to)
    assert found.keys() == leads_to.keys()
    for one in leads_to:
        for other in leads_to:
            is_mutual = one == other or (reaches(leads_to, one, other) and reaches(leads_to, other, one))
            assert (found[one] == found[other]) == is_mutual


def reaches(leads_to: dict[str, list[str]], start: str, end: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for name in leads_to.get(waiting.pop(), ()):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return end in seen


def test_a_chain_of_any_length_ends_in_no_overflow() -> None:
    chain = {str(n): [str(n + 1)] for n in range(100_000)}
    assert len(set(circles(chain).values())) == len(chain)
    assert set(circles({**chain, "100000": ["0"]}).values()) == {0}
